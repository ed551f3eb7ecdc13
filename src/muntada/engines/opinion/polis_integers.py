"""Parse rows of plain integers a block at a time; most exports consist of such rows.

A block with anything else (quotation marks, ids with letters, blanks, a row of another length)
gives None. The caller then reads it cell by cell and reports errors.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import BoolArray, IntArray
from muntada.engines.opinion.coded import Values

COMMA, LINE_END, MINUS, ZERO, ONE = b",\n-01"
TEN = 10
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True, eq=False)
class PlainRows:
    """The bytes of some rows, and the end of each cell."""

    data: NDArray[np.uint8]
    ends: IntArray

    @classmethod
    def of(cls, block: bytes, columns: int) -> Self | None:
        if not block.isascii() or b'"' in block or b"\0" in block or b"\r" in block:
            return None
        data = np.frombuffer(block if block.endswith(b"\n") else block + b"\n", dtype=np.uint8)
        all_ends = np.flatnonzero((data == COMMA) | (data == LINE_END))
        if len(all_ends) % columns:
            return None
        ends = all_ends.reshape(-1, columns)
        line_ends = data[ends] == LINE_END
        if line_ends[:, :-1].any() or not line_ends[:, -1].all():
            return None
        return cls(data, ends)

    def __len__(self) -> int:
        return len(self.ends)

    def numbers(self, column: int) -> IntArray | None:
        """Parse a column of non-negative integers without leading zeros."""
        starts, stops = self._cells(column)
        lengths = stops - starts
        shortest, longest = int(lengths.min()), int(lengths.max())
        if not 1 <= shortest <= longest <= MOST_DIGITS:
            return None
        if longest > 1 and ((self.data[starts] == ZERO) & (lengths > 1)).any():
            return None
        found, worth = np.zeros(len(starts), dtype=np.int64), 1
        for back in range(1, longest + 1):
            digits = self.data[stops - back] - np.uint8(ZERO)
            if back > shortest:
                digits[lengths < back] = 0
            if digits.max() >= TEN:
                return None
            found += digits.astype(np.int64) * worth
            worth *= TEN
        return found

    def votes(self, column: int) -> Values | None:
        """Parse a column that contains only 1, 0 and -1."""
        starts, stops = self._cells(column)
        lengths, first, last = stops - starts, self.data[starts], self.data[stops - 1]
        negative: BoolArray = (lengths == len("-1")) & (first == MINUS) & (last == ONE)
        alone = (lengths == 1) & ((last == ONE) | (last == ZERO))
        if not (negative | alone).all():
            return None
        values = (last - np.uint8(ZERO)).astype(np.int8)
        values[negative] = -1
        return values

    def _cells(self, column: int) -> tuple[IntArray, IntArray]:
        stops = self.ends[:, column]
        if column:
            return self.ends[:, column - 1] + 1, stops
        return np.append(0, self.ends[:-1, -1] + 1), stops
