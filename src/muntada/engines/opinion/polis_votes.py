"""The votes of a Polis export: fifty thousand rows are common, so they stay in columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Self, overload

from muntada.engines.opinion.polis_cells import (
    EPOCH,
    FIRST_IN_MILLISECONDS,
    identity,
    moment_numbers,
    shortened,
    whole_number,
)
from muntada.engines.opinion.votes import AGREE, DISAGREE, PASS, VoteEvent
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault, read_columns

VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")

NO_VOTE = gettext_noop("The vote is %(cell)s; a vote is 1, -1 or 0.")
UNKNOWN_STATEMENT = gettext_noop("The vote is on comment-id %(id)s, which is not in comments.csv.")


@dataclass(frozen=True, slots=True, eq=False)
class VoteEvents(Sequence[VoteEvent]):
    """The votes in the order of the file; each becomes a VoteEvent when it is looked at.

    `moments` are all in seconds or all in milliseconds since 1970.
    """

    participants: Sequence[str]
    statements: Sequence[str]
    values: Sequence[int]
    moments: Sequence[int]

    def turned(self) -> Self:
        """Give the same votes with agreement and disagreement exchanged."""
        return replace(self, values=[-value for value in self.values])

    @overload
    def __getitem__(self, place: int) -> VoteEvent: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[VoteEvent, ...]: ...
    def __getitem__(self, place: int | slice) -> VoteEvent | tuple[VoteEvent, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(len(self))[place])
        moment = self.moments[place]
        unit = timedelta(milliseconds=1) if moment >= FIRST_IN_MILLISECONDS else timedelta(seconds=1)
        return VoteEvent(
            self.participants[place], self.statements[place], self.values[place], EPOCH + moment * unit
        )

    def __iter__(self) -> Iterator[VoteEvent]:
        return (self[place] for place in range(len(self)))

    def __len__(self) -> int:
        return len(self.values)


def read_votes(path: Path, statements: set[str]) -> VoteEvents:
    """Read all votes, or refuse them with the line and the reason."""
    lines, cells = read_columns(path, required=VOTE_COLUMNS)
    moments = moment_numbers(path.name, list(zip(lines, cells["timestamp"], strict=True)))
    read = _Cells(path.name, statements)
    rows = zip(lines, cells["vote"], cells["comment-id"], cells["voter-id"], strict=True)
    votes = [
        (read.vote(line, vote), read.statement(line, text), read.participant(line, person))
        for line, vote, text, person in rows
    ]
    values, texts, people = zip(*votes, strict=True)
    return VoteEvents(people, texts, values, moments)


class _Cells:
    """Reads each different cell once: the same few thousand come again and again."""

    def __init__(self, file: str, statements: set[str]) -> None:
        self.file, self.known = file, statements
        self.votes: dict[str, int] = {}
        self.statements: dict[str, str] = {}
        self.participants: dict[str, str] = {}

    def vote(self, line: int, cell: str) -> int:
        if cell not in self.votes:
            value = whole_number(self.file, line, "vote", cell)
            if value not in {AGREE, PASS, DISAGREE}:
                raise TableFault(self.file, line, NO_VOTE, {"cell": value})
            self.votes[cell] = value
        return self.votes[cell]

    def statement(self, line: int, cell: str) -> str:
        if cell not in self.statements:
            name = identity(self.file, line, "comment-id", cell)
            if name not in self.known:
                raise TableFault(self.file, line, UNKNOWN_STATEMENT, {"id": shortened(name)})
            self.statements[cell] = name
        return self.statements[cell]

    def participant(self, line: int, cell: str) -> str:
        if cell not in self.participants:
            self.participants[cell] = identity(self.file, line, "voter-id", cell)
        return self.participants[cell]
