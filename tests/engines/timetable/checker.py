"""A second opinion on a timetable, written from the problem alone: it shares no line with the engine."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations, product

from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.plan import TimetableScore
from muntada.engines.timetable.problem import PlacementSpec, SessionSpec, TimetableProblem


def faults(problem: TimetableProblem, placements: Sequence[PlacementSpec]) -> Iterator[str]:
    """What is wrong, in a word; nothing where the timetable can be held."""
    sessions = {session.id: session for session in problem.sessions}
    if len({placement.session for placement in placements}) < len(placements):
        yield "twice"
    held = {}
    for placement in placements:
        session = sessions[placement.session]
        slots = filled(problem, session, placement.slot)
        if slots is None:
            yield "does not fit"
        else:
            yield from faults_alone(problem, session, placement, set(slots))
            held[placement.session] = (set(slots), placement.room, session.people)
    for (ours, room, people), (theirs, other, others) in combinations(held.values(), 2):
        if ours & theirs and room == other:
            yield "room"
        if ours & theirs and people & others:
            yield "person"
    stands = {placement.session: placement for placement in placements}
    yield from faults_between(problem, stands, {name: slots for name, (slots, *_) in held.items()})
    yield from faults_of_order(problem, stands)
    yield from faults_of_organisers(problem, stands)
    yield from faults_of_spread(problem, stands)


def faults_alone(
    problem: TimetableProblem, session: SessionSpec, placement: PlacementSpec, slots: set[str]
) -> Iterator[str]:
    """What would be wrong if the session were the only one."""
    room = next(room for room in problem.rooms if room.id == placement.room)
    if room.seats < session.audience:
        yield "seats"
    if not session.needs <= room.services:
        yield "services"
    if room.closed & slots:
        yield "closed"
    used = [slot for slot in problem.slots if slot.id in slots]
    if room.hours and not all(
        any(hours.start <= slot.start and slot.end <= hours.end for hours in room.hours) for slot in used
    ):
        yield "hours"
    lock = session.locked
    if lock and (lock.slot != placement.slot or (lock.room and lock.room != placement.room)):
        yield "lock"
    away = {person.id: person.unavailable for person in problem.people}
    start = next(slot.start for slot in problem.slots if slot.id == placement.slot)
    end = start + timedelta(minutes=session.minutes)
    if any(one.start < end and start < one.end for name in session.people for one in away.get(name, ())):
        yield "away"
    there = {person.id: person.available for person in problem.people if person.available}
    for name in session.people & there.keys():
        if not any(one.start <= start and end <= one.end for one in there[name]):
            yield "not there"


def times(problem: TimetableProblem, placement: PlacementSpec) -> tuple[datetime, datetime]:
    minutes = next(session.minutes for session in problem.sessions if session.id == placement.session)
    start = next(slot.start for slot in problem.slots if slot.id == placement.slot)
    return start, start + timedelta(minutes=minutes)


def faults_between(
    problem: TimetableProblem, stands: dict[str, PlacementSpec], slots: dict[str, set[str]]
) -> Iterator[str]:
    """Pauses, walks, and sessions that exclude each other."""
    sessions = {session.id: session for session in problem.sessions}
    building = {room.id: room.building for room in problem.rooms}
    online = {person.id for person in problem.people if person.zone}
    for first, second in combinations(slots, 2):
        if slots[first] & slots[second]:
            if sessions[first].exclusive & sessions[second].exclusive:
                yield "exclusive"
            continue
        (ours, until), (theirs, till) = times(problem, stands[first]), times(problem, stands[second])
        between = max(theirs - until, ours - till)
        places = (building[stands[first].room], building[stands[second].room])
        walk = max(problem.walks.get(places, 0), problem.walks.get(places[::-1], 0))  # type: ignore[arg-type, call-overload]
        if places[0] == places[1]:
            walk = 0
        for person in sessions[first].people & sessions[second].people:
            needed = problem.pause if person in online else max(problem.pause, timedelta(minutes=walk))
            if between < needed:
                yield "pause"


def faults_of_order(problem: TimetableProblem, stands: dict[str, PlacementSpec]) -> Iterator[str]:
    order = [(before, session.id) for session in problem.sessions for before in session.after]
    for series in problem.series:
        order += [(series.sessions[at], series.sessions[at + 1]) for at in range(len(series.sessions) - 1)]
        days = {times(problem, stands[name])[0].date() for name in series.sessions if name in stands}
        if series.same_day and len(days) > 1:
            yield "series"
    for before, after in order:
        both = before in stands and after in stands
        if both and times(problem, stands[after])[0] < times(problem, stands[before])[1]:
            yield "order"


def faults_of_organisers(problem: TimetableProblem, stands: dict[str, PlacementSpec]) -> Iterator[str]:
    held: dict[tuple[str, date], int] = {}
    for session in problem.sessions:
        for organiser in session.organisers if session.id in stands else ():
            day = (organiser, times(problem, stands[session.id])[0].date())
            held[day] = held.get(day, 0) + 1
    if problem.organiser_limit is not None and max(held.values(), default=0) > problem.organiser_limit:
        yield "organiser"


def faults_of_spread(problem: TimetableProblem, stands: dict[str, PlacementSpec]) -> Iterator[str]:
    """No day has more than its share, counted over all sessions, of what must be spread."""
    days = len({slot.start.date() for slot in problem.slots})
    for name in problem.must_spread:
        every = [key for session in problem.sessions for key in getattr(session, name)]
        held = [
            (key, times(problem, stands[session.id])[0].date())
            for session in problem.sessions
            if session.id in stands
            for key in getattr(session, name)
        ]
        if any(held.count(one) > math.ceil(every.count(one[0]) / days) for one in held):
            yield f"spread of {name}"


def filled(problem: TimetableProblem, session: SessionSpec, first: str) -> list[str] | None:
    ordered = sorted(problem.slots, key=lambda slot: slot.start)
    place = [slot.id for slot in ordered].index(first)
    end = ordered[place].start + timedelta(minutes=session.minutes)
    used = [ordered[place]]
    while used[-1].end < end:
        place += 1
        if place == len(ordered) or ordered[place].start.date() != used[0].start.date():
            return None
        if ordered[place].start - used[-1].end > problem.longest_pause:
            return None
        used.append(ordered[place])
    return [slot.id for slot in used]


def best_by_trying_all(problem: TimetableProblem) -> TimetableScore:
    """The best score of all timetables there are: for a handful of sessions."""
    places: list[tuple[tuple[str, str] | None, ...]] = [
        (None, *product([slot.id for slot in problem.slots], [room.id for room in problem.rooms]))
        for _ in problem.sessions
    ]
    best = None
    for choice in product(*places):
        placements = [
            PlacementSpec(session.id, place[0], place[1])
            for session, place in zip(problem.sessions, choice, strict=True)
            if place is not None
        ]
        if not any(True for _ in faults(problem, placements)):
            score = evaluate(problem, placements).score
            best = score if best is None else min(best, score)
    assert best is not None
    return best
