from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from engines.timetable.checker import best_by_trying_all
from engines.timetable.instances import forum
from engines.timetable.small import away, hour, hours, problems, talk
from kinds import rounds
from muntada.engines.timetable.blame import Blame, blame
from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    RoomSpec,
    SeriesSpec,
    SessionSpec,
    TimePeriod,
    TimetableProblem,
)
from muntada.engines.timetable.solve import solve

HALL = RoomSpec("hall", 100)
DEN = RoomSpec("den", 20)


def told(found: tuple[Blame, ...]) -> list[list[str]]:
    return [sorted(str(reason) for reason in one.reasons) for one in found]


@rounds(40)
@given(problems(sessions=3))
def test_rules_are_blamed_exactly_where_not_all_sessions_can_stand(problem: TimetableProblem) -> None:
    found = blame(problem)
    assert bool(found) == (best_by_trying_all(problem).unplaced > 0)
    assert all(one.reasons for one in found)


def test_where_everything_fits_there_is_nothing_to_blame() -> None:
    assert blame(TimetableProblem((talk("a", "ana"), talk("b", "ana")), (HALL,), hours(9, 10))) == ()
    assert blame(TimetableProblem((), (HALL,), hours(9))) == ()


def test_what_counting_finds_is_said_first() -> None:
    (found,) = blame(TimetableProblem((talk("a"), talk("b"), talk("c")), (HALL,), hours(9, 10)))
    assert found.counted
    assert told((found,)) == [["The sessions fill 3 slots of a room; all rooms together are open for 2."]]


def test_a_person_in_too_many_sessions_is_blamed_with_those_who_are_away() -> None:
    """Counting ana's slots does not show it: the fourth session could stand in any of them."""
    sessions = (*(talk(name, "ana", f"friend of {name}") for name in "abc"), talk("d", "ana"))
    people = tuple(away(f"friend of {name}", 11, 12) for name in "abc")
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, 11, 12), people=people)
    (found,) = blame(problem)
    assert not found.counted
    assert told((found,)) == [
        [
            "ana cannot be in two of these sessions at once: a, b, c, d.",
            *(f"friend of {name} is not available at some times." for name in "abc"),
        ]
    ]


def test_the_smallest_set_of_rules_is_named_and_no_other() -> None:
    """b must follow a, which is long, and is locked too early. The other people and rules are innocent."""
    sessions = (
        talk("a", "ana", minutes=120),
        talk("b", after=frozenset({"a"}), locked=Lock("0/10")),
        talk("c", "ana", organisers=frozenset({"itu"})),
        talk("d", "dan", exclusive=frozenset({"x"})),
    )
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, 11), organiser_limit=2)
    assert told(blame(problem)) == [["b is locked to the slot 0/10.", "b is to start when a has ended."]]


def test_two_sets_of_rules_are_both_named() -> None:
    sessions = (
        talk("a", locked=Lock("0/9")),
        talk("b", locked=Lock("1/9")),
        talk("c", "cy", exclusive=frozenset({"x"}), locked=Lock("0/10")),
        talk("d", "dan", exclusive=frozenset({"x"}), locked=Lock("0/10")),
    )
    series = (SeriesSpec(("a", "b"), same_day=True),)
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, days=2), series=series)
    assert sorted(told(blame(problem))) == [
        ["Of these sessions no two may be at the same time: c, d.",
         "c is locked to the slot 0/10.", "d is locked to the slot 0/10."],
        ["a and b are to be on one day.", "a is locked to the slot 0/9.", "b is locked to the slot 1/9."],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pause": timedelta(minutes=30)}, "ana needs 30 minutes between two of these sessions: a, b."),
        ({"organiser_limit": 1}, "itu has 2 sessions, which do not fit. The most on a day: 1; days: 1."),
    ],
)
def test_a_pause_and_a_limit_can_be_to_blame(change: dict[str, object], words: str) -> None:
    itu = frozenset({"itu"})
    sessions = (talk("a", "ana", organisers=itu), talk("b", "ana", organisers=itu))
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10))
    assert blame(problem) == ()
    assert told(blame(replace(problem, **change))) == [[words]]  # type: ignore[arg-type]


HYBRID, CAPTIONS = frozenset({"hybrid"}), frozenset({"captions"})
NORTH = RoomSpec("north", 100, HYBRID, building="north")
SOUTH = RoomSpec("south", 20, CAPTIONS, building="south")


def test_a_long_session_that_finds_no_room_for_all_its_slots_is_blamed() -> None:
    """In each slot there are rooms enough, but p and q leave the long session another room in each."""
    sessions = (talk("long", minutes=120), talk("p", needs=HYBRID), talk("q", needs=CAPTIONS))
    problem = TimetableProblem(sessions, (NORTH, SOUTH), hours(9, 10))
    (found,) = blame(problem)
    assert not found.counted
    assert set(found.sessions) == {"long", "p", "q"}
    assert told((found,)) == [
        [
            "These sessions can only stand in these rooms: p; north.",
            "These sessions can only stand in these rooms: q; south.",
            "long fills 2 slots and needs the same room for all of them: north, south.",
        ]
    ]
    assert blame(replace(problem, sessions=(talk("long"), *sessions[1:]))) == ()


def test_long_sessions_that_overlap_like_a_chain_are_blamed_with_their_locks() -> None:
    """Never more than two sessions at once in two rooms; but the long ones end in the wrong room."""
    sessions = (
        talk("a", needs=HYBRID, locked=Lock("0/9")),
        talk("b", minutes=120, locked=Lock("0/9")),
        talk("c", minutes=120, locked=Lock("0/10")),
        talk("d", needs=HYBRID, locked=Lock("0/11")),
        talk("bystander", minutes=120, locked=Lock("0/13")),
    )
    problem = TimetableProblem(sessions, (NORTH, SOUTH), hours(9, 10, 11, 12, 13, 14))
    (found,) = blame(problem)
    assert set(found.sessions) == {"a", "b", "c", "d"}
    assert set(told((found,))[0]) >= {
        "These sessions can only stand in these rooms: a, d; north.",
        "b fills 2 slots and needs the same room for all of them: north, south.",
        "c fills 2 slots and needs the same room for all of them: north, south.",
        "d is locked to the slot 0/11.",
    }
    assert blame(replace(problem, sessions=(*sessions[:3], talk("d", needs=HYBRID), sessions[4]))) == ()


def test_a_walk_that_only_the_choice_of_rooms_shows_is_blamed() -> None:
    """ana could stand in one building twice, if p and q did not take another room in each slot."""
    sessions = (
        talk("a", "ana", locked=Lock("0/9")),
        talk("b", "ana", locked=Lock("0/10")),
        talk("p", needs=HYBRID, locked=Lock("0/9")),
        talk("q", needs=CAPTIONS, locked=Lock("0/10")),
    )
    problem = TimetableProblem(sessions, (NORTH, SOUTH), hours(9, 10), walks={("north", "south"): 20})
    (found,) = blame(problem)
    assert "ana: time is needed to walk between the rooms of a and b." in told((found,))[0]
    assert found.people == ("ana",)
    assert set(told((found,))[0]) >= {
        "These sessions can only stand in these rooms: p; north.",
        "These sessions can only stand in these rooms: q; south.",
    }
    assert blame(replace(problem, walks={})) == ()


def test_buildings_that_are_too_far_apart_are_blamed_where_each_session_has_one_room() -> None:
    sessions = (talk("a", "ana", needs=HYBRID), talk("b", "ana", needs=CAPTIONS))
    problem = TimetableProblem(sessions, (NORTH, SOUTH), hours(9, 10), walks={("north", "south"): 20})
    assert told(blame(problem)) == [
        [
            "ana cannot be in two of these sessions at once: a, b.",
            "ana: time is needed to walk between the rooms of a and b.",
        ]
    ]


def test_an_even_spread_that_must_be_can_be_to_blame() -> None:
    """Two sessions on one line, both locked to Monday, though each of two days has to have one."""
    sessions = tuple(talk(f"s{at}", lines=frozenset({"C2"}), locked=Lock(f"0/{at}")) for at in (9, 10))
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, days=2))
    assert blame(problem) == ()
    assert told(blame(replace(problem, must_spread=frozenset({"lines"})))) == [
        [
            "On a day at most 1 session may be on the line C2, an even share.",
            "s10 is locked to the slot 0/10.",
            "s9 is locked to the slot 0/9.",
        ]
    ]


@pytest.mark.long
@pytest.mark.slow
def test_in_a_forum_of_300_sessions_the_rules_to_blame_are_found() -> None:
    """A minister in four sessions; the other speakers of three of them are there at two times only.

    How long it takes is measured by `rules_at_odds` in benchmarks/made/timetables.py.
    """
    problem = forum(300, 20, 5)
    left_out = {one.session for one in solve(problem, effort=0.2).unplaced}
    sessions = [one for one in problem.sessions if one.id not in left_out]
    short = {one.id: one for one in sessions if one.minutes == 60}
    for name, friend in zip(list(short)[:4], ("kofi", "lena", "mei", "nobody"), strict=True):
        short[name] = SessionSpec(name, 60, people=frozenset({"minister", friend}))
    there = (TimePeriod(hour(0, 9), hour(0, 11)),)
    people = (*problem.people, *(PersonSpec(name, available=there) for name in ("kofi", "lena", "mei")))
    crowded = replace(problem, sessions=tuple(short.get(one.id, one) for one in sessions), people=people)
    (found,) = blame(crowded)
    assert set(found.people) == {"minister", "kofi", "lena", "mei"}
