"""Votes in parts. Each part holds all votes of its people, and each operation runs on every part.

`Parts` hides where the parts are: in this process (`PartsHere`) or on a cluster
(`cluster.PartsOnCluster`). Sums are added in the order of the parts, so the same parts give the
same bytes everywhere. The reasons are in docs/decisions/0012-sums-travel-votes-stay.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import FloatArray, IndexArray
from muntada.engines.opinion.coded import ANSWERS, CodedVotes
from muntada.engines.opinion.kernel import Loops, Passes

type PartQuestion[R] = Callable[..., R]


class PartsLost(Exception):
    """The parts no longer answer; the caller must begin again elsewhere."""


class Parts(Protocol):
    """Parts of the votes, in the order in which they were added."""

    def add(self, votes: CodedVotes) -> None:
        """Add a part."""

    def ask[R](self, question: PartQuestion[R], told: Iterable[tuple[Any, ...]]) -> Iterator[R]:
        """Call `question` on each part with its own arguments; the results keep the order of the parts."""


@dataclass(frozen=True, slots=True)
class PartsHere(Parts):
    """Parts in this process, asked one after the other."""

    votes: list[CodedVotes] = field(default_factory=list)

    def add(self, votes: CodedVotes) -> None:
        self.votes.append(votes)

    def ask[R](self, question: PartQuestion[R], told: Iterable[tuple[Any, ...]]) -> Iterator[R]:
        return (question(one, *words) for one, words in zip(self.votes, told, strict=False))


@dataclass(frozen=True, slots=True, eq=False)
class PartedVotes:
    """The interface of `CodedVotes` over parts. Part `n` has people `bounds[n]` to `bounds[n + 1]`."""

    statements: int
    counts: NDArray[np.int64]
    bounds: IndexArray
    parts: Parts

    @classmethod
    def taken(cls, statements: int, pieces: Iterable[CodedVotes], parts: Parts) -> Self:
        """Hand the votes over piece by piece; only the number of votes per person stays in this process."""
        counts = [np.empty(0, dtype=np.int64)]
        for piece in pieces:
            parts.add(piece)
            counts.append(piece.counts)
        bounds = np.cumsum([len(one) for one in counts])
        return cls(statements, np.concatenate(counts), bounds, parts)

    @property
    def participants(self) -> int:
        return len(self.counts)

    @property
    def arrays(self) -> tuple[NDArray[np.integer], ...]:
        return self.counts, self.bounds

    @property
    def slices(self) -> list[slice]:
        """The range of people of each part."""
        return [slice(int(first), int(last)) for first, last in pairwise(self.bounds)]

    def __len__(self) -> int:
        return int(self.counts.sum())

    def of_people(self, places: IndexArray) -> CodedVotes:
        cuts = np.searchsorted(places, self.bounds)
        told = ((places[a:b] - first,) for (a, b), first in zip(pairwise(cuts), self.bounds, strict=False))
        return CodedVotes.joined(self.statements, list(self.parts.ask(CodedVotes.of_people, told)))

    def whole(self) -> CodedVotes:
        return self.of_people(np.arange(self.participants))


class PartedLoops:
    """The operations on votes in parts; results of the parts are added or concatenated."""

    def __init__(self, votes: PartedVotes) -> None:
        self.votes = votes

    def histogram(self, weights: FloatArray | None = None) -> FloatArray:
        return self._sum((self.votes.statements, ANSWERS), _histogram, zip(self._split(weights), strict=True))

    def scatter(self, values: Callable[[slice], FloatArray], columns: int) -> FloatArray:
        told = ((values(people), columns) for people in self.votes.slices)
        return self._sum((self.votes.statements * ANSWERS, columns), _scatter, told)

    def fused_pass(self, table: FloatArray, weights: FloatArray | None = None) -> FloatArray:
        return self._sum(table.shape, _fused_pass, zip(repeat(table), self._split(weights), strict=False))

    def positions(self, table: FloatArray) -> FloatArray:
        sums = np.empty((self.votes.participants, *table.shape[1:]))
        answers = self.votes.parts.ask(_positions, repeat((table,)))
        for people, answer in zip(self.votes.slices, answers, strict=True):
            sums[people] = answer
        return sums

    def group_counts(self, labels: IndexArray, groups: int, weights: FloatArray | None = None) -> FloatArray:
        told = zip(self._split(labels), repeat(groups), self._split(weights), strict=False)
        return self._sum((groups, self.votes.statements, ANSWERS), _group_counts, told)

    def _split(self, row: NDArray[Any] | None) -> Iterator[NDArray[Any] | None]:
        return (None if row is None else row[people] for people in self.votes.slices)

    def _sum(
        self, shape: tuple[int, ...], question: PartQuestion[FloatArray], told: Iterable[tuple[Any, ...]]
    ) -> FloatArray:
        total = np.zeros(shape)
        for answer in self.votes.parts.ask(question, told):
            total += answer
        return total


def loops_over(votes: CodedVotes | PartedVotes) -> Passes:
    """Return the operations for these votes, local or in parts."""
    return PartedLoops(votes) if isinstance(votes, PartedVotes) else Loops(votes)


# Functions that run on a part; the cluster finds them by name.


def _histogram(votes: CodedVotes, weights: FloatArray | None) -> FloatArray:
    return Loops(votes).histogram(weights)


def _scatter(votes: CodedVotes, values: FloatArray, columns: int) -> FloatArray:
    return Loops(votes).scatter(values.__getitem__, columns)


def _fused_pass(votes: CodedVotes, table: FloatArray, weights: FloatArray | None) -> FloatArray:
    return Loops(votes).fused_pass(table, weights)


def _positions(votes: CodedVotes, table: FloatArray) -> FloatArray:
    return Loops(votes).positions(table)


def _group_counts(
    votes: CodedVotes, labels: IndexArray, groups: int, weights: FloatArray | None
) -> FloatArray:
    return Loops(votes).group_counts(labels, groups, weights)
