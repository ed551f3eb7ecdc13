"""Explain in sentences why a session is not placed."""

from collections import Counter
from collections.abc import Iterator

from muntada.engines.reasons import gettext_noop, ngettext_noop
from muntada.engines.timetable.draft import Placements, SearchDraft
from muntada.engines.timetable.layout import SessionSpan
from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options, Start
from muntada.engines.timetable.plan import TimetableReason
from muntada.engines.timetable.problem import SessionSpec

NO_SLOTS = gettext_noop("There are no slots.")
NO_ROOMS = gettext_noop("There are no rooms.")
TOO_LONG = ngettext_noop(
    "%(session)s lasts %(minutes)d minute: no run of slots on one day is as long.",
    "%(session)s lasts %(minutes)d minutes: no run of slots on one day is as long.",
)
TOO_MANY_SEATS = ngettext_noop(
    "%(session)s expects %(audience)d person. Seats of the largest room: %(seats)d.",
    "%(session)s expects %(audience)d people. Seats of the largest room: %(seats)d.",
)
NO_SUCH_SERVICE = gettext_noop("%(session)s needs %(service)s, which no room has.")
NO_SUCH_ROOM = ngettext_noop(
    "No room has all that %(session)s needs: %(needs)s and %(audience)d seat in one room.",
    "No room has all that %(session)s needs: %(needs)s and %(audience)d seats in one room.",
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
PEOPLE_BUSY = ngettext_noop(
    "At the %(starts)d time at which %(session)s could start, its people are in other sessions.",
    "At each of the %(starts)d times at which %(session)s could start, its people are in other sessions.",
)
ROOMS_FULL = ngettext_noop(
    "At the %(starts)d time at which %(session)s could start, no suitable room is free.",
    "At each of the %(starts)d times at which %(session)s could start, no suitable room is free.",
)
NO_START_LEFT = gettext_noop(
    "Times at which %(session)s could start: %(starts)d. Lost because its people are in other sessions:"
    " %(busy)d; because no suitable room is free: %(full)d."
)
LOST_TO_ORDER = gettext_noop(
    "Times at which %(session)s could start: %(starts)d. Lost because of the order of sessions, a pause or a"
    " session that excludes it: %(count)d."
)
LOST_TO_LIMIT = gettext_noop(
    "Times at which %(session)s could start: %(starts)d. Lost because its organizer has as many sessions on"
    " that day as are allowed: %(count)d."
)
LOST_TO_SPREAD = gettext_noop(
    "Times at which %(session)s could start: %(starts)d. Lost because its action line, or a stakeholder group"
    " on its stage, has its even share on that day: %(count)d."
)
LOST_TO: dict[str, str] = {
    "order": LOST_TO_ORDER,
    "organiser-day": LOST_TO_LIMIT,
    "lines-must-spread": LOST_TO_SPREAD,
    "groups-must-spread": LOST_TO_SPREAD,
}
PERSON_BUSY = gettext_noop("%(person)s is the one most often in another session: at %(starts)d of them.")
SUITABLE_ROOMS = gettext_noop("Only these rooms suit it: %(rooms)s.")
COULD_STILL_STAND = gettext_noop(
    "%(session)s could still be placed; the time given to the search has run out."
)


def why_nowhere(options: Options, number: int) -> list[TimetableReason]:
    """Return why the session could not be placed even alone; empty if it could."""
    if options.starts[number]:
        return []
    session = options.sessions[number]
    if not options.layout.slots:
        return [TimetableReason(NO_SLOTS, {})]
    if not options.rooms:
        return [TimetableReason(NO_ROOMS, {})]
    if session.locked is not None:
        reasons = list(against_lock(options, number))
        if reasons:
            return reasons
    reasons = list(against_rooms(options, number))
    spans = [options.layout.span(session, position) for position in range(len(options.layout.slots))]
    fitting = [span for span in spans if span.fits]
    if not fitting:
        reasons.append(TimetableReason(TOO_LONG, {"session": session.id, "minutes": session.minutes}))
    else:
        reasons.extend(against_people(options, session, fitting))
    if not reasons:
        names = ", ".join(options.rooms[room].id for room in members(options.suitable[number]))
        reasons.append(TimetableReason(ALWAYS_CLOSED, {"session": session.id, "rooms": names}))
    return reasons


def against_lock(options: Options, number: int) -> Iterator[TimetableReason]:
    """Yield the objections to the place the session is locked to."""
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


def against_rooms(options: Options, number: int) -> Iterator[TimetableReason]:
    session = options.sessions[number]
    if options.suitable[number]:
        return
    largest = max(room.seats for room in options.rooms)
    offered = frozenset[str]().union(*(room.services for room in options.rooms))
    missing = sorted(session.needs - offered)
    for service in missing:
        yield TimetableReason(NO_SUCH_SERVICE, {"session": session.id, "service": service})
    if session.audience > largest:
        yield TimetableReason(
            TOO_MANY_SEATS, {"session": session.id, "audience": session.audience, "seats": largest}
        )
    elif not missing:
        needs = ", ".join(sorted(session.needs))
        yield TimetableReason(
            NO_SUCH_ROOM, {"session": session.id, "needs": needs, "audience": session.audience}
        )


def against_people(
    options: Options, session: SessionSpec, fitting: list[SessionSpan]
) -> Iterator[TimetableReason]:
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
        yield TimetableReason(NEVER_AVAILABLE, {"person": person, "session": session.id})
    if absences and not never:
        people = ", ".join(sorted(absences))
        yield TimetableReason(NEVER_ALL_AVAILABLE, {"session": session.id, "people": people})


class Obstacles:
    """A timetable, and what in it excludes other sessions."""

    def __init__(self, options: Options, standing: Placements) -> None:
        self.options = options
        self.plan = SearchDraft(options)
        for number, (position, room) in standing.items():
            self.plan.place(number, position, room)

    def why_unplaced(self, number: int) -> list[TimetableReason]:
        """Return why the session was not placed beside the others."""
        reasons = why_nowhere(self.options, number)
        if reasons:
            return reasons
        session = self.options.sessions[number]
        starts = self.options.starts[number]
        lost = Counter(self.obstacle(number, start) for start in starts.values())
        if lost["none"]:
            return [TimetableReason(COULD_STILL_STAND, {"session": session.id})]
        counted: dict[str, str | int] = {
            "session": session.id,
            "starts": len(starts),
            "busy": lost["busy"],
            "full": lost["full"],
        }
        for sentence in dict.fromkeys(LOST_TO.values()):
            count = sum(lost[kind] for kind, theirs in LOST_TO.items() if theirs == sentence)
            if count:
                reasons.append(TimetableReason(sentence, {**counted, "count": count}))
        if lost["busy"] or lost["full"]:
            both = bool(reasons) or (lost["busy"] and lost["full"])
            sentence = NO_START_LEFT if both else PEOPLE_BUSY if lost["busy"] else ROOMS_FULL
            reasons.append(TimetableReason(sentence, counted))
        reasons.extend(self.who_is_busy(number))
        if lost["full"]:
            names = ", ".join(self.options.rooms[room].id for room in members(self.options.suitable[number]))
            reasons.append(TimetableReason(SUITABLE_ROOMS, {"rooms": names}))
        return reasons

    def obstacle(self, number: int, start: Start) -> str:
        """Return the obstacle at this time: busy, order, a rule of the day, full or none."""
        if self.plan.blocked[number] >> start.span.first & 1:
            return "busy" if self.met(number, start) else "order"
        limit = self.plan.over_limit(number, start)
        if limit is not None:
            return limit
        return "none" if self.plan.free_rooms(number, start) else "full"

    def met(self, number: int, start: Start) -> set[str]:
        """Return the people of the session who are in another session at this time."""
        starts, sessions = self.options.starts, self.options.sessions
        return {
            person
            for other in self.options.meetings.blocks[number]
            if other in self.plan.standing
            and starts[other][self.plan.standing[other][0]].span.shares_slot_with(start.span)
            for person in sessions[other].people & sessions[number].people
        }

    def who_is_busy(self, number: int) -> Iterator[TimetableReason]:
        starts = self.options.starts[number].values()
        busy = Counter(person for start in starts for person in self.met(number, start))
        if busy:
            person, count = min(busy.items(), key=lambda entry: (-entry[1], entry[0]))
            yield TimetableReason(PERSON_BUSY, {"person": person, "starts": count})
