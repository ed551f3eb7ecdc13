"""What should not happen, and what it costs when it does."""

from collections.abc import Collection, Hashable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable.layout import Layout, Placed, Span
from muntada.engines.timetable.plan import Reason, Tier, Violation
from muntada.engines.timetable.problem import Room, Session
from muntada.engines.timetable.rules.forms import CrowdRule, RoomRule, Rule, TimeRule

TENS = 10


class StaysPublished(Rule):
    name = "stays-published"
    tier = Tier.MOVE
    ELSEWHERE = gettext_noop("%(session)s moves from %(room)s, slot %(slot)s, where it was published.")
    NOWHERE = gettext_noop("%(session)s was published in %(room)s, slot %(slot)s, and has no place now.")

    def violations(self, layout: Layout, placed: Sequence[Placed]) -> Iterator[Violation]:
        stands = {one.session.id: (layout.slots[one.span.first].id, one.room.id) for one in placed}
        for published in layout.problem.published:
            if published.session in layout.sessions:
                place = stands.get(published.session)
                if place != (published.slot, published.room):
                    sentence = self.NOWHERE if place is None else self.ELSEWHERE
                    params: dict[str, str | int] = {
                        "session": published.session,
                        "room": published.room,
                        "slot": published.slot,
                    }
                    yield self.violation(Reason(sentence, params), amount=1, sessions=[published.session])


@lru_cache(maxsize=100_000)
def discomfort(start: datetime, end: datetime, zone: str) -> int:
    """How hard it is to take part at this time in that zone: 0 from 8 to 21 h, 1 from 7 to 23 h, else 10."""
    local = ZoneInfo(zone)
    first, last = start.astimezone(local), end.astimezone(local)
    if first.date() == last.date():
        begins, ends = first.hour * 60 + first.minute, last.hour * 60 + last.minute
        if begins >= 8 * 60 and ends <= 21 * 60:
            return 0
        if begins >= 7 * 60 and ends <= 23 * 60:
            return 1
    return 10


class ComfortableHours(TimeRule):
    name = "comfortable-hours"
    tier = Tier.WISH
    SENTENCE = gettext_noop(
        "%(person)s takes part from %(zone)s, where %(session)s is from %(start)s to %(end)s."
    )

    def objections(self, layout: Layout, session: Session, span: Span) -> Iterator[Violation]:
        for name in sorted(session.people):
            person = layout.people.get(name)
            if person is None or person.zone is None:
                continue
            amount = discomfort(span.start, span.end, person.zone)
            if amount:
                zone = ZoneInfo(person.zone)
                params: dict[str, str | int] = {
                    "person": name,
                    "zone": person.zone,
                    "session": session.id,
                    "start": f"{span.start.astimezone(zone):%H:%M}",
                    "end": f"{span.end.astimezone(zone):%H:%M}",
                }
                reason = Reason(self.SENTENCE, params)
                yield self.violation(reason, amount=amount, sessions=[session.id], people=[name])


class TracksApart(CrowdRule):
    name = "tracks-apart"
    tier = Tier.WISH
    SENTENCE = gettext_noop(
        "%(count)d sessions of the track %(track)s are in the slot %(slot)s: %(sessions)s."
    )

    def keys(self, session: Session) -> Collection[str]:
        return () if session.track is None else (session.track,)

    def stretches(self, layout: Layout, span: Span) -> Collection[Hashable]:  # noqa: ARG002
        return span.slots

    def allowance(self, layout: Layout, key: str) -> int:  # noqa: ARG002
        return 1

    def crowd(self, key: str, layout: Layout, crowd: Sequence[Placed], allowance: int) -> Violation:
        sessions = [one.session.id for one in crowd]
        latest = max(one.span.first for one in crowd)
        params: dict[str, str | int] = {
            "count": len(crowd),
            "track": key,
            "slot": layout.slots[latest].id,
            "sessions": ", ".join(sessions),
        }
        return self.violation(Reason(self.SENTENCE, params), amount=len(crowd) - allowance, sessions=sessions)


class LinesSpread(CrowdRule):
    name = "lines-spread"
    tier = Tier.WISH
    SENTENCE = gettext_noop(
        "%(count)d sessions on the line %(line)s are on %(day)s; spread evenly it would be %(even)d."
    )

    def keys(self, session: Session) -> Collection[str]:
        return session.lines

    def stretches(self, layout: Layout, span: Span) -> Collection[Hashable]:  # noqa: ARG002
        return (span.day,)

    def allowance(self, layout: Layout, key: str) -> int:
        sessions = sum(key in session.lines for session in layout.problem.sessions)
        return -(-sessions // layout.day_count)

    def crowd(self, key: str, layout: Layout, crowd: Sequence[Placed], allowance: int) -> Violation:  # noqa: ARG002
        day = crowd[0].span.day.isoformat()
        params: dict[str, str | int] = {"count": len(crowd), "line": key, "day": day, "even": allowance}
        sessions = [one.session.id for one in crowd]
        return self.violation(Reason(self.SENTENCE, params), amount=len(crowd) - allowance, sessions=sessions)


class PairsApart(Rule):
    """Two sessions that the same people wish to hear; the one rule of its form."""

    name = "pairs-apart"
    tier = Tier.WISH
    SENTENCE = gettext_noop(
        "%(session)s and %(other)s are at the same time; %(count)d people wish to hear both."
    )

    def violations(self, layout: Layout, placed: Sequence[Placed]) -> Iterator[Violation]:
        spans = {one.session.id: one.span for one in placed}
        for (first, second), count in layout.problem.pairs.items():
            if count and first in spans and second in spans and spans[first].shares_slot_with(spans[second]):
                reason = Reason(self.SENTENCE, {"session": first, "other": second, "count": count})
                yield self.violation(reason, amount=count, sessions=(first, second))


class RoomFits(RoomRule):
    """Empty seats cost by the square of their tens, so that full sessions get the large rooms."""

    name = "room-fits"
    tier = Tier.FIT
    SENTENCE = gettext_noop("%(session)s expects %(audience)d people in %(room)s, which has %(seats)d seats.")

    def objections(self, session: Session, room: Room) -> Iterator[Violation]:
        empty = room.seats - session.audience
        if session.audience and empty >= TENS:
            params: dict[str, str | int] = {
                "session": session.id,
                "audience": session.audience,
                "room": room.id,
                "seats": room.seats,
            }
            yield self.violation(
                Reason(self.SENTENCE, params),
                amount=empty,
                price=(empty // TENS) ** 2,
                sessions=[session.id],
                rooms=[room.id],
            )
