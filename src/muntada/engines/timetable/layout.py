"""A problem laid out along time: slots in order, their days, and what a session fills from a slot on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.problem import Person, Placement, Problem, Room, Session, Slot

PLACES_UNKNOWN_SESSION = gettext_noop("The timetable places the session %(id)s, which is not there.")
PLACES_UNKNOWN_SLOT = gettext_noop("The timetable places %(session)s in the slot %(id)s, which is not there.")
PLACES_UNKNOWN_ROOM = gettext_noop("The timetable places %(session)s in the room %(id)s, which is not there.")


@dataclass(frozen=True, slots=True)
class Span:
    """The slots that a session fills, as positions in time, and the moments at which it begins and ends."""

    first: int
    stop: int
    start: datetime  # in UTC
    end: datetime
    day: date
    fits: bool  # it ends inside its last slot, on one day, without running through a long pause

    @property
    def slots(self) -> range:
        return range(self.first, self.stop)

    def shares_slot_with(self, other: "Span") -> bool:
        return self.first < other.stop and other.first < self.stop


@dataclass(frozen=True, slots=True)
class Placed:
    session: Session
    span: Span
    room: Room


class Layout:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slots: tuple[Slot, ...] = tuple(
            sorted(problem.slots, key=lambda slot: slot.start.astimezone(UTC))
        )
        self.starts = [slot.start.astimezone(UTC) for slot in self.slots]
        self.ends = [slot.end.astimezone(UTC) for slot in self.slots]
        self.days = [slot.start.date() for slot in self.slots]
        self.position = {slot.id: position for position, slot in enumerate(self.slots)}
        self.sessions: dict[str, Session] = {session.id: session for session in problem.sessions}
        self.rooms: dict[str, Room] = {room.id: room for room in problem.rooms}
        self.people: dict[str, Person] = {person.id: person for person in problem.people}
        self._spans: dict[tuple[int, int], Span] = {}

    @cached_property
    def day_count(self) -> int:
        return len(set(self.days))

    def span(self, session: Session, position: int) -> Span:
        """The slots that the session fills when it starts with the slot at this position, fitting or not."""
        key = (session.minutes, position)
        if key not in self._spans:
            self._spans[key] = self._measure(timedelta(minutes=session.minutes), position)
        return self._spans[key]

    def span_of_slot(self, position: int) -> Span:
        start, end = self.starts[position], self.ends[position]
        return Span(position, position + 1, start, end, self.days[position], fits=True)

    def _measure(self, length: timedelta, first: int) -> Span:
        end = self.starts[first] + length
        stop = first + 1
        fits = True
        while stop < len(self.slots) and self.ends[stop - 1] < end:
            joined = self._joined(stop - 1)
            if not joined and self.starts[stop] >= end:
                break
            fits = fits and joined
            stop += 1
        fits = fits and self.ends[stop - 1] >= end
        return Span(first, stop, self.starts[first], end, self.days[first], fits)

    def _joined(self, position: int) -> bool:
        """Whether a session may run on from this slot into the next."""
        pause = self.starts[position + 1] - self.ends[position]
        return pause <= self.problem.longest_pause and self.days[position] == self.days[position + 1]

    def placed(self, placement: Placement) -> Placed:
        session = self.sessions.get(placement.session)
        if session is None:
            raise TimetableFault(PLACES_UNKNOWN_SESSION, {"id": placement.session})
        position = self.position.get(placement.slot)
        if position is None:
            raise TimetableFault(PLACES_UNKNOWN_SLOT, {"session": session.id, "id": placement.slot})
        room = self.rooms.get(placement.room)
        if room is None:
            raise TimetableFault(PLACES_UNKNOWN_ROOM, {"session": session.id, "id": placement.room})
        return Placed(session, self.span(session, position), room)
