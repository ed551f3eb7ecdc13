"""Votes in two bytes each: the input of all loops over the votes.

A vote `v` on statement `t` has the code `3 t + v + 1`. The codes of a person are contiguous and
ordered by statement. A loop looks up what it needs to know about a vote in a table with one entry
per code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muntada.engines.arrays import IndexArray

ANSWERS = 3  # disagree, pass, agree
MOST_IN_TWO_BYTES = 2**16 // ANSWERS
CHUNK = 1 << 17

type Codes = NDArray[np.uint16] | NDArray[np.uint32]
type Values = NDArray[np.int8]


class Votes(Protocol):
    """The current votes by participant, in this process or in parts (`parts.PartedVotes`)."""

    @property
    def statements(self) -> int: ...
    @property
    def participants(self) -> int: ...
    @property
    def counts(self) -> NDArray[np.int64]:
        """Return the number of votes of each participant."""

    def __len__(self) -> int: ...
    def of_people(self, places: IndexArray) -> "CodedVotes":
        """Return the votes of these people (indices in ascending order) as a table of their own."""

    def whole(self) -> "CodedVotes":
        """Return all votes, in this process."""


@dataclass(frozen=True, slots=True, eq=False)
class CodedVotes:
    """One current vote per cell: code = 3*t + (v+1), grouped by participant and ordered by statement."""

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
        """Encode votes given in any order, one per cell.

        If they are grouped by participant, this needs little more memory than the codes.
        """
        person, text = places_in(participant, participants), places_in(statement, statements)
        values = np.asarray(value)
        codes: Codes = np.empty(len(person), dtype=np.uint16)
        if statements > MOST_IN_TWO_BYTES:
            codes = np.empty(len(person), dtype=np.uint32)
        counts = np.zeros(participants, dtype=np.int64)
        for piece in _pieces(person):
            people, texts = person[piece], text[piece]
            changes = people[1:] != people[:-1]
            answers = (values[piece].astype(np.int8) + 1).astype(np.uint8)
            if np.where(changes, people[1:] > people[:-1], texts[1:] > texts[:-1]).all():
                codes[piece] = texts.astype(np.uint32) * np.uint32(ANSWERS) + answers
            else:
                codes[piece], people = _sorted(people, texts, answers, statements)
                changes = people[1:] != people[:-1]
            starts = np.append(0, np.flatnonzero(changes) + 1)[: len(people)]
            counts[people[starts]] = np.diff(np.append(starts, len(people)))
        offsets = np.zeros(participants + 1, dtype=np.int64)
        np.cumsum(counts, out=offsets[1:])
        return cls(statements, codes, offsets)

    @classmethod
    def joined(cls, statements: int, pieces: Sequence["CodedVotes"]) -> Self:
        """Concatenate the votes of several sets of people."""
        counts = [piece.counts for piece in pieces]
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), *counts]).cumsum()
        codes: Codes = np.concatenate([np.empty(0, dtype=np.uint16), *(piece.codes for piece in pieces)])
        return cls(statements, codes, offsets)

    @property
    def participants(self) -> int:
        return len(self.offsets) - 1

    @property
    def arrays(self) -> tuple[NDArray[np.integer], ...]:
        return self.codes, self.offsets

    @property
    def counts(self) -> NDArray[np.int64]:
        """Return the number of votes of each participant."""
        return np.diff(self.offsets)

    def of_people(self, places: IndexArray) -> "CodedVotes":
        counts = self.counts[places]
        offsets = np.append(0, np.cumsum(counts))
        chosen = np.arange(offsets[-1]) + np.repeat(self.offsets[places] - offsets[:-1], counts)
        return CodedVotes(self.statements, self.codes[chosen], offsets)

    def whole(self) -> "CodedVotes":
        return self

    def participant(self) -> IndexArray:
        return np.repeat(np.arange(self.participants), self.counts)

    def statement(self) -> IndexArray:
        return (self.codes // np.uint16(ANSWERS)).astype(np.intp)

    def value(self) -> Values:
        return ((self.codes % np.uint16(ANSWERS)).astype(np.int8) - 1).astype(np.int8)

    def __len__(self) -> int:
        return len(self.codes)


def _pieces(person: NDArray[np.integer]) -> Iterator[slice]:
    """Cut rows grouped by participant into slices that hold all votes of their people."""
    start, count = 0, len(person)
    if (person[1:] >= person[:-1]).all():
        while count - start > CHUNK:
            stop = int(np.searchsorted(person, person[start + CHUNK]))
            if stop <= start:
                stop = int(np.searchsorted(person, person[start], side="right"))
            yield slice(start, stop)
            start = stop
    yield slice(start, count)


def _sorted(
    person: NDArray[np.integer], text: NDArray[np.integer], answers: NDArray[np.uint8], statements: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the codes, and their participants, ordered by participant and statement."""
    span, each = np.uint64(statements), np.uint64(ANSWERS)
    keys = (person.astype(np.uint64) * span + text.astype(np.uint64)) * each + answers
    keys.sort()
    cells = keys // each
    if (cells[1:] == cells[:-1]).any():
        raise ValueError("there is more than one vote of a participant on a statement")
    people = cells // span
    return keys - people * span * each, people.astype(np.int64)


def places_in(places: ArrayLike, count: int) -> NDArray[np.integer]:
    """Return indices as an array; raises ValueError if one is not below `count`."""
    read = np.asarray(places)
    if not read.size:
        return np.empty(0, dtype=np.intp)
    if not 0 <= read.min() <= read.max() < count:
        raise ValueError("a vote points to a participant or a statement that is not in the table")
    return read
