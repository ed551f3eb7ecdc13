"""The problem: sessions, rooms, slots, people and rules. A `TimetableProblem` is validated when created."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, time, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable.faults import TimetableFault

NOTHING: frozenset[str] = frozenset()
SPREADABLE = ("lines", "groups")

NO_ZONE = gettext_noop("The time %(time)s has no time zone.")
ENDS_EARLY = gettext_noop("The period from %(start)s ends at %(end)s, which is not later.")
SESSION_TWICE = gettext_noop("The session %(id)s is given twice.")
ROOM_TWICE = gettext_noop("The room %(id)s is given twice.")
SLOT_TWICE = gettext_noop("The slot %(id)s is given twice.")
PERSON_TWICE = gettext_noop("The person %(id)s is given twice.")
PUBLISHED_TWICE = gettext_noop("The published timetable places the session %(id)s twice.")
SLOTS_OVERLAP = gettext_noop("The slots %(earlier)s and %(later)s overlap.")
NO_LENGTH = gettext_noop("The session %(id)s lasts %(minutes)d minutes; it needs at least 1.")
AUDIENCE_BELOW_ZERO = gettext_noop("The session %(id)s expects an audience below 0.")
SEATS_BELOW_ZERO = gettext_noop("The room %(id)s has a number of seats below 0.")
WEIGHT_BELOW_ZERO = gettext_noop("A weight is below 0.")
UNKNOWN_SLOT = gettext_noop("“%(by)s” names the slot %(id)s, which is not there.")
UNKNOWN_ROOM = gettext_noop("“%(by)s” names the room %(id)s, which is not there.")
UNKNOWN_SPREAD = gettext_noop("Sessions cannot be spread over the days by %(id)s.")
UNKNOWN_SESSION = gettext_noop("A pair names the session %(id)s, which is not there.")
PAIRED_WITH_ITSELF = gettext_noop("The session %(id)s is paired with itself.")
PAIR_TWICE = gettext_noop("The pair of %(first)s and %(second)s is given twice.")
FOLLOWS_UNKNOWN = gettext_noop("The session %(by)s is to follow the session %(id)s, which is not there.")
FOLLOWS_ITSELF = gettext_noop("The session %(id)s is to come before itself; the order goes in a circle.")
MARKS_UNKNOWN = gettext_noop("An attendee has marked the session %(id)s, which is not there.")
SERIES_TWICE = gettext_noop("A series names the session %(id)s twice.")
PAUSE_BELOW_ZERO = gettext_noop("The pause between two sessions of a person is below 0.")
WALK_BELOW_ZERO = gettext_noop("The walk from %(first)s to %(second)s takes less than 0 minutes.")
LIMIT_BELOW_ZERO = gettext_noop("The most sessions of an organizer on a day are below 0.")
COMFORT_ENDS_EARLY = gettext_noop(
    "The hours of %(person)s end at %(end)s, which is not later than %(start)s. Give hours of one day."
)
UNKNOWN_ZONE = gettext_noop("%(person)s takes part from the time zone %(zone)s, which is not known.")


@dataclass(frozen=True, slots=True)
class TimePeriod:
    """From `start` (inclusive) to `end` (exclusive)."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for moment in (self.start, self.end):
            if moment.utcoffset() is None:
                raise TimetableFault(NO_ZONE, {"time": moment.isoformat()})
        if self.end.astimezone(UTC) <= self.start.astimezone(UTC):
            raise TimetableFault(ENDS_EARLY, {"start": self.start.isoformat(), "end": self.end.isoformat()})

    # compared in UTC: two datetimes of one zone compare by wall clock, which may be set back

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return self.start.astimezone(UTC) < end and start < self.end.astimezone(UTC)

    def holds(self, start: datetime, end: datetime) -> bool:
        return self.start.astimezone(UTC) <= start and end <= self.end.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class SlotSpec:
    id: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        TimePeriod(self.start, self.end)


@dataclass(frozen=True, slots=True)
class RoomSpec:
    id: str
    seats: int
    services: frozenset[str] = NOTHING
    closed: frozenset[str] = NOTHING  # ids of the slots in which the room is unavailable
    hours: tuple[TimePeriod, ...] = ()  # open only in slots inside one of these; empty: always
    building: str | None = None


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Details of a person. Anyone not listed is available all the time."""

    id: str
    unavailable: tuple[TimePeriod, ...] = ()
    zone: str | None = None  # the time zone of a person who takes part online, such as Asia/Kathmandu
    available: tuple[TimePeriod, ...] = ()  # available only during these; empty: always
    comfort: tuple[time, time] | None = None  # convenient local hours; None: 8 to 21 h


@dataclass(frozen=True, slots=True)
class Lock:
    """A decision by people: the session starts in this slot, and in this room if given."""

    slot: str
    room: str | None = None


@dataclass(frozen=True, slots=True)
class SessionSpec:
    id: str
    minutes: int
    people: frozenset[str] = NOTHING
    needs: frozenset[str] = NOTHING
    audience: int = 0  # 0 if unknown
    track: str | None = None
    lines: frozenset[str] = NOTHING
    locked: Lock | None = None
    organisers: frozenset[str] = NOTHING
    groups: frozenset[str] = NOTHING  # the stakeholder groups of its speakers
    after: frozenset[str] = NOTHING  # ids of the sessions that must end before it starts
    exclusive: frozenset[str] = NOTHING  # two sessions with a common entry are never at the same time


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """The parts of one session in order: each starts after the part before has ended."""

    sessions: tuple[str, ...]
    same_day: bool = False


@dataclass(frozen=True, slots=True)
class PlacementSpec:
    """A session in a room from a slot on; the number of slots follows from its minutes."""

    session: str
    slot: str
    room: str


@dataclass(frozen=True, slots=True)
class WishWeights:
    """The cost of each broken wish; 0 disables a wish."""

    comfort: int = 5
    track: int = 8
    lines: int = 4
    pairs: int = 1
    fit: int = 1
    groups: int = 4
    favourites: int = 2
    near: int = 3


@dataclass(frozen=True, slots=True)
class TimetableProblem:
    sessions: tuple[SessionSpec, ...]
    rooms: tuple[RoomSpec, ...]
    slots: tuple[SlotSpec, ...]
    people: tuple[PersonSpec, ...] = ()
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)  # people who want both
    published: tuple[PlacementSpec, ...] = ()
    weights: WishWeights = WishWeights()
    longest_pause: timedelta = timedelta(minutes=30)  # a session may cross such a pause
    favourites: Mapping[str, frozenset[str]] = field(default_factory=dict)  # attendee -> sessions marked
    series: tuple[SeriesSpec, ...] = ()
    pause: timedelta = timedelta(0)  # the minimum between two sessions of a person
    walks: Mapping[tuple[str, str], int] = field(default_factory=dict)  # minutes between two buildings
    organiser_limit: int | None = None  # maximum sessions of an organizer per day
    must_spread: frozenset[str] = NOTHING  # of `SPREADABLE`: spread over the days as a hard rule

    def __post_init__(self) -> None:
        check_ids(self)
        check_slots(self.slots)
        check_sizes(self)
        check_references(self)
        check_pairs(self)
        check_marks(self)
        check_order(self)
        check_zones(self.people)
        check_comfort(self.people)
        refuse_unknown(self.must_spread, set(SPREADABLE), UNKNOWN_SPREAD, "")


def check_ids(problem: TimetableProblem) -> None:
    refuse_doubles((session.id for session in problem.sessions), SESSION_TWICE)
    refuse_doubles((room.id for room in problem.rooms), ROOM_TWICE)
    refuse_doubles((slot.id for slot in problem.slots), SLOT_TWICE)
    refuse_doubles((person.id for person in problem.people), PERSON_TWICE)
    refuse_doubles((placement.session for placement in problem.published), PUBLISHED_TWICE)


def refuse_doubles(ids: Iterable[str], sentence: str) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise TimetableFault(sentence, {"id": name})
        seen.add(name)


def check_slots(slots: tuple[SlotSpec, ...]) -> None:
    ordered = sorted(slots, key=lambda slot: slot.start.astimezone(UTC))
    for earlier, later in pairwise(ordered):
        if later.start.astimezone(UTC) < earlier.end.astimezone(UTC):
            raise TimetableFault(SLOTS_OVERLAP, {"earlier": earlier.id, "later": later.id})


def check_sizes(problem: TimetableProblem) -> None:
    for session in problem.sessions:
        if session.minutes < 1:
            raise TimetableFault(NO_LENGTH, {"id": session.id, "minutes": session.minutes})
        if session.audience < 0:
            raise TimetableFault(AUDIENCE_BELOW_ZERO, {"id": session.id})
    for room in problem.rooms:
        if room.seats < 0:
            raise TimetableFault(SEATS_BELOW_ZERO, {"id": room.id})
    check_weights(problem)
    check_pauses(problem)


def check_weights(problem: TimetableProblem) -> None:
    if min(getattr(problem.weights, weight.name) for weight in fields(WishWeights)) < 0:
        raise TimetableFault(WEIGHT_BELOW_ZERO)
    if any(weight < 0 for weight in problem.pairs.values()):
        raise TimetableFault(WEIGHT_BELOW_ZERO)


def check_pauses(problem: TimetableProblem) -> None:
    if problem.pause < timedelta(0):
        raise TimetableFault(PAUSE_BELOW_ZERO)
    if problem.organiser_limit is not None and problem.organiser_limit < 0:
        raise TimetableFault(LIMIT_BELOW_ZERO)
    for (first, second), minutes in problem.walks.items():
        if minutes < 0:
            raise TimetableFault(WALK_BELOW_ZERO, {"first": first, "second": second})


def check_references(problem: TimetableProblem) -> None:
    slots = {slot.id for slot in problem.slots}
    rooms = {room.id for room in problem.rooms}
    for room in problem.rooms:
        refuse_unknown(room.closed, slots, UNKNOWN_SLOT, room.id)
    for session in problem.sessions:
        if session.locked is not None:
            refuse_unknown([session.locked.slot], slots, UNKNOWN_SLOT, session.id)
            if session.locked.room is not None:
                refuse_unknown([session.locked.room], rooms, UNKNOWN_ROOM, session.id)


def refuse_unknown(names: Collection[str], known: set[str], sentence: str, by: str) -> None:
    for name in sorted(names):
        if name not in known:
            raise TimetableFault(sentence, {"by": by, "id": name})


def check_pairs(problem: TimetableProblem) -> None:
    sessions = {session.id for session in problem.sessions}
    for first, second in problem.pairs:
        for name in (first, second):
            if name not in sessions:
                raise TimetableFault(UNKNOWN_SESSION, {"id": name})
        if first == second:
            raise TimetableFault(PAIRED_WITH_ITSELF, {"id": first})
        if (second, first) in problem.pairs:
            raise TimetableFault(PAIR_TWICE, {"first": first, "second": second})


def check_marks(problem: TimetableProblem) -> None:
    sessions = {session.id for session in problem.sessions}
    for marked in problem.favourites.values():
        if not marked <= sessions:
            raise TimetableFault(MARKS_UNKNOWN, {"id": min(marked - sessions)})


def follows(problem: TimetableProblem) -> Iterator[tuple[str, str]]:
    """Yield every session with each session that must not start before it ends."""
    for session in problem.sessions:
        yield from ((earlier, session.id) for earlier in sorted(session.after))
    for series in problem.series:
        yield from pairwise(series.sessions)


def check_order(problem: TimetableProblem) -> None:
    sessions = {session.id for session in problem.sessions}
    for series in problem.series:
        refuse_doubles(series.sessions, SERIES_TWICE)
    before: dict[str, set[str]] = {}
    for earlier, later in follows(problem):
        for name, by in ((earlier, later), (later, earlier)):
            if name not in sessions:
                raise TimetableFault(FOLLOWS_UNKNOWN, {"by": by, "id": name})
        before.setdefault(later, set()).add(earlier)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        raise TimetableFault(FOLLOWS_ITSELF, {"id": min(error.args[1])}) from error


def check_comfort(people: tuple[PersonSpec, ...]) -> None:
    for person in people:
        if person.comfort is not None and person.comfort[0] >= person.comfort[1]:
            start, end = (f"{moment:%H:%M}" for moment in person.comfort)
            raise TimetableFault(COMFORT_ENDS_EARLY, {"person": person.id, "start": start, "end": end})


def check_zones(people: tuple[PersonSpec, ...]) -> None:
    for person in people:
        if person.zone is not None:
            try:
                ZoneInfo(person.zone)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise TimetableFault(UNKNOWN_ZONE, {"person": person.id, "zone": person.zone}) from error
