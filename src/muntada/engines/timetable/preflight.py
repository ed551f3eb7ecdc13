"""Find impossibilities by counting, in milliseconds, before any search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from muntada.engines.reasons import gettext_noop, ngettext_noop
from muntada.engines.timetable.explain import why_nowhere
from muntada.engines.timetable.layout import PlacedSession
from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options, mask
from muntada.engines.timetable.plan import TimetableReason
from muntada.engines.timetable.problem import RoomSpec, TimetableProblem

ALL_ROOMS = ngettext_noop(
    "The sessions fill %(needed)d slot of a room; all rooms together are open for %(open)d.",
    "The sessions fill %(needed)d slots of a room; all rooms together are open for %(open)d.",
)
ROOMS_WITH_SERVICE = ngettext_noop(
    "Sessions that need %(service)s fill %(needed)d slot of a room; rooms with it are open for %(open)d.",
    "Sessions that need %(service)s fill %(needed)d slots of a room; rooms with it are open for %(open)d.",
)
ROOMS_WITH_SEATS = gettext_noop(
    "Sessions with more people than %(audience)d fill slots of a room: %(needed)d. Larger rooms are open for"
    " %(open)d."
)
ROOMS_THAT_SUIT = ngettext_noop(
    "%(count)d session can only stand in these rooms: %(rooms)s. Slots it fills: %(needed)d; slots in which"
    " the rooms are open: %(open)d.",
    "%(count)d sessions can only stand in these rooms: %(rooms)s. Slots they fill: %(needed)d; slots in which"
    " the rooms are open: %(open)d.",
)
PERSON_OVERBOOKED = ngettext_noop(
    "%(person)s is in %(count)d session. Slots it fills: %(needed)d; slots possible for it: %(open)d.",
    "%(person)s is in %(count)d sessions. Slots they fill: %(needed)d; slots possible for them: %(open)d.",
)
ORGANISER_OVERBOOKED = ngettext_noop(
    "%(organiser)s has %(count)d session, which does not fit. The most on a day: %(most)d; days: %(days)d.",
    "%(organiser)s has %(count)d sessions, which do not fit. The most on a day: %(most)d; days: %(days)d.",
)


@dataclass(frozen=True, slots=True)
class PreflightFinding:
    """A problem that no timetable can solve, and who is affected."""

    kind: str  # nowhere, rooms, person, organiser, locks
    reason: TimetableReason
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def preflight(problem: TimetableProblem) -> tuple[PreflightFinding, ...]:
    """Return everything counting finds; an empty result does not promise a complete timetable."""
    options = Options(problem)
    return (
        *nowhere(options),
        *rooms_short(options),
        *people_overbooked(options),
        *organisers_overbooked(options),
        *locks_at_odds(options),
    )


def nowhere(options: Options) -> Iterator[PreflightFinding]:
    for number, session in enumerate(options.sessions):
        for reason in why_nowhere(options, number):
            yield PreflightFinding("nowhere", reason, sessions=(session.id,))


@dataclass(frozen=True, slots=True)
class SlotDemand:
    """Sessions that fit only these rooms, with the sentence for it."""

    rooms: int
    sessions: list[int]
    sentence: str
    params: Mapping[str, str | int]


def rooms_short(options: Options) -> Iterator[PreflightFinding]:
    """Yield sets of rooms not open long enough for the sessions that fit nowhere else."""
    reported: set[int] = set()
    for demand in [*demands_by_need(options), *demands_by_rooms(options)]:
        needed = sum(options.slots_needed(number) for number in demand.sessions)
        is_open = sum((demand.rooms & open_rooms).bit_count() for open_rooms in options.open_rooms)
        if needed > is_open and demand.rooms not in reported:
            reported.add(demand.rooms)
            counted = {"needed": needed, "open": is_open, "count": len(demand.sessions)}
            names = tuple(options.sessions[number].id for number in demand.sessions)
            yield PreflightFinding(
                "rooms", TimetableReason(demand.sentence, {**demand.params, **counted}), sessions=names
            )


def demands_by_need(options: Options) -> Iterator[SlotDemand]:
    """Yield the demand of each need alone: any room, a service, a number of seats."""
    sessions, rooms = list(enumerate(options.sessions)), list(enumerate(options.rooms))
    yield SlotDemand(options.every_room, [number for number, _ in sessions], ALL_ROOMS, {})
    for service in sorted({service for room in options.rooms for service in room.services}):
        yield SlotDemand(
            mask(number for number, room in rooms if service in room.services),
            [number for number, session in sessions if service in session.needs],
            ROOMS_WITH_SERVICE,
            {"service": service},
        )
    for seats in sorted({room.seats for room in options.rooms})[:-1]:
        yield SlotDemand(
            mask(number for number, room in rooms if room.seats > seats),
            [number for number, session in sessions if session.audience > seats],
            ROOMS_WITH_SEATS,
            {"audience": seats},
        )


def demands_by_rooms(options: Options) -> Iterator[SlotDemand]:
    """Yield the demand of all needs together: sessions that fit only the suitable rooms of some session."""
    for rooms in sorted(set(options.suitable), key=lambda rooms: (-rooms.bit_count(), rooms)):
        tied = [number for number, suitable in enumerate(options.suitable) if suitable & ~rooms == 0]
        names = ", ".join(options.rooms[room].id for room in members(rooms))
        yield SlotDemand(rooms, tied, ROOMS_THAT_SUIT, {"rooms": names})


def people_overbooked(options: Options) -> Iterator[PreflightFinding]:
    held: dict[str, list[int]] = {}
    for number, session in enumerate(options.sessions):
        for holder in sorted(options.book.person_clash.holders(session, None)):
            held.setdefault(holder, []).append(number)
    for person, numbers in held.items():
        starts = [start for number in numbers for start in options.starts[number].values()]
        free = {position for start in starts for position in start.span.slots}
        needed = sum(options.slots_needed(number) for number in numbers)
        if needed > len(free):
            params: dict[str, str | int] = {
                "person": person,
                "count": len(numbers),
                "needed": needed,
                "open": len(free),
            }
            names = tuple(options.sessions[number].id for number in numbers)
            yield PreflightFinding(
                "person", TimetableReason(PERSON_OVERBOOKED, params), sessions=names, people=(person,)
            )


def organisers_overbooked(options: Options) -> Iterator[PreflightFinding]:
    limit, days = options.problem.organiser_limit, options.layout.day_count
    held: dict[str, list[str]] = {}
    for session in options.sessions if limit is not None else ():
        for organiser in sorted(session.organisers):
            held.setdefault(organiser, []).append(session.id)
    for organiser, sessions in held.items():
        if limit is not None and len(sessions) > limit * days:
            params: dict[str, str | int] = {
                "organiser": organiser,
                "count": len(sessions),
                "most": limit,
                "days": days,
            }
            yield PreflightFinding(
                "organiser", TimetableReason(ORGANISER_OVERBOOKED, params), sessions=tuple(sessions)
            )


def locks_at_odds(options: Options) -> Iterator[PreflightFinding]:
    """Yield pairs of locks that conflict, in the words of the rules about clashes."""
    layout = options.layout
    placed = [
        PlacedSession(
            session, layout.span(session, layout.position[session.locked.slot]), locked_room(options, number)
        )
        for number, session in enumerate(options.sessions)
        if session.locked is not None
    ]
    in_room = [one for one in placed if one.room.id in layout.rooms]
    for violation in options.book.person_clash.violations(layout, placed):
        yield PreflightFinding("locks", violation.reason, violation.sessions, violation.people)
    for violation in options.book.room_clash.violations(layout, in_room):
        yield PreflightFinding("locks", violation.reason, violation.sessions)


def locked_room(options: Options, number: int) -> RoomSpec:
    locked = options.sessions[number].locked
    if locked is None or locked.room is None:
        return RoomSpec("", 0)
    return options.layout.rooms[locked.room]
