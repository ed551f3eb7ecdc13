"""A problem along time: slots in order, days, and the slots a session occupies from a start."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.problem import (
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    SessionSpec,
    SlotSpec,
    TimetableProblem,
    follows,
)

PLACES_UNKNOWN_SESSION = gettext_noop("The timetable places the session %(id)s, which is not there.")
PLACES_UNKNOWN_SLOT = gettext_noop("The timetable places %(session)s in the slot %(id)s, which is not there.")
PLACES_UNKNOWN_ROOM = gettext_noop("The timetable places %(session)s in the room %(id)s, which is not there.")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SessionSpan:
    """The slots a session occupies, as positions in time, with the times it begins and ends."""

    first: int
    stop: int
    start: datetime  # in UTC
    end: datetime
    day: date
    fits: bool  # the session ends within its last slot, on one day, without crossing a long pause

    @property
    def slots(self) -> range:
        return range(self.first, self.stop)

    def shares_slot_with(self, other: "SessionSpan") -> bool:
        return self.first < other.stop and other.first < self.stop

    def minutes_to(self, other: "SessionSpan") -> int:
        """Return whole minutes between the end of one and the start of the other; negative if overlapping."""
        return max(other.start - self.end, self.start - other.end) // MINUTE


@dataclass(frozen=True, slots=True)
class PlacedSession:
    session: SessionSpec
    span: SessionSpan
    room: RoomSpec


class Layout:
    def __init__(self, problem: TimetableProblem) -> None:
        self.problem = problem
        self.slots: tuple[SlotSpec, ...] = tuple(
            sorted(problem.slots, key=lambda slot: slot.start.astimezone(UTC))
        )
        self.starts = [slot.start.astimezone(UTC) for slot in self.slots]
        self.ends = [slot.end.astimezone(UTC) for slot in self.slots]
        self.days = [slot.start.date() for slot in self.slots]
        self.position = {slot.id: position for position, slot in enumerate(self.slots)}
        self.sessions: dict[str, SessionSpec] = {session.id: session for session in problem.sessions}
        self.rooms: dict[str, RoomSpec] = {room.id: room for room in problem.rooms}
        self.people: dict[str, PersonSpec] = {person.id: person for person in problem.people}
        self.published = {placement.session: placement for placement in problem.published}
        self._spans: dict[tuple[int, int], SessionSpan] = {}
        self._closed: dict[RoomSpec, frozenset[int]] = {}

    @cached_property
    def day_count(self) -> int:
        return len(set(self.days))

    @cached_property
    def line_counts(self) -> Counter[str]:
        return Counter(line for session in self.problem.sessions for line in session.lines)

    @cached_property
    def group_counts(self) -> Counter[str]:
        return Counter(group for session in self.problem.sessions for group in session.groups)

    @cached_property
    def fans(self) -> dict[str, tuple[str, ...]]:
        """The attendees who marked each session; those with a single mark cannot miss anything."""
        fans: dict[str, list[str]] = {}
        for attendee, marked in self.problem.favourites.items():
            for session in sorted(marked) if len(marked) > 1 else ():
                fans.setdefault(session, []).append(attendee)
        return {session: tuple(attendees) for session, attendees in fans.items()}

    @cached_property
    def follows(self) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys(follows(self.problem)))

    def walk(self, first: RoomSpec, second: RoomSpec) -> int:
        """Return the minutes between two rooms, as known between their buildings, else 0."""
        if first.building is None or second.building is None or first.building == second.building:
            return 0
        walks = self.problem.walks
        ways = ((first.building, second.building), (second.building, first.building))
        return max(walks.get(way, 0) for way in ways)

    def goes_there(self, person: str) -> bool:
        """Return whether the person attends in the room and has to walk."""
        known = self.people.get(person)
        return known is None or known.zone is None

    def closed(self, room: RoomSpec) -> frozenset[int]:
        """Return the positions of the slots in which the room is unavailable."""
        if room not in self._closed:
            self._closed[room] = frozenset(self._closed_slots(room))
        return self._closed[room]

    def _closed_slots(self, room: RoomSpec) -> Iterator[int]:
        for position, slot in enumerate(self.slots):
            start, end = self.starts[position], self.ends[position]
            if slot.id in room.closed or (
                room.hours and not any(period.holds(start, end) for period in room.hours)
            ):
                yield position

    def span(self, session: SessionSpec, position: int) -> SessionSpan:
        """Return the slots the session occupies from this position, whether it fits or not."""
        key = (session.minutes, position)
        if key not in self._spans:
            self._spans[key] = self._measure(timedelta(minutes=session.minutes), position)
        return self._spans[key]

    def span_of_slot(self, position: int) -> SessionSpan:
        start, end = self.starts[position], self.ends[position]
        return SessionSpan(position, position + 1, start, end, self.days[position], fits=True)

    def _measure(self, length: timedelta, first: int) -> SessionSpan:
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
        return SessionSpan(first, stop, self.starts[first], end, self.days[first], fits)

    def _joined(self, position: int) -> bool:
        """Return whether a session may continue from this slot into the next."""
        pause = self.starts[position + 1] - self.ends[position]
        return pause <= self.problem.longest_pause and self.days[position] == self.days[position + 1]

    def placed(self, placement: PlacementSpec) -> PlacedSession:
        session = self.sessions.get(placement.session)
        if session is None:
            raise TimetableFault(PLACES_UNKNOWN_SESSION, {"id": placement.session})
        position = self.position.get(placement.slot)
        if position is None:
            raise TimetableFault(PLACES_UNKNOWN_SLOT, {"session": session.id, "id": placement.slot})
        room = self.rooms.get(placement.room)
        if room is None:
            raise TimetableFault(PLACES_UNKNOWN_ROOM, {"session": session.id, "id": placement.room})
        return PlacedSession(session, self.span(session, position), room)
