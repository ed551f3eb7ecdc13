"""The loops over all votes. The rest of this engine works on tables of statements, people or cells.

A block of votes is a sparse matrix of ones with a row per person and a column per code. Its product
with a table sums over the votes of each person (gather); the product of its transpose sums over the
people who gave each vote (scatter). scipy computes both at close to memory speed. For few votes
numpy alone is faster than loading scipy. The reasons are in
docs/decisions/0011-loops-over-votes.md.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import EllipsisType
from typing import Protocol, cast

import numpy as np

from muntada.engines.arrays import FloatArray, IndexArray
from muntada.engines.opinion.coded import ANSWERS, CodedVotes, Codes, Votes
from muntada.engines.opinion.small_blocks import PlainBlock

BLOCK = 1 << 17  # votes: with fewer, calls dominate; with more, processor caches overflow
FEW = 50_000  # votes: below, scipy is not loaded

type ColumnSlice = EllipsisType | tuple[slice, int | slice]


class VoteBlock(Protocol):
    """The votes of some people and its two products; a person without votes is an empty row."""

    def lay(self, codes: Codes, offsets: IndexArray) -> None:
        """Load other votes: those of person `p` are `codes[offsets[p]:offsets[p + 1]]`."""

    def gather(self, table: FloatArray) -> FloatArray:
        """Sum the table values of each person's votes; `table` has one entry, or a pair, per code."""

    def scatter(self, values: FloatArray) -> FloatArray:
        """Sum for each code the values of the people who gave it; `values` has an entry or row per person."""

    def scatter_moved(self, values: FloatArray, moved: IndexArray, size: int) -> FloatArray:
        """Scatter with the codes of each person shifted by `moved`, into `size` codes."""


class Passes(Protocol):
    """The operations on all votes; `Loops` runs them in this process, `parts.PartedLoops` on parts."""

    @property
    def votes(self) -> Votes: ...
    def histogram(self, weights: FloatArray | None = None) -> FloatArray:
        """Return the (weighted) number of votes: statements x (disagree, pass, agree)."""

    def scatter(self, values: Callable[[slice], FloatArray], columns: int) -> FloatArray:
        """Sum for each code the values of the people who gave it; `values` is called per block of people."""

    def fused_pass(self, table: FloatArray, weights: FloatArray | None = None) -> FloatArray:
        """Gather each person's sum from the table, then scatter it over the codes of that person."""

    def positions(self, table: FloatArray) -> FloatArray:
        """Return the sum of the table values of each person's votes."""

    def group_counts(self, labels: IndexArray, groups: int, weights: FloatArray | None = None) -> FloatArray:
        """Return the (weighted) votes: groups x statements x answers; people with label -1 are left out."""


def block_for(votes: int, rows: int, codes: int, room: int) -> VoteBlock:
    """Return a block; scipy is imported only if the number of votes justifies it."""
    if votes < FEW:
        return PlainBlock(codes)
    compiled = import_module("muntada.engines.opinion.compiled")
    return cast("VoteBlock", compiled.CompiledBlock(rows, codes, room))


class Loops:
    """The loops over the same votes, with reusable scratch memory."""

    def __init__(self, votes: CodedVotes) -> None:
        self.votes = votes
        self.rows = max(1, min(votes.participants, BLOCK * votes.participants // max(1, len(votes))))
        self.codes = ANSWERS * votes.statements
        starts = np.append(votes.offsets[: -1 : self.rows], votes.offsets[-1])
        room = int(np.diff(starts).max(initial=0))
        self._block, self._laid = block_for(len(votes), self.rows, self.codes, room), False

    def _blocks(self) -> Iterator[slice]:
        """Load one block after the other and yield its people."""
        offsets, people = self.votes.offsets, self.votes.participants
        for start in range(0, people, self.rows):
            block = slice(start, min(start + self.rows, people))
            if not self._laid:
                first, last = int(offsets[block.start]), int(offsets[block.stop])
                self._block.lay(self.votes.codes[first:last], offsets[block.start : block.stop + 1] - first)
                self._laid = people <= self.rows
            yield block

    def histogram(self, weights: FloatArray | None = None) -> FloatArray:
        counts, ones = np.zeros(self.codes), np.ones(self.rows)
        for block in self._blocks():
            counts += self._block.scatter(
                ones[: block.stop - block.start] if weights is None else weights[block]
            )
        return counts.reshape(-1, ANSWERS)

    def scatter(self, values: Callable[[slice], FloatArray], columns: int) -> FloatArray:
        """Sum for each code the values of the people who gave it; `values` is called per block of people."""
        sums = np.zeros((self.codes, columns))
        for block in self._blocks():
            sums += self._block.scatter(values(block))
        return sums

    def fused_pass(self, table: FloatArray, weights: FloatArray | None = None) -> FloatArray:
        parts, sums = list(_in_pairs(table)), np.zeros(table.shape)
        for block in self._blocks():
            for columns, part in parts:
                gathered = self._block.gather(part)
                if weights is not None:
                    gathered.T[:] *= weights[block]
                sums[columns] += self._block.scatter(gathered)
        return sums

    def positions(self, table: FloatArray) -> FloatArray:
        parts, sums = list(_in_pairs(table)), np.empty((self.votes.participants, *table.shape[1:]))
        for block in self._blocks():
            for columns, part in parts:
                sums[block][columns] = self._block.gather(part)
        return sums

    def group_counts(self, labels: IndexArray, groups: int, weights: FloatArray | None = None) -> FloatArray:
        """Count the votes of each group in its own range of shifted codes."""
        counts = np.zeros(groups * self.codes)
        for block in self._blocks():
            label = labels[block]
            counted = np.where(label < 0, 0.0, 1.0 if weights is None else weights[block])
            moved = np.maximum(label, 0) * self.codes
            counts += self._block.scatter_moved(counted, moved, groups * self.codes)
        return counts.reshape(groups, -1, ANSWERS)


def histogram(votes: CodedVotes, weights: FloatArray | None = None) -> FloatArray:
    """Return the (weighted) number of votes: statements x (disagree, pass, agree)."""
    return Loops(votes).histogram(weights)


def fused_pass(votes: CodedVotes, table: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Gather each person's sum from the table, then scatter it over the codes of that person.

    The table has one entry, or a row, per code. `weights` multiplies the sum of each person.
    """
    return Loops(votes).fused_pass(table, weights)


def positions(votes: CodedVotes, table: FloatArray) -> FloatArray:
    """Return the sum of the table values of each person's votes."""
    return Loops(votes).positions(table)


def group_counts(
    votes: CodedVotes, labels: IndexArray, groups: int, weights: FloatArray | None = None
) -> FloatArray:
    """Return the (weighted) votes: groups x statements x answers; people with label -1 are left out."""
    return Loops(votes).group_counts(labels, groups, weights)


def _in_pairs(table: FloatArray) -> Iterator[tuple[ColumnSlice, FloatArray]]:
    """Cut a table into pairs of columns: two columns in one loop cost less than two loops."""
    if table.ndim == 1:
        yield ..., np.ascontiguousarray(table, dtype=np.float64)
        return
    for column in range(0, table.shape[1] - 1, 2):
        yield np.s_[:, column : column + 2], np.ascontiguousarray(table[:, column : column + 2])
    if table.shape[1] % 2:
        yield np.s_[:, -1], np.ascontiguousarray(table[:, -1])
