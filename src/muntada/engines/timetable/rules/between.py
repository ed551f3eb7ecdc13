"""Hard rules about two sessions: order, pauses, walks, and sets kept apart."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import combinations

from muntada.engines.reasons import gettext_noop, ngettext_noop
from muntada.engines.timetable.layout import Layout, PlacedSession, SessionSpan
from muntada.engines.timetable.plan import Tier, TimetableReason, Violation
from muntada.engines.timetable.problem import RoomSpec, SessionSpec
from muntada.engines.timetable.rules.forms import ClashRule, CrowdRule, MeetingRule


class ComesAfter(MeetingRule):
    name = "comes-after"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(other)s is to start when %(session)s has ended, not before.")

    def pairs(self, layout: Layout) -> Collection[tuple[str, str]]:
        return layout.follows

    def forbids(
        self,
        layout: Layout,  # noqa: ARG002
        first: tuple[SessionSpec, SessionSpan],
        second: tuple[SessionSpec, SessionSpan],
    ) -> bool:
        return second[1].start < first[1].end

    def objections(self, layout: Layout, first: PlacedSession, second: PlacedSession) -> Iterator[Violation]:
        if self.forbids(layout, (first.session, first.span), (second.session, second.span)):
            sessions = (first.session.id, second.session.id)
            reason = TimetableReason(self.SENTENCE, {"session": sessions[0], "other": sessions[1]})
            yield self.violation(reason, amount=1, sessions=sessions)


class SeriesOnOneDay(MeetingRule):
    name = "series-on-one-day"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(session)s and %(other)s are parts of one series and belong on one day.")

    def pairs(self, layout: Layout) -> Collection[tuple[str, str]]:
        every = [
            pair for one in layout.problem.series if one.same_day for pair in combinations(one.sessions, 2)
        ]
        return tuple(dict.fromkeys(every))

    def forbids(
        self,
        layout: Layout,  # noqa: ARG002
        first: tuple[SessionSpec, SessionSpan],
        second: tuple[SessionSpec, SessionSpan],
    ) -> bool:
        return first[1].day != second[1].day

    def objections(self, layout: Layout, first: PlacedSession, second: PlacedSession) -> Iterator[Violation]:
        if self.forbids(layout, (first.session, first.span), (second.session, second.span)):
            sessions = (first.session.id, second.session.id)
            reason = TimetableReason(self.SENTENCE, {"session": sessions[0], "other": sessions[1]})
            yield self.violation(reason, amount=1, sessions=sessions)


class PersonPause(MeetingRule):
    """Between two sessions of a person there is the pause, and the time to walk.

    People online do not walk. Two sessions that share a slot are a clash and not counted here.
    """

    name = "person-pause"
    tier = Tier.HARD
    SENTENCE = ngettext_noop(
        "%(person)s has %(minutes)d minute between %(session)s and %(other)s; %(needed)d are needed.",
        "%(person)s has %(minutes)d minutes between %(session)s and %(other)s; %(needed)d are needed.",
    )

    def pairs(self, layout: Layout) -> Collection[tuple[str, str]]:
        problem = layout.problem
        if not problem.pause and not any(problem.walks.values()):
            return ()
        held: dict[str, list[str]] = {}
        for session in problem.sessions:
            for person in session.people:
                held.setdefault(person, []).append(session.id)
        # in the order of the problem, independent of the order of sets
        found = {pair for sessions in held.values() for pair in combinations(sessions, 2)}
        order = {session.id: number for number, session in enumerate(problem.sessions)}
        return sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))

    def needed(self, layout: Layout, person: str, walk: int) -> int:
        pause = -(-layout.problem.pause.total_seconds() // 60)
        return max(int(pause), walk if layout.goes_there(person) else 0)

    def forbids(
        self, layout: Layout, first: tuple[SessionSpec, SessionSpan], second: tuple[SessionSpec, SessionSpan]
    ) -> bool:
        pause = self.needed(layout, "", 0)
        return not first[1].shares_slot_with(second[1]) and first[1].minutes_to(second[1]) < pause

    def objections(self, layout: Layout, first: PlacedSession, second: PlacedSession) -> Iterator[Violation]:
        if first.span.shares_slot_with(second.span):
            return
        minutes = first.span.minutes_to(second.span)
        walk = layout.walk(first.room, second.room)
        for person in sorted(first.session.people & second.session.people):
            needed = self.needed(layout, person, walk)
            if minutes < needed:
                sessions = (first.session.id, second.session.id)
                params: dict[str, str | int] = {
                    "person": person,
                    "minutes": minutes,
                    "session": sessions[0],
                    "other": sessions[1],
                    "needed": needed,
                }
                reason = TimetableReason(self.SENTENCE, params)
                yield self.violation(reason, amount=needed - minutes, sessions=sessions, people=[person])


class Exclusive(ClashRule):
    name = "exclusive"
    tier = Tier.HARD
    SENTENCE = gettext_noop("%(session)s and %(other)s exclude each other and are at the same time.")

    def holders(self, session: SessionSpec, room: RoomSpec | None) -> Collection[str]:  # noqa: ARG002
        return session.exclusive

    def clash(self, holder: str, first: PlacedSession, second: PlacedSession, slots: int) -> Violation:  # noqa: ARG002
        sessions = (first.session.id, second.session.id)
        reason = TimetableReason(self.SENTENCE, {"session": sessions[0], "other": sessions[1]})
        return self.violation(reason, amount=slots, sessions=sessions)


class OrganiserDay(CrowdRule):
    name = "organiser-day"
    tier = Tier.HARD
    by_day = True
    SENTENCE = ngettext_noop(
        "%(organiser)s would have %(count)d session on %(day)s; at most %(most)d are allowed: %(sessions)s.",
        "%(organiser)s would have %(count)d sessions on %(day)s; at most %(most)d are allowed: %(sessions)s.",
    )

    def keys(self, layout: Layout, session: SessionSpec) -> Collection[str]:
        return () if layout.problem.organiser_limit is None else session.organisers

    def allowance(self, layout: Layout, key: str) -> int:  # noqa: ARG002
        return layout.problem.organiser_limit or 0

    def crowd(self, key: str, layout: Layout, crowd: Sequence[PlacedSession], allowance: int) -> Violation:  # noqa: ARG002
        day: date = crowd[0].span.day
        sessions = [one.session.id for one in crowd]
        params: dict[str, str | int] = {
            "organiser": key,
            "count": len(crowd),
            "day": day.isoformat(),
            "most": allowance,
            "sessions": ", ".join(sessions),
        }
        return self.violation(
            TimetableReason(self.SENTENCE, params), amount=len(crowd) - allowance, sessions=sessions
        )
