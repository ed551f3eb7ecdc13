from dataclasses import replace

import pytest
from hypothesis import given

from engines.timetable.checker import best_by_trying_all, faults
from engines.timetable.instances import FIRST_DAY, forum
from engines.timetable.small import away, hours, problems, talk
from kinds import rounds
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.plan import PlanStatus, TimetablePlan
from muntada.engines.timetable.problem import (
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    TimePeriod,
    TimetableProblem,
)
from muntada.engines.timetable.repair import repair
from muntada.engines.timetable.solve import solve

HALL = RoomSpec("hall", 100)
DEN = RoomSpec("den", 20)


def repaired(problem: TimetableProblem) -> TimetablePlan:
    plan = repair(problem, effort=5.0)
    assert list(faults(problem, plan.placements)) == []
    assert evaluate(problem, plan.placements).score == plan.score
    return plan


@rounds(25)
@given(problems(sessions=3, published=True))
def test_no_other_timetable_moves_fewer(problem: TimetableProblem) -> None:
    plan = repaired(problem)
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.score[:4] == best_by_trying_all(problem)[:4]


@pytest.fixture(scope="module")
def published() -> TimetableProblem:
    problem = forum(60, 6, 3)
    return replace(problem, published=solve(problem, effort=2.0).placements)


@pytest.mark.long
def test_nothing_moves_when_nothing_has_changed(published: TimetableProblem) -> None:
    plan = repaired(published)
    assert plan.score.moved == 0
    assert set(plan.placements) == set(published.published)


@pytest.mark.long
def test_a_closed_room_moves_only_its_own_sessions(published: TimetableProblem) -> None:
    slot = next(placement.slot for placement in published.published if placement.room == "r3")
    rooms = tuple(
        replace(room, closed=room.closed | {slot}) if room.id == "r3" else room for room in published.rooms
    )
    plan = repaired(replace(published, rooms=rooms))
    assert plan.score.unplaced == evaluate(published, published.published).score.unplaced
    assert plan.score.moved == 1
    assert plan.status is PlanStatus.OPTIMAL


def test_a_speaker_who_loses_a_day_moves_few_sessions(published: TimetableProblem) -> None:
    name = min(published.sessions[0].people)
    gone = PersonSpec(name, (TimePeriod(FIRST_DAY, FIRST_DAY.replace(day=8)),))
    people = tuple(gone if person.id == name else person for person in published.people)
    changed = replace(published, people=people)
    hit = {
        placement.session
        for placement in published.published
        if placement.slot.startswith("d0")
        and any(session.id == placement.session and name in session.people for session in published.sessions)
    }
    plan = repaired(changed)
    assert hit
    assert len(hit) <= plan.score.moved + plan.score.unplaced <= 3 * len(hit)


def test_the_session_that_is_in_the_way_moves_and_no_other() -> None:
    """ana can only come at 9 now, where b stands in the only room: a and b change places, c stays."""
    problem = TimetableProblem(
        (talk("a", "ana"), talk("b"), talk("c")),
        (HALL,),
        hours(9, 10, 11),
        people=(away("ana", 10, 11),),
        published=(
            PlacementSpec("a", "0/10", "hall"),
            PlacementSpec("b", "0/9", "hall"),
            PlacementSpec("c", "0/11", "hall"),
        ),
    )
    plan = repaired(problem)
    assert plan.score.moved == 2
    assert PlacementSpec("c", "0/11", "hall") in plan.placements


def test_a_new_session_makes_room_for_itself_without_moving_anyone() -> None:
    problem = TimetableProblem(
        (talk("a"), talk("new", audience=50)),
        (HALL, DEN),
        hours(9, 10),
        published=(PlacementSpec("a", "0/9", "hall"),),
    )
    plan = repaired(problem)
    assert set(plan.placements) == {PlacementSpec("a", "0/9", "hall"), PlacementSpec("new", "0/10", "hall")}


def test_a_session_published_in_a_room_that_is_gone_is_moved() -> None:
    problem = TimetableProblem(
        (talk("a"),), (HALL,), hours(9), published=(PlacementSpec("a", "0/9", "burnt down"),)
    )
    plan = repaired(problem)
    assert plan.score.moved == 1
    assert plan.placements == (PlacementSpec("a", "0/9", "hall"),)


def test_all_sessions_placed_goes_before_few_moves() -> None:
    """The new session needs the hall, in which the published one stands for no reason of its own."""
    problem = TimetableProblem(
        (talk("a"), talk("new", audience=50)),
        (HALL, DEN),
        hours(9),
        published=(PlacementSpec("a", "0/9", "hall"),),
    )
    plan = repaired(problem)
    assert plan.score.unplaced == 0
    assert plan.score.moved == 1
