"""The votes of a map as open data in the format of Polis exports, for calls that publish rows.

Voters are random aliases, used in this call only. Left out are declarations (an organization kind
in a small country may identify a person), the time of a vote (an observer could find the row) and
replaced votes. A row can be recognized only by someone who knows several votes of a person; with
fewer voters than `FEWEST_FOR_OPEN_DATA` even that is too easy, and there are no rows. A call that
publishes rows shows nothing by declared group: both together would reveal declarations.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import IO, Any

from django.db.models import QuerySet
from django.db.models.functions import Collate

from muntada.consultation.opinion.exports.json import map_as_json
from muntada.consultation.opinion.queries.ballots import cut_of, votes_of
from muntada.consultation.opinion.rules import require_rows
from muntada.consultation.statements.models import OpinionMap, Statement, Voter
from muntada.consultation.statements.rules.statements import StatementState, VoteValue

COMMENT_COLUMNS = (
    "timestamp",
    "datetime",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "comment-body",
)
VOTE_COLUMNS = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
PERSON_COLUMNS = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
IMPORTANT_COLUMNS = ("comment-id", "voter-id")
# A larger table is of no use; votes.csv has the same content.
MOST_CELLS = 2_000_000
CHUNK = 20_000
MODERATED_IN, MODERATED_OUT = 1, -1
CONVENTION = "agree=+1;disagree=-1;pass=0"
# Archive entries have no time, so that the same map gives the same bytes.
NO_MOMENT = (1980, 1, 1, 0, 0, 0)
README = """Open data of a consultation: {title}
{address}

The votes up to the map drawn on {day} (UTC). The same map comes out of them again:

    muntada opinion FOLDER --seed {seed} --json

comments.csv            the statements; those taken out of the vote without their words
votes.csv               the last vote of each person on each statement: 1 agree, -1 disagree, 0 pass
important.csv           which of these votes were marked as on something important to the person
participants-votes.csv  the same by person, with the group on the map
summary.csv             the call
map.json                the map as it is shown

Each person is an alias drawn at random. What people declared of themselves, the hour of a vote and votes that
were changed later are left out, so that nobody is found by them.
"""


def mark_of(kept: OpinionMap) -> str:
    """Return the version of a map's archive, which changes with the texts of statements."""
    digest = hashlib.sha256(f"{kept.pk}/{kept.made_at.isoformat()}/{_title(kept)}".encode())
    for row in _statements(kept):
        digest.update(repr(row).encode())
    return digest.hexdigest()[:20]


def write_open_data(kept: OpinionMap, file: IO[bytes], site: str) -> None:
    """Write all files of a map into an archive, row by row; the same map gives the same bytes."""
    require_rows(kept.call.gives_out, kept.voters)
    address = f"{site}{kept.call.get_absolute_url()}"
    readme = README.format(title=_title(kept), address=address, day=_day(kept.made_at), seed=kept.seed)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "README.txt", [readme])
        _put(archive, "comments.csv", _table(COMMENT_COLUMNS, _comments(kept)))
        _put(archive, "votes.csv", _table(VOTE_COLUMNS, _vote_rows(kept)))
        _put(archive, "important.csv", _table(IMPORTANT_COLUMNS, _important(kept)))
        _put(archive, "participants-votes.csv", _people(kept))
        _put(archive, "summary.csv", _table((), _summary(kept, address)))
        _put(archive, "map.json", [map_as_json(kept)])


def _put(archive: zipfile.ZipFile, name: str, parts: Iterable[str]) -> None:
    told = zipfile.ZipInfo(name, NO_MOMENT)
    told.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(told, "w", force_zip64=True) as file:
        for part in parts:
            file.write(part.encode())


def _title(kept: OpinionMap) -> str:
    """Return the title in one language, independent of the reader."""
    return _first(kept.call.titles)


def _first(texts: dict[str, str]) -> str:
    return texts.get("en") or next((texts[language] for language in sorted(texts)), "")


def _last_votes(kept: OpinionMap) -> QuerySet[Any]:
    """Return the last vote of each person on each statement of the map."""
    rows = votes_of(kept.call, cut_of(kept)).annotate(alias=Collate("voter__alias", "C"))
    return (
        rows.filter(statement__symbol__number__in=_numbers(kept))
        .order_by("alias", "statement__symbol__number", "-cast_at", "-pk")
        .distinct("alias", "statement__symbol__number")
    )


def _numbers(kept: OpinionMap) -> list[int]:
    return sorted(map(int, kept.result["statements"]))


def _statements(kept: OpinionMap) -> QuerySet[Statement, tuple[int, datetime, str, str]]:
    rows = Statement.objects.filter(call=kept.call, symbol__number__in=_numbers(kept))
    return rows.order_by("symbol__number").values_list("symbol__number", "put_at", "state", "text")


def _comments(kept: OpinionMap) -> Iterator[Sequence[object]]:
    for number, put_at, state, text in _statements(kept):
        found = kept.result["statements"][str(number)]
        yield (
            *_when(put_at),
            number,
            "",
            found["agree"],
            found["disagree"],
            MODERATED_OUT if found["left_out"] else MODERATED_IN,
            text if state == StatementState.OPEN else "",
        )


def _vote_rows(kept: OpinionMap) -> Iterator[Sequence[object]]:
    rows = _last_votes(kept).values_list("cast_at", "statement__symbol__number", "alias", "value")
    return ((*_when(cast_at), *row) for cast_at, *row in rows.iterator(chunk_size=CHUNK))


def _important(kept: OpinionMap) -> Iterator[Sequence[object]]:
    rows = _last_votes(kept).values_list("statement__symbol__number", "alias", "important")
    return ((number, alias) for number, alias, matters in rows.iterator(chunk_size=CHUNK) if matters)


def _people(kept: OpinionMap) -> Iterator[str]:
    """Yield a row per person, with a cell per statement unless the table would be too large."""
    numbers = _numbers(kept)
    if kept.voters * len(numbers) > MOST_CELLS:
        numbers = []
    aliases = dict(Voter.objects.filter(call=kept.call).order_by("pk").values_list("pk", "alias"))
    group_of = {aliases[voter]: group for voter, _, _, group, *_ in kept.points}
    return _table((*PERSON_COLUMNS, *numbers), _people_rows(kept, numbers, group_of))


def _people_rows(
    kept: OpinionMap, numbers: Sequence[int], group_of: dict[str, int | None]
) -> Iterator[Sequence[object]]:
    rows = _last_votes(kept).values_list("alias", "statement__symbol__number", "value")
    for person, votes in groupby(rows.iterator(chunk_size=CHUNK), key=itemgetter(0)):
        said = {number: value for _, number, value in votes}
        group = group_of.get(person)
        yield (
            person,
            "" if group is None else group,
            0,
            len(said),
            sum(value == VoteValue.AGREE for value in said.values()),
            sum(value == VoteValue.DISAGREE for value in said.values()),
            *(said.get(number, "") for number in numbers),
        )


def _summary(kept: OpinionMap, address: str) -> list[tuple[str, object]]:
    return [
        ("topic", _title(kept)),
        ("url", address),
        ("voters", kept.voters),
        ("comments", len(kept.result["statements"])),
        ("groups", len(kept.result["groups"])),
        ("vote-convention", CONVENTION),
        ("conversation-description", _first(kept.call.introductions)),
    ]


def _table(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table line by line."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in chain([columns] if columns else [], rows):
        writer.writerow(row)
        yield written.getvalue()
        written.seek(0)
        written.truncate()


def _when(moment: datetime) -> tuple[int, str]:
    """Return the day of a moment as seconds and text."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(day.timestamp()), _day(day)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
