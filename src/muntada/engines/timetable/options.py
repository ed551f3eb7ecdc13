"""Where each session may stand at all, by the rules that look at one session: what the solver chooses from.

Sets of rooms are bit masks over the rooms in the order of the problem; sessions go by their position there.
Nothing depends on the spelling of ids or on the order of a set, so the same problem gives the same model.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from muntada.engines.timetable.layout import Layout, Span
from muntada.engines.timetable.problem import Placement, Problem, Room, Session
from muntada.engines.timetable.rules.book import Rulebook


@dataclass(frozen=True, slots=True)
class Start:
    span: Span
    rooms: int
    cost: int  # of the wishes that depend on the session and its time alone


class Options:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.layout = Layout(problem)
        self.book = Rulebook(problem.weights)
        self.sessions = problem.sessions
        self.rooms = problem.rooms
        self.every_room = (1 << len(self.rooms)) - 1
        self.open_rooms = [
            self._open_rooms(self.layout.span_of_slot(at)) for at in range(len(self.layout.slots))
        ]
        self.suitable = [self._suitable(session) for session in self.sessions]
        self.starts = [self._starts(number) for number in range(len(self.sessions))]
        self.together = self._together()

    def _open_rooms(self, span: Span) -> int:
        return mask(
            number
            for number, room in enumerate(self.rooms)
            if not self.book.room_open.closed_slots(self.layout, room, span)
        )

    def _suitable(self, session: Session) -> int:
        """The rooms that the session can stand in when they are open."""
        return mask(number for number, room in enumerate(self.rooms) if self._suits(session, room))

    def _suits(self, session: Session, room: Room) -> bool:
        return not any(True for rule in self.book.room for _ in rule.objections(session, room))

    def _starts(self, number: int) -> dict[int, Start]:
        session = self.sessions[number]
        starts: dict[int, Start] = {}
        for position in range(len(self.layout.slots)):
            span = self.layout.span(session, position)
            rooms = self.rooms_for(number, span)
            if rooms and self.allowed(session, span):
                starts[position] = Start(span, rooms, self._cost(session, span))
        return starts

    def rooms_for(self, number: int, span: Span) -> int:
        rooms = self.suitable[number]
        for position in span.slots:
            rooms &= self.open_rooms[position]
        return rooms

    def allowed(self, session: Session, span: Span) -> bool:
        return not any(True for rule in self.book.time for _ in rule.objections(self.layout, session, span))

    def _cost(self, session: Session, span: Span) -> int:
        return sum(
            violation.cost
            for rule in self.book.comfort
            for violation in rule.objections(self.layout, session, span)
        )

    def _together(self) -> list[tuple[int, ...]]:
        """The groups of sessions that share a person; equal groups once, the largest first."""
        held: dict[str, list[int]] = {}
        for number, session in enumerate(self.sessions):
            for holder in self.book.person_clash.holders(session, None):
                held.setdefault(holder, []).append(number)
        groups = {tuple(numbers) for numbers in held.values() if len(numbers) > 1}
        return sorted(groups, key=lambda numbers: (-len(numbers), numbers))

    def fit(self, number: int, room: int) -> int:
        return sum(
            violation.cost
            for rule in self.book.fit
            for violation in rule.objections(self.sessions[number], self.rooms[room])
        )

    def placement(self, number: int, position: int, room: int) -> Placement:
        return Placement(self.sessions[number].id, self.layout.slots[position].id, self.rooms[room].id)


def mask(numbers: Iterator[int]) -> int:
    return sum(1 << number for number in numbers)


def members(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
