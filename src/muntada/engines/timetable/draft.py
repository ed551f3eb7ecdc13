"""A first timetable, placed one by one: always there, never wrong, rarely good. The solver starts from it."""

from collections import Counter
from collections.abc import Hashable, Mapping

from muntada.engines.timetable.options import Options, Start, members

type Standing = Mapping[int, tuple[int, int]]  # session -> position of its first slot, room


class Draft:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.standing: dict[int, tuple[int, int]] = {}
        self.taken = [0] * len(options.layout.slots)  # rooms in use, by slot
        self.present = [0] * len(options.layout.slots)  # sessions under way, by slot
        self.foes = [0] * len(options.sessions)  # sessions that share a person with this one
        for group in options.together:
            everyone = sum(1 << number for number in group)
            for number in group:
                self.foes[number] |= everyone & ~(1 << number)
        self.crowds: Counter[tuple[int, str, Hashable]] = Counter()

    def free_rooms(self, number: int, start: Start) -> int:
        rooms = start.rooms
        for position in start.span.slots:
            if self.present[position] & self.foes[number]:
                return 0
            rooms &= ~self.taken[position]
        return rooms

    def cost(self, number: int, start: Start) -> int:
        layout, book = self.options.layout, self.options.book
        crowded = sum(
            book.crowds[rule].weight
            for rule, key, stretch in self.stretches(number, start)
            if self.crowds[rule, key, stretch] >= book.crowds[rule].allowance(layout, key)
        )
        return start.cost + crowded

    def stretches(self, number: int, start: Start) -> list[tuple[int, str, Hashable]]:
        session, layout = self.options.sessions[number], self.options.layout
        return [
            (place, key, stretch)
            for place, rule in enumerate(self.options.book.crowds)
            for key in rule.keys(session)
            for stretch in rule.stretches(layout, start.span)
        ]

    def place(self, number: int, position: int, room: int) -> None:
        start = self.options.starts[number][position]
        self.standing[number] = (position, room)
        for slot in start.span.slots:
            self.taken[slot] |= 1 << room
            self.present[slot] |= 1 << number
        self.crowds.update(self.stretches(number, start))

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


def draft(options: Options, keep: Standing) -> Standing:
    """Locked sessions first, then what is to be kept where it stands, then those with the fewest ways."""
    plan = Draft(options)

    def rank(number: int) -> tuple[bool, int, int]:
        starts = options.starts[number]
        ways = sum(start.rooms.bit_count() for start in starts.values())
        return (options.sessions[number].locked is None, ways, number)

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
