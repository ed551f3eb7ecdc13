"""The composite indexes of a forum, and their input."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.queries import all_countries, group_of_each
from muntada.evidence.areas.rules import AreaGrouping
from muntada.evidence.assessments.queries import numbers_for
from muntada.evidence.indexes.models import CompositeIndex, IndexPart
from muntada.evidence.indexes.rules import COUNTRIES
from muntada.evidence.indicators.models import Indicator, Vintage
from muntada.evidence.indicators.queries.areas import groups_in
from muntada.evidence.indicators.queries.indicators import WORLD, current_vintage, current_vintages
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere


@dataclass(frozen=True)
class IndexInput:
    """An indicator of an index, its edition, and the newest value of each area."""

    part: IndexPart
    vintage: Vintage | None
    newest: dict[str, tuple[int, float]]


def indexes_of(forum: Forum) -> list[CompositeIndex]:
    return list(CompositeIndex.objects.filter(forum=forum).select_related("forum"))


def index_at(forum: Forum, number: int) -> CompositeIndex:
    found = (
        CompositeIndex.objects.select_related("forum", "made_by")
        .prefetch_related("pillars__parts__indicator__symbol__forum", "pillars__parts__vintage__source")
        .filter(forum=forum, number=number)
        .first()
    )
    if found is None:
        raise NotThere(gettext("There is no index with this number."), "index")
    return found


def next_number(forum: Forum) -> int:
    last = CompositeIndex.objects.filter(forum=forum).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def indicators_to_choose(forum: Forum) -> list[Indicator]:
    return list(Indicator.objects.filter(forum=forum).select_related("symbol__forum"))


def parts_of(index: CompositeIndex) -> list[IndexPart]:
    return [part for pillar in index.pillars.all() for part in pillar.parts.all()]


def numbers_of_index(index: CompositeIndex) -> list[IndexInput]:
    """Return the newest value of each indicator and area up to the year of the index, unless too old."""
    counted = []
    for part in parts_of(index):
        vintage = current_vintage(part.indicator)
        _, cells = numbers_for(part.indicator, vintage)
        newest: dict[str, tuple[int, float]] = {}
        for area, year, value in cells:
            is_recent = index.year - index.oldest <= year <= index.year
            if is_recent and (area not in newest or newest[area][0] < year):
                newest[area] = (year, value)
        counted.append(IndexInput(part, vintage, newest))
    return counted


def compared_by(index: CompositeIndex) -> list[Area]:
    """Return the areas that an index compares; the world is not among them."""
    if index.compares == COUNTRIES:
        return all_countries()
    return [area for area in groups_in(AreaGrouping(index.compares)) if area.code != WORLD]


def alike_in(index: CompositeIndex, areas: Sequence[Area]) -> list[str]:
    """Return the region of each country in the year of the index, used to fill gaps."""
    if index.compares != COUNTRIES:
        return ["" for _ in areas]
    regions = group_of_each(AreaGrouping.REGION, index.year)
    return [regions.get(area.code, "") for area in areas]


def newer_numbers(index: CompositeIndex) -> list[Indicator]:
    """Return the indicators of an index with a newer edition."""
    parts = parts_of(index)
    current = current_vintages([part.indicator for part in parts])
    return [
        part.indicator
        for part in parts
        if part.vintage_id != (current[part.indicator_id].pk if part.indicator_id in current else None)
    ]
