"""Everybody's current votes in rows with room to grow, so that one vote touches one row.

A vote is one code, three times the place of its statement and 0, 1 or 2 for disagree, pass and agree. The
rows lie in one long array; a row that is full moves to its end with twice the room.
"""

from array import array

import numpy as np
from numpy.typing import NDArray

from muntada.engines.opinion.arrays import Integers

type Codes = NDArray[np.uint16] | NDArray[np.uint32]

FIRST_ROOM = 8
FIRST_SIZE = 1024
NARROW = int(np.iinfo(np.uint16).max)
NO_VOTE = -1


class Ballots:
    """The current votes by person; people are numbered in the order in which they are added."""

    def __init__(self) -> None:
        self._codes: Codes = np.empty(FIRST_SIZE, dtype=np.uint16)
        self._used = 0
        self._start, self._length, self._room = array("q"), array("q"), array("q")

    def __len__(self) -> int:
        return len(self._start)

    def add_person(self) -> None:
        self._start.append(0)
        self._length.append(0)
        self._room.append(0)

    def of(self, person: int) -> Codes:
        """Give a person's codes, as a view that the next vote may change."""
        start = self._start[person]
        return self._codes[start : start + self._length[person]]

    def put(self, person: int, code: int) -> int:
        """Put a vote in place of the person's earlier one on the statement; return that, or NO_VOTE."""
        if code > NARROW:
            self._widen()
        start, length, codes = self._start[person], self._length[person], self._codes
        # Unsigned numbers wrap around, so only the three codes of the statement are below 3.
        found = (codes[start : start + length] - (code - code % 3) < 3).nonzero()[0]  # noqa: PLR2004
        if found.size:
            place = start + int(found[0])
            before = int(codes[place])
            codes[place] = code
            return before
        if length == self._room[person]:
            start = self._move(person, max(FIRST_ROOM, 2 * length))
        self._codes[start + length] = code
        self._length[person] = length + 1
        return NO_VOTE

    def gathered(self, people: Integers) -> tuple[Integers, Codes]:
        """Give all codes of some people, and for each code the place of its person among them."""
        start, length = np.array(self._start)[people], np.array(self._length)[people]
        return np.repeat(np.arange(len(people)), length), self._codes[_spans(start, length)]

    def put_rows(self, people: Integers, lengths: Integers, codes: NDArray[np.int64]) -> None:
        """Put whole rows, one after the other in `codes`, in place of the rows of these people."""
        if int(codes.max(initial=0)) > NARROW:
            self._widen()
        room = np.array(self._room)[people]
        outgrown = lengths > room
        roomier = np.maximum(FIRST_ROOM, lengths[outgrown] + lengths[outgrown] // 2)
        ends = self._used + np.cumsum(roomier)
        self._make_room(int(roomier.sum()))
        start = np.frombuffer(self._start, dtype=np.int64)
        start[people[outgrown]] = ends - roomier
        np.frombuffer(self._room, dtype=np.int64)[people[outgrown]] = roomier
        self._used += int(roomier.sum())
        np.frombuffer(self._length, dtype=np.int64)[people] = lengths
        self._codes[_spans(start[people], lengths)] = codes

    def in_rows(self) -> tuple[Codes, NDArray[np.int64]]:
        """Give a copy of all codes person after person, and where each person's begin (and the last end)."""
        length = np.array(self._length, dtype=np.int64)
        offsets = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(length)))
        return self._codes[_spans(np.array(self._start, dtype=np.int64), length)], offsets

    def _move(self, person: int, room: int) -> int:
        row = self.of(person)
        self._make_room(room)
        start = self._used
        self._codes[start : start + len(row)] = row
        self._start[person], self._room[person] = start, room
        self._used += room
        return start

    def _make_room(self, more: int) -> None:
        if self._used + more > len(self._codes):
            roomier = np.empty(2 * (self._used + more), dtype=self._codes.dtype)
            roomier[: self._used] = self._codes[: self._used]
            self._codes = roomier

    def _widen(self) -> None:
        if self._codes.dtype == np.uint16:
            self._codes = self._codes.astype(np.uint32)


def _spans(start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give start, start + 1, ... of each span, one span after the other."""
    before = np.cumsum(length) - length
    spans: NDArray[np.int64] = np.arange(int(length.sum())) + np.repeat(start - before, length)
    return spans
