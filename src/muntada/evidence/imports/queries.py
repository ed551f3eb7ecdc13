"""Imports and their effects."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from muntada.evidence.indicators.models import Import, Indicator, Observation
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere

type ImportCell = tuple[int, int, str]


@dataclass(frozen=True)
class CurrentValue:
    """The current value of a cell, and its edition."""

    value: float
    edition: str


def imports_of(forum: Forum) -> QuerySet[Import]:
    return (
        Import.objects.filter(forum=forum)
        .select_related("forum", "source", "begun_by", "job__forum")
        .annotate(numbers=Count("vintages__observations"))
        .order_by("-pk")
    )


def import_at(forum: Forum, pk: int) -> Import:
    return import_of(forum.pk, pk)


def import_of(forum_id: int, pk: int) -> Import:
    """Return an import of a forum, unless deleted."""
    rows = Import.objects.select_related("forum", "source", "begun_by", "job__forum")
    found = rows.filter(forum=forum_id, pk=pk).first()
    if found is None:
        raise NotThere(gettext("There is no import at this address. It may have been thrown away."), "import")
    return found


def indicators_brought(one: Import) -> list[Indicator]:
    """Return the indicators with values from an import."""
    return list(Indicator.objects.filter(vintages__brought_by=one).select_related("symbol__forum").distinct())


def standing_of(indicator: Indicator) -> Mapping[ImportCell, CurrentValue]:
    """Return the current value of each cell, by area, year and breakdown."""
    rows = (
        Observation.objects.filter(vintage__indicator=indicator, vintage__withdrawn_at=None)
        .order_by("vintage__edition_year", "vintage__retrieved_date", "vintage")
        .values_list("area", "year", "breakdown", "value", "vintage__label")
    )
    return {
        (area, year, breakdown): CurrentValue(value, label)
        for area, year, breakdown, value, label in rows.iterator(chunk_size=5000)
    }
