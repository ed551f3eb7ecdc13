from collections import Counter
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given

from engines.timetable.instances import forum, with_favourites
from engines.timetable.small import away, hours, problems, talk
from kinds import rounds
from muntada.engines.timetable.draft import draft
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.moves import moves, why_not, why_placed
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    TimetableProblem,
    WishWeights,
)

HALL = RoomSpec("hall", 100)
DEN = RoomSpec("den", 20)


def drafted(problem: TimetableProblem) -> list[PlacementSpec]:
    options = Options(problem)
    return [options.placement(number, *place) for number, place in draft(options, {}).items()]


@rounds(40)
@given(problems(sessions=4, published=True))
def test_each_move_is_what_the_evaluator_would_say(problem: TimetableProblem) -> None:
    placements = drafted(problem)
    for session in problem.sessions:
        others = [one for one in placements if one.session != session.id]
        now, without = evaluate(problem, placements), evaluate(problem, others)
        for move in moves(problem, placements, session.id):
            then = evaluate(problem, [*others, PlacementSpec(session.id, move.slot, move.room)])
            assert move.cost == then.score.wishes - now.score.wishes
            assert move.fit == then.score.fit - now.score.fit
            assert move.moved == then.score.moved - now.score.moved
            assert without.hard == ()
            assert Counter(one.rule for one in move.hard) == Counter(one.rule for one in then.hard)
            assert sum(one.amount for one in move.hard) == sum(one.amount for one in then.hard)


@rounds(20)
@given(problems(sessions=4))
def test_why_not_adds_up_to_the_cost(problem: TimetableProblem) -> None:
    placements = drafted(problem)
    for placement in placements:
        for slot in problem.slots:
            told = why_not(problem, placements, placement.session, slot.id, placement.room)
            wishes = [one for one in told.brings if one.rule != "room-fits"]
            ended = [one for one in told.ends if one.rule != "room-fits"]
            assert told.cost == sum(one.cost for one in wishes) - sum(one.cost for one in ended)


def test_every_place_in_a_forum_of_300_sessions_is_weighed_in_a_fifth_of_a_second() -> None:
    problem = with_favourites(forum(300, 20, 5), 2000)
    placements = drafted(problem)
    started = process_time()
    found = moves(problem, placements, "s7")
    assert process_time() - started < 0.2
    assert len(found) == 20 * 40


def test_why_not_names_what_the_move_would_break_and_bring() -> None:
    sessions = (talk("a", "ana", track="health"), talk("b", "ana"), talk("c", track="health"))
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, 11))
    placements = [
        PlacementSpec("a", "0/9", "hall"),
        PlacementSpec("b", "0/10", "hall"),
        PlacementSpec("c", "0/10", "den"),
    ]
    told = why_not(problem, placements, "a", "0/10", "hall")
    assert [str(one.reason) for one in told.hard] == [
        "ana would be in b and a at the same time.",
        "b and a would be in hall at the same time.",
    ]
    assert [one.rule for one in told.brings] == ["tracks-apart"]
    assert told.cost == WishWeights().track
    assert told.ends == ()


def test_why_here_counts_what_falls_away_and_names_the_best_other_place() -> None:
    sessions = (talk("a", "ana", audience=50), talk("b", "ana"))
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, 11, 12), people=(away("ana", 9),))
    told = why_placed(problem, [PlacementSpec("a", "0/10", "hall"), PlacementSpec("b", "0/11", "den")], "a")
    assert [str(reason) for reason in told.reasons] == [
        "Places in which a breaks no rule, as the other sessions stand now: 2 of 8.",
        "hall in the slot 0/12 is as good.",
        "Places lost because somebody is not available: 2.",
        "Places lost because somebody is in another session: 2.",
        "Places lost because the room is too small: 2.",
    ]


def test_why_here_says_that_another_place_is_better() -> None:
    problem = TimetableProblem(
        (talk("a", "kei"),), (HALL,), hours(9, 16), people=(PersonSpec("kei", zone="Asia/Tokyo"),)
    )
    told = why_placed(problem, [PlacementSpec("a", "0/16", "hall")], "a")
    assert "hall in the slot 0/9 would be better: the wishes cost 50 less there." in map(str, told.reasons)
    assert [one.rule for one in told.violations] == ["comfortable-hours"]
    back = why_placed(problem, [PlacementSpec("a", "0/9", "hall")], "a")
    assert "where the wishes cost 50 more." in str(back.reasons[1])


def test_why_here_says_that_the_best_other_place_is_not_the_published_one() -> None:
    published = (PlacementSpec("a", "0/9", "hall"),)
    told = why_placed(
        TimetableProblem((talk("a"),), (HALL,), hours(9, 10), published=published), published, "a"
    )
    assert str(told.reasons[1]) == (
        "None of them is better; in the best other one, hall in the slot 0/10, the session would leave"
        " the place that is published."
    )


@pytest.mark.parametrize(
    ("stands_in", "said"),
    [
        (
            "den",
            "in the best other one, hall in the slot 0/9, the wishes cost as much and more seats stay empty.",
        ),
        (
            "hall",
            "den in the slot 0/9 would be better: the wishes cost as much and fewer seats stay empty.",
        ),
    ],
)
def test_why_here_compares_empty_seats_where_the_wishes_cost_the_same(stands_in: str, said: str) -> None:
    problem = TimetableProblem((talk("a", audience=DEN.seats),), (HALL, DEN), hours(9))
    told = why_placed(problem, [PlacementSpec("a", "0/9", stands_in)], "a")
    assert str(told.reasons[1]).endswith(said)


def test_why_here_of_a_locked_session_names_the_lock() -> None:
    problem = TimetableProblem((talk("a", locked=Lock("0/9")),), (HALL,), hours(9, 10))
    told = why_placed(problem, [PlacementSpec("a", "0/9", "hall")], "a")
    assert [str(reason) for reason in told.reasons][0::2] == [
        "a is locked to the slot 0/9.",
        "It is the only one.",
    ]


def test_a_session_without_a_place_is_weighed_against_that() -> None:
    problem = TimetableProblem((talk("a", track="t"), talk("b", track="t")), (HALL, DEN), hours(9))
    placements = [PlacementSpec("b", "0/9", "hall")]
    assert str(why_placed(problem, placements, "a").reasons[0]) == "a has no place in this timetable."
    (taken, free) = moves(problem, placements, "a")
    assert [one.rule for one in taken.hard] == ["room-clash"]
    assert (free.hard, free.cost) == ((), WishWeights().track)


def test_a_session_that_is_not_there_is_refused() -> None:
    problem = replace(TimetableProblem((talk("a"),), (HALL,), hours(9)))
    with pytest.raises(TimetableFault) as caught:
        moves(problem, [], "x")
    assert str(caught.value) == "There is no session x."
