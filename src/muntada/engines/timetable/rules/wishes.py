"""Wishes: soft rules, with the cost of breaking them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from muntada.engines.reasons import gettext_noop, ngettext_noop
from muntada.engines.timetable.layout import Layout, PlacedSession, SessionSpan
from muntada.engines.timetable.plan import Tier, TimetableReason, Violation
from muntada.engines.timetable.problem import RoomSpec, SessionSpec
from muntada.engines.timetable.rules.forms import CrowdRule, RoomRule, TimeRule, TimetableRule

TENS = 10


class StaysPublished(TimetableRule):
    name = "stays-published"
    tier = Tier.MOVE
    ELSEWHERE = gettext_noop("%(session)s moves from %(room)s, slot %(slot)s, where it was published.")
    NOWHERE = gettext_noop("%(session)s was published in %(room)s, slot %(slot)s, and has no place now.")

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
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
                    yield self.violation(
                        TimetableReason(sentence, params), amount=1, sessions=[published.session]
                    )


class StaysNear(TimeRule):
    """Among equally few moves, prefer another room to another time, and another time to another day."""

    name = "stays-near"
    tier = Tier.WISH
    OTHER_TIME = gettext_noop("%(session)s was published in the slot %(slot)s and stands at another time.")
    OTHER_DAY = gettext_noop("%(session)s was published in the slot %(slot)s and stands on another day.")

    def objections(self, layout: Layout, session: SessionSpec, span: SessionSpan) -> Iterator[Violation]:
        published = layout.published.get(session.id)
        position = None if published is None else layout.position.get(published.slot)
        if published is not None and position is not None and position != span.first:
            other_day = layout.days[position] != span.day
            sentence = self.OTHER_DAY if other_day else self.OTHER_TIME
            reason = TimetableReason(sentence, {"session": session.id, "slot": published.slot})
            yield self.violation(reason, amount=2 if other_day else 1, sessions=[session.id])


DAYTIME = (time(8), time(21))
BEFORE, AFTER = 60, 120  # tolerable minutes before and after the convenient hours


@lru_cache(maxsize=100_000)
def discomfort(start: datetime, end: datetime, zone: str, hours: tuple[time, time] = DAYTIME) -> int:
    """Return the inconvenience of taking part at this time in that zone.

    0 within the convenient hours (default 8 to 21 h), 1 from an hour before to two hours after, else
    10.
    """
    local = ZoneInfo(zone)
    first, last = start.astimezone(local), end.astimezone(local)
    if first.date() == last.date():
        begins, ends = minute_of(first), minute_of(last)
        earliest, latest = minute_of(hours[0]), minute_of(hours[1])
        if begins >= earliest and ends <= latest:
            return 0
        if begins >= earliest - BEFORE and ends <= latest + AFTER:
            return 1
    return 10


def minute_of(moment: datetime | time) -> int:
    return moment.hour * 60 + moment.minute


class ComfortableHours(TimeRule):
    name = "comfortable-hours"
    tier = Tier.WISH
    SENTENCE = gettext_noop(
        "%(person)s takes part from %(zone)s, where %(session)s is from %(start)s to %(end)s."
    )

    def objections(self, layout: Layout, session: SessionSpec, span: SessionSpan) -> Iterator[Violation]:
        for name in sorted(session.people):
            person = layout.people.get(name)
            if person is None or person.zone is None:
                continue
            amount = discomfort(span.start, span.end, person.zone, person.comfort or DAYTIME)
            if amount:
                zone = ZoneInfo(person.zone)
                params: dict[str, str | int] = {
                    "person": name,
                    "zone": person.zone,
                    "session": session.id,
                    "start": f"{span.start.astimezone(zone):%H:%M}",
                    "end": f"{span.end.astimezone(zone):%H:%M}",
                }
                reason = TimetableReason(self.SENTENCE, params)
                yield self.violation(reason, amount=amount, sessions=[session.id], people=[name])


class TracksApart(CrowdRule):
    name = "tracks-apart"
    tier = Tier.WISH
    by_day = False
    SENTENCE = ngettext_noop(
        "%(count)d session of the track %(track)s is in the slot %(slot)s: %(sessions)s.",
        "%(count)d sessions of the track %(track)s are in the slot %(slot)s: %(sessions)s.",
    )

    def keys(self, layout: Layout, session: SessionSpec) -> Collection[str]:  # noqa: ARG002
        return () if session.track is None else (session.track,)

    def allowance(self, layout: Layout, key: str) -> int:  # noqa: ARG002
        return 1

    def crowd(self, key: str, layout: Layout, crowd: Sequence[PlacedSession], allowance: int) -> Violation:
        sessions = [one.session.id for one in crowd]
        latest = max(one.span.first for one in crowd)
        params: dict[str, str | int] = {
            "count": len(crowd),
            "track": key,
            "slot": layout.slots[latest].id,
            "sessions": ", ".join(sessions),
        }
        return self.violation(
            TimetableReason(self.SENTENCE, params), amount=len(crowd) - allowance, sessions=sessions
        )


class LinesSpread(CrowdRule):
    name = "lines-spread"
    tier = Tier.WISH
    by_day = True
    SENTENCE = ngettext_noop(
        "%(count)d session on the line %(line)s is on %(day)s; spread evenly it would be %(even)d.",
        "%(count)d sessions on the line %(line)s are on %(day)s; spread evenly it would be %(even)d.",
    )

    def keys(self, layout: Layout, session: SessionSpec) -> Collection[str]:  # noqa: ARG002
        return session.lines

    def allowance(self, layout: Layout, key: str) -> int:
        return -(-layout.line_counts[key] // layout.day_count)

    def crowd(self, key: str, layout: Layout, crowd: Sequence[PlacedSession], allowance: int) -> Violation:  # noqa: ARG002
        day = crowd[0].span.day.isoformat()
        params: dict[str, str | int] = {"count": len(crowd), "line": key, "day": day, "even": allowance}
        sessions = [one.session.id for one in crowd]
        return self.violation(
            TimetableReason(self.SENTENCE, params), amount=len(crowd) - allowance, sessions=sessions
        )


class GroupsSpread(CrowdRule):
    name = "groups-spread"
    tier = Tier.WISH
    by_day = True
    SENTENCE = ngettext_noop(
        "%(count)d session with %(group)s on stage is on %(day)s; spread evenly it would be %(even)d.",
        "%(count)d sessions with %(group)s on stage are on %(day)s; spread evenly it would be %(even)d.",
    )

    def keys(self, layout: Layout, session: SessionSpec) -> Collection[str]:  # noqa: ARG002
        return session.groups

    def allowance(self, layout: Layout, key: str) -> int:
        return -(-layout.group_counts[key] // layout.day_count)

    def crowd(self, key: str, layout: Layout, crowd: Sequence[PlacedSession], allowance: int) -> Violation:  # noqa: ARG002
        day = crowd[0].span.day.isoformat()
        params: dict[str, str | int] = {"count": len(crowd), "group": key, "day": day, "even": allowance}
        sessions = [one.session.id for one in crowd]
        return self.violation(
            TimetableReason(self.SENTENCE, params), amount=len(crowd) - allowance, sessions=sessions
        )


class LinesMustSpread(LinesSpread):
    """The same as a hard rule, if the forum wants it."""

    name = "lines-must-spread"
    tier = Tier.HARD


class GroupsMustSpread(GroupsSpread):
    name = "groups-must-spread"
    tier = Tier.HARD


class FavouritesApart(CrowdRule):
    """An attendee who marked several sessions in one slot misses all but one; reported per slot, unnamed."""

    name = "favourites-apart"
    tier = Tier.WISH
    by_day = False
    SENTENCE = ngettext_noop(
        "In the slot %(slot)s attendees have to miss %(count)d session that they marked.",
        "In the slot %(slot)s attendees have to miss %(count)d sessions that they marked.",
    )

    def keys(self, layout: Layout, session: SessionSpec) -> Collection[str]:
        return layout.fans.get(session.id, ())

    def allowance(self, layout: Layout, key: str) -> int:  # noqa: ARG002
        return 1

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
        there: dict[int, list[PlacedSession]] = defaultdict(list)
        for one in placed:
            for position in one.span.slots:
                there[position].append(one)
        for position in sorted(there):
            marks = Counter(key for one in there[position] for key in self.keys(layout, one.session))
            missed = sum(count - 1 for count in marks.values())
            if missed:
                yield self.missed(layout, position, missed, there[position])

    def times(self, violation: Violation) -> int:
        return violation.amount

    def missed(self, layout: Layout, position: int, missed: int, crowd: Sequence[PlacedSession]) -> Violation:
        reason = TimetableReason(self.SENTENCE, {"slot": layout.slots[position].id, "count": missed})
        return self.violation(reason, amount=missed, sessions=[one.session.id for one in crowd])

    def crowd(self, key: str, layout: Layout, crowd: Sequence[PlacedSession], allowance: int) -> Violation:  # noqa: ARG002
        position = max(one.span.first for one in crowd)
        return self.missed(layout, position, len(crowd) - allowance, crowd)


class PairsApart(TimetableRule):
    """Two sessions with a common audience; the only rule of its form."""

    name = "pairs-apart"
    tier = Tier.WISH
    SENTENCE = ngettext_noop(
        "%(session)s and %(other)s are at the same time; %(count)d person wishes to hear both.",
        "%(session)s and %(other)s are at the same time; %(count)d people wish to hear both.",
    )

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
        spans = {one.session.id: one.span for one in placed}
        for (first, second), count in layout.problem.pairs.items():
            if count and first in spans and second in spans and spans[first].shares_slot_with(spans[second]):
                reason = TimetableReason(self.SENTENCE, {"session": first, "other": second, "count": count})
                yield self.violation(reason, amount=count, sessions=(first, second))


class RoomFits(RoomRule):
    """Empty seats cost the square of their tens, so full sessions get the large rooms."""

    name = "room-fits"
    tier = Tier.FIT
    SENTENCE = ngettext_noop(
        "%(session)s expects %(audience)d person in %(room)s. Seats: %(seats)d.",
        "%(session)s expects %(audience)d people in %(room)s. Seats: %(seats)d.",
    )

    def objections(self, session: SessionSpec, room: RoomSpec) -> Iterator[Violation]:
        empty = room.seats - session.audience
        if session.audience and empty >= TENS:
            params: dict[str, str | int] = {
                "session": session.id,
                "audience": session.audience,
                "room": room.id,
                "seats": room.seats,
            }
            yield self.violation(
                TimetableReason(self.SENTENCE, params),
                amount=empty,
                price=(empty // TENS) ** 2,
                sessions=[session.id],
                rooms=[room.id],
            )
