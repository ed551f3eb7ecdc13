"""The votes behind a map as open data, in the files of a Polis export, and the map itself.

What is given away, and what is not: each voter is an alias drawn at random, which stands for nobody outside
of this call. Left out are what voters declared of themselves (a kind of organisation in a small country could
be one person), the moment of a vote (who saw somebody vote would find the row) and votes that were changed
later. What remains is recognised only by somebody who already knows several votes of a person; where fewer
people voted than `FEWEST_FOR_OPEN_DATA`, even that is too easy, and there are no rows.
"""

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext

from muntada.consultation.models import OpinionMap, Statement, Voter
from muntada.consultation.queries.ballots import cut_of, votes_of
from muntada.consultation.queries.maps import BESIDES
from muntada.consultation.rules.maps import FEWEST_FOR_OPEN_DATA
from muntada.consultation.rules.statements import StatementState, VoteValue
from muntada.foundations.errors import NotThere

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
# A wider table than this is no help to anybody; votes.csv holds the same.
MOST_CELLS = 2_000_000
MODERATED_IN, MODERATED_OUT = 1, -1
CONVENTION = "agree=+1;disagree=-1;pass=0"
README = """Open data of a consultation: {title}
{address}

The votes up to the map drawn on {day} (UTC). The same map comes out of them again:

    muntada opinion FOLDER --seed {seed} --json

comments.csv            the statements; those taken out of the vote without their words
votes.csv               the last vote of each person on each statement: 1 agree, -1 disagree, 0 pass
participants-votes.csv  the same by person, with the group on the map
summary.csv             the call
map.json                the map as it is shown

Each person is an alias drawn at random. What people declared of themselves, the hour of a vote and votes that
were changed later are left out, so that nobody is found by them.
"""


@dataclass(frozen=True)
class _LastVote:
    voter: str
    statement: int
    value: int
    cast_at: datetime


def open_data(kept: OpinionMap, address: str) -> bytes:
    """Return all files of a map in one archive; the same map gives the same bytes."""
    require_enough(kept)
    votes = _last_votes(kept)
    files = {
        "README.txt": README.format(
            title=kept.call.title_here, address=address, day=_day(kept.made_at), seed=kept.seed
        ),
        "comments.csv": _comments(kept, votes),
        "votes.csv": _table(VOTE_COLUMNS, _vote_rows(votes)),
        "participants-votes.csv": _people(kept, votes),
        "summary.csv": _table((), _summary(kept, votes, address)),
        "map.json": map_as_json(kept),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            folder.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content.encode(), zipfile.ZIP_DEFLATED
            )
    return archive.getvalue()


def map_as_json(kept: OpinionMap) -> str:
    """Return a map as it is shown, each person by their alias."""
    require_enough(kept)
    alias = dict(Voter.objects.filter(call=kept.call).values_list("pk", "alias"))
    document = {
        "call": kept.call.get_absolute_url(),
        "made_at": kept.made_at.isoformat(),
        "seed": kept.seed,
        "settings": {name: value for name, value in kept.settings.items() if name not in BESIDES},
        "voters": kept.voters,
        "votes": kept.votes,
        "participants": sorted(
            (
                {
                    "id": alias[voter],
                    "x": x,
                    "y": y,
                    "group": group,
                    "support": support[0] if support else None,
                }
                for voter, x, y, group, *support in kept.points
            ),
            key=lambda one: str(one["id"]),
        ),
        "voices": kept.voices,
        **kept.result,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def require_enough(kept: OpinionMap) -> None:
    """Refuse rows of votes of so few people that each could be told."""
    if kept.voters < FEWEST_FOR_OPEN_DATA:
        sentence = gettext(
            "So few people have voted that each could be told apart, so their votes are not given out. "
            "They are from %(fewest)s voters on."
        )
        raise NotThere(sentence % {"fewest": FEWEST_FOR_OPEN_DATA}, "too-few-voters")


def _last_votes(kept: OpinionMap) -> list[_LastVote]:
    """Return the last vote of each person on each statement of the map, as the engine keeps it."""
    rows = (
        votes_of(kept.call, cut_of(kept))
        .filter(statement__symbol__number__in=[int(number) for number in kept.result["statements"]])
        .order_by("voter_id", "statement_id", "-cast_at", "-pk")
        .distinct("voter_id", "statement_id")
        .values_list("voter__alias", "statement__symbol__number", "value", "cast_at")
    )
    votes = [_LastVote(*row) for row in rows]
    return sorted(votes, key=lambda vote: (vote.voter, vote.statement))


def _comments(kept: OpinionMap, votes: Iterable[_LastVote]) -> str:
    agrees: dict[int, int] = defaultdict(int)
    disagrees: dict[int, int] = defaultdict(int)
    for vote in votes:
        agrees[vote.statement] += vote.value == VoteValue.AGREE
        disagrees[vote.statement] += vote.value == VoteValue.DISAGREE
    left_out = {int(number) for number, one in kept.result["statements"].items() if one["left_out"]}
    statements = Statement.objects.filter(
        call=kept.call, symbol__number__in=[int(number) for number in kept.result["statements"]]
    ).order_by("symbol__number")
    return _table(
        COMMENT_COLUMNS,
        (
            (
                *_when(put_at),
                number,
                "",
                agrees[number],
                disagrees[number],
                MODERATED_OUT if number in left_out else MODERATED_IN,
                text if state == StatementState.OPEN else "",
            )
            for number, put_at, state, text in statements.values_list(
                "symbol__number", "put_at", "state", "text"
            )
        ),
    )


def _vote_rows(votes: Iterable[_LastVote]) -> Iterable[Sequence[object]]:
    return ((*_when(vote.cast_at), vote.statement, vote.voter, vote.value) for vote in votes)


def _people(kept: OpinionMap, votes: Sequence[_LastVote]) -> str:
    """Return a row for each person, with a cell for each statement where that is not too wide a table."""
    by_person: dict[str, dict[int, int]] = defaultdict(dict)
    for vote in votes:
        by_person[vote.voter][vote.statement] = vote.value
    numbers = sorted(map(int, kept.result["statements"]))
    if len(by_person) * len(numbers) > MOST_CELLS:
        numbers = []
    alias = dict(Voter.objects.filter(call=kept.call).values_list("pk", "alias"))
    group_of = {alias[voter]: group for voter, _, _, group, *_ in kept.points}
    rows = (
        (
            person,
            "" if group_of.get(person) is None else group_of[person],
            0,
            len(said),
            sum(value == VoteValue.AGREE for value in said.values()),
            sum(value == VoteValue.DISAGREE for value in said.values()),
            *(said.get(number, "") for number in numbers),
        )
        for person, said in sorted(by_person.items())
    )
    return _table((*PERSON_COLUMNS, *numbers), rows)


def _summary(kept: OpinionMap, votes: Sequence[_LastVote], address: str) -> list[tuple[str, object]]:
    return [
        ("topic", kept.call.title_here),
        ("url", address),
        ("voters", len({vote.voter for vote in votes})),
        ("comments", len(kept.result["statements"])),
        ("groups", len(kept.result["groups"])),
        ("vote-convention", CONVENTION),
        ("conversation-description", kept.call.introduction_here),
    ]


def _table(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    if columns:
        writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue()


def _when(moment: datetime) -> tuple[int, str]:
    """Return the day of a moment only, as seconds and in words."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(day.timestamp()), _day(day)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
