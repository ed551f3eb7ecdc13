"""Initiatives, by line, goal and words."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from muntada.evidence.models import Initiative
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.record.models import Receipt


def initiative_at(forum: Forum, number: int) -> Initiative:
    found = (
        Initiative.objects.select_related("symbol__forum", "organisation", "registered_by")
        .prefetch_related("lines", "goals")
        .filter(symbol__forum=forum, symbol__number=number)
        .first()
    )
    if found is None:
        raise NotThere(gettext("There is no initiative with this number."), "initiative")
    return found


def initiatives_of(forum: Forum, *, line: str = "", goal: str = "", words: str = "") -> QuerySet[Initiative]:
    """Return the initiatives that stand, by the code of a line or goal and by words in their texts."""
    standing = Initiative.objects.filter(symbol__forum=forum, withdrawn_at=None)
    if line:
        standing = standing.filter(lines__code=line)
    if goal:
        standing = standing.filter(goals__code=goal)
    for word in words.split():
        standing = standing.filter(
            Q(title__unaccent__icontains=word)
            | Q(description__unaccent__icontains=word)
            | Q(organisation__name__unaccent__icontains=word)
        )
    return standing.select_related("symbol__forum", "organisation").prefetch_related("lines", "goals")


def initiatives_by_line(forum: Forum) -> dict[str, int]:
    """Count the standing initiatives of each line."""
    return dict(
        Initiative.objects.filter(symbol__forum=forum, withdrawn_at=None)
        .exclude(lines=None)
        .order_by()
        .values_list("lines__code")
        .annotate(Count("pk"))
    )


def initiatives_by_goal(forum: Forum) -> dict[str, int]:
    """Count the standing initiatives of each goal."""
    return dict(
        Initiative.objects.filter(symbol__forum=forum, withdrawn_at=None)
        .exclude(goals=None)
        .order_by()
        .values_list("goals__code")
        .annotate(Count("pk"))
    )


def receipt_of(initiative: Initiative) -> Receipt | None:
    """Return the receipt that was given when the initiative was registered."""
    return Receipt.objects.filter(
        entry__symbol=initiative.symbol_id, entry__verb="register_initiative"
    ).first()
