"""The products of a block of votes with numpy alone, for too few votes to justify loading scipy."""

import numpy as np

from muntada.engines.arrays import FloatArray, IndexArray
from muntada.engines.opinion.coded import Codes


class PlainBlock:
    """See `kernel.Block`."""

    def __init__(self, codes: int) -> None:
        self._codes = codes

    def lay(self, codes: Codes, offsets: IndexArray) -> None:
        self._index, self._counts = codes.astype(np.intp), np.diff(offsets)
        self._filled = self._counts > 0
        self._starts = offsets[:-1][self._filled]

    def gather(self, table: FloatArray) -> FloatArray:
        if table.ndim > 1:
            return np.column_stack([self.gather(np.ascontiguousarray(column)) for column in table.T])
        sums = np.zeros(len(self._counts))
        if len(self._starts):
            sums[self._filled] = np.add.reduceat(table.take(self._index), self._starts)
        return sums

    def scatter(self, values: FloatArray) -> FloatArray:
        return self._sums(self._index, values, self._codes)

    def scatter_moved(self, values: FloatArray, moved: IndexArray, size: int) -> FloatArray:
        return self._sums(self._index + np.repeat(moved, self._counts), values, size)

    def _sums(self, index: IndexArray, values: FloatArray, size: int) -> FloatArray:
        columns = [
            np.bincount(index, np.repeat(column, self._counts), minlength=size)
            for column in np.atleast_2d(values.T)
        ]
        return np.stack(columns, axis=1) if values.ndim > 1 else columns[0]
