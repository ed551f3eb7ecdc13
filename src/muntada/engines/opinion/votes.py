"""The input of the analysis: one current vote per person and statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, overload

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.coded import CodedVotes, Values, places_in
from muntada.engines.opinion.parts import PartedVotes

AGREE, PASS, DISAGREE = 1, 0, -1
LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class VoteEvent:
    """A vote at a moment, or its later change: 1 agree, -1 disagree, 0 pass."""

    participant: str
    statement: str
    value: int
    at: datetime


class NumberedNames(Sequence[str]):
    """The names 0, 1, 2, ... of people, stored as their number only."""

    def __init__(self, count: int) -> None:
        self._range = range(count)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        found = self._range[place]
        return str(found) if isinstance(found, int) else [str(number) for number in found]

    def __len__(self) -> int:
        return len(self._range)


@dataclass(frozen=True, slots=True, eq=False)
class VoteTable:
    """The current votes, in an order that depends only on the ids.

    `arrival` is the rank of each participant by first vote; at equal times the earlier row comes first.
    Raises ValueError if the ids are not in canonical order or do not match the votes.
    """

    participants: Sequence[str]
    statements: tuple[str, ...]
    coded: CodedVotes | PartedVotes
    arrival: IndexArray
    moderated_out: frozenset[str] = frozenset()
    meta: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _check_ids(self.participants)
        _check_ids(self.statements)
        if (len(self.participants), len(self.statements)) != (self.coded.participants, self.coded.statements):
            raise ValueError("the votes are not on so many statements by so many participants")
        for array in (*self.coded.arrays, self.arrival):
            array.flags.writeable = False

    @classmethod
    def of_coded(cls, coded: CodedVotes) -> Self:
        """Name people and statements by their indices."""
        return cls(
            NumberedNames(coded.participants),
            tuple(NumberedNames(coded.statements)),
            coded,
            np.arange(coded.participants),
        )

    @property
    def participant(self) -> IndexArray:
        """The index of each vote's participant; parallel to `statement` and `value`."""
        return self.coded.whole().participant()

    @property
    def statement(self) -> IndexArray:
        return self.coded.whole().statement()

    @property
    def value(self) -> Values:
        return self.coded.whole().value()

    def __len__(self) -> int:
        return len(self.coded)

    @classmethod
    def from_events(
        cls,
        events: Iterable[VoteEvent],
        *,
        participants: Iterable[str] = (),
        statements: Iterable[str] = (),
        moderated_out: Iterable[str] = (),
        meta: Iterable[str] = (),
    ) -> Self:
        """Keep the latest vote of each cell; at equal times, the later event.

        Participants and statements without votes can be added. Raises ValueError for a time without a zone
        or a value other than 1, 0 and -1.
        """
        events = tuple(events)
        if any(event.at.tzinfo is None for event in events):
            raise ValueError("the moment of a vote must name its time zone")
        moderated_out, meta = frozenset(moderated_out), frozenset(meta)
        people = canonical_order({event.participant for event in events}.union(participants))
        texts = canonical_order({event.statement for event in events}.union(statements, moderated_out, meta))
        person_at, text_at = _places(people), _places(texts)
        return cls.from_arrays(
            people,
            texts,
            participant=[person_at[event.participant] for event in events],
            statement=[text_at[event.statement] for event in events],
            value=[event.value for event in events],
            moment=[event.at.timestamp() for event in events],
            moderated_out=moderated_out,
            meta=meta,
        )

    @classmethod
    def from_arrays(
        cls,
        participants: Sequence[str],
        statements: Sequence[str],
        *,
        participant: ArrayLike,
        statement: ArrayLike,
        value: ArrayLike,
        moment: ArrayLike | None = None,
        moderated_out: Iterable[str] = (),
        meta: Iterable[str] = (),
    ) -> Self:
        """Create the table from parallel arrays: ids in any order, several votes per cell allowed.

        `participant` and `statement` hold, per vote, the index of its ids in the two lists, like the codes
        of `pandas.factorize`. Without `moment`, arrival is unknown and the later of several votes counts.
        Raises ValueError if the arrays differ in length, or if a value is not 1, 0 or -1.
        """
        participants, statements = list(map(str, participants)), list(map(str, statements))
        people, texts = canonical_order(participants), canonical_order(statements)
        person = _moved(participants, people)[places_in(participant, len(people))]
        text = _moved(statements, texts)[places_in(statement, len(texts))]
        values = np.asarray(value, dtype=np.int64)
        if values.size and not DISAGREE <= values.min() <= values.max() <= AGREE:
            raise ValueError("a vote is 1 (agree), 0 (pass) or -1 (disagree)")
        moments = np.zeros(len(values)) if moment is None else np.asarray(moment, dtype=np.float64)
        if not len(person) == len(text) == len(values) == len(moments):
            raise ValueError("each vote needs a participant, a statement, a value and a moment")
        arrival = (
            _without_times(person, len(people)) if moment is None else _arrival(person, moments, len(people))
        )
        cell = person * len(texts) + text
        if _repeats(cell):
            last = _last_of_each_cell(cell, moments)
            person, text, values = person[last], text[last], values[last]
        coded = CodedVotes.of_cells(len(people), len(texts), person, text, values)
        return cls(tuple(people), tuple(texts), coded, arrival, frozenset(moderated_out), frozenset(meta))

    def left_out(self) -> BoolArray:
        """Mark the statements left out of the map: moderated out, or about the consultation itself."""
        out = self.moderated_out | self.meta
        return np.fromiter(
            (name in out for name in self.statements), dtype=np.bool_, count=len(self.statements)
        )


def canonical_order(ids: Iterable[str]) -> list[str]:
    """Sort ids: numbers by value, then all others as text."""
    names = list(ids)
    return names if _is_canonical(names) else sorted(names, key=_canonical)


def _is_canonical(names: Sequence[str]) -> bool:
    """Return quickly whether the names are ascending numbers, the usual case."""
    if not all(name.isdecimal() and name.isascii() and len(name) <= LONGEST_NUMBER for name in names):
        return False
    numbers = np.fromiter(map(int, names), dtype=np.int64, count=len(names))
    return bool((numbers[1:] > numbers[:-1]).all())


def _canonical(name: str) -> tuple[bool, int, str]:
    number = len(name) <= LONGEST_NUMBER and name.isascii() and name.isdecimal()
    return (not number, int(name) if number else 0, name)


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _moved(given: Sequence[str], sorted_names: Sequence[str]) -> IndexArray:
    """Return, for each index into the given list, the index into the sorted list."""
    if list(given) == sorted_names:
        return np.arange(len(given))
    places = _places(sorted_names)
    return np.fromiter((places[name] for name in given), dtype=np.intp, count=len(given))


def _repeats(cell: IndexArray) -> bool:
    in_order = np.sort(cell)
    return bool((in_order[1:] == in_order[:-1]).any())


def _last_of_each_cell(cell: IndexArray, moments: FloatArray) -> IndexArray:
    order = np.lexsort((moments, cell))  # stable: at equal times the later row stays later
    sorted_cells = cell[order]
    last = np.append(sorted_cells[1:] != sorted_cells[:-1], np.ones(min(1, len(order)), dtype=np.bool_))
    return np.asarray(order[last], dtype=np.intp)


def _arrival(person: IndexArray, moments: FloatArray, people: int) -> IndexArray:
    """Rank people by the time of their first vote, at equal times by row; people without votes come last."""
    first = np.full(people, np.inf)
    np.minimum.at(first, person, moments)
    rows = np.flatnonzero(moments == first[person])[::-1]
    first_row = np.full(people, len(person))
    first_row[person[rows]] = rows  # the last assignment to an index wins: the first row
    rank = np.empty(people, dtype=np.intp)
    rank[np.lexsort((first_row, first))] = np.arange(people)
    return rank


def _without_times(person: IndexArray, people: int) -> IndexArray:
    """Rank people by id if only participation is known."""
    silent = np.bincount(person, minlength=people) == 0
    rank = np.empty(people, dtype=np.intp)
    rank[np.argsort(silent, kind="stable")] = np.arange(people)
    return rank


def _check_ids(ids: Sequence[str]) -> None:
    if isinstance(ids, NumberedNames) or _is_canonical(ids):
        return
    if list(ids) != canonical_order(set(ids)):
        raise ValueError("ids must be in canonical order, each once")
