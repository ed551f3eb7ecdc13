"""The votes of a map, recorded so that the same votes can be found again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from muntada.consultation.calls.models import Call
from muntada.consultation.statements.models import OpinionMap, Vote, Voter

# Votes in progress have recent ids: no transaction lasts longer than this many others.
NEWEST = 5_000
_STANDING = """
    WITH newest AS (SELECT coalesce(max(id), 0) AS id FROM consultation_statements_vote)
    SELECT newest.id,
           ARRAY(SELECT number FROM generate_series(greatest(newest.id - %(window)s, 1), newest.id) AS number
                 EXCEPT SELECT id FROM consultation_statements_vote WHERE id >= newest.id - %(window)s
                 ORDER BY 1)
    FROM newest
"""


@dataclass(frozen=True)
class VoteCutoff:
    """The votes up to `last_vote`, without those `not_yet` committed and those `taken_back`.

    Votes of `left_out` voters are excluded, too; None if unknown for a map.
    """

    last_vote: int
    not_yet: tuple[int, ...]
    taken_back: tuple[int, ...]
    at: datetime
    left_out: tuple[int, ...] | None


def cut_now(call: Call, now: datetime) -> VoteCutoff:
    """Return the current cut. Votes being cast now belong to the next map."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"window": NEWEST})
        last_vote, not_yet = cursor.fetchone()
    # A vote that is not current and has no successor was withdrawn.
    later = Vote.objects.filter(
        voter=OuterRef("voter"), statement=OuterRef("statement"), pk__gt=OuterRef("pk")
    )
    retired = Vote.objects.filter(statement__call=call, is_current=False, pk__lte=last_vote)
    taken_back = retired.filter(~Exists(later)).order_by("pk").values_list("pk", flat=True)
    banned = Voter.objects.filter(call=call, banned_at__isnull=False).order_by("pk")
    left_out = tuple(banned.values_list("pk", flat=True))
    return VoteCutoff(last_vote, tuple(not_yet), tuple(taken_back), now, left_out)


def cut_of(kept: OpinionMap) -> VoteCutoff:
    not_yet, taken_back = (tuple(kept.settings.get(name, ())) for name in ("not_yet", "taken_back"))
    left_out = None if kept.left_out_voters is None else tuple(kept.left_out_voters)
    return VoteCutoff(kept.last_vote, not_yet, taken_back, kept.made_at, left_out)


def votes_of(call: Call, cut: VoteCutoff) -> QuerySet[Vote]:
    """Return the votes up to a cut in order of time, including voters banned since then.

    Votes withdrawn before the cut are excluded with their predecessors.
    """
    votes = Vote.objects.filter(statement__call=call, pk__lte=cut.last_vote)
    if cut.taken_back:
        gone = Vote.objects.filter(
            pk__in=cut.taken_back, voter=OuterRef("voter"), statement=OuterRef("statement")
        )
        votes = votes.filter(~Exists(gone))
    votes = votes.exclude(pk__in=cut.not_yet).order_by("cast_at", "pk")
    if cut.left_out is None:
        return votes.exclude(voter__banned_at__lte=cut.at)
    return votes.exclude(voter__in=cut.left_out)
