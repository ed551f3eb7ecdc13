"""The forms of rules: what a rule depends on, so that solver and evaluator can handle all of its form."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from itertools import combinations
from typing import ClassVar

from muntada.engines.timetable.layout import Layout, PlacedSession, SessionSpan
from muntada.engines.timetable.plan import Tier, TimetableReason, Violation
from muntada.engines.timetable.problem import RoomSpec, SessionSpec


class TimetableRule(ABC):
    name: ClassVar[str]
    tier: ClassVar[Tier]

    def __init__(self, weight: int = 0) -> None:
        self.weight = weight

    @abstractmethod
    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]: ...

    def times(self, violation: Violation) -> int:  # noqa: ARG002
        """Return how many cases this violation stands for; 1 unless it combines several."""
        return 1

    def violation(
        self,
        reason: TimetableReason,
        *,
        amount: int,
        price: int | None = None,
        sessions: Collection[str] = (),
        people: Collection[str] = (),
        rooms: Collection[str] = (),
    ) -> Violation:
        """Return a violation; its cost is its amount, or `price` if that differs, times the weight."""
        return Violation(
            rule=self.name,
            tier=self.tier,
            amount=amount,
            cost=self.weight * (amount if price is None else price),
            reason=reason,
            sessions=tuple(sessions),
            people=tuple(people),
            rooms=tuple(rooms),
        )


class TimeRule(TimetableRule):
    """A rule about one session and its slots."""

    @abstractmethod
    def objections(self, layout: Layout, session: SessionSpec, span: SessionSpan) -> Iterator[Violation]: ...

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
        for one in placed:
            yield from self.objections(layout, one.session, one.span)


class RoomRule(TimetableRule):
    """A rule about one session and its room."""

    @abstractmethod
    def objections(self, session: SessionSpec, room: RoomSpec) -> Iterator[Violation]: ...

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:  # noqa: ARG002
        for one in placed:
            yield from self.objections(one.session, one.room)


class MeetingRule(TimetableRule):
    """A rule about two sessions and their times and rooms."""

    @abstractmethod
    def pairs(self, layout: Layout) -> Collection[tuple[str, str]]:
        """Return the pairs of sessions the rule applies to, by id."""

    @abstractmethod
    def objections(self, layout: Layout, first: PlacedSession, second: PlacedSession) -> Iterator[Violation]:
        """Yield the violations of a pair, in the order given by `pairs`."""

    @abstractmethod
    def forbids(
        self, layout: Layout, first: tuple[SessionSpec, SessionSpan], second: tuple[SessionSpec, SessionSpan]
    ) -> bool:
        """Return whether these times break the rule in any rooms."""

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
        stands = {one.session.id: one for one in placed}
        for first, second in self.pairs(layout):
            if first in stands and second in stands:
                yield from self.objections(layout, stands[first], stands[second])


class ClashRule(TimetableRule):
    """A rule that no holder (person, room ...) is in two sessions in one slot."""

    @abstractmethod
    def clash(self, holder: str, first: PlacedSession, second: PlacedSession, slots: int) -> Violation: ...

    @abstractmethod
    def holders(self, session: SessionSpec, room: RoomSpec | None) -> Collection[str]:
        """Return what the session holds, as far as known without a room."""

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:  # noqa: ARG002
        held: dict[str, list[PlacedSession]] = defaultdict(list)
        for one in placed:
            for holder in self.holders(one.session, one.room):
                held[holder].append(one)
        for holder in sorted(held):
            for first, second in combinations(held[holder], 2):
                yield from self.at_once(holder, first, second)

    def at_once(self, holder: str, first: PlacedSession, second: PlacedSession) -> Iterator[Violation]:
        if first.session.id != second.session.id and first.span.shares_slot_with(second.span):
            slots = min(first.span.stop, second.span.stop) - max(first.span.first, second.span.first)
            yield self.clash(holder, first, second, slots)

    def between(self, first: PlacedSession, second: PlacedSession) -> Iterator[Violation]:
        """Yield the violations between the two."""
        shared = set(self.holders(first.session, first.room)) & set(self.holders(second.session, second.room))
        for holder in sorted(shared):
            yield from self.at_once(holder, first, second)


class CrowdRule(TimetableRule):
    """At most a number of sessions with a common property per period; more at a cost.

    In the hard tier, more are not allowed.
    """

    by_day: ClassVar[bool]  # the periods are days, otherwise slots

    @abstractmethod
    def keys(self, layout: Layout, session: SessionSpec) -> Collection[str]: ...

    def stretches(self, span: SessionSpan) -> Collection[Hashable]:
        return (span.day,) if self.by_day else span.slots

    @abstractmethod
    def allowance(self, layout: Layout, key: str) -> int: ...

    @abstractmethod
    def crowd(
        self, key: str, layout: Layout, crowd: Sequence[PlacedSession], allowance: int
    ) -> Violation: ...

    def violations(self, layout: Layout, placed: Sequence[PlacedSession]) -> Iterator[Violation]:
        crowds: dict[tuple[str, Hashable], list[PlacedSession]] = defaultdict(list)
        for one in placed:
            for key in sorted(self.keys(layout, one.session)):
                for stretch in self.stretches(one.span):
                    crowds[key, stretch].append(one)
        for (key, _stretch), crowd in crowds.items():
            allowance = self.allowance(layout, key)
            if len(crowd) > allowance:
                yield self.crowd(key, layout, crowd, allowance)
