"""Forums with many favourites, and errands of the timetable engine: made up, done, and told in figures."""

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from engines.timetable.checker import faults
from engines.timetable.instances import FIRST_DAY, forum, with_favourites
from muntada.engines.timetable.blame import blame
from muntada.engines.timetable.draft import draft
from muntada.engines.timetable.moves import moves
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    PlacementSpec,
    SessionSpec,
    TimePeriod,
    TimetableProblem,
    WishWeights,
)
from muntada.engines.timetable.repair import repair
from muntada.engines.timetable.solve import solve


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1_000_000 if sys.platform == "darwin" else 1000
    )


def favourites_forum(sessions: int, rooms: int, seed: int) -> TimetableProblem:
    """Section 9.1 of the method: what costs are the hours of people online, tracks, and favourites missed."""
    problem = with_favourites(forum(sessions, rooms, 5, seed=seed), sessions * 20 // 3, seed=seed)
    return replace(problem, weights=WishWeights(lines=0, groups=0))


def true_objective(problem: TimetableProblem, placements: Sequence[PlacementSpec]) -> tuple[int, int, int]:
    """Hours online x 5, favourites missed x 2, tracks at once x 8: written from the problem alone."""
    sessions = {one.id: one for one in problem.sessions}
    order = {slot.id: place for place, slot in enumerate(problem.slots)}
    zones = {person.id: ZoneInfo(person.zone) for person in problem.people if person.zone}
    hours = 0
    filled: dict[str, range] = {}
    for one in placements:
        session, first = sessions[one.session], order[one.slot]
        filled[one.session] = range(first, first + session.minutes // 60)
        start = problem.slots[first].start
        for zone in (zones[name] for name in session.people if name in zones):
            begin, end = (
                moment.astimezone(zone) for moment in (start, start + timedelta(minutes=session.minutes))
            )
            late = end.hour * 60 + end.minute
            if begin.date() == end.date() and begin.hour >= 7 and late <= 23 * 60:  # noqa: PLR2004 - hours
                hours += 0 if begin.hour >= 8 and late <= 21 * 60 else 1  # noqa: PLR2004 - hours
            else:
                hours += 10
    marked = Counter(
        (attendee, slot)
        for attendee, wanted in problem.favourites.items()
        for name in wanted
        for slot in filled.get(name, ())
    )
    tracks = Counter((sessions[name].track, slot) for name, slots in filled.items() for slot in slots)
    beyond = [sum(count - 1 for count in counts.values()) for counts in (marked, tracks)]
    return 5 * hours, 2 * beyond[0], 8 * beyond[1]


def one_by_one(problem: TimetableProblem, _effort: float, _seed: int) -> Sequence[PlacementSpec]:
    options = Options(problem)
    return [options.placement(number, *place) for number, place in draft(options, {}).items()]


def blind(problem: TimetableProblem, effort: float, seed: int) -> Sequence[PlacementSpec]:
    return solve(replace(problem, favourites={}), seed=seed, effort=effort).placements


def whole(problem: TimetableProblem, effort: float, seed: int) -> Sequence[PlacementSpec]:
    return solve(problem, seed=seed, effort=effort).placements


WAYS: dict[str, Callable[[TimetableProblem, float, int], Sequence[PlacementSpec]]] = {
    "each session where it costs least, one by one": one_by_one,
    "the exact model, which knows no favourites": blind,
    "**the engine**": whole,
}
CASES = (
    (300, 20, "each session where it costs least, one by one", 0.0),
    (300, 20, "the exact model, which knows no favourites", 20.0),
    (300, 20, "**the engine**", 1.0),
    (300, 20, "**the engine**", 5.0),
    (300, 20, "**the engine**", 20.0),
    (1000, 40, "each session where it costs least, one by one", 0.0),
    (1000, 40, "**the engine**", 60.0),
)


def case_of(number: int, seed: int) -> dict[str, object]:
    sessions, rooms, way, effort = CASES[number]
    before = time.process_time()
    problem = favourites_forum(sessions, rooms, seed)
    made = time.process_time() - before
    placements = WAYS[way](problem, effort, seed)
    seconds = time.process_time() - made
    objective = true_objective(problem, placements)
    broken = len(list(faults(problem, placements)))
    return {
        "seconds": seconds,
        "peak": peak(),
        "faults": broken,
        "objective": objective,
        "placed": len(placements),
    }


def errand_of(number: int, seed: int) -> dict[str, object]:
    return ERRANDS[number][1](seed)


def closed_room(seed: int) -> dict[str, object]:
    """The room in which most sessions stand closes for good; what is published stays as far as it can."""
    problem = favourites_forum(300, 20, seed)
    published = solve(problem, seed=seed, effort=5.0).placements
    (busiest, held), *_ = Counter(one.room for one in published).most_common(1)
    every = frozenset(slot.id for slot in problem.slots)
    rooms = tuple(replace(room, closed=every) if room.id == busiest else room for room in problem.rooms)
    changed = replace(problem, rooms=rooms, published=published)
    started = time.process_time()
    plan = repair(changed, seed=seed, effort=1.0)
    seconds = time.process_time() - started
    told = (
        f"{held} sessions stood there; moved {plan.score.moved} (no fewer than {plan.bound.moved}),"
        f" without a place {plan.score.unplaced} (no fewer than {plan.bound.unplaced})"
    )
    return {"seconds": seconds, "told": told, "faults": len(list(faults(changed, plan.placements)))}


def rules_at_odds(seed: int) -> dict[str, object]:
    """A minister in four sessions; the other speakers of three of them are there in two slots only."""
    problem = forum(300, 20, 5, seed=seed)
    left_out = {one.session for one in solve(problem, seed=seed, effort=0.5).unplaced}
    sessions = {one.id: one for one in problem.sessions if one.id not in left_out}
    short = [one.id for one in sessions.values() if one.minutes == 60]  # noqa: PLR2004 - an hour
    for number in range(4):
        sessions[short[number]] = SessionSpec(short[number], 60, frozenset({"minister", f"friend {number}"}))
    there = (TimePeriod(FIRST_DAY.replace(hour=9), FIRST_DAY.replace(hour=11)),)
    people = (*problem.people, *(PersonSpec(f"friend {number}", available=there) for number in range(3)))
    crowded = replace(problem, sessions=tuple(sessions.values()), people=people)
    started = time.process_time()
    found = blame(crowded)
    seconds = time.process_time() - started
    rules = [str(reason) for one in found for reason in one.reasons]
    return {"seconds": seconds, "told": f"{len(rules)} rules named: {' '.join(rules)}", "faults": 0}


def rooms_at_odds(seed: int) -> dict[str, object]:
    """A gala over two slots in two halls of one kind; in each slot another session needs one of them.

    Two buildings and walks between them: in each slot there are rooms enough, only their choice fails.
    """
    stage = frozenset({"stage"})
    problem = forum(300, 20, 5, seed=seed)
    rooms = [
        replace(room, building="north" if number % 2 else "south")
        for number, room in enumerate(problem.rooms)
    ]
    for number in (18, 19):
        rooms[number] = replace(rooms[number], services=rooms[number].services | stage, closed=frozenset())
    problem = replace(problem, rooms=tuple(rooms), walks={("north", "south"): 10})
    left_out = {one.session for one in solve(problem, seed=seed, effort=0.5).unplaced}
    sessions = {one.id: one for one in problem.sessions if one.id not in left_out}
    short = [one.id for one in sessions.values() if one.minutes == 60]  # noqa: PLR2004 - an hour
    for number in range(2):
        place = Lock(problem.slots[number].id, rooms[18 + number].id)
        sessions[short[number]] = SessionSpec(short[number], 60, locked=place)
    gala = SessionSpec("gala", 120, needs=stage, locked=Lock(problem.slots[0].id))
    crowded = replace(problem, sessions=(*sessions.values(), gala))
    started = time.process_time()
    found = blame(crowded)
    seconds = time.process_time() - started
    rules = [str(reason) for one in found for reason in one.reasons]
    return {"seconds": seconds, "told": f"{len(rules)} rules named: {' '.join(rules)}", "faults": 0}


def every_place(seed: int) -> dict[str, object]:
    problem = favourites_forum(300, 20, seed)
    placements = one_by_one(problem, 0.0, seed)
    started = time.process_time()
    found = moves(problem, placements, "s7")
    seconds = time.process_time() - started
    free = sum(not move.hard for move in found)
    return {"seconds": seconds, "told": f"{len(found)} places weighed, {free} free", "faults": 0}


def far_too_many(seed: int) -> dict[str, object]:
    problem = forum(5000, 2, 7, seed=seed)
    first = frozenset(slot.id for slot in problem.slots[:50])
    rooms = tuple(replace(room, closed=room.closed & first) for room in problem.rooms)
    problem = replace(problem, slots=problem.slots[:50], rooms=rooms)
    started = time.process_time()
    plan = solve(problem, seed=seed, effort=10.0)
    seconds = time.process_time() - started
    reasons = sum(bool(one.reasons) for one in plan.unplaced)
    told = (
        f"{len(plan.placements)} placed; {len(plan.unplaced)} told why not ({reasons} with reasons),"
        f" no fewer than {plan.bound.unplaced}; {peak():.0f} MB"
    )
    return {"seconds": seconds, "told": told, "faults": len(list(faults(problem, plan.placements)))}


ERRANDS: tuple[tuple[str, Callable[[int], dict[str, object]]], ...] = (
    ("the busiest of 20 rooms closes; 300 sessions, 20,000 favourites", closed_room),
    ("rules at odds among 300 sessions: the smallest set to blame", rules_at_odds),
    ("only the choice of rooms fails among 300 sessions: the smallest set to blame", rooms_at_odds),
    ("every place of one session among 300, with costs", every_place),
    ("5,000 sessions, 2 rooms of 50 slots", far_too_many),
)
