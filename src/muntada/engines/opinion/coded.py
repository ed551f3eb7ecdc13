"""Votes in two bytes each: what all loops over the votes read.

A vote `v` on the statement `t` is the code `3 t + v + 1`; the codes of a person stand together, in the order
of the statements. Whatever a loop needs to know of a vote, it finds in a table with one entry per code.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muntada.engines.opinion.arrays import Integers

ANSWERS = 3  # disagree, pass, agree
MOST_IN_TWO_BYTES = 2**16 // ANSWERS
CHUNK = 1 << 20

type Codes = NDArray[np.uint16] | NDArray[np.uint32]
type Values = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class CodedVotes:
    """One current vote per cell: code = 3*t + (v+1), grouped by participant, in the order of statements.

    The codes of participant `p` are `codes[offsets[p]:offsets[p + 1]]`.
    """

    statements: int
    codes: Codes
    offsets: NDArray[np.int64]

    @classmethod
    def of_cells(
        cls,
        participants: int,
        statements: int,
        participant: ArrayLike,
        statement: ArrayLike,
        value: ArrayLike,
    ) -> Self:
        """Code votes that come in any order, one for each cell."""
        person, text = places_in(participant, participants), places_in(statement, statements)
        keys = person.astype(np.uint64)
        keys *= np.uint64(ANSWERS * statements)
        keys += text.astype(np.uint64) * np.uint64(ANSWERS)
        keys += (np.asarray(value).astype(np.int8, copy=False) + 1).astype(np.uint8)
        if np.any(keys[1:] <= keys[:-1]):
            keys.sort()
        return cls._of_sorted(participants, statements, keys)

    @classmethod
    def _of_sorted(cls, participants: int, statements: int, keys: NDArray[np.uint64]) -> Self:
        """Take the keys `participant * codes + code` apart, a chunk at a time so that no copy is made."""
        codes: Codes = np.empty(len(keys), dtype=np.uint16)
        if statements > MOST_IN_TWO_BYTES:
            codes = np.empty(len(keys), dtype=np.uint32)
        counts = np.zeros(participants, dtype=np.int64)
        span, answers = np.uint64(ANSWERS * statements), np.uint64(ANSWERS)
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            person, cells = chunk // span, keys[max(0, start - 1) : start + CHUNK] // answers
            if np.any(cells[1:] == cells[:-1]):
                raise ValueError("there is more than one vote of a participant on a statement")
            codes[start : start + CHUNK] = chunk - person * span
            first = int(person[0])
            of_chunk = np.bincount((person - person[0]).astype(np.intp))
            counts[first : first + len(of_chunk)] += of_chunk
        offsets = np.zeros(participants + 1, dtype=np.int64)
        np.cumsum(counts, out=offsets[1:])
        return cls(statements, codes, offsets)

    @property
    def participants(self) -> int:
        return len(self.offsets) - 1

    @property
    def counts(self) -> NDArray[np.int64]:
        """On how many statements each participant voted."""
        return np.diff(self.offsets)

    def participant(self) -> Integers:
        return np.repeat(np.arange(self.participants), self.counts)

    def statement(self) -> Integers:
        return (self.codes // np.uint16(ANSWERS)).astype(np.intp)

    def value(self) -> Values:
        return ((self.codes % np.uint16(ANSWERS)).astype(np.int8) - 1).astype(np.int8)

    def __len__(self) -> int:
        return len(self.codes)


def places_in(places: ArrayLike, count: int) -> NDArray[np.integer]:
    """Read a row of places in something of so many entries."""
    read = np.asarray(places)
    if not read.size:
        return np.empty(0, dtype=np.intp)
    if not 0 <= read.min() <= read.max() < count:
        raise ValueError("a vote points to a participant or a statement that is not in the table")
    return read
