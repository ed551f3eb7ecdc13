"""The products of a block of votes as scipy compiled them: a sparse matrix of ones times a vector."""

import numpy as np
from scipy import sparse

from muntada.engines.opinion.arrays import Floats, Integers
from muntada.engines.opinion.coded import Codes


class CompiledBlock:
    """See `kernel.Block`. The matrices are made once; only their arrays are exchanged."""

    def __init__(self, rows: int, codes: int, votes: int) -> None:
        self._rows, self._codes = rows, codes
        self._ones, self._index = np.ones(votes), np.empty(votes, dtype=np.int32)
        self._offsets = np.empty(rows + 1, dtype=np.int32)
        self._by_person = sparse.csr_array((rows, codes))
        self._by_code = sparse.csc_array((codes, rows))

    def lay(self, codes: Codes, offsets: Integers) -> None:
        """Fill up the block with people who did not vote."""
        self._count, size = len(offsets) - 1, len(codes)
        self._index[:size] = codes
        self._offsets[: len(offsets)] = offsets
        self._offsets[len(offsets) :] = size
        for matrix in (self._by_person, self._by_code):
            matrix.data, matrix.indices = self._ones[:size], self._index[:size]
            matrix.indptr = self._offsets

    def gather(self, table: Floats) -> Floats:
        sums: Floats = (self._by_person @ table)[: self._count]
        return sums

    def scatter(self, values: Floats, moved: Integers | None = None, size: int = 0) -> Floats:
        matrix = self._by_code
        if moved is not None:
            matrix = sparse.csc_array((size, self._rows))
            shifts = np.repeat(moved.astype(np.int32), np.diff(self._offsets[: self._count + 1]))
            matrix.data, matrix.indptr = self._by_code.data, self._offsets
            matrix.indices = self._by_code.indices + shifts
        sums: Floats = matrix @ self._padded(values)
        return sums

    def _padded(self, values: Floats) -> Floats:
        if len(values) == self._rows:
            return values
        padded = np.zeros((self._rows, *values.shape[1:]))
        padded[: len(values)] = values
        return padded
