"""The products of a block of votes with scipy: a sparse matrix of ones times a vector.

A complex vector carries two real ones. Multiplying by one leaves both parts unchanged, and each is
summed in the same order as alone. So one complex product equals two real ones, in three quarters of
the time.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from muntada.engines.arrays import FloatArray, IndexArray
from muntada.engines.opinion.coded import Codes

type SparseMatrix = sparse.csr_array | sparse.csc_array

PAIR = 2


class CompiledBlock:
    """See `kernel.Block`. The matrices are created once; only their arrays are replaced."""

    def __init__(self, rows: int, codes: int, votes: int) -> None:
        self._rows, self._codes = rows, codes
        self._index, self._shifted = np.empty(votes, dtype=np.int32), np.empty(0, dtype=np.int32)
        self._offsets = np.empty(rows + 1, dtype=np.int32)
        self._single = _Matrices(rows, codes, np.ones(votes))
        self._paired: _Matrices | None = None
        self._moved = self._single.by_code

    def lay(self, codes: Codes, offsets: IndexArray) -> None:
        """Fill the block up with people who did not vote."""
        self._count, self._size = len(offsets) - 1, len(codes)
        self._index[: self._size] = codes
        self._offsets[: len(offsets)] = offsets
        self._offsets[len(offsets) :] = self._size
        for matrices in (self._single, self._paired):
            if matrices is not None:
                matrices.lay(self._index[: self._size], self._offsets)

    def gather(self, table: FloatArray) -> FloatArray:
        if table.ndim == 1:
            sums = _product(self._single.by_person, table)
        else:
            sums = _product_of_pairs(self._pairs().by_person, table)
        return sums[: self._count]

    def scatter(self, values: FloatArray) -> FloatArray:
        padded = self._padded(values)
        if padded.shape[1:] == (PAIR,):
            return _product_of_pairs(self._pairs().by_code, padded)
        return _product(self._single.by_code, padded)

    def scatter_moved(self, values: FloatArray, moved: IndexArray, size: int) -> FloatArray:
        if self._moved.shape[0] != size or self._moved is self._single.by_code:
            self._moved = sparse.csc_array((size, self._rows))
            self._shifted = np.empty_like(self._index)
        shifted, counts = self._shifted[: self._size], np.diff(self._offsets[: self._count + 1])
        np.add(self._index[: self._size], np.repeat(moved.astype(np.int32), counts), out=shifted)
        self._moved.data, self._moved.indices = self._single.by_code.data, shifted
        self._moved.indptr = self._offsets
        return _product(self._moved, self._padded(values))

    def _pairs(self) -> "_Matrices":
        if self._paired is None:
            ones = np.ones(len(self._index), dtype=np.complex128)
            self._paired = _Matrices(self._rows, self._codes, ones)
            self._paired.lay(self._index[: self._size], self._offsets)
        return self._paired

    def _padded(self, values: FloatArray) -> FloatArray:
        if len(values) == self._rows:
            return values
        padded = np.zeros((self._rows, *values.shape[1:]))
        padded[: len(values)] = values
        return padded


class _Matrices:
    """A block as the matrices people x codes and codes x people, holding ones of one number type."""

    def __init__(self, rows: int, codes: int, ones: NDArray[np.inexact]) -> None:
        self._ones = ones
        self.by_person = sparse.csr_array((rows, codes), dtype=ones.dtype)
        self.by_code = sparse.csc_array((codes, rows), dtype=ones.dtype)

    def lay(self, index: NDArray[np.int32], offsets: NDArray[np.int32]) -> None:
        for matrix in (self.by_person, self.by_code):
            matrix.data, matrix.indices, matrix.indptr = self._ones[: len(index)], index, offsets


def _product(matrix: SparseMatrix, table: FloatArray) -> FloatArray:
    sums: FloatArray = matrix @ table
    return sums


def _product_of_pairs(matrix: SparseMatrix, pairs: FloatArray) -> FloatArray:
    """Multiply rows of pairs as complex numbers, and split the result into pairs again."""
    numbers = np.ascontiguousarray(pairs).view(np.complex128)[:, 0]
    sums: FloatArray = np.asarray(matrix @ numbers).view(np.float64).reshape(-1, PAIR)
    return sums
