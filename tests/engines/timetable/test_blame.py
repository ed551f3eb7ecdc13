from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from engines.timetable.checker import best_by_trying_all
from engines.timetable.instances import forum
from engines.timetable.small import away, hour, hours, problems, talk
from muntada.engines.timetable.blame import Blame, blame
from muntada.engines.timetable.problem import Lock, Period, Person, Problem, Room, Series, Session
from muntada.engines.timetable.solve import solve

HALL = Room("hall", 100)
DEN = Room("den", 20)


def told(found: tuple[Blame, ...]) -> list[list[str]]:
    return [sorted(str(reason) for reason in one.reasons) for one in found]


@settings(max_examples=40, deadline=None)
@given(problems(sessions=3))
def test_nobody_is_blamed_where_all_sessions_can_stand(problem: Problem) -> None:
    found = blame(problem)
    if found:
        score = best_by_trying_all(problem)
        assert score.unplaced > 0
        assert all(one.reasons for one in found)


def test_where_everything_fits_there_is_nothing_to_blame() -> None:
    assert blame(Problem((talk("a", "ana"), talk("b", "ana")), (HALL,), hours(9, 10))) == ()
    assert blame(Problem((), (HALL,), hours(9))) == ()


def test_what_counting_finds_is_said_first() -> None:
    (found,) = blame(Problem((talk("a"), talk("b"), talk("c")), (HALL,), hours(9, 10)))
    assert found.counted
    assert told((found,)) == [["The sessions fill 3 slots of a room; all rooms together are open for 2."]]


def test_a_person_in_too_many_sessions_is_blamed_with_those_who_are_away() -> None:
    """Counting ana's slots does not show it: the fourth session could stand in any of them."""
    sessions = (*(talk(name, "ana", f"friend of {name}") for name in "abc"), talk("d", "ana"))
    people = tuple(away(f"friend of {name}", 11, 12) for name in "abc")
    problem = Problem(sessions, (HALL, DEN), hours(9, 10, 11, 12), people=people)
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
    problem = Problem(sessions, (HALL, DEN), hours(9, 10, 11), organiser_limit=2)
    assert told(blame(problem)) == [["b is locked to the slot 0/10.", "b is to start when a has ended."]]


def test_two_sets_of_rules_are_both_named() -> None:
    sessions = (
        talk("a", locked=Lock("0/9")),
        talk("b", locked=Lock("1/9")),
        talk("c", "cy", exclusive=frozenset({"x"}), locked=Lock("0/10")),
        talk("d", "dan", exclusive=frozenset({"x"}), locked=Lock("0/10")),
    )
    series = (Series(("a", "b"), same_day=True),)
    problem = Problem(sessions, (HALL, DEN), hours(9, 10, days=2), series=series)
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
    problem = Problem(sessions, (HALL, DEN), hours(9, 10))
    assert blame(problem) == ()
    assert told(blame(replace(problem, **change))) == [[words]]  # type: ignore[arg-type]


def test_in_a_forum_of_300_sessions_the_rules_to_blame_are_found() -> None:
    """A minister in four sessions; the other speakers of three of them are there at two times only.

    How long it takes is measured by `rules_at_odds` in benchmarks/made/timetables.py.
    """
    problem = forum(300, 20, 5)
    left_out = {one.session for one in solve(problem, effort=0.2).unplaced}
    sessions = [one for one in problem.sessions if one.id not in left_out]
    short = {one.id: one for one in sessions if one.minutes == 60}
    for name, friend in zip(list(short)[:4], ("kofi", "lena", "mei", "nobody"), strict=True):
        short[name] = Session(name, 60, people=frozenset({"minister", friend}))
    there = (Period(hour(0, 9), hour(0, 11)),)
    people = (*problem.people, *(Person(name, available=there) for name in ("kofi", "lena", "mei")))
    crowded = replace(problem, sessions=tuple(short.get(one.id, one) for one in sessions), people=people)
    (found,) = blame(crowded)
    assert set(found.people) == {"minister", "kofi", "lena", "mei"}
