"""A second opinion on a timetable, written from the problem alone: it shares no line with the engine."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations, product

from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.plan import Score
from muntada.engines.timetable.problem import Placement, Problem, Session


def faults(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
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


def faults_alone(problem: Problem, session: Session, placement: Placement, slots: set[str]) -> Iterator[str]:
    """What would be wrong if the session were the only one."""
    room = next(room for room in problem.rooms if room.id == placement.room)
    if room.seats < session.audience:
        yield "seats"
    if not session.needs <= room.services:
        yield "services"
    if room.closed & slots:
        yield "closed"
    lock = session.locked
    if lock and (lock.slot != placement.slot or (lock.room and lock.room != placement.room)):
        yield "lock"
    away = {person.id: person.unavailable for person in problem.people}
    start = next(slot.start for slot in problem.slots if slot.id == placement.slot)
    end = start + timedelta(minutes=session.minutes)
    if any(one.start < end and start < one.end for name in session.people for one in away.get(name, ())):
        yield "away"


def filled(problem: Problem, session: Session, first: str) -> list[str] | None:
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


def best_by_trying_all(problem: Problem) -> Score:
    """The best score of all timetables there are: for a handful of sessions."""
    places: list[tuple[tuple[str, str] | None, ...]] = [
        (None, *product([slot.id for slot in problem.slots], [room.id for room in problem.rooms]))
        for _ in problem.sessions
    ]
    best = None
    for choice in product(*places):
        placements = [
            Placement(session.id, place[0], place[1])
            for session, place in zip(problem.sessions, choice, strict=True)
            if place is not None
        ]
        if not any(True for _ in faults(problem, placements)):
            score = evaluate(problem, placements).score
            best = score if best is None else min(best, score)
    assert best is not None
    return best
