"""The one door to the opinion engine: votes go in as rows, a drawn map comes out as plain values."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from muntada.consultation.models import Call, Statement, Vote, Voter
from muntada.consultation.rules.statements import StatementState
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.polis import PolisExport, read_polis
from muntada.engines.opinion.result import OpinionMap
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.votes import VoteTable, canonical_order
from muntada.engines.tables import TableFault
from muntada.foundations.errors import Refused

SEED = 0
# Beyond these digits two machines may differ.
DECIMALS = 9
MODERATED_OUT = -1
EXPORT_FILES = ("comments.csv", "votes.csv", "summary.csv")


@dataclass(frozen=True)
class SaidThere:
    """A statement as another platform exported it."""

    id: str
    text: str
    put_at: datetime
    is_hidden: bool


@dataclass(frozen=True)
class VotedThere:
    """One vote as another platform exported it; of several on one statement the last is current."""

    voter: str
    statement: str
    value: int
    cast_at: datetime
    is_current: bool


@dataclass(frozen=True)
class Conversation:
    """A whole consultation from elsewhere; `digest` is that of its files."""

    topic: str
    description: str
    statements: tuple[SaidThere, ...]
    voters: tuple[str, ...]
    votes: tuple[VotedThere, ...]
    digest: str


@dataclass(frozen=True)
class Drawn:
    """An opinion map as it is stored."""

    seed: int
    settings: dict[str, Any]
    voters: int
    votes: int
    statements: int
    points: list[list[Any]]
    priorities: dict[str, float]
    result: dict[str, Any]


def read_conversation(folder: Path) -> Conversation:
    """Read a Polis export whole, or refuse it with file, line and reason."""
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
    """Mark the last vote of each voter on each statement; of two at one moment, the later in the file."""
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


def draw_map(call: Call, seed: int = SEED) -> Drawn:
    """Compute the map of a call from all votes cast. Statements go by their number, voters by their row."""
    voters = [str(pk) for pk in Voter.objects.filter(call=call).order_by("pk").values_list("pk", flat=True)]
    statements = dict(Statement.objects.filter(call=call).values_list("symbol__number", "state"))
    names = [str(number) for number in sorted(statements)]
    table = VoteTable.from_arrays(
        voters,
        names,
        **_arrays(call, voters, names),
        moderated_out=(str(number) for number, state in statements.items() if state == StatementState.HIDDEN),
    )
    found = analyse(table, Settings(), seed)
    return Drawn(
        seed=found.seed,
        settings=asdict(found.settings),
        voters=len({int(place) for place in table.participant}),
        votes=len(table.value),
        statements=len(names),
        points=_points(found),
        priorities={one.id: _rounded(one.priority) for one in found.statements if not one.left_out},
        result=_result(found),
    )


def _arrays(call: Call, voters: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return every vote ever cast as places and values; the engine keeps the last of each cell."""
    voter_at = {name: place for place, name in enumerate(voters)}
    statement_at = {name: place for place, name in enumerate(names)}
    rows = (
        Vote.objects.filter(statement__call=call)
        .order_by("pk")
        .values_list("voter_id", "statement__symbol__number", "value", "cast_at")
    )
    people, texts, values, moments = [], [], [], []
    for voter, number, value, cast_at in rows.iterator(chunk_size=20_000):
        people.append(voter_at[str(voter)])
        texts.append(statement_at[str(number)])
        values.append(value)
        moments.append(cast_at.timestamp())
    return {"participant": people, "statement": texts, "value": values, "moment": moments}


def _points(found: OpinionMap) -> list[list[Any]]:
    """Return voter, x, y and group of everybody who voted."""
    return [
        [int(one.id), _rounded(one.x), _rounded(one.y), one.group] for one in found.participants if one.votes
    ]


def _result(found: OpinionMap) -> dict[str, Any]:
    """Return everything but the points as plain values for JSON."""
    grouping = asdict(found.grouping)
    if found.grouping.reason is not None:
        reason = found.grouping.reason
        grouping["reason"] = {"sentence": reason.sentence, "params": dict(reason.params)}
    return {
        "groups": _plain([asdict(group) for group in found.groups]),
        "statements": _plain({one.id: asdict(one) for one in found.statements}),
        "consensus": _plain(asdict(found.consensus)),
        "axes": _plain([asdict(axis) for axis in found.axes]),
        "grouping": _plain(grouping),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _rounded(value: float) -> float:
    return round(value, DECIMALS) if math.isfinite(value) else 0.0
