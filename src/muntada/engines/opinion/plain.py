"""The products of a block of votes in numpy alone: for so few votes that loading scipy would take longer."""

import numpy as np

from muntada.engines.opinion.arrays import Floats, Integers
from muntada.engines.opinion.coded import Codes


class PlainBlock:
    """See `kernel.Block`."""

    def __init__(self, codes: int) -> None:
        self._codes = codes

    def lay(self, codes: Codes, offsets: Integers) -> None:
        self._index, self._counts = codes.astype(np.intp), np.diff(offsets)
        self._filled = self._counts > 0
        self._starts = offsets[:-1][self._filled]

    def gather(self, table: Floats) -> Floats:
        sums = np.zeros(len(self._counts))
        if len(self._starts):
            sums[self._filled] = np.add.reduceat(table.take(self._index), self._starts)
        return sums

    def scatter(self, values: Floats, moved: Integers | None = None, size: int = 0) -> Floats:
        index = self._index if moved is None else self._index + np.repeat(moved, self._counts)
        columns = [
            np.bincount(index, np.repeat(column, self._counts), minlength=size or self._codes)
            for column in np.atleast_2d(values.T)
        ]
        return np.stack(columns, axis=1) if values.ndim > 1 else columns[0]
