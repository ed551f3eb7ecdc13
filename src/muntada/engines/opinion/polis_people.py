"""Read `participants-votes.csv` of a Polis export: participants, and votes if needed."""

import csv
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from muntada.engines.opinion.polis_blocks import FileBlocks, read_blocks
from muntada.engines.opinion.polis_cells import WHOLE_NUMBER, identity, shortened
from muntada.engines.opinion.polis_leave import Leave
from muntada.engines.opinion.polis_votes import VoteEvents, vote_of
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import COLUMNS_MISSING, MAX_BYTES, WRONG_LENGTH, TableFault, opened

PARTICIPANT_FILES = ("participants-votes.csv", "participant-votes.csv")  # names in older and newer exports
PERSON, GROUP, AGREED, DISAGREED = "participant", "group-id", "n-agree", "n-disagree"

DOUBLE_PARTICIPANT = gettext_noop("The participant %(id)s stands already on line %(first)s.")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person in the file: the group found by Polis, and the numbers of agreements and disagreements."""

    line: int
    group: str
    counts: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class VoteMatrix:
    """The last votes of everybody, in order of arrival."""

    votes: VoteEvents
    listed: dict[str, ListedPerson]


def participant_file(folder: Path) -> Path | None:
    return next((folder / name for name in PARTICIPANT_FILES if (folder / name).exists()), None)


def read_listed(path: Path, leave: Leave, max_bytes: int = MAX_BYTES) -> dict[str, ListedPerson]:
    """Read the participants; only the first columns of the wide rows are parsed."""
    listed: dict[str, ListedPerson] = {}
    faults = []
    try:
        with opened(path, max_bytes=max_bytes) as stream:
            blocks = read_blocks(path, stream, (PERSON,) if leave.lenient else (PERSON, GROUP))
            people = _People(blocks, listed)
            for line, text in enumerate(blocks.lines(), start=blocks.line):
                try:
                    if text.strip():
                        people.add(line, people.beginning(line, text))
                except TableFault as fault:
                    faults.append(fault)
                    if not leave.lenient:
                        raise
    except TableFault as fault:
        leave.forgive(fault, "The rest of the file was left aside: the votes do not need it.")
    if faults:
        leave.forgive(
            faults[0], f"Rows left aside for such reasons: {len(faults)}; the votes do not need them."
        )
    return listed


def read_matrix(path: Path, max_bytes: int = MAX_BYTES) -> VoteMatrix:
    """Read the votes from the columns named by numbers; an empty cell is a statement not seen."""
    listed: dict[str, ListedPerson] = {}
    person, text, values = array("i"), array("i"), array("b")
    with opened(path, max_bytes=max_bytes) as stream:
        blocks = read_blocks(path, stream, (PERSON,))
        people, columns = _People(blocks, listed), len(blocks.columns)
        at = [place for place, name in enumerate(blocks.columns) if name.isascii() and name.isdecimal()]
        if not at:
            params: dict[str, str | int] = {"missing": "0, 1, 2, …", "found": ", ".join(blocks.columns)}
            raise TableFault(path.name, None, COLUMNS_MISSING, params)
        read_as: dict[str, int] = {}
        for line, cells in blocks.records():
            if len(cells) != columns:
                raise TableFault(path.name, line, WRONG_LENGTH, {"cells": len(cells), "columns": columns})
            people.add(line, cells)
            for number, place in enumerate(at):
                cell = cells[place]
                if not cell or cell.isspace():
                    continue
                if cell not in read_as:
                    read_as[cell] = vote_of(path.name, line, blocks.columns[place], cell)
                person.append(len(listed) - 1)
                text.append(number)
                values.append(read_as[cell])
    return VoteMatrix(
        VoteEvents(
            tuple(listed),
            tuple(blocks.columns[place] for place in at),
            np.frombuffer(person, dtype=np.int32),
            np.frombuffer(text, dtype=np.int32),
            np.frombuffer(values, dtype=np.int8),
            None,
        ),
        listed,
    )


class _People:
    """Collects participants from the first columns of their rows."""

    def __init__(self, blocks: FileBlocks, listed: dict[str, ListedPerson]) -> None:
        self.file, self.columns, self.listed = blocks.file, len(blocks.columns), listed
        at = {name: place for place, name in enumerate(blocks.columns)}
        self.person, self.group = at[PERSON], at.get(GROUP)
        self.counts = (at[AGREED], at[DISAGREED]) if AGREED in at and DISAGREED in at else None
        self.needed = max(self.person, self.group or 0, *(self.counts or (0,))) + 1

    def beginning(self, line: int, text: str) -> list[str]:
        """Split a row up to the last column needed."""
        cells = next(csv.reader([text])) if '"' in text else text.split(",", self.needed)
        if len(cells) < self.needed:
            params: dict[str, str | int] = {"cells": len(cells), "columns": self.columns}
            raise TableFault(self.file, line, WRONG_LENGTH, params)
        return cells

    def add(self, line: int, cells: list[str]) -> None:
        name = identity(self.file, line, PERSON, cells[self.person])
        if name in self.listed:
            params: dict[str, str | int] = {"id": shortened(name), "first": self.listed[name].line}
            raise TableFault(self.file, line, DOUBLE_PARTICIPANT, params)
        group = "" if self.group is None else cells[self.group].strip()
        self.listed[name] = ListedPerson(line, group, self._counts(cells))

    def _counts(self, cells: list[str]) -> tuple[int, int] | None:
        if self.counts is None:
            return None
        agreed, disagreed = (WHOLE_NUMBER.fullmatch(cells[place].strip()) for place in self.counts)
        return (int(agreed[1]), int(disagreed[1])) if agreed and disagreed else None
