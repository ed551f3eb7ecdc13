from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from muntada.foundations.errors import Refused
from muntada.programme.releases.rules import ReleaseDifference, coming, differences
from muntada.programme.requests.rules.requests import (
    RequestState,
    require_complete,
    require_state,
    symbols_given,
)
from muntada.programme.sessions.rules import person_key
from muntada.programme.timetable.rules import Appearance, ReleasedState, in_words

NINE = datetime(2025, 7, 7, 7, 0, tzinfo=UTC)
LATER = NINE + timedelta(days=1)
HELD = Appearance("Villages", 1, "Room A", NINE, NINE + timedelta(hours=1))


def test_people_with_an_account_are_known_by_it_and_others_by_their_name():
    assert person_key(7, "Amina") == person_key(7, "A. Amina")
    assert person_key(None, " amina  Diallo") == person_key(None, "Amina Diallo")
    assert person_key(7, "Amina") != person_key(None, "Amina")


def test_a_decision_that_is_taken_is_not_taken_again(refuses):
    with refuses("request-state"):
        require_state("accepted", [RequestState.SUBMITTED])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"description": ""}, "description-missing"),
        ({"description": "x" * 8001}, "description-too-long"),
        ({"minutes": 5}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"speakers": 21}, "speakers-too-many"),
    ],
)
def test_a_request_that_cannot_be_decided_on_is_refused(wrong, code, refuses):
    complete = {"title": "Villages", "description": "About them", "minutes": 60, "speakers": 2}
    require_complete(**complete)
    with refuses(code):
        require_complete(**(complete | wrong))


def test_symbols_are_read_as_people_type_them():
    assert [str(one) for one in symbols_given("c/12, [M/3];  M/3 ، WSIS20/T/4")] == [
        "C/12",
        "M/3",
        "WSIS20/T/4",
    ]
    with pytest.raises(Refused) as refused:
        symbols_given("C/12 and M/3")
    assert "“and”" in str(refused.value)


def test_a_session_that_is_new_moved_or_retitled_is_told_apart():
    moved = replace(HELD, room="Room B")
    assert differences(None, HELD) == (ReleaseDifference.NEW,)
    assert differences(HELD, HELD) == ()
    assert differences(HELD, moved) == (ReleaseDifference.MOVED,)
    assert differences(HELD, replace(moved, title="Cities")) == (
        ReleaseDifference.MOVED,
        ReleaseDifference.RETITLED,
    )


def test_the_sequence_grows_only_with_a_change():
    stood = ReleasedState(HELD, 4, NINE)
    (same,) = coming({1: stood}, {1: HELD}, LATER)
    (moved,) = coming({1: stood}, {1: replace(HELD, starts_at=LATER, ends_at=LATER)}, LATER)
    assert (same.standing.sequence, same.standing.changed_at) == (4, NINE)
    assert (moved.standing.sequence, moved.standing.changed_at) == (5, LATER)


def test_a_session_that_is_gone_stays_as_cancelled_in_every_later_release():
    (gone,) = coming({1: ReleasedState(HELD, 0, NINE)}, {}, LATER)
    assert gone.standing.appearance.is_cancelled
    assert (gone.changes, gone.standing.sequence) == ((ReleaseDifference.CANCELLED,), 1)
    (still,) = coming({1: gone.standing}, {}, LATER + timedelta(days=1))
    assert still.standing == gone.standing
    (back,) = coming({1: gone.standing}, {1: HELD}, LATER)
    assert (back.changes, back.standing.sequence) == ((ReleaseDifference.BACK,), 2)


def test_an_engines_sentence_is_written_with_the_clock_of_the_forum_and_the_names_of_services():
    words = in_words(
        "%(session)s needs %(service)s at %(slot)s on %(day)s, %(count)d times.",
        {
            "session": "S/1",
            "service": "on-site",
            "slot": NINE.isoformat(),
            "day": "2025-07-07",
            "count": 2,
        },
        ZoneInfo("Europe/Zurich"),
    )
    assert words == "S/1 needs a room on site at 7 July 2025, 09:00 on 7 July 2025, 2 times."
