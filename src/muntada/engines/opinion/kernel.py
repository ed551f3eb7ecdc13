"""The loops over all votes. Everything else in this engine works on tables of statements, people or cells.

A block of votes is read as a sparse matrix with a row per person, a column per code and a one for each vote:
its product with a table gathers what a person's votes add up to, the product of its transpose scatters what a
person is worth over their votes. These products are compiled in scipy, at little more than the speed of the
processor's reads and writes; why that and no compiler: docs/decisions/0011-loops-over-votes.md.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from muntada.engines.opinion.arrays import Floats, Integers
from muntada.engines.opinion.coded import ANSWERS, CodedVotes

BLOCK = 1 << 16  # votes: the indices and ones of a block stay in the second cache


class Loops:
    """The loops over the same votes again and again, with their room for scratch made once."""

    def __init__(self, votes: CodedVotes) -> None:
        self.votes = votes
        self.rows = max(1, min(votes.participants, BLOCK * votes.participants // max(1, len(votes))))
        self.codes = ANSWERS * votes.statements
        starts = np.append(votes.offsets[: -1 : self.rows], votes.offsets[-1])
        self._ones = np.ones(int(np.diff(starts).max(initial=0)))
        self._index = np.empty(len(self._ones), dtype=np.int32)
        self._offsets = np.empty(self.rows + 1, dtype=np.int32)
        self._by_person = sparse.csr_array((self.rows, self.codes))
        self._by_code = sparse.csc_array((self.codes, self.rows))

    def _blocks(self) -> Iterator[slice]:
        """Lay one block after the other into both matrices; the last is filled up with empty rows."""
        offsets, people = self.votes.offsets, self.votes.participants
        for start in range(0, people, self.rows):
            block = slice(start, min(start + self.rows, people))
            first, last = int(offsets[block.start]), int(offsets[block.stop])
            size, count = last - first, block.stop - block.start
            if people > self.rows or not self._by_person.nnz:
                self._index[:size] = self.votes.codes[first:last]
                np.subtract(
                    offsets[start : block.stop + 1], first, out=self._offsets[: count + 1], casting="unsafe"
                )
                self._offsets[count + 1 :] = size
                for matrix in (self._by_person, self._by_code):
                    matrix.data, matrix.indices, matrix.indptr = (
                        self._ones[:size],
                        self._index[:size],
                        self._offsets,
                    )
            yield block

    def histogram(self, weights: Floats | None = None) -> Floats:
        counts = np.zeros(self.codes)
        ones = np.ones(self.rows)
        for block in self._blocks():
            counts += self._by_code @ (ones if weights is None else self._padded(weights[block]))
        return counts.reshape(-1, ANSWERS)

    def scatter(self, values: Callable[[slice], Floats], columns: int) -> Floats:
        """Sum over the votes of each code the values of whoever gave it, asked for by blocks of people."""
        sums = np.zeros((self.codes, columns))
        for block in self._blocks():
            sums += self._by_code @ self._padded(values(block))
        return sums

    def fused_pass(self, table: Floats, weights: Floats | None = None) -> Floats:
        columns = _columns(table)
        out = np.zeros_like(columns)
        for block in self._blocks():
            for place, column in enumerate(columns):
                gathered = self._by_person @ column
                if weights is not None:
                    gathered[: block.stop - block.start] *= weights[block]
                out[place] += self._by_code @ gathered
        return out.T.reshape(table.shape)

    def positions(self, table: Floats) -> Floats:
        columns = _columns(table)
        sums = np.empty((self.votes.participants, len(columns)))
        for block in self._blocks():
            for place, column in enumerate(columns):
                sums[block, place] = (self._by_person @ column)[: block.stop - block.start]
        return sums.reshape(-1, *table.shape[1:])

    def group_counts(self, labels: Integers, groups: int, weights: Floats | None = None) -> Floats:
        """A group's votes are counted where its number moves the codes to."""
        by_group = sparse.csc_array((groups * self.codes, self.rows))
        counts = np.zeros(groups * self.codes)
        counted = np.where(labels < 0, 0.0, 1.0 if weights is None else weights)
        moved = (np.maximum(labels, 0) * self.codes).astype(np.int32)
        for block in self._blocks():
            matrix = self._by_code
            shifts = np.repeat(moved[block], np.diff(matrix.indptr)[: block.stop - block.start])
            by_group.data, by_group.indices, by_group.indptr = (
                matrix.data,
                matrix.indices + shifts,
                matrix.indptr,
            )
            counts += by_group @ self._padded(counted[block])
        return counts.reshape(groups, -1, ANSWERS)

    def _padded(self, values: Floats) -> Floats:
        if len(values) == self.rows:
            return values
        padded = np.zeros((self.rows, *values.shape[1:]))
        padded[: len(values)] = values
        return padded


def histogram(votes: CodedVotes, weights: Floats | None = None) -> Floats:
    """Count (or weigh) the votes: statements x (disagree, pass, agree)."""
    return Loops(votes).histogram(weights)


def fused_pass(votes: CodedVotes, table: Floats, weights: Floats | None = None) -> Floats:
    """Gather what each person's votes are worth by the table, and scatter the sum over the person's codes.

    The table has an entry, or a row of several, for each code; with weights, a person's sum counts so often.
    """
    return Loops(votes).fused_pass(table, weights)


def positions(votes: CodedVotes, table: Floats) -> Floats:
    """Sum for each person what their votes are worth by the table."""
    return Loops(votes).positions(table)


def group_counts(votes: CodedVotes, labels: Integers, groups: int, weights: Floats | None = None) -> Floats:
    """Count (or weigh) the votes of each group: groups x statements x answers; the label -1 is left out."""
    return Loops(votes).group_counts(labels, groups, weights)


def _columns(table: Floats) -> NDArray[np.float64]:
    return np.ascontiguousarray(np.atleast_2d(table.T), dtype=np.float64)
