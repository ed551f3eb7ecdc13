"""The possible places of each session under the rules about single sessions.

Sets of rooms are bit masks in the order of the problem; sessions are identified by position.
Nothing depends on the spelling of ids or the order of sets, so the same problem gives the same
model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from muntada.engines.timetable.layout import Layout, SessionSpan
from muntada.engines.timetable.meetings import Meetings
from muntada.engines.timetable.problem import PlacementSpec, RoomSpec, SessionSpec, TimetableProblem
from muntada.engines.timetable.rules.book import Rulebook
from muntada.engines.timetable.rules.forms import CrowdRule

MOST_COUNTERS = 1000  # attendees times slots: with more, the exact model does worse than without them


@dataclass(frozen=True, slots=True)
class Start:
    span: SessionSpan
    rooms: int
    cost: int  # of the wishes that depend only on the session and its time


class Options:
    def __init__(self, problem: TimetableProblem) -> None:
        self.problem = problem
        self.layout = Layout(problem)
        self.book = Rulebook(problem)
        self.sessions = problem.sessions
        self.rooms = problem.rooms
        self.every_room = (1 << len(self.rooms)) - 1
        self.open_rooms = [
            self._open_rooms(self.layout.span_of_slot(at)) for at in range(len(self.layout.slots))
        ]
        self.suitable = [self._suitable(session) for session in self.sessions]
        self.starts = [self._starts(number) for number in range(len(self.sessions))]
        self.meetings = Meetings(self.layout, self.book, self.rooms, self.suitable)

    def _open_rooms(self, span: SessionSpan) -> int:
        return mask(
            number
            for number, room in enumerate(self.rooms)
            if not self.book.room_open.closed_slots(self.layout, room, span)
        )

    def _suitable(self, session: SessionSpec) -> int:
        """Return the rooms that suit the session when open."""
        return mask(number for number, room in enumerate(self.rooms) if self._suits(session, room))

    def _suits(self, session: SessionSpec, room: RoomSpec) -> bool:
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

    def rooms_for(self, number: int, span: SessionSpan) -> int:
        rooms = self.suitable[number]
        for position in span.slots:
            rooms &= self.open_rooms[position]
        return rooms

    def allowed(self, session: SessionSpec, span: SessionSpan) -> bool:
        return not any(True for rule in self.book.time for _ in rule.objections(self.layout, session, span))

    def _cost(self, session: SessionSpec, span: SessionSpan) -> int:
        return sum(
            violation.cost
            for rule in self.book.comfort
            for violation in rule.objections(self.layout, session, span)
        )

    def fit(self, number: int, room: int) -> int:
        return sum(
            violation.cost
            for rule in self.book.fit
            for violation in rule.objections(self.sessions[number], self.rooms[room])
        )

    def slots_needed(self, number: int) -> int:
        """Return the smallest number of slots the session occupies; 0 if it fits nowhere."""
        return min((len(start.span.slots) for start in self.starts[number].values()), default=0)

    @cached_property
    def counts_favourites(self) -> bool:
        """Return whether favourites are few enough for the exact model, or have no weight."""
        marking = sum(len(marked) > 1 for marked in self.problem.favourites.values())
        return not self.book.favourites.weight or marking * len(self.layout.slots) <= MOST_COUNTERS

    @property
    def exact_crowds(self) -> tuple[CrowdRule, ...]:
        """The crowd rules that the exact model counts."""
        favourites = (self.book.favourites,) if self.counts_favourites else ()
        return (*self.book.crowds, *favourites)

    def placement(self, number: int, position: int, room: int) -> PlacementSpec:
        return PlacementSpec(self.sessions[number].id, self.layout.slots[position].id, self.rooms[room].id)


def mask(numbers: Iterator[int]) -> int:
    return sum(1 << number for number in numbers)
