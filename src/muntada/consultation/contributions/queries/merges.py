"""Merges of contributions, and pending consents."""

from collections.abc import Sequence

from django.db.models import Prefetch, Q
from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.contributions.models import Contribution, Merge
from muntada.forums.merging.queries import STANDING, beside, seen_by, waiting_for
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.record.models import Edge, Symbol
from muntada.record.rules import Relation

_SIDE_READ = Contribution.objects.select_related(
    "symbol__forum", "author", "organisation", "call__forum", "question_set"
)
# Loading both sides in one query would join twenty tables, which takes PostgreSQL longer to plan than
# to run.
MERGES_READ = Merge.objects.select_related("joint__symbol__forum", "proposed_by").prefetch_related(
    Prefetch("first", _SIDE_READ), Prefetch("second", _SIDE_READ)
)
ORIGINALS_READ = Contribution.objects.select_related("symbol__forum", "call__forum", "question_set")


def merges_of(forum_request: ForumRequest, contribution: Contribution) -> list[Merge]:
    """Return the visible merges of a contribution, newest first."""
    theirs = Q(first=contribution) | Q(second=contribution) | Q(joint=contribution)
    return list(MERGES_READ.filter(theirs, seen_by(forum_request, ANSWERING_ROLES)))


def merge_at(forum_request: ForumRequest, number: int, pk: int) -> Merge:
    """Return a merge of one of its contributions."""
    seen = MERGES_READ.filter(beside(number), seen_by(forum_request, ANSWERING_ROLES))
    found = seen.filter(first__call__forum=forum_request.forum, pk=pk).first()
    if found is None:
        raise NotThere(
            gettext("There is no such proposal here. Please look at the page of the contribution."), "merge"
        )
    return found


def standing_merge_of(contributions: Sequence[int]) -> Merge | None:
    """Return an active merge of one of these contributions, if any."""
    theirs = Q(first__in=contributions) | Q(second__in=contributions)
    merged = Merge.objects.filter(theirs, STANDING)
    return merged.select_related("joint__symbol__forum").first()


def voices_of_joint(symbol: Symbol) -> set[int]:
    """Return the originals of a joint text, if it is one."""
    standing = Merge.objects.filter(STANDING, joint__symbol=symbol)
    return {pk for both in standing.values_list("first", "second") for pk in both}


def rests_on_by_merging(symbols: Sequence[int], on: int) -> bool:
    """Return whether one of these results, directly or not, from merging `on`."""
    reached = set(symbols)
    frontier = reached
    while frontier and on not in reached:
        edges = Edge.objects.filter(source__in=frontier, relation=Relation.MERGED_FROM)
        frontier = set(edges.values_list("target", flat=True)) - reached
        reached = reached | frontier
    return on in reached


def joint_of(contribution: Contribution) -> str:
    """Return the symbol of the joint contribution this one is part of, or ""."""
    merged = standing_merge_of([contribution.pk])
    return merged.joint.symbol.short if merged and merged.joint else ""


def asked_of(forum_request: ForumRequest) -> list[Merge]:
    """Return the proposals of this forum that wait for this person's consent."""
    if forum_request.person is None:
        return []
    return list(MERGES_READ.filter(waiting_for(forum_request.person), first__call__forum=forum_request.forum))
