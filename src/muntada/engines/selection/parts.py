"""The parts of the search, by the number of chosen requests in each scope of shares."""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf

from muntada.engines.selection.matrix import Relaxed
from muntada.engines.selection.problem import MINUTES, Balance, Condition, Problem, Unit, exact
from muntada.engines.selection.rows import Row, meant


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of requests to which shares apply, and the shares."""

    members: frozenset[int]
    shares: tuple[Balance, ...]


type Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
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

    def __init__(self, parts: Iterable[Part], inside: Collection[int]) -> None:
        self.inside = inside
        self.heap: list[tuple[float, int, Part]] = []
        self.count = 0
        for part in parts:
            self.push(part)

    def __len__(self) -> int:
        return len(self.heap)

    @property
    def bound(self) -> float:
        return -self.heap[0][0]

    def push(self, part: Part) -> None:
        self.count += 1
        heapq.heappush(self.heap, (-part.bound(self.inside), self.count, part))

    def pop(self) -> Part:
        return heapq.heappop(self.heap)[2]

    def rest(self) -> list[Part]:
        return [part for _, _, part in sorted(self.heap)]


def is_share_of_sessions(condition: Condition) -> bool:
    return isinstance(condition, Balance) and condition.unit is Unit.PERCENT and condition.measure != MINUTES


def scopes_of(problem: Problem, shares: Iterable[Condition]) -> list[Scope]:
    """Return one scope per set of kinds with shares, the largest first."""
    by_kinds: dict[frozenset[str], list[Balance]] = {}
    for share in shares:
        if isinstance(share, Balance):
            by_kinds.setdefault(share.kinds, []).append(share)
    scopes = [
        Scope(frozenset(number for number, _ in meant(problem, kinds)), tuple(rules))
        for kinds, rules in by_kinds.items()
    ]
    return sorted(scopes, key=lambda scope: (-len(scope.members), sorted(scope.members)))


def share_rows(problem: Problem, share: Balance, whole: int) -> Iterable[Row]:
    """Return the share as a whole number of sessions, for a known number of chosen requests."""
    weights = {
        number: 1
        for number, request in meant(problem, share.kinds)
        if request.of(share.scheme) & share.groups
    }
    least = None if share.least is None else ceil(exact(share.least) * Fraction(whole, 100))
    most = None if share.most is None else floor(exact(share.most) * Fraction(whole, 100))
    yield Row(share.id, weights, least=least, most=most)
