"""Our evaluator beside Timefold itself, where that is installed: made-up conferences full of everything."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from timetables.peer.timefold import HOME, Timefold, found
from workbook_solvers.conference.evaluate import evaluate
from workbook_solvers.conference.problem import Conference, Constraint, Score, Tags
from workbook_solvers.conference.workbook import read_conference

from benchmarks.peer_workbooks.conference.books import make

TALKS = 24


@pytest.fixture(scope="module")
def peer() -> Timefold:
    if not HOME.is_dir():
        pytest.skip("Timefold is not installed; ./muntada bench timetable --quick does it")
    ready = found()
    if isinstance(ready, str):
        pytest.skip(ready)
    return ready


def full(given: Conference, dice: random.Random) -> Conference:
    """Many talks with tags, absences, crowds and prerequisites at random; each constraint has a weight."""

    def some[T](choices: Sequence[T], most: int) -> frozenset[T]:
        return frozenset(dice.sample(choices, dice.randint(0, most)))

    def tags() -> Tags:
        return Tags(*(some("abc", 2) for _ in range(4)))

    slots = range(len(given.timeslots))
    return replace(
        given,
        weights={
            constraint: Score(*(dice.randint(1, 5) if tier == number % 3 else 0 for tier in range(3)))
            for number, constraint in enumerate(Constraint)
        },
        timeslots=tuple(replace(slot, tags=some("abc", 2)) for slot in given.timeslots),
        rooms=tuple(replace(room, tags=some("abc", 2), unavailable=some(slots, 2)) for room in given.rooms),
        speakers=tuple(
            replace(speaker, timeslot_tags=tags(), room_tags=tags(), unavailable=some(slots, 2))
            for speaker in given.speakers
        ),
        talks=tuple(
            replace(
                dice.choice(given.talks),
                code=f"T{number}",
                speakers=tuple(sorted(some(range(len(given.speakers)), 2))),
                themes=some("pq", 2),
                sectors=some("st", 2),
                audience_types=some("uv", 2),
                audience_level=dice.randint(1, 3),
                contents=some("wx", 2),
                language=dice.choice(["en", "fr"]),
                timeslot_tags=tags(),
                room_tags=tags(),
                exclusions=some("yz", 2),
                prerequisites=some(range(TALKS), 2) - {number},
                favourites=dice.randint(0, 9),
                crowd_risk=dice.randint(0, 1),
                pinned=None,
                published_timeslot=dice.choice([None, 1]),
                published_room=dice.choice([None, 0]),
            )
            for number in range(TALKS)
        ),
    )


def test_timefold_and_our_evaluator_agree_on_every_constraint_to_the_unit(
    peer: Timefold, tmp_path: Path
) -> None:
    given = read_conference(make(tmp_path / "made.xlsx"))
    met = set()
    for seed in range(3):
        dice = random.Random(seed)  # noqa: S311 - dice, not secrets
        conference = full(given, dice)
        places = [dice.choice(conference.places(talk)) for talk in conference.talks]
        ours, theirs = evaluate(conference, places), peer.judge(conference, places)
        lines = {line.constraint.value: line.score for line in ours.lines}
        assert lines == {name: score for name, (_, score) in theirs.lines.items()}
        assert ours.score == theirs.score
        met |= set(lines)
    assert met == {constraint.value for constraint in Constraint}
