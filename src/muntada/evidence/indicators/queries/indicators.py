"""Indicators with values and editions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from muntada.evidence.indicators.models import Indicator, Observation, Vintage
from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere

WORLD = "WLD"


@dataclass(frozen=True)
class ShownNumber:
    """A value with its year, edition and source."""

    value: float
    year: int
    vintage: Vintage
    status: str


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator on the front page: the newest value and the series of the world."""

    indicator: Indicator
    world: ShownNumber | None
    series: tuple[tuple[int, float], ...]


def indicator_at(forum: Forum, number: int) -> Indicator:
    found = (
        Indicator.objects.select_related("symbol__forum", "source")
        .filter(forum=forum, symbol__number=number)
        .first()
    )
    if found is None:
        raise NotThere(gettext("There is no indicator with this number."), "indicator")
    return found


def indicators_of(forum: Forum) -> list[IndicatorLine]:
    """Return the forum's indicators, each with its newest value for the world."""
    indicators = list(Indicator.objects.filter(forum=forum).select_related("symbol__forum", "source"))
    current = current_vintages(indicators)
    newest: dict[int, Observation] = {}
    series: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for one in _of_the_world(indicators):
        newest[one.vintage.indicator_id] = one
        if current.get(one.vintage.indicator_id) == one.vintage:
            series[one.vintage.indicator_id].append((one.year, one.value))
    return [
        IndicatorLine(
            indicator=indicator,
            world=_figure(newest.get(indicator.pk)),
            series=tuple(series[indicator.pk]),
        )
        for indicator in indicators
    ]


def _figure(one: Observation | None) -> ShownNumber | None:
    return ShownNumber(one.value, one.year, one.vintage, one.status) if one else None


def _of_the_world(indicators: Iterable[Indicator]) -> QuerySet[Observation]:
    """Return the world's values, oldest year and edition first."""
    return (
        Observation.objects.filter(
            vintage__indicator__in=indicators,
            vintage__withdrawn_at=None,
            area__code=WORLD,
            breakdown=Breakdown.TOTAL,
        )
        .select_related("vintage__source")
        .order_by("year", "vintage__edition_year", "vintage__retrieved_date", "vintage")
    )


def world_of(indicator: Indicator) -> list[Observation]:
    return list(_of_the_world([indicator]))


def current_vintages(indicators: Iterable[Indicator]) -> dict[int, Vintage]:
    """Return the newest whole series of each indicator: its last edition from a file."""
    whole = Vintage.objects.filter(indicator__in=indicators, dimension="", withdrawn_at=None).exclude(
        file_digest=""
    )
    return {vintage.indicator_id: vintage for vintage in whole}


def current_vintage(indicator: Indicator, number: int | None = None) -> Vintage | None:
    """Return the newest whole series of an indicator, or the requested one."""
    whole = (
        indicator.vintages.select_related("source")
        .filter(dimension="", withdrawn_at=None)
        .exclude(file_digest="")
    )
    asked = whole.filter(pk=number).first() if number else None
    return asked or whole.last()


def vintage_by_sex(indicator: Indicator) -> Vintage | None:
    """Return the newest edition with values for women and men."""
    women = Observation.objects.filter(vintage=OuterRef("pk"), breakdown=Breakdown.FEMALE)
    standing = indicator.vintages.select_related("source").filter(withdrawn_at=None)
    return standing.exclude(file_digest="").filter(Exists(women)).last()


def vintages_of(indicator: Indicator) -> list[Vintage]:
    return list(indicator.vintages.select_related("source").annotate(numbers=Count("observations")))


def weights_for(indicator: Indicator) -> Vintage | None:
    """Return the edition that weights the countries of this indicator, if any."""
    weighting = Indicator.objects.filter(forum=indicator.forum_id, code=indicator.weighted_by).first()
    return current_vintage(weighting) if weighting else None


def figures_of(indicator: Indicator) -> QuerySet[Observation]:
    """Return the figures retyped from publications, by edition."""
    return (
        Observation.objects.filter(
            vintage__indicator=indicator, vintage__file_digest="", vintage__withdrawn_at=None
        )
        .select_related("vintage__source", "area")
        .order_by("area__position", "breakdown", "-year", "-vintage__edition_year")
    )


def all_numbers(indicator: Indicator) -> QuerySet[Observation]:
    """Return all values of an indicator in all editions."""
    return (
        Observation.objects.filter(vintage__indicator=indicator)
        .select_related("vintage__source", "area")
        .order_by("vintage__edition_year", "vintage", "area__code", "breakdown", "year")
    )
