"""A first timetable by greedy placement: always valid, rarely good. The solver starts from it."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options, Start
from muntada.engines.timetable.rules.forms import CrowdRule

type Placements = Mapping[int, tuple[int, int]]  # session -> position of its first slot, room


class SearchDraft:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.standing: dict[int, tuple[int, int]] = {}
        self.taken = [0] * len(options.layout.slots)  # rooms in use, by slot
        self.blocked = [0] * len(options.sessions)  # starts excluded by placed sessions, by session
        self.walkers: dict[int, list[int]] = {}
        for first, second in options.meetings.walkers:
            self.walkers.setdefault(first, []).append(second)
            self.walkers.setdefault(second, []).append(first)
        self.limited: Counter[tuple[int, str, Hashable]] = Counter()
        self.crowds: Counter[tuple[int, str, Hashable]] = Counter()

    def free_rooms(self, number: int, start: Start) -> int:
        if self.blocked[number] >> start.span.first & 1 or self.over_limit(number, start):
            return 0
        rooms = start.rooms
        for position in start.span.slots:
            rooms &= ~self.taken[position]
        for other in self.walkers.get(number, ()):
            rooms = self.in_reach(start, rooms, other)
        return rooms

    def over_limit(self, number: int, start: Start) -> str | None:
        """Return the name of a rule that allows no more sessions of this kind on that day."""
        layout, limits = self.options.layout, self.options.book.limits
        for rule, key, stretch in self.stretches(limits, number, start):
            if self.limited[rule, key, stretch] >= limits[rule].allowance(layout, key):
                return limits[rule].name
        return None

    def in_reach(self, start: Start, rooms: int, other: int) -> int:
        """Return those of the rooms from which the other session is not too far."""
        if other not in self.standing:
            return rooms
        position, room = self.standing[other]
        theirs = self.options.starts[other][position].span
        return self.options.meetings.in_reach(start.span, rooms, theirs, room)

    def cost(self, number: int, start: Start) -> int:
        layout, crowds = self.options.layout, self.options.book.crowds
        crowded = sum(
            crowds[rule].weight
            for rule, key, stretch in self.stretches(crowds, number, start)
            if self.crowds[rule, key, stretch] >= crowds[rule].allowance(layout, key)
        )
        return start.cost + crowded

    def stretches(
        self, rules: Sequence[CrowdRule], number: int, start: Start
    ) -> list[tuple[int, str, Hashable]]:
        session, layout = self.options.sessions[number], self.options.layout
        return [
            (place, key, stretch)
            for place, rule in enumerate(rules)
            for key in rule.keys(layout, session)
            for stretch in rule.stretches(start.span)
        ]

    def place(self, number: int, position: int, room: int) -> None:
        start = self.options.starts[number][position]
        self.standing[number] = (position, room)
        for slot in start.span.slots:
            self.taken[slot] |= 1 << room
        for other, table in self.options.meetings.blocks[number].items():
            self.blocked[other] |= table[position]
        self.crowds.update(self.stretches(self.options.book.crowds, number, start))
        self.limited.update(self.stretches(self.options.book.limits, number, start))

    def place_where_best(self, number: int) -> None:
        best: tuple[tuple[int, int], int, int] | None = None
        for position, start in self.options.starts[number].items():
            rooms = self.free_rooms(number, start)
            if rooms:
                room = min(members(rooms), key=lambda room: self.options.rooms[room].seats)
                rank = (self.cost(number, start), position)
                if best is None or rank < best[0]:
                    best = (rank, position, room)
        if best is not None:
            self.place(number, best[1], best[2])

    def keep(self, number: int, position: int, room: int) -> None:
        start = self.options.starts[number].get(position)
        if start is not None and self.free_rooms(number, start) >> room & 1:
            self.place(number, position, room)


def draft(options: Options, keep: Placements) -> Placements:
    """Place locked sessions, then sessions to keep, then those with the fewest options first."""
    plan = SearchDraft(options)

    crowded = sum(map(options.slots_needed, range(len(options.sessions)))) > sum(
        rooms.bit_count() for rooms in options.open_rooms
    )

    def rank(number: int) -> tuple[bool, int, int, int]:
        starts = options.starts[number]
        ways = sum(start.rooms.bit_count() for start in starts.values())
        # where not all can stand, more of the short ones can
        length = options.slots_needed(number) if crowded else 0
        return (options.sessions[number].locked is None, length, ways, number)

    order = sorted(range(len(options.sessions)), key=rank)
    for number in order:
        if options.sessions[number].locked is not None:
            if number in keep:
                plan.keep(number, *keep[number])
            if number not in plan.standing:
                plan.place_where_best(number)
    for number, (position, room) in keep.items():
        if number not in plan.standing:
            plan.keep(number, position, room)
    for number in order:
        if number not in plan.standing:
            plan.place_where_best(number)
    return plan.standing
