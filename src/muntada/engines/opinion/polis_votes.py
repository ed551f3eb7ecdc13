"""The votes of a Polis export, in compact columns: there may be millions of rows."""

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import IntArray
from muntada.engines.opinion.coded import Values
from muntada.engines.opinion.polis_blocks import FileBlocks, read_blocks
from muntada.engines.opinion.polis_cells import (
    EPOCH,
    FIRST_IN_MILLISECONDS,
    LAST_MOMENT,
    as_id,
    check_unit,
    identity,
    moment_number,
    shortened,
    unit_of,
    whole_number,
)
from muntada.engines.opinion.polis_integers import PlainRows
from muntada.engines.opinion.votes import AGREE, DISAGREE, PASS, VoteEvent
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import MAX_BYTES, WRONG_LENGTH, TableFault, opened

TIME, STATEMENT, VOTER, VOTE = VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
FOUR_BYTES = 2**31
SPARSE = 8

NO_VOTE = gettext_noop("The vote is %(cell)s; a vote is 1, -1 or 0.")
UNKNOWN_STATEMENT = gettext_noop("The vote is on comment-id %(id)s, which is not in comments.csv.")

type Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class VoteEvents(Sequence[VoteEvent]):
    """The votes in file order; each becomes a VoteEvent on access.

    `person` and `text` are indices into the names. `moments` are all in seconds or all in milliseconds
    since 1970, or None if the export has no times; all votes then appear to be from 1970.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    person: Places
    text: Places
    values: Values
    moments: IntArray | None

    def turned(self) -> Self:
        """Return the same votes with agreement and disagreement exchanged."""
        return replace(self, values=-self.values)

    @overload
    def __getitem__(self, place: int) -> VoteEvent: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[VoteEvent, ...]: ...
    def __getitem__(self, place: int | slice) -> VoteEvent | tuple[VoteEvent, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(len(self))[place])
        moment = 0 if self.moments is None else int(self.moments[place])
        return VoteEvent(
            self.participants[self.person[place]],
            self.statements[self.text[place]],
            int(self.values[place]),
            EPOCH + moment * unit_of(moment),
        )

    def __iter__(self) -> Iterator[VoteEvent]:
        return (self[place] for place in range(len(self)))

    def __len__(self) -> int:
        return len(self.values)


def read_votes(
    path: Path, known: Collection[str] | None = None, *, needs_times: bool = True, max_bytes: int = MAX_BYTES
) -> VoteEvents:
    """Read all votes; raises `TableFault` for an invalid row or a statement that is not `known`."""
    with opened(path, max_bytes=max_bytes) as stream:
        blocks = read_blocks(path, stream, VOTE_COLUMNS if needs_times else VOTE_COLUMNS[1:])
        votes = _Votes(blocks, known)
        for block in blocks:
            if not votes.take_plain(block):
                votes.take_cells(block)
    return votes.events()


class _Votes:
    """Collects the votes: whole blocks while they are plain, then cell by cell."""

    def __init__(self, blocks: FileBlocks, known: Collection[str] | None) -> None:
        self.blocks, self.file = blocks, blocks.file
        self.known = known if known is None else set(known)
        self.at = {name: place for place, name in enumerate(blocks.columns)}
        self.people, self.texts = ColumnIds(), ColumnIds()
        self.plain_values, self.plain_moments = list[Values](), list[IntArray]()
        self.values, self.moments = array("b"), array("q")
        self.read_as: dict[str, int] = {}
        self.first: int | None = None

    def take_plain(self, block: bytes) -> bool:
        """Parse a block at once; return False if it is not plain or contains something to report."""
        rows = PlainRows.of(block, len(self.at))
        if rows is None or not len(rows):
            return False
        values, people = rows.votes(self.at[VOTE]), rows.numbers(self.at[VOTER])
        texts = rows.numbers(self.at[STATEMENT])
        if values is None or people is None or texts is None or not self._are_known(texts):
            return False
        if TIME in self.at:
            moments = rows.numbers(self.at[TIME])
            if moments is None or not self._in_one_unit(moments):
                return False
            self.plain_moments.append(moments)
        self.plain_values.append(values)
        self.people.take(people)
        self.texts.take(texts)
        return True

    def _are_known(self, texts: IntArray) -> bool:
        return self.known is None or self.known.issuperset(map(str, np.unique(texts).tolist()))

    def _in_one_unit(self, moments: IntArray) -> bool:
        self.first = int(moments[0]) if self.first is None else self.first
        least, most = int(moments.min()), int(moments.max())
        if self.first >= FIRST_IN_MILLISECONDS:
            return FIRST_IN_MILLISECONDS <= least <= most < LAST_MOMENT
        return most < FIRST_IN_MILLISECONDS

    def take_cells(self, block: bytes) -> None:
        """Parse this block and all later ones row by row."""
        time, text, voter, vote = (self.at.get(name, -1) for name in VOTE_COLUMNS)
        for line, cells in self.blocks.records(block):
            if len(cells) != len(self.at):
                params: dict[str, str | int] = {"cells": len(cells), "columns": len(self.at)}
                raise TableFault(self.file, line, WRONG_LENGTH, params)
            if time >= 0:
                self._take_moment(line, cells[time])
            self.values.append(self._vote(line, cells[vote]))
            if self.texts.is_new(cells[text]):
                self._check_statement(line, cells[text])
            self.texts.add(cells[text])
            if self.people.is_new(cells[voter]):
                identity(self.file, line, VOTER, cells[voter])
            self.people.add(cells[voter])

    def _take_moment(self, line: int, cell: str) -> None:
        number = moment_number(self.file, line, cell)
        self.first = number if self.first is None else self.first
        check_unit(self.file, line, number, self.first)
        self.moments.append(number)

    def _vote(self, line: int, cell: str) -> int:
        if cell not in self.read_as:
            self.read_as[cell] = vote_of(self.file, line, VOTE, cell)
        return self.read_as[cell]

    def _check_statement(self, line: int, cell: str) -> None:
        name = identity(self.file, line, STATEMENT, cell)
        if self.known is not None and name not in self.known:
            raise TableFault(self.file, line, UNKNOWN_STATEMENT, {"id": shortened(name)})

    def events(self) -> VoteEvents:
        people, person = self.people.joined()
        texts, text = self.texts.joined()
        values = np.concatenate([*self.plain_values, np.frombuffer(self.values, dtype=np.int8)])
        moments = None
        if TIME in self.at:
            moments = np.concatenate([*self.plain_moments, np.frombuffer(self.moments, dtype=np.int64)])
        return VoteEvents(people, texts, person, text, values, moments)


class ColumnIds:
    """The ids of a column: first those parsed as numbers, then those parsed as text."""

    def __init__(self) -> None:
        self._numbers: list[NDArray[np.integer]] = []
        self._words: dict[str, int] = {}
        self._places = array("i")

    def take(self, numbers: IntArray) -> None:
        self._numbers.append(numbers.astype(np.int32) if numbers.max() < FOUR_BYTES else numbers)

    def is_new(self, word: str) -> bool:
        return word not in self._words

    def add(self, word: str) -> None:
        self._places.append(self._words.setdefault(word, len(self._words)))

    def joined(self) -> tuple[tuple[str, ...], Places]:
        """Return the distinct names, and the index of each row into them."""
        different, places = _numbered(self._numbers)
        place_of = {str(number): place for place, number in enumerate(different)}
        of_words = [place_of.setdefault(as_id(word), len(place_of)) for word in self._words]
        of_rows = np.array(of_words, dtype=np.int32)[np.frombuffer(self._places, dtype=np.int32)]
        return tuple(place_of), np.concatenate([*places, of_rows])


def _numbered(pieces: Sequence[NDArray[np.integer]]) -> tuple[list[int], list[Places]]:
    """Return the distinct numbers, and the index into them of each number of each piece."""
    if not pieces:
        return [], []
    most = max(int(piece.max()) for piece in pieces)
    if most > SPARSE * sum(map(len, pieces)):
        different, places = np.unique(np.concatenate(pieces), return_inverse=True)
        return different.tolist(), [places.astype(np.int32)]
    there = np.zeros(most + 1, dtype=np.bool_)
    for piece in pieces:
        there[piece] = True
    place_of = np.cumsum(there, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(there).tolist(), [place_of[piece] for piece in pieces]


def vote_of(file: str, line: int, column: str, cell: str) -> int:
    value = whole_number(file, line, column, cell)
    if value not in {AGREE, PASS, DISAGREE}:
        raise TableFault(file, line, NO_VOTE, {"cell": value})
    return value
