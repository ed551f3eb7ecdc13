"""Queries about merges: visibility, pending consents, number of proposals."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from muntada.forums.merging.models import MergeOfTwo
from muntada.forums.merging.rules import MergeState
from muntada.forums.queries import ForumRequest
from muntada.people.models import Person
from muntada.people.rules import Role

UNDECIDED = Q(declined_at=None, merged_at=None)
STANDING = Q(merged_at__isnull=False, unmerged_at=None)


@dataclass(frozen=True)
class Doors:
    """What a person may do on the page of a merge, and their relation to it."""

    may_consent: bool
    may_decline: bool
    may_undo: bool
    is_side: bool
    is_proposer: bool
    is_concerned: bool


def doors_of(forum_request: ForumRequest, merge: MergeOfTwo, others: tuple[Role, ...]) -> Doors:
    """Return what a person may do. `others` are roles that close and undo beside the authors."""
    sides = merge.sides_of(forum_request.person)
    is_proposer = forum_request.person is not None and merge.proposed_by_id == forum_request.person.pk
    may_act = sides.any or forum_request.has(*others)
    is_asked = merge.state is MergeState.ASKED
    asks_them = forum_request.person is not None and forum_request.person.pk in merge.still_asked
    return Doors(
        may_consent=is_asked and asks_them,
        may_decline=is_asked and (may_act or is_proposer),
        may_undo=merge.state is MergeState.MERGED and may_act,
        is_side=sides.any,
        is_proposer=is_proposer,
        is_concerned=may_act or is_proposer,
    )


def seen_by(forum_request: ForumRequest, others: tuple[Role, ...]) -> Q:
    """Completed merges are public; proposals and declined ones are visible to those concerned only."""
    if forum_request.has(*others):
        return Q()
    made = Q(merged_at__isnull=False)
    if forum_request.person is None:
        return made
    return (
        made
        | Q(first__author=forum_request.person)
        | Q(second__author=forum_request.person)
        | Q(proposed_by=forum_request.person)
    )


def beside(number: int) -> Q:
    """Merges that involve a thing as original or joint, by the number of its symbol."""
    return (
        Q(first__symbol__number=number) | Q(second__symbol__number=number) | Q(joint__symbol__number=number)
    )


def waiting_for(person: Person) -> Q:
    """Proposals that wait for this person's consent."""
    asked = Q(first__author=person, first_consented_at=None) | Q(
        second__author=person, second_consented_at=None
    )
    return asked & UNDECIDED


def proposals_of_two[M: MergeOfTwo](
    asked: QuerySet[M], authors: set[int | None], person: Person, since: datetime
) -> int:
    """Return how often merging these two was proposed since then; `asked` are the merges of the two.

    For an author of one of them, only their own proposals count, so that nobody else can use up the
    limit.
    """
    lately = asked.filter(proposed_at__gt=since)
    if person.pk in authors:
        return lately.filter(proposed_by=person).count()
    return lately.exclude(proposed_by__in=[one for one in authors if one is not None]).count()
