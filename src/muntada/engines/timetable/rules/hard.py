"""Hard rules."""

from collections.abc import Collection, Iterator, Sequence

from muntada.engines.reasons import gettext_noop, ngettext_noop
from muntada.engines.timetable.layout import Layout, PlacedSession, SessionSpan
from muntada.engines.timetable.plan import Tier, TimetableReason, Violation
from muntada.engines.timetable.problem import PersonSpec, RoomSpec, SessionSpec
from muntada.engines.timetable.rules.forms import ClashRule, RoomRule, TimeRule, TimetableRule


class FitsSlots(TimeRule):
    name = "fits-slots"
    tier = Tier.HARD
    SENTENCE = ngettext_noop(
        "%(session)s lasts %(minutes)d minute, which does not fit in one run from the slot %(slot)s on.",
        "%(session)s lasts %(minutes)d minutes, which do not fit in one run from the slot %(slot)s on.",
    )

    def objections(self, layout: Layout, session: SessionSpec, span: SessionSpan) -> Iterator[Violation]:
        if not span.fits:
            slot = layout.slots[span.first].id
            reason = TimetableReason(
                self.SENTENCE, {"session": session.id, "minutes": session.minutes, "slot": slot}
            )
            yield self.violation(reason, amount=1, sessions=[session.id])


class PersonAvailable(TimeRule):
    name = "person-available"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(person)s is not available when %(session)s takes place.")

    def objections(self, layout: Layout, session: SessionSpec, span: SessionSpan) -> Iterator[Violation]:
        for name in sorted(session.people):
            person = layout.people.get(name)
            if person is not None and not self.there(person, span):
                reason = TimetableReason(self.SENTENCE, {"person": name, "session": session.id})
                yield self.violation(reason, amount=1, sessions=[session.id], people=[name])

    def there(self, person: PersonSpec, span: SessionSpan) -> bool:
        if any(period.overlaps(span.start, span.end) for period in person.unavailable):
            return False
        return not person.available or any(period.holds(span.start, span.end) for period in person.available)


class LockedSlot(TimeRule):
    name = "locked-slot"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(session)s is locked to the slot %(slot)s.")

    def objections(self, layout: Layout, session: SessionSpec, span: SessionSpan) -> Iterator[Violation]:
        if session.locked is not None and layout.slots[span.first].id != session.locked.slot:
            reason = TimetableReason(self.SENTENCE, {"session": session.id, "slot": session.locked.slot})
            yield self.violation(reason, amount=1, sessions=[session.id])


class RoomLargeEnough(RoomRule):
    name = "room-large-enough"
    tier = Tier.HARD
    SENTENCE = ngettext_noop(
        "%(room)s has %(seats)d seat. Expected at %(session)s: %(audience)d.",
        "%(room)s has %(seats)d seats. Expected at %(session)s: %(audience)d.",
    )

    def objections(self, session: SessionSpec, room: RoomSpec) -> Iterator[Violation]:
        if room.seats < session.audience:
            params: dict[str, str | int] = {
                "room": room.id,
                "seats": room.seats,
                "session": session.id,
                "audience": session.audience,
            }
            missing = session.audience - room.seats
            yield self.violation(
                TimetableReason(self.SENTENCE, params), amount=missing, sessions=[session.id], rooms=[room.id]
            )


class RoomHasService(RoomRule):
    name = "room-has-service"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(session)s needs %(service)s, which %(room)s does not have.")

    def objections(self, session: SessionSpec, room: RoomSpec) -> Iterator[Violation]:
        for service in sorted(session.needs - room.services):
            reason = TimetableReason(
                self.SENTENCE, {"session": session.id, "service": service, "room": room.id}
            )
            yield self.violation(reason, amount=1, sessions=[session.id], rooms=[room.id])


class LockedRoom(RoomRule):
    name = "locked-room"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(session)s is locked to the room %(room)s.")

    def objections(self, session: SessionSpec, room: RoomSpec) -> Iterator[Violation]:
        if session.locked is not None and session.locked.room not in {None, room.id}:
            locked = str(session.locked.room)
            reason = TimetableReason(self.SENTENCE, {"session": session.id, "room": locked})
            yield self.violation(reason, amount=1, sessions=[session.id], rooms=[locked])


class RoomOpen(TimetableRule):
    """A rule about a room and the slots it is used in; the only one of its form."""

    name = "room-open"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(room)s is closed in the slot %(slot)s, in which %(session)s needs it.")

    def closed_slots(self, layout: Layout, room: RoomSpec, span: SessionSpan) -> list[str]:
        closed = layout.closed(room)
        return [layout.slots[position].id for position in span.slots if position in closed]

    def objections(
        self, layout: Layout, session: SessionSpec, span: SessionSpan, room: RoomSpec
    ) -> Iterator[Violation]:
        closed = self.closed_slots(layout, room, span)
        if closed:
            reason = TimetableReason(
                self.SENTENCE, {"room": room.id, "slot": closed[0], "session": session.id}
            )
            yield self.violation(reason, amount=len(closed), sessions=[session.id], rooms=[room.id])

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
        for one in placed:
            yield from self.objections(layout, one.session, one.span, one.room)


class PersonClash(ClashRule):
    name = "person-clash"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(person)s would be in %(session)s and %(other)s at the same time.")

    def holders(self, session: SessionSpec, room: RoomSpec | None) -> Collection[str]:  # noqa: ARG002
        return session.people

    def clash(self, holder: str, first: PlacedSession, second: PlacedSession, slots: int) -> Violation:
        sessions = (first.session.id, second.session.id)
        reason = TimetableReason(
            self.SENTENCE, {"person": holder, "session": sessions[0], "other": sessions[1]}
        )
        return self.violation(reason, amount=slots, sessions=sessions, people=[holder])


class RoomClash(ClashRule):
    name = "room-clash"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(session)s and %(other)s would be in %(room)s at the same time.")

    def holders(self, session: SessionSpec, room: RoomSpec | None) -> Collection[str]:  # noqa: ARG002
        return () if room is None else (room.id,)

    def clash(self, holder: str, first: PlacedSession, second: PlacedSession, slots: int) -> Violation:
        sessions = (first.session.id, second.session.id)
        reason = TimetableReason(
            self.SENTENCE, {"room": holder, "session": sessions[0], "other": sessions[1]}
        )
        return self.violation(reason, amount=slots, sessions=sessions, rooms=[holder])


class PlacedOnce(TimetableRule):
    name = "placed-once"
    tier = Tier.HARD
    SENTENCE = ngettext_noop(
        "%(session)s is placed %(times)d time.", "%(session)s is placed %(times)d times."
    )

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
        times: dict[str, int] = dict.fromkeys(layout.sessions, 0)
        for one in placed:
            times[one.session.id] += 1
        for session, count in times.items():
            if count > 1:
                reason = TimetableReason(self.SENTENCE, {"session": session, "times": count})
                yield self.violation(reason, amount=count - 1, sessions=[session])
