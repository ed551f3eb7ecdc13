"""Reads the folder of a Polis export whole, or refuses it with file, line and reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muntada.engines.opinion.polis_cells import identity, moments, shortened, whole_number
from muntada.engines.opinion.polis_sign import (
    DECLARATION,
    TWO_DECLARATIONS,
    Sign,
    declared_in_format,
    declared_in_summary,
    settled_sign,
)
from muntada.engines.opinion.polis_statements import MODERATED_OUT, Statement, read_statements
from muntada.engines.opinion.votes import AGREE, DISAGREE, PASS, VoteEvent, VoteTable, canonical_order
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault, read_records, read_table

VOTE_COLUMNS = ("timestamp", "comment-id", "voter-id", "vote")
PARTICIPANT_FILES = ("participants-votes.csv", "participant-votes.csv")  # older and newer exports

NO_FOLDER = gettext_noop("This is not a folder; the folder of a Polis export is expected.")
NO_VOTE = gettext_noop("The vote is %(cell)s; a vote is 1, -1 or 0.")
UNKNOWN_STATEMENT = gettext_noop("The vote is on comment-id %(id)s, which is not in comments.csv.")
DOUBLE_PARTICIPANT = gettext_noop("The participant %(id)s stands already on line %(first)s.")


@dataclass(frozen=True, slots=True)
class PolisExport:
    """A consultation as Polis exported it; in `votes` 1 means agree, whatever it meant in the files.

    `participants` holds everybody who voted or is listed. `published_groups` are the groups that Polis had
    computed, by participant: good for a comparison, not a truth. `agree_sign` is what *agree* was in
    `votes.csv`.
    """

    topic: str
    description: str
    statements: tuple[Statement, ...]
    votes: tuple[VoteEvent, ...]
    participants: tuple[str, ...]
    published_groups: Mapping[str, str]
    agree_sign: Sign

    def table(self) -> VoteTable:
        """Give the votes that count, with the statements that are out marked."""
        return VoteTable.from_events(
            self.votes,
            participants=self.participants,
            statements=(statement.id for statement in self.statements),
            moderated_out=(one.id for one in self.statements if one.moderated == MODERATED_OUT),
            meta=(statement.id for statement in self.statements if statement.meta),
        )


@dataclass(frozen=True, slots=True)
class _Summary:
    topic: str = ""
    description: str = ""
    declared: Sign | None = None


def read_polis(folder: Path) -> PolisExport:
    """Read `comments.csv` and `votes.csv`, and where they are there the summary, format and participants."""
    if not folder.is_dir():
        raise TableFault(folder.name, None, NO_FOLDER)
    statements = read_statements(folder / "comments.csv")
    votes = _read_votes(folder / "votes.csv", {statement.id for statement in statements})
    summary = _read_summary(folder / "summary.csv")
    declared = _declared(folder / "format.json", summary.declared)
    sign = settled_sign(
        "comments.csv", statements, [(vote.statement, vote.value) for vote in votes], declared
    )
    groups = _read_participants(folder)
    if sign != AGREE:
        votes = [VoteEvent(one.participant, one.statement, -one.value, one.at) for one in votes]
    return PolisExport(
        topic=summary.topic,
        description=summary.description,
        statements=statements,
        votes=tuple(votes),
        participants=tuple(canonical_order({vote.participant for vote in votes}.union(groups))),
        published_groups={participant: group for participant, group in groups.items() if group},
        agree_sign=sign,
    )


def _read_votes(path: Path, known: set[str]) -> list[VoteEvent]:
    rows = list(read_table(path, required=VOTE_COLUMNS))
    times = moments(path.name, [(row.line, row.values["timestamp"]) for row in rows])
    events = []
    for row, at in zip(rows, times, strict=True):
        value = whole_number(path.name, row.line, "vote", row.values["vote"])
        if value not in (AGREE, PASS, DISAGREE):
            raise TableFault(path.name, row.line, NO_VOTE, {"cell": value})
        statement = identity(path.name, row.line, "comment-id", row.values["comment-id"])
        if statement not in known:
            raise TableFault(path.name, row.line, UNKNOWN_STATEMENT, {"id": shortened(statement)})
        participant = identity(path.name, row.line, "voter-id", row.values["voter-id"])
        events.append(VoteEvent(participant, statement, value, at))
    return events


def _read_summary(path: Path) -> _Summary:
    """Read the `key,value` rows, which have no header; commas after the first belong to the value."""
    if not path.exists():
        return _Summary()
    records = [(line, cells[0].strip(), ",".join(cells[1:])) for line, cells in read_records(path)]
    values = {key: value for _, key, value in records}
    declared = {
        declared_in_summary(path.name, line, value) for line, key, value in records if key == DECLARATION
    }
    if len(declared) > 1:
        raise TableFault(path.name, None, TWO_DECLARATIONS)
    return _Summary(
        values.get("topic", "").strip(),
        values.get("conversation-description", "").strip(),
        next(iter(declared), None),
    )


def _declared(format_file: Path, in_summary: Sign | None) -> Sign | None:
    in_format = declared_in_format(format_file) if format_file.exists() else None
    if in_format is not None and in_summary is not None and in_format != in_summary:
        raise TableFault(format_file.name, None, TWO_DECLARATIONS)
    return in_format if in_summary is None else in_summary


def _read_participants(folder: Path) -> dict[str, str]:
    """Give the published group of each listed participant, empty where there is none."""
    path = next((folder / name for name in PARTICIPANT_FILES if (folder / name).exists()), None)
    if path is None:
        return {}
    groups: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in read_table(path, required=("participant", "group-id")):
        participant = identity(path.name, row.line, "participant", row.values["participant"])
        if participant in groups:
            params: dict[str, str | int] = {"id": shortened(participant), "first": lines[participant]}
            raise TableFault(path.name, row.line, DOUBLE_PARTICIPANT, params)
        groups[participant] = row.values["group-id"].strip()
        lines[participant] = row.line
    return groups
