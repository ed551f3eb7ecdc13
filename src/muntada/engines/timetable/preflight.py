"""What counting alone can tell before any search: the clearest sentences are found here, in milliseconds."""

from collections.abc import Iterator
from dataclasses import dataclass

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable.explain import why_nowhere
from muntada.engines.timetable.layout import Placed
from muntada.engines.timetable.options import Options, mask, members
from muntada.engines.timetable.plan import Reason
from muntada.engines.timetable.problem import Problem, Room

ALL_ROOMS = gettext_noop(
    "The sessions fill %(needed)d slots of a room; all rooms together are open for %(open)d."
)
ROOMS_WITH_SERVICE = gettext_noop(
    "Sessions that need %(service)s fill %(needed)d slots of a room; rooms with it are open for %(open)d."
)
ROOMS_WITH_SEATS = gettext_noop(
    "Sessions that expect more than %(audience)d people fill %(needed)d slots of a room;"
    " larger rooms are open for %(open)d."
)
ROOMS_THAT_SUIT = gettext_noop(
    "%(count)d sessions can only stand in these rooms: %(rooms)s. They fill %(needed)d slots;"
    " the rooms are open for %(open)d."
)
PERSON_OVERBOOKED = gettext_noop(
    "%(person)s is in %(count)d sessions, which fill %(needed)d slots, and is available for %(open)d."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that no timetable can get right, and whom it is about."""

    kind: str  # nowhere, rooms, person, locks
    reason: Reason
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def preflight(problem: Problem) -> tuple[Finding, ...]:
    """Everything that counting finds; finding nothing does not promise that all sessions can be placed."""
    options = Options(problem)
    return (*nowhere(options), *rooms_short(options), *people_overbooked(options), *locks_at_odds(options))


def nowhere(options: Options) -> Iterator[Finding]:
    for number, session in enumerate(options.sessions):
        for reason in why_nowhere(options, number):
            yield Finding("nowhere", reason, sessions=(session.id,))


def rooms_short(options: Options) -> Iterator[Finding]:
    """Sets of rooms that are not open long enough for the sessions that can stand nowhere else."""
    reported: set[int] = set()
    for rooms, sentence, params in [*named_sets(options), *suiting_sets(options)]:
        tied = [
            number for number, suitable in enumerate(options.suitable) if suitable and suitable & ~rooms == 0
        ]
        needed = sum(slots_needed(options, number) for number in tied)
        is_open = sum((rooms & open_rooms).bit_count() for open_rooms in options.open_rooms)
        if needed > is_open and rooms not in reported:
            reported.add(rooms)
            counted: dict[str, str | int] = {"needed": needed, "open": is_open, "count": len(tied)}
            names = tuple(options.sessions[number].id for number in tied)
            yield Finding("rooms", Reason(sentence, params | counted), sessions=names)


type NamedSet = tuple[int, str, dict[str, str | int]]


def named_sets(options: Options) -> Iterator[NamedSet]:
    yield options.every_room, ALL_ROOMS, {}
    rooms = list(enumerate(options.rooms))
    for service in sorted({service for room in options.rooms for service in room.services}):
        having = mask(number for number, room in rooms if service in room.services)
        yield having, ROOMS_WITH_SERVICE, {"service": service}
    for seats in sorted({room.seats for room in options.rooms})[:-1]:
        yield (
            mask(number for number, room in rooms if room.seats > seats),
            ROOMS_WITH_SEATS,
            {"audience": seats},
        )


def suiting_sets(options: Options) -> Iterator[NamedSet]:
    for rooms in sorted(set(options.suitable), key=lambda rooms: (-rooms.bit_count(), rooms)):
        if rooms:
            names = ", ".join(options.rooms[room].id for room in members(rooms))
            yield rooms, ROOMS_THAT_SUIT, {"rooms": names}


def slots_needed(options: Options, number: int) -> int:
    """How many slots the session fills at least; 0 where it can stand nowhere."""
    return min((len(start.span.slots) for start in options.starts[number].values()), default=0)


def people_overbooked(options: Options) -> Iterator[Finding]:
    held: dict[str, list[int]] = {}
    for number, session in enumerate(options.sessions):
        for holder in sorted(options.book.person_clash.holders(session, None)):
            held.setdefault(holder, []).append(number)
    for person, numbers in held.items():
        starts = [start for number in numbers for start in options.starts[number].values()]
        free = {position for start in starts for position in start.span.slots}
        needed = sum(slots_needed(options, number) for number in numbers)
        if needed > len(free):
            params: dict[str, str | int] = {
                "person": person,
                "count": len(numbers),
                "needed": needed,
                "open": len(free),
            }
            names = tuple(options.sessions[number].id for number in numbers)
            yield Finding("person", Reason(PERSON_OVERBOOKED, params), sessions=names, people=(person,))


def locks_at_odds(options: Options) -> Iterator[Finding]:
    """Locks that two sessions cannot both have: the words are those of the rules about clashes."""
    layout = options.layout
    placed = [
        Placed(
            session, layout.span(session, layout.position[session.locked.slot]), locked_room(options, number)
        )
        for number, session in enumerate(options.sessions)
        if session.locked is not None
    ]
    in_room = [one for one in placed if one.room.id in layout.rooms]
    for violation in options.book.person_clash.violations(layout, placed):
        yield Finding("locks", violation.reason, violation.sessions, violation.people)
    for violation in options.book.room_clash.violations(layout, in_room):
        yield Finding("locks", violation.reason, violation.sessions)


def locked_room(options: Options, number: int) -> Room:
    locked = options.sessions[number].locked
    if locked is None or locked.room is None:
        return Room("", 0)
    return options.layout.rooms[locked.room]
