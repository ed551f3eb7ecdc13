from dataclasses import replace

import pytest
from hypothesis import given

from engines.processes import said_elsewhere
from engines.timetable.checker import best_by_trying_all, faults
from engines.timetable.instances import forum, with_favourites
from engines.timetable.small import away, hours, problems, talk
from kinds import rounds
from muntada.engines.halt import Halt
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.plan import PlanStatus, SearchProgress, TimetablePlan
from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    RoomSpec,
    SessionSpec,
    TimetableProblem,
    WishWeights,
)
from muntada.engines.timetable.solve import solve

HALL = RoomSpec("hall", 100, frozenset({"hybrid"}))
DEN = RoomSpec("den", 20)


def solved(problem: TimetableProblem, *, effort: float = 5.0) -> TimetablePlan:
    """Every timetable of these tests is looked at by two judges."""
    plan = solve(problem, effort=effort)
    assert list(faults(problem, plan.placements)) == []
    assert evaluate(problem, plan.placements).score == plan.score
    assert plan.bound <= plan.score
    return plan


@rounds(40)
@given(problems())
def test_no_timetable_ever_breaks_a_hard_rule(problem: TimetableProblem) -> None:
    plan = solved(problem, effort=1.0)
    placed = {placement.session for placement in plan.placements}
    named = {one.session for one in plan.unplaced}
    assert placed | named == {session.id for session in problem.sessions}
    assert not placed & named
    assert all(one.reasons for one in plan.unplaced)


@rounds(25)
@given(problems(sessions=3))
def test_what_is_called_optimal_is_the_best_of_all_timetables(problem: TimetableProblem) -> None:
    plan = solved(problem)
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.score[:4] == best_by_trying_all(problem)[:4]


@rounds(15)
@given(problems())
def test_one_more_room_never_makes_a_timetable_worse(problem: TimetableProblem) -> None:
    more = replace(problem, rooms=(*problem.rooms, RoomSpec("new", 50, frozenset({"hybrid"}))))
    assert solved(more).score[:4] <= solved(problem).score[:4]


@rounds(15)
@given(problems())
def test_the_names_of_things_do_not_change_the_score(problem: TimetableProblem) -> None:
    def turned(name: str) -> str:
        return name[::-1] + "!"

    renamed = replace(
        problem,
        sessions=tuple(
            replace(
                session,
                id=turned(session.id),
                people=frozenset(map(turned, session.people)),
                after=frozenset(map(turned, session.after)),
                exclusive=frozenset(map(turned, session.exclusive)),
                locked=Lock(turned(session.locked.slot)) if session.locked else None,
            )
            for session in problem.sessions
        ),
        rooms=tuple(
            replace(room, id=turned(room.id), closed=frozenset(map(turned, room.closed)))
            for room in problem.rooms
        ),
        slots=tuple(replace(slot, id=turned(slot.id)) for slot in problem.slots),
        people=tuple(replace(person, id=turned(person.id)) for person in problem.people),
        pairs={(turned(first), turned(second)): count for (first, second), count in problem.pairs.items()},
        favourites={
            turned(name): frozenset(map(turned, marked)) for name, marked in problem.favourites.items()
        },
        series=tuple(
            replace(series, sessions=tuple(map(turned, series.sessions))) for series in problem.series
        ),
    )
    assert solved(renamed).score == solved(problem).score


@pytest.mark.long
@pytest.mark.parametrize(
    ("sessions", "rooms", "days"), [(40, 6, 5), pytest.param(120, 10, 5, marks=pytest.mark.slow)]
)
def test_a_forum_is_placed(sessions: int, rooms: int, days: int) -> None:
    plan = solved(forum(sessions, rooms, days), effort=10.0)
    assert plan.unplaced == ()
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.gap == 0


@pytest.mark.long
def test_the_same_problem_seed_and_effort_give_the_same_timetable() -> None:
    problem = forum(30, 4, 2)
    assert solve(problem, seed=7, effort=0.2) == solve(problem, seed=7, effort=0.2)


@pytest.mark.long
def test_another_process_gives_the_same_timetable() -> None:
    """Neither the order of sets, another in each process, nor the clock shows."""
    script = (
        "from engines.timetable.instances import forum, with_favourites\n"
        "from muntada.engines.timetable.solve import solve\n"
        "for problem in (forum(20, 4, 2), with_favourites(forum(20, 4, 2), 60)):\n"
        "    plan = solve(problem, seed=3, effort=0.1)\n"
        "    print(plan.score, *plan.placements)"
    )
    outputs = said_elsewhere(script)
    assert len(outputs) == 1
    assert outputs.pop().count("s17") == 2


@pytest.mark.long
def test_favourites_are_met_beyond_what_the_exact_model_can_count() -> None:
    problem = with_favourites(forum(30, 4, 2), 100)
    plan = solved(problem, effort=0.3)
    blind = solve(replace(problem, favourites={}), effort=0.3)
    assert plan.score.wishes < evaluate(problem, blind.placements).score.wishes


def test_with_no_effort_the_first_draft_comes_back() -> None:
    plan = solved(forum(40, 5, 2), effort=0.0)
    assert plan.effort == 0
    assert plan.placements


@pytest.mark.long
def test_a_halt_brings_back_the_best_so_far() -> None:
    halt = Halt()
    seen: list[SearchProgress] = []

    def stop(progress: SearchProgress) -> None:
        seen.append(progress)
        halt.stop()

    problem = forum(60, 6, 3)
    plan = solve(problem, effort=60.0, report=stop, halt=halt)
    assert list(faults(problem, plan.placements)) == []
    assert len(seen) == 1
    assert plan.effort < 10


@pytest.mark.long
def test_far_too_many_sessions_are_placed_as_far_as_there_is_room_and_the_others_told_why() -> None:
    problem = forum(400, 2, 2)
    plan = solved(problem, effort=3.0)
    assert len(plan.placements) <= 2 * 16
    assert plan.score.unplaced == plan.bound.unplaced
    assert all(one.reasons for one in plan.unplaced)


@pytest.mark.long
def test_progress_tells_the_gap_and_how_long_nothing_has_changed() -> None:
    seen: list[SearchProgress] = []
    solve(with_favourites(forum(40, 5, 2), 150), effort=1.0, report=seen.append)
    assert all(0 <= progress.gap <= 1 for progress in seen)
    assert any(progress.moves > 0 and progress.since > 0 for progress in seen)
    assert SearchProgress("wishes", 0, 0, 1.0).gap == 0


@pytest.mark.long
def test_progress_only_ever_improves() -> None:
    seen: list[SearchProgress] = []
    plan = solve(forum(60, 6, 2), effort=5.0, report=seen.append)
    wishes = [progress.best for progress in seen if progress.tier == "wishes"]
    assert wishes == sorted(wishes, reverse=True)
    assert wishes[-1] == plan.score.wishes


def test_two_sessions_of_one_person_stand_one_after_the_other() -> None:
    plan = solved(TimetableProblem((talk("a", "ana"), talk("b", "ana")), (HALL, DEN), hours(9, 10)))
    assert {placement.slot for placement in plan.placements} == {"0/9", "0/10"}


def test_a_person_who_is_away_is_waited_for() -> None:
    plan = solved(
        TimetableProblem((talk("a", "ana"),), (HALL,), hours(9, 10, 11), people=(away("ana", 9, 10),))
    )
    assert [placement.slot for placement in plan.placements] == ["0/11"]


def test_a_long_session_takes_two_slots_but_does_not_run_through_lunch() -> None:
    plan = solved(
        TimetableProblem((talk("a", minutes=90),), (HALL,), hours(10, 11, 12, 14), people=(away("x"),))
    )
    assert plan.placements[0].slot in {"0/10", "0/11"}
    split = solved(TimetableProblem((talk("a", minutes=90),), (HALL,), hours(12, 14)))
    assert [str(reason) for reason in split.unplaced[0].reasons] == [
        "a lasts 90 minutes: no run of slots on one day is as long."
    ]


def test_a_lock_is_kept_and_goes_before_the_number_of_sessions() -> None:
    """The locked session stands in the way of two others, and stays."""
    sessions = (
        talk("locked", minutes=120, locked=Lock("0/9", "hall")),
        SessionSpec("a", 60, needs=frozenset({"hybrid"})),
        SessionSpec("b", 60, needs=frozenset({"hybrid"})),
    )
    plan = solved(TimetableProblem(sessions, (HALL, DEN), hours(9, 10)))
    assert [placement.session for placement in plan.placements] == ["locked"]
    assert plan.score.locked_out == 0
    assert plan.score.unplaced == 2


def test_a_long_session_across_a_closure_takes_the_other_room() -> None:
    """Counting rooms by slot sees one open room in each of both slots; only one room is open in both."""
    first = RoomSpec("first", 50, closed=frozenset({"0/10"}))
    second = RoomSpec("second", 50, closed=frozenset({"0/9"}))
    plan = solved(TimetableProblem((talk("a", minutes=120),), (first, second), hours(9, 10)))
    assert [one.session for one in plan.unplaced] == ["a"]
    assert plan.status is PlanStatus.OPTIMAL
    both = solved(TimetableProblem((talk("a", minutes=120),), (first, second, DEN), hours(9, 10)))
    assert [placement.room for placement in both.placements] == ["den"]


def test_long_sessions_that_counting_cannot_fit_together_are_told_apart() -> None:
    """In each slot three rooms are open for three sessions, yet they cannot all keep their room."""
    slots = hours(9, 10, 11)
    rooms = (
        RoomSpec("a", 50, closed=frozenset({"0/9"})),
        RoomSpec("b", 50, closed=frozenset({"0/11"})),
        RoomSpec("c", 50),
    )
    sessions = (
        talk("early", minutes=120, locked=Lock("0/9")),
        talk("late", minutes=120, locked=Lock("0/10")),
        talk("early too", minutes=120),
        talk("late too", minutes=120),
    )
    plan = solved(TimetableProblem(sessions, rooms, slots))
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.score.unplaced == 1


def test_what_costs_least_is_chosen_among_the_wishes() -> None:
    """Online from Tokyo, 9 and 11 h in Geneva's winter are 17 and 19 h, and 16 h is past midnight."""
    sessions = (talk("a", "kei"), talk("b", "kei"))
    people = (PersonSpec("kei", zone="Asia/Tokyo"),)
    plan = solved(TimetableProblem(sessions, (HALL,), hours(9, 11, 16), people=people))
    assert {placement.slot for placement in plan.placements} == {"0/9", "0/11"}
    assert plan.score.wishes == 0


def test_sessions_of_one_track_stand_in_different_slots() -> None:
    sessions = tuple(talk(name, track="health") for name in "abc")
    plan = solved(TimetableProblem(sessions, (HALL, DEN), hours(9, 10)))
    assert plan.score.wishes == WishWeights().track
    assert solved(TimetableProblem(sessions, (HALL, DEN), hours(9, 10, 11))).score.wishes == 0


def test_sessions_on_one_line_are_spread_over_the_days() -> None:
    sessions = tuple(talk(name, lines=frozenset({"C7"})) for name in "abcd")
    plan = solved(TimetableProblem(sessions, (HALL, DEN), hours(9, 10, days=2)))
    assert sorted(placement.slot[0] for placement in plan.placements) == ["0", "0", "1", "1"]


def test_sessions_that_many_wish_to_hear_both_stand_apart() -> None:
    sessions = tuple(talk(name) for name in "abcd")
    pairs = {("a", "b"): 5, ("c", "d"): 4, ("a", "c"): 1}
    plan = solved(TimetableProblem(sessions, (HALL, DEN), hours(9, 10), pairs=pairs))
    slot = {placement.session: placement.slot for placement in plan.placements}
    assert slot["a"] != slot["b"]
    assert slot["c"] != slot["d"]
    assert slot["a"] != slot["c"]


def test_the_fuller_session_gets_the_larger_room() -> None:
    sessions = (talk("few", audience=10), talk("many", audience=20))
    plan = solved(TimetableProblem(sessions, (HALL, DEN), hours(9)))
    assert {placement.session: placement.room for placement in plan.placements}["many"] == "hall"


@pytest.mark.parametrize("part", ["sessions", "rooms", "slots"])
def test_a_problem_without_any_of_something_is_answered(part: str) -> None:
    problem = replace(TimetableProblem((talk("a"),), (HALL,), hours(9)), **{part: ()})  # type: ignore[arg-type]
    plan = solved(problem)
    assert plan.placements == ()
    assert plan.status is PlanStatus.OPTIMAL
    assert len(plan.unplaced) == (part != "sessions")


def test_an_unplaced_session_says_which_rooms_are_full() -> None:
    sessions = tuple(talk(name, needs=frozenset({"hybrid"})) for name in "abc")
    plan = solved(TimetableProblem(sessions, (HALL, DEN), hours(9, 10)))
    (left_out,) = plan.unplaced
    name = left_out.session
    assert [str(reason) for reason in left_out.reasons] == [
        f"At each of the 2 times at which {name} could start, no suitable room is free.",
        "Only these rooms suit it: hall.",
    ]


def test_an_unplaced_session_says_who_is_busy() -> None:
    sessions = tuple(talk(name, "ana", f"friend of {name}") for name in "abc")
    plan = solved(TimetableProblem(sessions, (HALL, DEN), hours(9, 10)))
    (left_out,) = plan.unplaced
    name = left_out.session
    assert [str(reason) for reason in left_out.reasons] == [
        f"At each of the 2 times at which {name} could start, its people are in other sessions.",
        "ana is the one most often in another session: at 2 of them.",
    ]
