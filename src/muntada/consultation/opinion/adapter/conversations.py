"""Adapter for exports of other platforms."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext

from muntada.engines.opinion.polis import PolisExport, read_polis
from muntada.engines.opinion.votes import canonical_order
from muntada.engines.tables import TableFault
from muntada.foundations.errors import Refused

MODERATED_OUT = -1
EXPORT_FILES = ("comments.csv", "votes.csv", "summary.csv")


@dataclass(frozen=True)
class SaidThere:
    """A statement in an export."""

    id: str
    text: str
    put_at: datetime
    is_hidden: bool


@dataclass(frozen=True)
class VotedThere:
    """A vote in an export; the last per voter and statement is current."""

    voter: str
    statement: str
    value: int
    cast_at: datetime
    is_current: bool


@dataclass(frozen=True)
class Conversation:
    """An exported consultation; `digest` is that of its files."""

    topic: str
    description: str
    statements: tuple[SaidThere, ...]
    voters: tuple[str, ...]
    votes: tuple[VotedThere, ...]
    digest: str


def read_conversation(folder: Path) -> Conversation:
    """Read a Polis export, or refuse it with file, line and reason."""
    try:
        export = read_polis(folder)
    except TableFault as fault:
        raise _refusal(fault) from fault
    said = {one.id: one for one in export.statements}
    return Conversation(
        topic=export.topic or folder.name,
        description=export.description,
        statements=tuple(
            SaidThere(one.id, one.text.strip(), one.created, one.moderated == MODERATED_OUT)
            for one in (said[name] for name in canonical_order(said))
        ),
        voters=export.participants,
        votes=_votes(export),
        digest=_digest(folder),
    )


def _votes(export: PolisExport) -> tuple[VotedThere, ...]:
    """Mark the last vote of each voter on each statement; at equal times, the later in the file."""
    in_time = sorted(range(len(export.votes)), key=lambda place: export.votes[place].at)
    last = {(export.votes[place].participant, export.votes[place].statement): place for place in in_time}
    current = set(last.values())
    return tuple(
        VotedThere(vote.participant, vote.statement, vote.value, vote.at, place in current)
        for place, vote in enumerate(export.votes)
    )


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in EXPORT_FILES:
        path = folder / name
        digest.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b"") + b"\0")
    return digest.hexdigest()


def _refusal(fault: TableFault) -> Refused:
    sentence = gettext(fault.sentence) % fault.params
    if fault.line is None:
        where = gettext("%(file)s: %(sentence)s") % {"file": fault.file, "sentence": sentence}
    else:
        params = {"file": fault.file, "line": fault.line, "sentence": sentence}
        where = gettext("%(file)s, line %(line)s: %(sentence)s") % params
    return Refused(where, "file-fault")
