"""Which contributions are to be said as one, who is asked, and who agreed."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from muntada.consultation.models import Contribution, Merge
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.forums.queries import Here
from muntada.foundations.errors import NotThere
from muntada.people.models import Person
from muntada.record.models import Edge, Symbol
from muntada.record.rules import Relation

_SHOWN = ("symbol__forum", "author", "organisation", "call__forum", "question_set")


def merges_of(here: Here, contribution: Contribution) -> list[Merge]:
    """Return every merge of a contribution or by which it was made that may be seen, the newest first."""
    theirs = Q(first=contribution) | Q(second=contribution) | Q(joint=contribution)
    return list(_with_texts(Merge.objects.filter(theirs, _seen_by(here))))


def merge_at(here: Here, number: int, pk: int) -> Merge:
    """Return a merge as it stands beside one of its contributions."""
    beside = (
        Q(first__symbol__number=number) | Q(second__symbol__number=number) | Q(joint__symbol__number=number)
    )
    seen = Merge.objects.filter(beside, _seen_by(here), first__call__forum=here.forum, pk=pk)
    found = _with_texts(seen).first()
    if found is None:
        raise NotThere(
            gettext("There is no such proposal here. Please look at the page of the contribution."), "merge"
        )
    return found


def _seen_by(here: Here) -> Q:
    """Everybody sees what was merged; what is only proposed, or was declined, those concerned alone."""
    if here.has(*ANSWERING_ROLES):
        return Q()
    made = Q(merged_at__isnull=False)
    if here.person is None:
        return made
    return made | Q(first__author=here.person) | Q(second__author=here.person) | Q(proposed_by=here.person)


def _with_texts(merges: QuerySet[Merge]) -> QuerySet[Merge]:
    columns = [f"{side}__{column}" for side in ("first", "second") for column in _SHOWN]
    return merges.select_related(*columns, "joint__symbol__forum", "proposed_by")


def standing_merge_of(contributions: Sequence[int]) -> Merge | None:
    """Return a merge by which one of these is part of another already."""
    theirs = Q(first__in=contributions) | Q(second__in=contributions)
    merged = Merge.objects.filter(theirs, merged_at__isnull=False, unmerged_at=None)
    return merged.select_related("joint__symbol__forum").first()


def voices_of_joint(symbol: Symbol) -> set[int]:
    """Return the contributions said as one in a joint text by the consent of both authors, if it is one."""
    standing = Merge.objects.filter(joint__symbol=symbol, merged_at__isnull=False, unmerged_at=None)
    return {pk for both in standing.values_list("first", "second") for pk in both}


def rests_on_by_merging(symbols: Sequence[int], on: int) -> bool:
    """Say whether one of these was made by merging what is asked for, at once or over others."""
    reached = set(symbols)
    frontier = reached
    while frontier and on not in reached:
        edges = Edge.objects.filter(source__in=frontier, relation=Relation.MERGED_FROM)
        frontier = set(edges.values_list("target", flat=True)) - reached
        reached = reached | frontier
    return on in reached


def joint_of(contribution: Contribution) -> str:
    """Return the symbol of the joint contribution this one is part of now; empty if none."""
    merged = standing_merge_of([contribution.pk])
    return merged.joint.symbol.short if merged and merged.joint else ""


def waiting_proposals_of(person: Person) -> int:
    return Merge.objects.filter(proposed_by=person, declined_at=None, merged_at=None).count()


def proposals_since(person: Person, since: datetime) -> int:
    """Return how many merges somebody proposed since then, with those declined or taken back."""
    return Merge.objects.filter(proposed_by=person, proposed_at__gt=since).count()


def proposals_of_two(first: Contribution, second: Contribution, person: Person, since: datetime) -> int:
    """Return how often it was proposed since then that two be said as one.

    An author of one of them is asked for their own proposals only, so that nobody else uses these up.
    """
    authors = {first.author_id, second.author_id}
    asked = Merge.objects.filter(first=first, second=second, proposed_at__gt=since)
    if person.pk in authors:
        return asked.filter(proposed_by=person).count()
    return asked.exclude(proposed_by__in=[one for one in authors if one is not None]).count()


def asked_of(here: Here) -> list[Merge]:
    """Return the proposals of this forum that wait for this person's consent."""
    if here.person is None:
        return []
    waits = Q(first__author=here.person, first_consented_at=None) | Q(
        second__author=here.person, second_consented_at=None
    )
    undecided = Merge.objects.filter(waits, first__call__forum=here.forum, declined_at=None, merged_at=None)
    return list(_with_texts(undecided))
