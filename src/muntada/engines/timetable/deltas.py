"""The cost of every move of a session, updated incrementally: the basis of the local search.

For each session and each slot and day, the state holds the cost of entering it. A crowd rule costs
its weight per session beyond the allowance: entering costs where the crowd is full (`full`), and
staying costs where it is over (`over`). Both change for other sessions only when a count crosses
the allowance. All values are integers far below 2^24, so sums of 32-bit floats are exact and the
same on every machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muntada.engines.timetable.options import Options
from muntada.engines.timetable.rules.forms import CrowdRule

type DeltaArray = NDArray[np.float32]
type Whole = NDArray[np.intp]

NEVER = np.float32(1e7)  # the cost of a forbidden move
FORBIDDEN = float(NEVER) / 200  # no wishes of one session come near it; one session over a limit exceeds it
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Key:
    """A property shared by sessions, and the cost of one session too many."""

    weight: int
    allowance: int
    sessions: tuple[int, ...]


class Crowds:
    """The crowds over one kind of period, slots or days."""

    def __init__(self, keys: Sequence[Key], sessions: int, stretches: int) -> None:
        self.weight = np.array([key.weight for key in keys], np.float32)
        self.allowance = np.array([key.allowance for key in keys], np.int32)
        self.count = np.zeros((stretches, len(keys)), np.int32)
        held: list[list[int]] = [[] for _ in range(sessions)]
        self.has = np.zeros((len(keys), sessions), np.float32)
        for number, key in enumerate(keys):
            self.has[number, list(key.sessions)] = 1
            for session in key.sessions:
                held[session].append(number)
        self.keys: list[Whole] = [np.array(numbers, np.intp) for numbers in held]
        self.full = np.zeros((stretches, sessions), np.float32)
        self.over = np.zeros((stretches, sessions), np.float32)
        self.full += (self.weight * (self.allowance <= 0)) @ self.has

    def enter(self, session: int, stretch: int) -> None:
        keys = self.keys[session]
        if keys.size:
            room = self.allowance[keys] - self.count[stretch, keys]
            self._cross(self.full[stretch], keys[room == 1], 1)
            self._cross(self.over[stretch], keys[room == 0], 1)
            self.count[stretch, keys] += 1

    def leave(self, session: int, stretch: int) -> None:
        keys = self.keys[session]
        if keys.size:
            self.count[stretch, keys] -= 1
            room = self.allowance[keys] - self.count[stretch, keys]
            self._cross(self.full[stretch], keys[room == 1], -1)
            self._cross(self.over[stretch], keys[room == 0], -1)

    def _cross(self, costs: DeltaArray, keys: Whole, sign: int) -> None:
        if keys.size:
            costs += (sign * self.weight[keys]) @ self.has[keys]

    def shared(self) -> DeltaArray:
        """Return, per pair of sessions, the weight of the properties they share in this kind of period."""
        wishes = np.where(self.weight < FORBIDDEN, self.weight, 0)
        product: DeltaArray = np.dot(self.has.T * wishes, self.has).astype(np.float32, copy=False)
        np.fill_diagonal(product, 0)
        return product

    def relief(self, first: int, second: int, stretches: Iterable[int]) -> float:
        """Return the reduction of the entry cost if one of the two leaves as the other enters."""
        keys = np.flatnonzero(self.has[:, first] * self.has[:, second])
        if not keys.size:
            return 0.0
        at = [self.weight[keys] @ (self.count[place, keys] == self.allowance[keys]) for place in stretches]
        return float(sum(at))


def keys_of(options: Options, rules: Sequence[tuple[CrowdRule, int]]) -> list[Key]:
    """Return the properties that sessions share under these rules, where there can be too many sessions."""
    found: dict[tuple[int, str], list[int]] = {}
    for place, (rule, weight) in enumerate(rules):
        for number, session in enumerate(options.sessions if weight else ()):
            for key in rule.keys(options.layout, session):
                found.setdefault((place, key), []).append(number)
    keys = []
    for (place, name), sessions in found.items():
        rule, weight = rules[place]
        allowance = rule.allowance(options.layout, name)
        if len(sessions) > allowance:
            keys.append(Key(weight, allowance, tuple(sessions)))
    # the order of a set differs between processes and must not influence the result
    return sorted(keys, key=lambda key: (key.sessions, key.weight, key.allowance))


class Rooms:
    """Hall's condition for some sets of rooms: the demand and the number of open rooms in each slot."""

    def __init__(self, options: Options, sets: Sequence[int], named: Mapping[int, int]) -> None:
        slots = len(options.layout.slots)
        open_rooms = options.open_rooms
        self.spare = np.array(
            [[(rooms & is_open).bit_count() for rooms in sets] for is_open in open_rooms], np.int32
        ).reshape(slots, len(sets))
        inside: dict[int, NDArray[np.bool_]] = {}
        self.needs = np.zeros((len(options.sessions), slots, len(sets)), np.bool_)
        for number, starts in enumerate(options.starts):
            for position, start in starts.items():
                rooms = 1 << named[number] if number in named else start.rooms
                if rooms not in inside:
                    inside[rooms] = np.array([rooms & ~one == 0 for one in sets], np.bool_)
                self.needs[number, position] = inside[rooms]

    def take(self, session: int, position: int, slots: range, sign: int) -> None:
        self.spare[slots.start : slots.stop] -= sign * self.needs[session, position]

    def short(self, session: int, longest: int) -> NDArray[np.bool_]:
        """Mark the positions with too few rooms for the session."""
        lacking = self.spare <= 0
        needs = self.needs[session]
        bad: NDArray[np.bool_] = (needs & lacking).any(axis=1)
        for later in range(1, longest):
            bad[:-later] |= (needs[:-later] & lacking[later:]).any(axis=1)
        return bad

    def allows(self, session: int, position: int, slots: range) -> bool:
        spare = self.spare[slots.start : slots.stop]
        return not bool((spare[:, self.needs[session, position]] <= 0).any())


class Deltas:
    """A timetable without rooms, and the cost of each change.

    `stands` gives the start position of each placed session. `named` sessions already have a room and
    do not move.
    """

    def __init__(
        self, options: Options, stands: Mapping[int, int], sets: Sequence[int], named: Mapping[int, int]
    ) -> None:
        self.options = options
        self.count = len(options.sessions)
        self.slots = len(options.layout.slots)
        self.place = np.full(self.count, NOWHERE, np.intp)
        self.own = np.full((self.count, self.slots), NEVER, np.float32)  # the cost of a session by itself
        self.spans: list[list[range]] = []
        for number, session in enumerate(options.sessions):
            layout = options.layout
            self.spans.append([layout.span(session, at).slots for at in range(self.slots)])
            for position, start in options.starts[number].items():
                self.own[number, position] = start.cost
        self.longest = [
            max((len(start.span.slots) for start in starts.values()), default=1) for starts in options.starts
        ]
        self.stops = np.array(
            [[min(span.stop, self.slots) for span in spans] for spans in self.spans], np.intp
        )
        days = {day: number for number, day in enumerate(dict.fromkeys(options.layout.days))}
        self.day = np.array([days[day] for day in options.layout.days], np.intp)
        book = options.book
        by_slot: list[tuple[CrowdRule, int]] = []
        by_day: list[tuple[CrowdRule, int]] = [(rule, int(NEVER) // 100) for rule in book.limits]
        for rule in (*book.crowds, book.favourites):
            (by_day if rule.by_day else by_slot).append((rule, rule.weight))
        self.in_slots = Crowds(keys_of(options, by_slot), self.count, self.slots)
        self.in_days = Crowds(keys_of(options, by_day), self.count, len(days))
        self.rooms = Rooms(options, sets, named)
        self.pairs = WishedPairs(options, self.spans)
        self.blocks = SlotBlocks(options)
        self.shared = self.in_slots.shared()
        self.shared_days = self.in_days.shared()
        self.total = 0.0
        for number, position in stands.items():
            self.total += self.costs(number)[position] if self.count else 0.0
            self.enter(number, position)

    def enter(self, session: int, position: int) -> None:
        self.place[session] = position
        span = self.spans[session][position]
        for slot in span:
            self.in_slots.enter(session, slot)
        self.in_days.enter(session, self.day[position])
        self.rooms.take(session, position, span, 1)
        self.pairs.shift(session, position, 1)
        self.blocks.shift(session, position, 1)

    def leave(self, session: int) -> None:
        position = int(self.place[session])
        self.place[session] = NOWHERE
        span = self.spans[session][position]
        for slot in span:
            self.in_slots.leave(session, slot)
        self.in_days.leave(session, self.day[position])
        self.rooms.take(session, position, span, -1)
        self.pairs.shift(session, position, -1)
        self.blocks.shift(session, position, -1)

    def costs(self, session: int) -> DeltaArray:
        """Return the cost of the session at each position, not counting itself, without rooms."""
        entering = self.in_slots.full[:, session]
        position = int(self.place[session])
        if position != NOWHERE:
            entering = entering.copy()
            for slot in self.spans[session][position]:
                entering[slot] = self.in_slots.over[slot, session]
        if self.longest[session] == 1:
            crowded = entering
        else:
            sums = np.concatenate(([np.float32(0)], np.cumsum(entering, dtype=np.float32)))
            crowded = sums[self.stops[session]] - sums[: self.slots]
        days = self.in_days.full[:, session]
        if position != NOWHERE:
            days = days.copy()
            days[self.day[position]] = self.in_days.over[self.day[position], session]
        costs: DeltaArray = self.own[session] + crowded + days[self.day]
        if self.pairs.any:
            costs += self.pairs.met[session]
        return costs

    def barred(self, session: int) -> NDArray[np.bool_]:
        """Mark the positions excluded by people in other sessions or lack of rooms; never the current one."""
        bad: NDArray[np.bool_] = self.blocks.count[session] > 0
        position = int(self.place[session])
        if position == NOWHERE:
            bad |= self.rooms.short(session, self.longest[session])
            return bad
        span = self.spans[session][position]
        self.rooms.take(session, position, span, -1)
        bad |= self.rooms.short(session, self.longest[session])
        self.rooms.take(session, position, span, 1)
        bad[position] = False
        return bad

    def move(self, session: int, position: int, delta: float) -> None:
        self.leave(session)
        self.enter(session, position)
        self.total += delta

    # ---- exchanges of two sessions

    def exchanges(self, session: int, others: Whole) -> tuple[DeltaArray, DeltaArray]:
        """Return the cost of exchanging places with each of the others, all of the same length, in two parts.

        The first part is exact except for the relief when one leaves as the other enters; the second is an
        upper bound of that relief. A forbidden exchange has a first part out of bounds.
        """
        here = int(self.place[session])
        there = self.place[others]
        ours = self.costs(session)
        crowded = self.in_slots
        slots = self.spans[session][here]
        theirs = self.own[others, here].copy()
        stay = self.own[others, there].copy()
        for later in range(len(slots)):
            theirs += crowded.full[here + later, others]
            stay += crowded.over[there + later, others]
        days, day = self.in_days, self.day[here]
        same = self.day[there] == day
        theirs += np.where(same, days.over[day, others], days.full[day, others])
        stay += days.over[self.day[there], others]
        if self.pairs.any:
            theirs += self.pairs.met[others, here]
            stay += self.pairs.met[others, there]
        cost = ours[there] - ours[here] + theirs - stay
        cost[(self.blocks.count[session, there] > 0) | (self.blocks.count[others, here] > 0)] = NEVER
        cost[np.abs(there - here) < len(slots)] = NEVER
        relief = len(slots) * self.shared[session, others] + np.where(
            same, 0, self.shared_days[session, others]
        )
        if self.pairs.any:
            relief = relief + self.pairs.weight[session, others]
        return cost, 2 * relief

    def relief(self, session: int, other: int) -> float:
        """Return the exact relief of this exchange."""
        here, there = int(self.place[session]), int(self.place[other])
        slots = [*self.spans[session][here], *self.spans[other][there]]
        relief = self.in_slots.relief(session, other, slots)
        days = (int(self.day[here]), int(self.day[there]))
        if days[0] != days[1]:
            relief += self.in_days.relief(session, other, days)
        return relief + 2 * self.pairs.between(session, other)

    def fits_exchanged(self, session: int, other: int) -> bool:
        """Return whether there are enough rooms after the exchange."""
        here, there = int(self.place[session]), int(self.place[other])
        spans = self.spans[session][here], self.spans[other][there]
        self.rooms.take(session, here, spans[0], -1)
        self.rooms.take(other, there, spans[1], -1)
        fits = self.rooms.allows(session, there, spans[1]) and self.rooms.allows(other, here, spans[0])
        self.rooms.take(session, here, spans[0], 1)
        self.rooms.take(other, there, spans[1], 1)
        return fits

    def exchange(self, session: int, other: int, delta: float) -> None:
        here, there = int(self.place[session]), int(self.place[other])
        self.leave(session)
        self.leave(other)
        self.enter(session, there)
        self.enter(other, here)
        self.total += delta


class WishedPairs:
    """Pairs of sessions with a common audience, and the cost of each session at each position."""

    def __init__(self, options: Options, spans: Sequence[Sequence[range]]) -> None:
        weight = options.book.pairs.weight
        wanted = {pair: weight * count for pair, count in options.problem.pairs.items() if weight * count}
        self.any = bool(wanted)
        self.spans = spans
        if not self.any:
            return
        count, slots = len(spans), len(options.layout.slots)
        number_of = {session.id: number for number, session in enumerate(options.sessions)}
        self.weight = np.zeros((count, count), np.float32)
        for (first, second), cost in wanted.items():
            ours, theirs = number_of[first], number_of[second]
            self.weight[ours, theirs] = self.weight[theirs, ours] = cost
        self.partners = [np.flatnonzero(row) for row in self.weight]
        self.met = np.zeros((count, slots), np.float32)
        self.first = np.arange(slots)
        self.stop = np.array([[span.stop for span in row] for row in spans], np.intp)

    def shift(self, session: int, position: int, sign: int) -> None:
        if self.any and self.partners[session].size:
            partners = self.partners[session]
            span = self.spans[session][position]
            meets = (self.first < span.stop) & (self.stop[partners] > span.start)
            self.met[partners] += sign * self.weight[session, partners][:, None] * meets

    def between(self, session: int, other: int) -> float:
        return float(self.weight[session, other]) if self.any else 0.0


class SlotBlocks:
    """The positions excluded by conflicts between sessions; every walk counts as the longest."""

    def __init__(self, options: Options) -> None:
        slots = len(options.layout.slots)
        self.count = np.zeros((len(options.sessions), slots), np.int16)
        known: dict[int, int] = {}
        tables: list[NDArray[np.int16]] = []
        self.others: list[Whole] = []
        self.kinds: list[Whole] = []
        for known_rooms, careful in zip(options.meetings.blocks, options.meetings.careful, strict=True):
            blocks = {**known_rooms, **careful}
            for table in blocks.values():
                if id(table) not in known:
                    known[id(table)] = len(tables)
                    rows = [[mask >> at & 1 for at in range(slots)] for mask in table]
                    tables.append(np.array(rows, np.int16))
            self.others.append(np.array(list(blocks), np.intp))
            self.kinds.append(np.array([known[id(table)] for table in blocks.values()], np.intp))
        self.tables = np.array(tables, np.int16).reshape(len(tables), slots, slots)

    def shift(self, session: int, position: int, sign: int) -> None:
        others = self.others[session]
        if others.size:
            self.count[others] += sign * self.tables[self.kinds[session], position]
