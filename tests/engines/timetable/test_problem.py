from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engines.timetable.small import hour, hours, talk
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    SeriesSpec,
    SlotSpec,
    TimePeriod,
    TimetableProblem,
    WishWeights,
)

SOUND = TimetableProblem((talk("a"), talk("b")), (RoomSpec("hall", 100), RoomSpec("den", 20)), hours(9, 10))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sessions": (talk("a"), talk("a"))}, "The session a is given twice."),
        ({"rooms": (RoomSpec("hall", 1), RoomSpec("hall", 2))}, "The room hall is given twice."),
        ({"slots": (*hours(9), *hours(9))}, "The slot 0/9 is given twice."),
        ({"people": (PersonSpec("p"), PersonSpec("p"))}, "The person p is given twice."),
        (
            {"published": (PlacementSpec("a", "0/9", "hall"), PlacementSpec("a", "0/10", "hall"))},
            "The published timetable places the session a twice.",
        ),
        (
            {"slots": (*hours(9, 10), SlotSpec("odd", hour(0, 9) + timedelta(minutes=30), hour(0, 10)))},
            "The slots 0/9 and odd overlap.",
        ),
        ({"sessions": (talk("a", minutes=0),)}, "The session a lasts 0 minutes; it needs at least 1."),
        ({"sessions": (talk("a", audience=-1),)}, "The session a expects an audience below 0."),
        ({"rooms": (RoomSpec("hall", -1),)}, "The room hall has a number of seats below 0."),
        ({"weights": WishWeights(track=-1)}, "A weight is below 0."),
        ({"pairs": {("a", "b"): -1}}, "A weight is below 0."),
        (
            {"rooms": (RoomSpec("hall", 1, closed=frozenset({"x"})),)},
            "“hall” names the slot x, which is not there.",
        ),
        ({"sessions": (talk("a", locked=Lock("x")),)}, "“a” names the slot x, which is not there."),
        (
            {"sessions": (talk("a", locked=Lock("0/9", "x")),)},
            "“a” names the room x, which is not there.",
        ),
        ({"pairs": {("a", "x"): 1}}, "A pair names the session x, which is not there."),
        ({"pairs": {("a", "a"): 1}}, "The session a is paired with itself."),
        ({"pairs": {("a", "b"): 1, ("b", "a"): 1}}, "The pair of a and b is given twice."),
        (
            {"people": (PersonSpec("p", zone="Mars/Olympus"),)},
            "p takes part from the time zone Mars/Olympus, which is not known.",
        ),
        (
            {"people": (PersonSpec("p", zone="../etc"),)},
            "p takes part from the time zone ../etc, which is not known.",
        ),
    ],
)
def test_what_cannot_be_a_problem_is_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(TimetableFault) as caught:
        replace(SOUND, **change)
    assert str(caught.value) == sentence


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(TimetableFault, match="2025-07-07T09:00:00 has no time zone"):
        SlotSpec("s", datetime(2025, 7, 7, 9), hour(0, 10))  # noqa: DTZ001 - this is the fault


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(TimetableFault, match="not later"):
        TimePeriod(hour(0, 10), hour(0, 10))


def test_what_was_published_may_name_a_room_that_is_gone() -> None:
    problem = replace(
        SOUND, published=(PlacementSpec("a", "0/9", "burnt down"), PlacementSpec("gone", "0/9", "hall"))
    )
    assert evaluate(problem, []).score.moved == 1


def test_a_period_across_the_change_of_clocks_is_measured_in_true_time() -> None:
    """On 26 October 2025 the hour from 2 to 3 comes twice in Paris; the clock on the wall cannot tell."""
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2025, 10, 26, 2, 30, tzinfo=paris)
    again = datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=paris)
    assert TimePeriod(first, again).end.timestamp() - first.timestamp() == 3600


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"sessions": (talk("a", after=frozenset({"x"})),)},
            "The session a is to follow the session x, which is not there.",
        ),
        (
            {"sessions": (talk("a", after=frozenset({"b"})), talk("b", after=frozenset({"a"})))},
            "The session a is to come before itself; the order goes in a circle.",
        ),
        ({"series": (SeriesSpec(("a", "b", "a")),)}, "A series names the session a twice."),
        (
            {"favourites": {"fan": frozenset({"a", "x"})}},
            "An attendee has marked the session x, which is not there.",
        ),
        ({"pause": timedelta(minutes=-5)}, "The pause between two sessions of a person is below 0."),
        ({"walks": {("a", "b"): -1}}, "The walk from a to b takes less than 0 minutes."),
        ({"must_spread": frozenset({"rooms"})}, "Sessions cannot be spread over the days by rooms."),
        ({"organiser_limit": -1}, "The most sessions of an organizer on a day are below 0."),
        (
            {"people": (PersonSpec("p", zone="Asia/Tokyo", comfort=(time(22), time(6))),)},
            "The hours of p end at 06:00, which is not later than 22:00. Give hours of one day.",
        ),
    ],
)
def test_a_problem_whose_rules_make_no_sense_is_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(TimetableFault) as caught:
        replace(SOUND, **change)  # type: ignore[arg-type]
    assert str(caught.value) == sentence
