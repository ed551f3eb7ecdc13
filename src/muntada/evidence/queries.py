"""Questions to the evidence: initiatives by line and goal, indicators with their numbers and editions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from muntada.evidence.models import Area, Chart, Indicator, Initiative, Observation, Vintage
from muntada.evidence.rules import AreaKind, Breakdown, Grouping
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.record.models import Receipt

WORLD = "WLD"


@dataclass(frozen=True)
class Figure:
    """A number as it has to be shown: with its year, its edition and its source."""

    value: float
    year: int
    vintage: Vintage
    status: str


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator on the front page: its newest number for the world, and the world's series."""

    indicator: Indicator
    world: Figure | None
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


def indicators_of(forum: Forum) -> list[IndicatorLine]:
    """Return the forum's indicators, each with its newest number for the world."""
    indicators = list(Indicator.objects.filter(forum=forum).select_related("symbol__forum", "source"))
    current = _current_vintages(indicators)
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


def _figure(one: Observation | None) -> Figure | None:
    return Figure(one.value, one.year, one.vintage, one.status) if one else None


def _of_the_world(indicators: Iterable[Indicator]) -> QuerySet[Observation]:
    """Return the world's numbers, the oldest year and edition first."""
    return (
        Observation.objects.filter(
            vintage__indicator__in=indicators, area__code=WORLD, breakdown=Breakdown.TOTAL
        )
        .select_related("vintage__source")
        .order_by("year", "vintage__edition_year", "vintage__retrieved_date", "vintage")
    )


def world_of(indicator: Indicator) -> list[Observation]:
    return list(_of_the_world([indicator]))


def _current_vintages(indicators: Iterable[Indicator]) -> dict[int, Vintage]:
    """Return the newest whole series of each indicator: the last edition that was read from a file."""
    whole = Vintage.objects.filter(indicator__in=indicators, dimension="").exclude(file_digest="")
    return {vintage.indicator_id: vintage for vintage in whole}


def current_vintage(indicator: Indicator, number: int | None = None) -> Vintage | None:
    """Return the newest whole series of an indicator, or the one that is asked for."""
    whole = indicator.vintages.select_related("source").filter(dimension="").exclude(file_digest="")
    asked = whole.filter(pk=number).first() if number else None
    return asked or whole.last()


def vintage_by_sex(indicator: Indicator) -> Vintage | None:
    return indicator.vintages.select_related("source").filter(dimension="sex").last()


def vintages_of(indicator: Indicator) -> list[Vintage]:
    return list(indicator.vintages.select_related("source").annotate(numbers=Count("observations")))


def groups_in(grouping: Grouping) -> QuerySet[Area]:
    """Return the aggregates of a grouping; under *other*, all that overlap the main ones."""
    if grouping is Grouping.OTHER:
        return Area.objects.filter(kind=AreaKind.AGGREGATE, is_main=False)
    return Area.objects.filter(Q(grouping=grouping, is_main=True) | Q(code=WORLD))


def groups_by_sex(vintage: Vintage) -> QuerySet[Area]:
    """Return the world and the main groups for which a vintage tells women and men apart."""
    with_numbers = vintage.observations.filter(breakdown=Breakdown.FEMALE).values("area")
    return Area.objects.filter(pk__in=with_numbers).filter(Q(is_main=True) | Q(code=WORLD))


def weights_for(indicator: Indicator) -> Vintage | None:
    """Return the numbers by which the countries of this indicator are weighted, where the forum has them."""
    weighting = Indicator.objects.filter(forum=indicator.forum_id, code=indicator.weighted_by).first()
    return current_vintage(weighting) if weighting else None


def groups_with_numbers(vintage: Vintage) -> set[str]:
    """Return the groupings by which a vintage has numbers, beside the world."""
    rows = vintage.observations.filter(area__kind=AreaKind.AGGREGATE).exclude(area__code=WORLD)
    return {
        Grouping.OTHER if not is_main else grouping
        for grouping, is_main in rows.order_by().values_list("area__grouping", "area__is_main").distinct()
    }


def numbers_of(vintage: Vintage, areas: Collection[Area]) -> dict[int, list[Observation]]:
    """Return the numbers of these areas in a vintage, by area and in the order of years."""
    numbers: dict[int, list[Observation]] = defaultdict(list)
    for one in vintage.observations.filter(area__in=areas).order_by("year"):
        numbers[one.area_id].append(one)
    return numbers


@dataclass(frozen=True)
class CountryLine:
    """A country with its latest number, or none."""

    area: Area
    name: str
    value: float | None
    year: int | None


@dataclass(frozen=True)
class Coverage:
    """For how many countries there is a number: of the latest year, only an older one, none at all."""

    year: int
    latest: int
    older: int
    none: int


def countries_of(vintage: Vintage) -> list[CountryLine]:
    """Return all countries by their latest value, the highest first; those without any come last."""
    latest = Observation.objects.filter(
        vintage=vintage, area=OuterRef("pk"), breakdown=Breakdown.TOTAL
    ).order_by("-year")
    countries = Area.objects.filter(kind=AreaKind.COUNTRY).annotate(
        latest_value=Subquery(latest.values("value")[:1]), latest_year=Subquery(latest.values("year")[:1])
    )
    lines = [CountryLine(area, area.name_here, area.latest_value, area.latest_year) for area in countries]
    return sorted(lines, key=lambda line: (line.value is None, -(line.value or 0), line.name))


def countries_matching(lines: Iterable[CountryLine], *, words: str, group: str) -> list[CountryLine]:
    """Return the countries of a region or income group whose name or code holds the words."""
    wanted = words.strip().casefold()
    return [
        line
        for line in lines
        if (not group or group in (line.area.region, line.area.income))
        and wanted in f"{line.name} {line.area.code}".casefold()
    ]


def coverage_of(lines: Sequence[CountryLine]) -> Coverage | None:
    years = [line.year for line in lines if line.year is not None]
    if not years:
        return None
    newest = max(years)
    return Coverage(
        year=newest,
        latest=years.count(newest),
        older=len(years) - years.count(newest),
        none=len(lines) - len(years),
    )


def groups_to_choose() -> list[Area]:
    """Return the regions and income groups by which countries can be listed."""
    return list(Area.objects.filter(grouping__in=(Grouping.REGION, Grouping.INCOME), is_main=True))


def values_in(vintage: Vintage, year: int) -> dict[str, float]:
    """Return the values of the countries in one year, by code."""
    return dict(
        vintage.observations.filter(
            area__kind=AreaKind.COUNTRY, year=year, breakdown=Breakdown.TOTAL
        ).values_list("area__code", "value")
    )


def figures_of(indicator: Indicator) -> QuerySet[Observation]:
    """Return the figures that were retyped from publications, edition by edition."""
    return (
        Observation.objects.filter(vintage__indicator=indicator, vintage__file_digest="")
        .select_related("vintage__source", "area")
        .order_by("area__position", "breakdown", "-year", "-vintage__edition_year")
    )


def all_numbers(indicator: Indicator) -> QuerySet[Observation]:
    """Return every number of an indicator in every edition."""
    return (
        Observation.objects.filter(vintage__indicator=indicator)
        .select_related("vintage__source", "area")
        .order_by("vintage__edition_year", "vintage", "area__code", "breakdown", "year")
    )


def chart_of(indicator: Indicator, grouping: str, language: str) -> Chart | None:
    return indicator.charts.filter(grouping=grouping, language=language).first()


def receipt_of(initiative: Initiative) -> Receipt | None:
    """Return the receipt that was given when the initiative was registered."""
    return Receipt.objects.filter(
        entry__symbol=initiative.symbol_id, entry__verb="register_initiative"
    ).first()
