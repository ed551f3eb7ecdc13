"""The exact choice of rooms for given times.

An independent slot is an assignment problem; slots connected by sessions over several of them are
one integer program. If rooms are short, as few sessions as possible are left out, and the time
model learns why: a set of rooms with more sessions than rooms (Hall's condition), or long sessions,
or sessions with a walk between them, that must choose their rooms in the time model.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array

from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options, Start

MOST_NODES = 2000  # of the integer program's search tree: a limit independent of the clock
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Timed:
    """A session with a chosen time; its room is chosen or open."""

    number: int
    start: Start
    room: int | None


@dataclass(frozen=True, slots=True)
class Rooming:
    rooms: Mapping[int, int]  # session -> room; sessions without a room are missing
    broken_sets: frozenset[int]
    to_name: frozenset[int]


@dataclass(frozen=True, slots=True)
class Seeker:
    """A session without a room, and the rooms available to it."""

    number: int
    start: Start
    rooms: int
    drop: int  # the cost of leaving it out


def assign_rooms(options: Options, timed: Iterable[Timed]) -> Rooming:
    sessions = list(timed)
    rooms = {one.number: one.room for one in sessions if one.room is not None}
    taken = [0] * len(options.layout.slots)
    for one in sessions:
        if one.room is not None:
            for position in one.start.span.slots:
                taken[position] |= 1 << one.room
    walks = walks_between(options, sessions)
    seekers = seekers_of(options, sessions, taken, walks)
    broken: set[int] = set()
    to_name: set[int] = set()
    for group in tied(seekers, walks, len(taken)):
        short = short_sets(group, taken)
        numbers = {seeker.number for seeker in group}
        walking = [(first, second) for first, second in walks if {first.number, second.number} <= numbers]
        long = {seeker.number for seeker in group if len(seeker.start.span.slots) > 1}
        long |= {one.number for pair in walks for one in pair} & numbers
        found = together(options, group, walking) if long else apart(options, group)
        rooms.update(found)
        if len(found) < len(group):
            broken |= short
            if not short:
                to_name |= long
    return Rooming(rooms, frozenset(broken), frozenset(to_name))


def walks_between(options: Options, sessions: list[Timed]) -> list[tuple[Timed, Timed]]:
    """Return pairs of sessions so close in time that a walk between their rooms may be too long."""
    stands = {one.number: one for one in sessions}
    longest = max(options.problem.walks.values(), default=0)
    return [
        (stands[first], stands[second])
        for first, second in options.meetings.walkers
        if first in stands and second in stands
        if stands[first].start.span.minutes_to(stands[second].start.span) < longest
    ]


def seekers_of(
    options: Options, everyone: list[Timed], taken: list[int], walks: list[tuple[Timed, Timed]]
) -> list[Seeker]:
    sessions = [one for one in everyone if one.room is None]
    reach: dict[int, int] = {}
    for first, second in walks:
        for ours, theirs in ((first, second), (second, first)):
            if ours.room is None and theirs.room is not None:
                near = options.meetings.in_reach(
                    ours.start.span, ours.start.rooms, theirs.start.span, theirs.room
                )
                reach[ours.number] = reach.get(ours.number, near) & near
    dearest = 1 + sum(
        max(options.fit(one.number, room) for room in members(one.start.rooms)) for one in sessions
    )
    seekers = []
    for one in sessions:
        rooms = one.start.rooms & reach.get(one.number, one.start.rooms)
        for position in one.start.span.slots:
            rooms &= ~taken[position]
        locked = options.sessions[one.number].locked is not None
        drop = dearest * (len(sessions) + 1) if locked else dearest
        seekers.append(Seeker(one.number, one.start, rooms, drop))
    return seekers


def tied(seekers: list[Seeker], walks: list[tuple[Timed, Timed]], slots: int) -> list[list[Seeker]]:
    """Group sessions whose rooms cannot interact: by slot, joined by long sessions and walks."""
    root = list(range(slots))

    def find(position: int) -> int:
        while root[position] != position:
            position = root[position]
        return position

    for seeker in seekers:
        for position in seeker.start.span.slots:
            root[find(position)] = find(seeker.start.span.first)
    for first, second in walks:
        if first.room is None and second.room is None:
            root[find(first.start.span.first)] = find(second.start.span.first)
    groups: dict[int, list[Seeker]] = {}
    for seeker in seekers:
        groups.setdefault(find(seeker.start.span.first), []).append(seeker)
    return list(groups.values())


def short_sets(group: list[Seeker], taken: list[int]) -> frozenset[int]:
    """Return, for each slot with too few rooms, a set of rooms too small for the sessions bound to it."""
    sets: set[int] = set()
    for position in sorted({position for seeker in group for position in seeker.start.span.slots}):
        present = [seeker.start.rooms for seeker in group if position in seeker.start.span.slots]
        short = short_set(present, taken[position])
        if short:
            sets.add(short)
    return frozenset(sets)


def short_set(wanted: list[int], taken: int) -> int:
    """Kuhn's matching; on failure, return the rooms reached from the unmatched session."""
    guest: dict[int, int] = {}

    def seat(session: int, tried: set[int]) -> bool:
        for room in members(wanted[session] & ~taken):
            if room not in tried:
                tried.add(room)
                if room not in guest or seat(guest[room], tried):
                    guest[room] = session
                    return True
        return False

    for session in range(len(wanted)):
        tried: set[int] = set()
        if not seat(session, tried):
            reached = {session} | {guest[room] for room in tried}
            rooms = 0
            for other in reached:
                rooms |= wanted[other]
            return rooms
    return 0


def apart(options: Options, group: list[Seeker]) -> dict[int, int]:
    """Return the cheapest assignment in one slot; a column per session lets it stay out."""
    rooms = len(options.rooms)
    never = sum(seeker.drop for seeker in group) * 2.0
    costs = np.full((len(group), rooms + len(group)), never)
    for row, seeker in enumerate(group):
        for room in members(seeker.rooms):
            costs[row, room] = options.fit(seeker.number, room)
        costs[row, rooms + row] = seeker.drop
    rows, columns = linear_sum_assignment(costs)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {group[row].number: column for row, column in pairs if column < rooms}


def together(options: Options, group: list[Seeker], walks: list[tuple[Timed, Timed]]) -> dict[int, int]:
    """Return the cheapest choice over several slots; sessions keep their rooms and no walk is too long."""
    ways = [(seeker, room) for seeker in group for room in members(seeker.rooms)]
    if not ways:
        return {}
    index: dict[tuple[str, int, int], int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for column, (seeker, room) in enumerate(ways):
        once = [("session", seeker.number, 0)]
        for key in once + [("room", room, position) for position in seeker.start.span.slots]:
            rows.append(index.setdefault(key, len(index)))
            columns.append(column)
    for first, second, too_far in too_far_apart(options, ways, walks):
        key = ("walk", first, second)
        for column in too_far:
            rows.append(index.setdefault(key, len(index)))
            columns.append(column)
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(index), len(ways))).tocsr()
    answer = milp(
        c=np.array([options.fit(seeker.number, room) - seeker.drop for seeker, room in ways], dtype=float),
        integrality=np.ones(len(ways), dtype=np.int8),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, -np.inf, 1),
        options={"node_limit": MOST_NODES, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return {}
    return {seeker.number: room for (seeker, room), value in zip(ways, answer.x, strict=True) if value > HALF}


def too_far_apart(
    options: Options, ways: list[tuple[Seeker, int]], walks: list[tuple[Timed, Timed]]
) -> Iterator[tuple[int, int, list[int]]]:
    """Yield, for each option of one session, the options of another out of reach: at most one may hold."""
    columns: dict[int, list[int]] = {}
    for column, (seeker, _room) in enumerate(ways):
        columns.setdefault(seeker.number, []).append(column)
    meetings = options.meetings
    for first, second in walks:
        for column in columns.get(first.number, ()):
            far = [
                other
                for other in columns.get(second.number, ())
                if meetings.too_far(
                    first.start.span, 1 << ways[column][1], second.start.span, 1 << ways[other][1]
                )
            ]
            if far:
                yield column, second.number, [column, *far]
