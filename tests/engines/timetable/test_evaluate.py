from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.timetable.checker import faults
from engines.timetable.instances import forum
from engines.timetable.small import MONDAY, away, hours, problems, talk
from kinds import rounds
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.plan import Tier, TimetablePlan, TimetableScore, Violation
from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    SlotSpec,
    TimetableProblem,
    WishWeights,
)
from muntada.engines.timetable.solve import solve

HALL = RoomSpec("hall", 100, frozenset({"hybrid"}))
DEN = RoomSpec("den", 20)


def broken(problem: TimetableProblem, *placements: PlacementSpec) -> Sequence[Violation]:
    return evaluate(problem, placements).violations


def sentences(problem: TimetableProblem, *placements: PlacementSpec) -> list[str]:
    return [str(violation.reason) for violation in broken(problem, *placements)]


@pytest.fixture(scope="module")
def sound() -> tuple[TimetableProblem, TimetablePlan]:
    problem = forum(40, 6, 5)
    return problem, solve(problem, effort=1.0)


@rounds(30)
@given(st.data())
@pytest.mark.long
def test_an_injected_double_booking_of_a_room_is_counted_exactly(
    sound: tuple[TimetableProblem, TimetablePlan], data: st.DataObject
) -> None:
    problem, plan = sound
    victim = data.draw(st.sampled_from(plan.placements))
    guest = talk("guest", locked=None)
    more = replace(problem, sessions=(*problem.sessions, guest))
    assessment = evaluate(more, (*plan.placements, replace(victim, session="guest")))
    assert [
        (violation.rule, violation.amount, set(violation.sessions), violation.rooms)
        for violation in assessment.hard
    ] == [("room-clash", 1, {"guest", victim.session}, (victim.room,))]


@rounds(30)
@given(st.data())
def test_an_injected_double_booking_of_people_is_counted_exactly(
    sound: tuple[TimetableProblem, TimetablePlan], data: st.DataObject
) -> None:
    problem, plan = sound
    victim = data.draw(st.sampled_from(plan.placements))
    people = next(session.people for session in problem.sessions if session.id == victim.session)
    some = data.draw(st.lists(st.sampled_from(sorted(people)), min_size=1, unique=True))
    more = replace(
        problem,
        sessions=(*problem.sessions, talk("guest", *some)),
        rooms=(*problem.rooms, RoomSpec("aside", 10)),
    )
    assessment = evaluate(more, (*plan.placements, PlacementSpec("guest", victim.slot, "aside")))
    clashes = [violation for violation in assessment.hard if violation.rule == "person-clash"]
    assert {violation.people for violation in clashes} == {(person,) for person in some}
    assert len(assessment.hard) == len(some)


@rounds(100)
@given(problems(), st.data())
def test_a_second_judge_finds_fault_where_the_evaluator_does(
    problem: TimetableProblem, data: st.DataObject
) -> None:
    slots = st.sampled_from([slot.id for slot in problem.slots])
    rooms = st.sampled_from([room.id for room in problem.rooms])
    placements = [
        PlacementSpec(session.id, data.draw(slots), data.draw(rooms)) for session in problem.sessions
    ]
    assert bool(evaluate(problem, placements).hard) == any(True for _ in faults(problem, placements))


def test_a_long_session_clashes_in_each_slot_it_shares() -> None:
    problem = TimetableProblem(
        (talk("a", minutes=180), talk("b", minutes=120)), (HALL,), hours(9, 10, 11, 12)
    )
    (violation,) = broken(problem, PlacementSpec("a", "0/9", "hall"), PlacementSpec("b", "0/10", "hall"))
    assert (violation.rule, violation.amount) == ("room-clash", 2)
    assert str(violation.reason) == "a and b would be in hall at the same time."


def test_each_hard_rule_says_what_is_wrong() -> None:
    session = talk(
        "a", "ana", minutes=90, needs=frozenset({"hybrid"}), audience=30, locked=Lock("0/9", "hall")
    )
    den = replace(DEN, closed=frozenset({"0/10"}))
    problem = TimetableProblem((session,), (HALL, den), hours(9, 10, 14), people=(away("ana", 10),))
    assert sentences(problem, PlacementSpec("a", "0/10", "den")) == [
        "a lasts 90 minutes, which do not fit in one run from the slot 0/10 on.",
        "ana is not available when a takes place.",
        "a is locked to the slot 0/9.",
        "den has 20 seats. Expected at a: 30.",
        "a needs hybrid, which den does not have.",
        "a is locked to the room hall.",
        "den is closed in the slot 0/10, in which a needs it.",
    ]


def test_how_much_is_missing_is_said() -> None:
    problem = TimetableProblem((talk("a", audience=35),), (DEN,), hours(9))
    (violation,) = broken(problem, PlacementSpec("a", "0/9", "den"))
    assert (violation.amount, violation.cost, violation.tier) == (15, 0, Tier.HARD)


def test_a_session_placed_twice_is_a_violation() -> None:
    problem = TimetableProblem((talk("a"),), (HALL, DEN), hours(9))
    assert sentences(problem, PlacementSpec("a", "0/9", "hall"), PlacementSpec("a", "0/9", "den")) == [
        "a is placed 2 times."
    ]


def test_a_person_who_leaves_when_the_session_ends_is_there() -> None:
    problem = TimetableProblem((talk("a", "ana", minutes=45),), (HALL,), hours(9), people=(away("ana", 10),))
    assert broken(problem, PlacementSpec("a", "0/9", "hall")) == ()


@pytest.mark.parametrize(
    ("at", "zone", "cost"),
    [
        (9, "Europe/Paris", 0),
        (9, "Asia/Kathmandu", 0),  # 14:45 to 15:45
        (15, "Asia/Kathmandu", 1),  # 20:45 to 21:45
        (17, "Asia/Kathmandu", 10),  # 22:45 to 23:45
        (14, "America/Los_Angeles", 1),  # 7:00, in summer time
        (13, "America/Los_Angeles", 10),
        (15, "Asia/Tokyo", 10),  # over midnight
    ],
)
def test_hours_far_from_the_day_of_someone_online_cost(at: int, zone: str, cost: int) -> None:
    problem = TimetableProblem(
        (talk("a", "ana"),), (HALL,), hours(at), people=(PersonSpec("ana", zone=zone),)
    )
    assert (
        evaluate(problem, [PlacementSpec("a", f"0/{at}", "hall")]).score.wishes
        == cost * WishWeights().comfort
    )


def test_the_hour_at_which_someone_online_sits_is_told() -> None:
    people = (PersonSpec("ana", zone="Asia/Kathmandu"),)
    problem = TimetableProblem((talk("a", "ana"),), (HALL,), hours(17), people=people)
    assert sentences(problem, PlacementSpec("a", "0/17", "hall")) == [
        "ana takes part from Asia/Kathmandu, where a is from 22:45 to 23:45."
    ]


def test_three_sessions_of_a_track_in_one_slot_are_two_too_many() -> None:
    sessions = tuple(talk(name, track="health") for name in "abc")
    problem = TimetableProblem(sessions, (HALL, DEN, RoomSpec("loft", 20)), hours(9))
    places = zip("abc", ("hall", "den", "loft"), strict=True)
    (violation,) = broken(problem, *(PlacementSpec(name, "0/9", room) for name, room in places))
    assert (violation.amount, violation.cost) == (2, 2 * WishWeights().track)
    assert str(violation.reason) == "3 sessions of the track health are in the slot 0/9: a, b, c."


def test_a_line_crowded_on_one_day_is_told() -> None:
    sessions = tuple(talk(name, lines=frozenset({"C7"})) for name in "abc")
    problem = TimetableProblem(sessions, (HALL,), hours(9, 10, 11, days=3))
    placements = [PlacementSpec(name, f"0/{at}", "hall") for name, at in zip("abc", (9, 10, 11), strict=True)]
    (violation,) = broken(problem, *placements)
    assert (violation.amount, violation.cost) == (2, 2 * WishWeights().lines)
    assert str(violation.reason) == (
        "3 sessions on the line C7 are on 2025-07-07; spread evenly it would be 1."
    )


def test_a_pair_at_the_same_time_costs_who_wished_to_hear_both() -> None:
    problem = TimetableProblem((talk("a"), talk("b")), (HALL, DEN), hours(9, 10), pairs={("a", "b"): 12})
    (violation,) = broken(problem, PlacementSpec("a", "0/9", "hall"), PlacementSpec("b", "0/9", "den"))
    assert (violation.amount, violation.cost) == (12, 12)
    assert broken(problem, PlacementSpec("a", "0/9", "hall"), PlacementSpec("b", "0/10", "den")) == ()


def test_empty_seats_cost_by_the_square_of_their_tens() -> None:
    problem = TimetableProblem((talk("a", audience=65),), (HALL,), hours(9))
    assessment = evaluate(problem, [PlacementSpec("a", "0/9", "hall")])
    assert assessment.score == TimetableScore(0, 0, 0, 0, 9)
    assert assessment.violations[0].amount == 35


def test_a_wish_of_weight_zero_is_no_wish() -> None:
    weights = WishWeights(comfort=0, track=0, lines=0, pairs=0, fit=0)
    sessions = (talk("a", "ana", track="t", audience=1), talk("b", track="t"))
    people = (PersonSpec("ana", zone="Asia/Tokyo"),)
    problem = TimetableProblem(sessions, (HALL, DEN), hours(17), people, {("a", "b"): 3}, weights=weights)
    assert broken(problem, PlacementSpec("a", "0/17", "hall"), PlacementSpec("b", "0/17", "den")) == ()


def test_a_published_session_elsewhere_or_nowhere_has_moved() -> None:
    published = (
        PlacementSpec("a", "0/9", "hall"),
        PlacementSpec("b", "0/10", "hall"),
        PlacementSpec("c", "0/9", "den"),
    )
    problem = TimetableProblem(
        tuple(talk(name) for name in "abc"), (HALL, DEN), hours(9, 10), published=published
    )
    placements = (PlacementSpec("a", "0/9", "hall"), PlacementSpec("b", "0/10", "den"))
    assert evaluate(problem, placements).score == TimetableScore(0, 1, 2, 0, 0)
    assert sentences(problem, *placements) == [
        "b moves from hall, slot 0/10, where it was published.",
        "c was published in den, slot 0/9, and has no place now.",
    ]


def test_a_session_runs_on_through_a_short_pause_only() -> None:
    slots = (
        SlotSpec("1", MONDAY.replace(hour=9), MONDAY.replace(hour=9, minute=45)),
        SlotSpec("2", MONDAY.replace(hour=10), MONDAY.replace(hour=10, minute=45)),
    )
    problem = TimetableProblem((talk("a", minutes=90), talk("b", minutes=50)), (HALL, DEN), slots)
    assert broken(problem, PlacementSpec("a", "1", "hall"), PlacementSpec("b", "1", "den")) == ()
    strict = replace(problem, longest_pause=timedelta(minutes=10))
    rules = [violation.rule for violation in broken(strict, PlacementSpec("a", "1", "hall"))]
    assert rules == ["fits-slots"]


def test_a_session_does_not_run_over_midnight() -> None:
    midnight = datetime(2025, 7, 8, tzinfo=UTC)
    slots = (
        SlotSpec("late", midnight - timedelta(hours=1), midnight),
        SlotSpec("early", midnight, midnight + timedelta(hours=1)),
    )
    problem = TimetableProblem((talk("a", minutes=120),), (HALL,), slots)
    assert [violation.rule for violation in broken(problem, PlacementSpec("a", "late", "hall"))] == [
        "fits-slots"
    ]


@pytest.mark.parametrize(
    ("placement", "sentence"),
    [
        (PlacementSpec("x", "0/9", "hall"), "The timetable places the session x, which is not there."),
        (PlacementSpec("a", "x", "hall"), "The timetable places a in the slot x, which is not there."),
        (PlacementSpec("a", "0/9", "x"), "The timetable places a in the room x, which is not there."),
    ],
)
def test_a_place_that_does_not_exist_is_refused(placement: PlacementSpec, sentence: str) -> None:
    with pytest.raises(TimetableFault) as caught:
        evaluate(TimetableProblem((talk("a"),), (HALL,), hours(9)), [placement])
    assert str(caught.value) == sentence
