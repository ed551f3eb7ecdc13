"""Why a session has no place, in sentences."""

from collections import Counter
from collections.abc import Iterator

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable.draft import Standing
from muntada.engines.timetable.layout import Span
from muntada.engines.timetable.options import Options, members
from muntada.engines.timetable.plan import Reason
from muntada.engines.timetable.problem import Session

NO_SLOTS = gettext_noop("There are no slots.")
NO_ROOMS = gettext_noop("There are no rooms.")
TOO_LONG = gettext_noop("%(session)s lasts %(minutes)d minutes: no run of slots on one day is as long.")
TOO_MANY_SEATS = gettext_noop(
    "%(session)s expects %(audience)d people; the largest room has %(seats)d seats."
)
NO_SUCH_SERVICE = gettext_noop("%(session)s needs %(service)s, which no room has.")
NO_SUCH_ROOM = gettext_noop(
    "No room has all that %(session)s needs: %(needs)s and %(audience)d seats in one room."
)
NEVER_AVAILABLE = gettext_noop(
    "%(person)s is available at none of the times at which %(session)s could start."
)
NEVER_ALL_AVAILABLE = gettext_noop(
    "There is no time at which all people of %(session)s are available: %(people)s."
)
ALWAYS_CLOSED = gettext_noop(
    "The rooms that suit %(session)s are closed whenever it could take place: %(rooms)s."
)
PEOPLE_BUSY = gettext_noop(
    "At each of the %(starts)d times at which %(session)s could start, its people are in other sessions."
)
ROOMS_FULL = gettext_noop(
    "At each of the %(starts)d times at which %(session)s could start, no suitable room is free."
)
NO_START_LEFT = gettext_noop(
    "Of the %(starts)d times at which %(session)s could start, %(busy)d are lost because its people are in"
    " other sessions, and %(full)d because no suitable room is free."
)
PERSON_BUSY = gettext_noop("%(person)s is the one most often in another session: at %(starts)d of them.")
SUITABLE_ROOMS = gettext_noop("Only these rooms suit it: %(rooms)s.")
COULD_STILL_STAND = gettext_noop(
    "%(session)s could still be placed; the time given to the search has run out."
)


def why_nowhere(options: Options, number: int) -> list[Reason]:
    """Why the session could not stand anywhere even if it were the only one; nothing where it could."""
    if options.starts[number]:
        return []
    session = options.sessions[number]
    if not options.layout.slots:
        return [Reason(NO_SLOTS, {})]
    if not options.rooms:
        return [Reason(NO_ROOMS, {})]
    if session.locked is not None:
        reasons = list(against_lock(options, number))
        if reasons:
            return reasons
    reasons = list(against_rooms(options, number))
    spans = [options.layout.span(session, position) for position in range(len(options.layout.slots))]
    fitting = [span for span in spans if span.fits]
    if not fitting:
        reasons.append(Reason(TOO_LONG, {"session": session.id, "minutes": session.minutes}))
    else:
        reasons.extend(against_people(options, session, fitting))
    if not reasons:
        names = ", ".join(options.rooms[room].id for room in members(options.suitable[number]))
        reasons.append(Reason(ALWAYS_CLOSED, {"session": session.id, "rooms": names}))
    return reasons


def against_lock(options: Options, number: int) -> Iterator[Reason]:
    """What speaks against the place to which the session is locked."""
    session, layout = options.sessions[number], options.layout
    if session.locked is None:
        return
    span = layout.span(session, layout.position[session.locked.slot])
    for time_rule in options.book.time:
        yield from (violation.reason for violation in time_rule.objections(layout, session, span))
    room = layout.rooms.get(session.locked.room or "")
    if room is not None:
        for room_rule in options.book.room:
            yield from (violation.reason for violation in room_rule.objections(session, room))
        closed = options.book.room_open.objections(layout, session, span, room)
        yield from (violation.reason for violation in closed)


def against_rooms(options: Options, number: int) -> Iterator[Reason]:
    session = options.sessions[number]
    if options.suitable[number]:
        return
    largest = max(room.seats for room in options.rooms)
    offered = frozenset[str]().union(*(room.services for room in options.rooms))
    missing = sorted(session.needs - offered)
    for service in missing:
        yield Reason(NO_SUCH_SERVICE, {"session": session.id, "service": service})
    if session.audience > largest:
        yield Reason(TOO_MANY_SEATS, {"session": session.id, "audience": session.audience, "seats": largest})
    elif not missing:
        needs = ", ".join(sorted(session.needs))
        yield Reason(NO_SUCH_ROOM, {"session": session.id, "needs": needs, "audience": session.audience})


def against_people(options: Options, session: Session, fitting: list[Span]) -> Iterator[Reason]:
    if any(options.allowed(session, span) for span in fitting):
        return
    absences = Counter(
        person
        for span in fitting
        for rule in options.book.time
        for violation in rule.objections(options.layout, session, span)
        for person in violation.people
    )
    never = sorted(person for person, count in absences.items() if count == len(fitting))
    for person in never:
        yield Reason(NEVER_AVAILABLE, {"person": person, "session": session.id})
    if absences and not never:
        people = ", ".join(sorted(absences))
        yield Reason(NEVER_ALL_AVAILABLE, {"session": session.id, "people": people})


def why_unplaced(options: Options, standing: Standing, number: int) -> list[Reason]:
    """Why the session found no place beside the sessions that stand."""
    reasons = why_nowhere(options, number)
    if reasons:
        return reasons
    session = options.sessions[number]
    present: list[list[int]] = [[] for _ in options.layout.slots]
    taken = [0] * len(options.layout.slots)
    for other, (position, room) in standing.items():
        for slot in options.starts[other][position].span.slots:
            present[slot].append(other)
            taken[slot] |= 1 << room
    busy: Counter[str] = Counter()
    people = rooms = 0
    for start in options.starts[number].values():
        others = {other for slot in start.span.slots for other in present[slot]}
        met = {person for other in others for person in options.sessions[other].people & session.people}
        free = start.rooms
        for slot in start.span.slots:
            free &= ~taken[slot]
        busy.update(met)
        people += bool(met)
        rooms += not met and not free
    starts = len(options.starts[number])
    if people + rooms < starts:
        return [Reason(COULD_STILL_STAND, {"session": session.id})]
    lost: dict[str, str | int] = {"starts": starts, "busy": people, "full": rooms}
    sentence = NO_START_LEFT if people and rooms else PEOPLE_BUSY if people else ROOMS_FULL
    reasons.append(Reason(sentence, {"session": session.id} | lost))
    if busy:
        person, count = min(busy.items(), key=lambda entry: (-entry[1], entry[0]))
        reasons.append(Reason(PERSON_BUSY, {"person": person, "starts": count}))
    if rooms:
        names = ", ".join(options.rooms[room].id for room in members(options.suitable[number]))
        reasons.append(Reason(SUITABLE_ROOMS, {"rooms": names}))
    return reasons
