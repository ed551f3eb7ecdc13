"""What the engine says of one session: where it could stand at what cost, why here, why not there.

Costs are those of the whole timetable with the session there, against the timetable without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.explain import why_nowhere
from muntada.engines.timetable.plan import Assessment, Tier, Violation
from muntada.engines.timetable.preflight import preflight
from muntada.engines.timetable.problem import Placement
from muntada.programme.engine.timetables import Finding, Frame, Seat, findings, named, placements

ROOM_RULES = frozenset({"room-large-enough", "room-has-service", "locked-room", "room-open", "room-clash"})


@dataclass(frozen=True)
class Words:
    """A sentence of the engine with names in it, still to be translated."""

    sentence: str
    params: Mapping[str, str | int]


@dataclass(frozen=True)
class Choice:
    """A place for one session: whether the rules allow it, what it breaks, what it would cost.

    `cost` counts wishes and moves that are broken with the session there and not without it.
    """

    slot_id: int
    room_id: int
    broken: tuple[Finding, ...]
    wishes: tuple[Finding, ...]
    cost: int
    fit: int

    @property
    def is_allowed(self) -> bool:
        return not self.broken


def choices(frame: Frame, seats: Iterable[Seat], session_name: str) -> list[Choice]:
    """Return every place of a session: first those that are allowed, the best first, then the others."""
    others = [one for one in placements(frame.names, seats) if one.session != session_name]
    without = evaluate(frame.problem, others)
    away = _elsewhere(frame, session_name)
    found = [
        choice
        for slot in frame.problem.slots
        for choice in _in_slot(frame, others, without, (session_name, slot.id), away)
    ]
    starts = {name: slot.starts_at for name, slot in frame.names.slots.items()}
    return sorted(
        found,
        key=lambda one: (
            len(one.broken),
            one.cost,
            one.fit,
            starts[str(one.slot_id)],
            frame.names.rooms[str(one.room_id)].position,
        ),
    )


def choice_at(
    frame: Frame, seats: Iterable[Seat], session_name: str, slot_id: int, room_id: int
) -> Choice | None:
    """Return what one place of a session would mean; nothing where the slot or the room is not there."""
    others = [one for one in placements(frame.names, seats) if one.session != session_name]
    if str(slot_id) not in frame.names.slots or str(room_id) not in frame.names.rooms:
        return None
    without = evaluate(frame.problem, others)
    there = evaluate(frame.problem, [*others, Placement(session_name, str(slot_id), str(room_id))])
    cost = there.score.wishes - without.score.wishes + there.score.moved - without.score.moved
    fit = there.score.fit - without.score.fit
    return _choice(frame, (str(slot_id), str(room_id)), _added(without, there), cost, fit)


def locks_at_odds(frame: Frame, session_name: str) -> list[Words]:
    """Say what stands against the lock of a session: alone, or beside the other locks."""
    number = next(
        (number for number, one in enumerate(frame.problem.sessions) if one.id == session_name), None
    )
    alone = why_nowhere(frame.options, number) if number is not None else []
    together = (
        finding.reason
        for finding in preflight(frame.problem)
        if finding.kind == "locks" and session_name in finding.sessions
    )
    return [Words(one.sentence, named(frame.names, one)) for one in chain(alone, together)]


def _in_slot(
    frame: Frame,
    others: Sequence[Placement],
    without: Assessment,
    place_of: tuple[str, str],
    away: Sequence[Violation],
) -> Iterable[Choice]:
    """Judge the time once for each building, then each room by what rooms are asked for."""
    session_name, slot = place_of
    options = frame.options
    session = options.layout.sessions[session_name]
    number = frame.problem.sessions.index(session)
    span = options.layout.span(session, options.layout.position[slot])
    published = options.layout.published.get(session_name)
    placed = [options.layout.placed(other) for other in others]
    used = {one.room.id: one for one in placed if one.span.shares_slot_with(span)}
    judged: dict[str | None, tuple[int, list[Violation]]] = {}
    for place, room in enumerate(frame.problem.rooms):
        if room.building not in judged:
            there = evaluate(frame.problem, [*others, Placement(session_name, slot, room.id)])
            of_time = [one for one in _added(without, there) if one.rule not in ROOM_RULES]
            judged[room.building] = (there.score.wishes - without.score.wishes, of_time)
        cost, of_time = judged[room.building]
        found = [one for one in of_time if one.tier in {Tier.HARD, Tier.WISH}]
        for rule in options.book.room:
            found.extend(rule.objections(session, room))
        found.extend(options.book.room_open.objections(options.layout, session, span, room))
        here = options.layout.placed(Placement(session_name, slot, room.id))
        if room.id in used:
            found.append(options.book.room_clash.clash(room.id, used[room.id], here, 1))
        moved = away if published is None or (published.slot, published.room) != (slot, room.id) else []
        whole = cost + sum(one.cost for one in moved)
        yield _choice(frame, (slot, room.id), [*found, *moved], whole, options.fit(number, place))


def _elsewhere(frame: Frame, session_name: str) -> list[Violation]:
    """Return what is said of a published session in whatever other place; nothing where it is in none."""
    options = frame.options
    published = options.layout.published.get(session_name)
    if published is None:
        return []
    every = ((slot.id, room.id) for slot in frame.problem.slots for room in frame.problem.rooms)
    other = next((one for one in every if one != (published.slot, published.room)), None)
    if other is None:
        return []
    there = options.layout.placed(Placement(session_name, *other))
    said = options.book.stays_published.violations(options.layout, [there])
    return [one for one in said if one.sessions == (session_name,)]


def _added(without: Assessment, there: Assessment) -> list[Violation]:
    """Return what is broken only with the session there, or more than before."""
    before: dict[tuple[str, tuple[str, ...]], int] = {}
    for one in without.violations:
        before[one.rule, one.sessions] = before.get((one.rule, one.sessions), 0) + one.amount
    return [one for one in there.violations if before.get((one.rule, one.sessions), 0) < one.amount]


def _choice(frame: Frame, place: tuple[str, str], added: Sequence[Violation], cost: int, fit: int) -> Choice:
    slot, room = place
    return Choice(
        slot_id=int(slot),
        room_id=int(room),
        broken=findings(frame.names, [one for one in added if one.tier is Tier.HARD]),
        wishes=findings(frame.names, [one for one in added if one.tier in {Tier.WISH, Tier.MOVE}]),
        cost=cost,
        fit=fit,
    )
