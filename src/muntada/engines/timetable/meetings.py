"""Which pairs of sessions exclude each other, and at what times, according to the rules about pairs.

A set of times is a bit mask over slot positions. Sessions are identified by their position in the
problem.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from muntada.engines.timetable.layout import Layout, SessionSpan
from muntada.engines.timetable.problem import RoomSpec, SessionSpec
from muntada.engines.timetable.rules.book import Rulebook
from muntada.engines.timetable.rules.forms import ClashRule, MeetingRule

type Table = Sequence[int]  # by the position of one session: the excluded starts of the other


@dataclass(frozen=True, slots=True)
class PairReason:
    """The reasons two sessions exclude each other; pairs with the same lengths and reasons share tables."""

    clash: bool
    needed: int  # minutes between them for a person in both
    rules: tuple[tuple[MeetingRule, bool], ...]  # a rule, and whether it names the pair in reverse


class Meetings:
    def __init__(
        self, layout: Layout, book: Rulebook, rooms: Sequence[RoomSpec], suitable: Sequence[int]
    ) -> None:
        self.layout = layout
        self.book = book
        self.rooms = rooms
        self.suitable = suitable
        self.sessions = layout.problem.sessions
        self.pause = book.pause.needed(layout, "", 0)
        self.people = self._groups(book.person_clash)
        self.excluding = self._groups(book.exclusive)
        self._walks: dict[tuple[int, int], int] = {}
        self._near: dict[tuple[int, int, int], Sequence[tuple[int, int]]] = {}
        self.longest_walk = max(layout.problem.walks.values(), default=0)
        self.walkers = self._walkers()
        self.blocks: list[dict[int, Table]] = [{} for _ in self.sessions]
        self.careful: list[dict[int, Table]] = [{} for _ in self.sessions]  # for the longest walk
        self.ordered: list[tuple[int, int]] = []  # pairs kept apart by more than common people
        self._tables: dict[tuple[int, int, PairReason], tuple[Table, Table]] = {}
        for (first, second), ground in self._grounds():
            forth, back = self._table(self.sessions[first], self.sessions[second], ground)
            self.blocks[first][second] = forth
            self.blocks[second][first] = back
            if ground.rules or ground.needed > self.pause:
                self.ordered.append((first, second))
            farthest = self.farthest_walk(first, second) if (first, second) in self.walkers else 0
            if farthest > ground.needed:
                forth, back = self._table(
                    self.sessions[first], self.sessions[second], replace(ground, needed=farthest)
                )
                self.careful[first][second] = forth
                self.careful[second][first] = back

    def _groups(self, rule: ClashRule) -> list[tuple[int, ...]]:
        """Return the groups of sessions that share a holder; distinct, largest first."""
        held: dict[str, list[int]] = {}
        for number, session in enumerate(self.sessions):
            for holder in rule.holders(session, None):
                held.setdefault(holder, []).append(number)
        groups = {tuple(numbers) for numbers in held.values() if len(numbers) > 1}
        return sorted(groups, key=lambda numbers: (-len(numbers), numbers))

    def _walkers(self) -> dict[tuple[int, int], None]:
        """Return the pairs of sessions between which a person may have to walk, in problem order."""
        if not any(self.layout.problem.walks.values()):
            return {}
        number_of = {session.id: number for number, session in enumerate(self.sessions)}
        found = (
            (number_of[first], number_of[second]) for first, second in self.book.pause.pairs(self.layout)
        )
        return dict.fromkeys(pair for pair in found if self.walks(*pair))

    def walks(self, first: int, second: int) -> bool:
        shared = self.sessions[first].people & self.sessions[second].people
        return any(self.layout.goes_there(person) for person in shared)

    def _grounds(self) -> Iterator[tuple[tuple[int, int], PairReason]]:
        number_of = {session.id: number for number, session in enumerate(self.sessions)}
        rules: dict[tuple[int, int], list[tuple[MeetingRule, bool]]] = {}
        for rule in self.book.order:
            for first, second in rule.pairs(self.layout):
                pair = (number_of[first], number_of[second])
                turned = pair[0] > pair[1]
                rules.setdefault(pair[::-1] if turned else pair, []).append((rule, turned))
        sharing = pairs_of(self.people)
        clashing = dict.fromkeys([*sharing, *pairs_of(self.excluding)])
        for pair in dict.fromkeys([*clashing, *rules]):
            needed = self.pause if pair in sharing else 0
            if pair in self.walkers:
                needed = max(needed, self.least_walk(self.suitable[pair[0]], self.suitable[pair[1]]))
            yield pair, PairReason(pair in clashing, needed, tuple(rules.get(pair, ())))

    def least_walk(self, ours: int, theirs: int) -> int:
        """Return the shortest walk in minutes between two of these rooms."""
        if ours & theirs:
            return 0
        # The same few sets of rooms occur hundreds of thousands of times.
        if (ours, theirs) not in self._walks:
            self._walks[ours, theirs] = self._least_walk(ours, theirs)
        return self._walks[ours, theirs]

    def _least_walk(self, ours: int, theirs: int) -> int:
        first, second = (self._one_of_each_building(rooms) for rooms in (ours, theirs))
        return min((self.layout.walk(one, other) for one in first for other in second), default=0)

    def farthest_walk(self, first: int, second: int) -> int:
        """Return the longest walk in minutes between suitable rooms of these sessions."""
        ours, theirs = (self._one_of_each_building(self.suitable[number]) for number in (first, second))
        return max((self.layout.walk(one, other) for one in ours for other in theirs), default=0)

    def _one_of_each_building(self, rooms: int) -> list[RoomSpec]:
        chosen = {self.rooms[number].building: self.rooms[number] for number in members(rooms)}
        return list(chosen.values())

    def _table(self, first: SessionSpec, second: SessionSpec, ground: PairReason) -> tuple[Table, Table]:
        key = (first.minutes, second.minutes, ground)
        if key not in self._tables:
            count = len(self.layout.slots)
            forth, back = [0] * count, [0] * count
            for ours in range(count):
                for theirs in range(count):
                    spans = self.layout.span(first, ours), self.layout.span(second, theirs)
                    if self._at_odds(first, second, spans, ground):
                        forth[ours] |= 1 << theirs
                        back[theirs] |= 1 << ours
            self._tables[key] = (forth, back)
        return self._tables[key]

    def _at_odds(
        self,
        first: SessionSpec,
        second: SessionSpec,
        spans: tuple[SessionSpan, SessionSpan],
        ground: PairReason,
    ) -> bool:
        ours, theirs = spans
        if ours.shares_slot_with(theirs):
            if ground.clash:
                return True
        elif ours.minutes_to(theirs) < ground.needed:
            return True
        return any(
            rule.forbids(self.layout, (second, theirs), (first, ours))
            if turned
            else rule.forbids(self.layout, (first, ours), (second, theirs))
            for rule, turned in ground.rules
        )

    def too_far(self, ours: SessionSpan, rooms: int, theirs: SessionSpan, others: int) -> bool:
        """Return whether every walk between these rooms is too long for the time between."""
        if ours.shares_slot_with(theirs):
            return False
        minutes = ours.minutes_to(theirs)
        return minutes < self.longest_walk and minutes < self.least_walk(rooms, others)

    def near(self, first: int, second: int, position: int) -> Sequence[tuple[int, int]]:
        """Return the starts of the second session so close that some walk is too long, with the minutes.

        The first session starts at `position`; the two share no slot.
        """
        ours, theirs = self.sessions[first], self.sessions[second]
        key = (ours.minutes, theirs.minutes, position)
        if key not in self._near:
            span = self.layout.span(ours, position)
            others = ((at, self.layout.span(theirs, at)) for at in range(len(self.layout.slots)))
            apart = ((at, span.minutes_to(other)) for at, other in others if not span.shares_slot_with(other))
            self._near[key] = [(at, minutes) for at, minutes in apart if minutes < self.longest_walk]
        return self._near[key]

    def in_reach(self, ours: SessionSpan, rooms: int, theirs: SessionSpan, room: int) -> int:
        """Return those of the rooms from which the other room can be reached in time."""
        if ours.shares_slot_with(theirs):
            return rooms
        minutes = ours.minutes_to(theirs)
        if minutes >= self.longest_walk:
            return rooms
        return sum(1 << one for one in members(rooms) if minutes >= self.least_walk(1 << one, 1 << room))

    def held(self, span: SessionSpan) -> Iterator[int]:
        """Yield the slots in which the people of a session cannot start another: its own and the pause."""
        yield from span.slots
        for position in range(span.stop, len(self.layout.slots)):
            if span.minutes_to(self.layout.span_of_slot(position)) >= self.pause:
                return
            yield position


def pairs_of(groups: Iterable[tuple[int, ...]]) -> dict[tuple[int, int], None]:
    """Return all pairs within the groups, lower number first."""
    return dict.fromkeys(
        (first, second) for group in groups for at, first in enumerate(group) for second in group[at + 1 :]
    )


def members(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
