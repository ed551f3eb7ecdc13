"""Reads the folder of a Polis export whole, or refuses it with file, line and reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muntada.engines.opinion.polis_cells import identity, shortened
from muntada.engines.opinion.polis_sign import (
    DECLARATION,
    TWO_DECLARATIONS,
    Sign,
    declared_in_format,
    declared_in_summary,
    settled_sign,
)
from muntada.engines.opinion.polis_statements import MODERATED_OUT, Statement, read_statements
from muntada.engines.opinion.polis_votes import VoteEvents, read_votes
from muntada.engines.opinion.votes import AGREE, VoteTable, canonical_order
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault, read_columns, read_records

PARTICIPANT_FILES = ("participants-votes.csv", "participant-votes.csv")  # older and newer exports

NO_FOLDER = gettext_noop("This is not a folder; the folder of a Polis export is expected.")
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
    votes: VoteEvents
    participants: tuple[str, ...]
    published_groups: Mapping[str, str]
    agree_sign: Sign

    def table(self) -> VoteTable:
        """Give the votes that count, with the statements that are out marked."""
        statements = [statement.id for statement in self.statements]
        person_at = {name: place for place, name in enumerate(self.participants)}
        text_at = {name: place for place, name in enumerate(statements)}
        return VoteTable.from_arrays(
            self.participants,
            statements,
            participant=[person_at[name] for name in self.votes.participants],
            statement=[text_at[name] for name in self.votes.statements],
            value=self.votes.values,
            moment=self.votes.moments,
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
    votes = read_votes(folder / "votes.csv", {statement.id for statement in statements})
    summary = _read_summary(folder / "summary.csv")
    declared = _declared(folder / "format.json", summary.declared)
    sign = settled_sign(
        "comments.csv", statements, zip(votes.statements, votes.values, strict=True), declared
    )
    groups = _read_participants(folder)
    return PolisExport(
        topic=summary.topic,
        description=summary.description,
        statements=statements,
        votes=votes if sign == AGREE else votes.turned(),
        participants=tuple(canonical_order({*votes.participants, *groups})),
        published_groups={participant: group for participant, group in groups.items() if group},
        agree_sign=sign,
    )


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
    rows, cells = read_columns(path, required=("participant", "group-id"))
    for line, name, group in zip(rows, cells["participant"], cells["group-id"], strict=True):
        participant = identity(path.name, line, "participant", name)
        if participant in groups:
            params: dict[str, str | int] = {"id": shortened(participant), "first": lines[participant]}
            raise TableFault(path.name, line, DOUBLE_PARTICIPANT, params)
        groups[participant] = group.strip()
        lines[participant] = line
    return groups
