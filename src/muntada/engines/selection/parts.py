"""The parts of the search, by the number of chosen requests in each scope of shares."""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf

from muntada.engines.selection.matrix import Relaxed
from muntada.engines.selection.problem import MINUTES, BalanceRule, Condition, SelectionProblem, Unit, exact
from muntada.engines.selection.rows import ConditionRow, meant


@dataclass(frozen=True, slots=True)
class ShareScope:
    """A set of requests to which shares apply, and the shares."""

    members: frozenset[int]
    shares: tuple[BalanceRule, ...]


type Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ScopeShares:
    """The choices with these numbers of sessions in each scope, and their bounds."""

    spans: Spans
    relaxation: Relaxed | None
    most: float = inf  # an upper bound proved apart from the relaxation

    def bound(self, inside: Collection[int]) -> float:
        """Return an upper bound of the score in this part with all of `inside`."""
        if self.relaxation is None:
            return self.most
        against = min((float(self.relaxation.reduced[number]) for number in inside), default=0.0)
        return min(self.most, self.relaxation.bound + min(0.0, against))


class Queue:
    """The open parts, most promising first."""

    def __init__(self, parts: Iterable[ScopeShares], inside: Collection[int]) -> None:
        self.inside = inside
        self.heap: list[tuple[float, int, ScopeShares]] = []
        self.count = 0
        for part in parts:
            self.push(part)

    def __len__(self) -> int:
        return len(self.heap)

    @property
    def bound(self) -> float:
        return -self.heap[0][0]

    def push(self, part: ScopeShares) -> None:
        self.count += 1
        heapq.heappush(self.heap, (-part.bound(self.inside), self.count, part))

    def pop(self) -> ScopeShares:
        return heapq.heappop(self.heap)[2]

    def rest(self) -> list[ScopeShares]:
        return [part for _, _, part in sorted(self.heap)]


def is_share_of_sessions(condition: Condition) -> bool:
    return (
        isinstance(condition, BalanceRule) and condition.unit is Unit.PERCENT and condition.measure != MINUTES
    )


def scopes_of(problem: SelectionProblem, shares: Iterable[Condition]) -> list[ShareScope]:
    """Return one scope per set of kinds with shares, the largest first."""
    by_kinds: dict[frozenset[str], list[BalanceRule]] = {}
    for share in shares:
        if isinstance(share, BalanceRule):
            by_kinds.setdefault(share.kinds, []).append(share)
    scopes = [
        ShareScope(frozenset(number for number, _ in meant(problem, kinds)), tuple(rules))
        for kinds, rules in by_kinds.items()
    ]
    return sorted(scopes, key=lambda scope: (-len(scope.members), sorted(scope.members)))


def share_rows(problem: SelectionProblem, share: BalanceRule, whole: int) -> Iterable[ConditionRow]:
    """Return the share as a whole number of sessions, for a known number of chosen requests."""
    weights = {
        number: 1
        for number, request in meant(problem, share.kinds)
        if request.of(share.scheme) & share.groups
    }
    least = None if share.least is None else ceil(exact(share.least) * Fraction(whole, 100))
    most = None if share.most is None else floor(exact(share.most) * Fraction(whole, 100))
    yield ConditionRow(share.id, weights, least=least, most=most)
