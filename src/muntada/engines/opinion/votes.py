"""What goes into the analysis: one current vote per person and statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muntada.engines.opinion.arrays import Bools, Floats, Integers

AGREE, PASS, DISAGREE = 1, 0, -1
LONGEST_NUMBER = 18

type Values = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class VoteEvent:
    """Somebody voted (or voted again) on a statement at a moment; 1 agree, -1 disagree, 0 pass."""

    participant: str
    statement: str
    value: int
    at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class VoteTable:
    """The votes that count, in an order that depends on nothing but the ids.

    `participant`, `statement` and `value` run in parallel, one entry per vote, sorted by person and
    statement; they hold places in `participants` and `statements`. `arrival` is each participant's place in
    the order of first votes.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    participant: Integers
    statement: Integers
    value: Values
    arrival: Integers
    moderated_out: frozenset[str] = frozenset()
    meta: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _check_ids(self.participants)
        _check_ids(self.statements)
        cell = self.participant * len(self.statements) + self.statement
        if np.any(np.diff(cell) <= 0):
            raise ValueError("the votes must be sorted by participant and statement, one per cell")
        for array in (self.participant, self.statement, self.value, self.arrival):
            array.flags.writeable = False

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
        """Keep the last vote of each cell by time; of two at the same moment, the later in the row of events.

        Participants without a vote and statements without a vote can be named beside the events.
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
        """Make the table of parallel arrays: ids in any order, several votes per cell allowed."""
        people, texts = canonical_order(participants), canonical_order(statements)
        person = _moved(participants, people)[_indices(participant, len(people))]
        text = _moved(statements, texts)[_indices(statement, len(texts))]
        values = np.asarray(value, dtype=np.int64)
        if not np.isin(values, (AGREE, PASS, DISAGREE)).all():
            raise ValueError("a vote is 1 (agree), 0 (pass) or -1 (disagree)")
        moments = np.zeros(len(values)) if moment is None else np.asarray(moment, dtype=np.float64)
        if not len(person) == len(text) == len(values) == len(moments):
            raise ValueError("each vote needs a participant, a statement, a value and a moment")
        last = _last_of_each_cell(person * len(texts) + text, moments)
        return cls(
            tuple(people),
            tuple(texts),
            person[last],
            text[last],
            values[last].astype(np.int8),
            _arrival(person, moments, len(people)),
            frozenset(moderated_out),
            frozenset(meta),
        )

    def left_out(self) -> Bools:
        """Mark the statements that take no part in the map: moderated out, or about the consultation."""
        out = self.moderated_out | self.meta
        return np.fromiter(
            (name in out for name in self.statements), dtype=np.bool_, count=len(self.statements)
        )


def canonical_order(ids: Iterable[str]) -> list[str]:
    """Sort ids: numbers by their value, then everything else as text."""
    return sorted(ids, key=_canonical)


def _canonical(name: str) -> tuple[bool, int, str]:
    number = len(name) <= LONGEST_NUMBER and name.isascii() and name.isdecimal()
    return (not number, int(name) if number else 0, name)


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _moved(given: Sequence[str], sorted_names: Sequence[str]) -> Integers:
    """Say for each place in the given row its place in the sorted one."""
    places = _places(sorted_names)
    return np.fromiter((places[name] for name in given), dtype=np.intp, count=len(given))


def _indices(places: ArrayLike, count: int) -> Integers:
    indices = np.asarray(places, dtype=np.intp)
    if indices.size and not 0 <= indices.min() <= indices.max() < count:
        raise ValueError("a vote points to a participant or a statement that is not in the table")
    return indices


def _last_of_each_cell(cell: Integers, moments: Floats) -> Integers:
    order = np.lexsort((moments, cell))  # stable: of two at the same moment the later row stays later
    sorted_cells = cell[order]
    last = np.append(sorted_cells[1:] != sorted_cells[:-1], np.ones(min(1, len(order)), dtype=np.bool_))
    return np.asarray(order[last], dtype=np.intp)


def _arrival(person: Integers, moments: Floats, people: int) -> Integers:
    first = np.full(people, np.inf)
    np.minimum.at(first, person, moments)
    rank = np.empty(people, dtype=np.intp)
    rank[np.argsort(first, kind="stable")] = np.arange(people)
    return rank


def _check_ids(ids: tuple[str, ...]) -> None:
    if list(ids) != canonical_order(set(ids)):
        raise ValueError("ids must be in canonical order, each once")
