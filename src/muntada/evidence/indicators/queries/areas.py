"""Countries and groups with the values of an edition."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import AreaGrouping, AreaKind
from muntada.evidence.indicators.models import Observation, Vintage
from muntada.evidence.indicators.queries.indicators import WORLD
from muntada.evidence.indicators.rules.observations import Breakdown


def groups_in(grouping: AreaGrouping) -> QuerySet[Area]:
    """Return the groups of a grouping; *other* has those that overlap the main ones."""
    if grouping is AreaGrouping.OTHER:
        return Area.objects.filter(kind=AreaKind.AGGREGATE, is_main=False)
    return Area.objects.filter(Q(grouping=grouping, is_main=True) | Q(code=WORLD))


def groups_by_sex(vintage: Vintage) -> QuerySet[Area]:
    """Return the world and the main groups with values for women and men."""
    with_numbers = vintage.observations.filter(breakdown=Breakdown.FEMALE).values("area")
    return Area.objects.filter(pk__in=with_numbers).filter(Q(is_main=True) | Q(code=WORLD))


def groups_with_numbers(vintage: Vintage) -> set[str]:
    """Return the groupings with values in an edition, beside the world."""
    rows = vintage.observations.filter(area__kind=AreaKind.AGGREGATE).exclude(area__code=WORLD)
    return {
        AreaGrouping.OTHER if not is_main else grouping
        for grouping, is_main in rows.order_by().values_list("area__grouping", "area__is_main").distinct()
    }


def numbers_of(vintage: Vintage, areas: Collection[Area]) -> dict[int, list[Observation]]:
    """Return the values of these areas in an edition, by area and year."""
    numbers: dict[int, list[Observation]] = defaultdict(list)
    for one in vintage.observations.filter(area__in=areas).order_by("year"):
        numbers[one.area_id].append(one)
    return numbers


@dataclass(frozen=True)
class CountryLine:
    """A country with its latest value, or None."""

    area: Area
    name: str
    value: float | None
    year: int | None


@dataclass(frozen=True)
class CountryCoverage:
    """The number of countries with a value in the latest year, in an older one only, or none."""

    year: int
    latest: int
    older: int
    none: int


def countries_of(vintage: Vintage) -> list[CountryLine]:
    """Return all countries by latest value, highest first; those without one last."""
    latest = Observation.objects.filter(
        vintage=vintage, area=OuterRef("pk"), breakdown=Breakdown.TOTAL
    ).order_by("-year")
    countries = Area.objects.filter(kind=AreaKind.COUNTRY).annotate(
        latest_value=Subquery(latest.values("value")[:1]), latest_year=Subquery(latest.values("year")[:1])
    )
    lines = [CountryLine(area, area.name_here, area.latest_value, area.latest_year) for area in countries]
    return sorted(lines, key=lambda line: (line.value is None, -(line.value or 0), line.name))


def countries_matching(lines: Iterable[CountryLine], *, words: str, group: str) -> list[CountryLine]:
    """Return the countries of a region or income group whose name or code matches."""
    wanted = words.strip().casefold()
    return [
        line
        for line in lines
        if (not group or group in (line.area.region, line.area.income))
        and wanted in f"{line.name} {line.area.code}".casefold()
    ]


def coverage_of(lines: Sequence[CountryLine]) -> CountryCoverage | None:
    years = [line.year for line in lines if line.year is not None]
    if not years:
        return None
    newest = max(years)
    return CountryCoverage(
        year=newest,
        latest=years.count(newest),
        older=len(years) - years.count(newest),
        none=len(lines) - len(years),
    )


def groups_to_choose() -> list[Area]:
    """Return the regions and income groups for filtering countries."""
    return list(Area.objects.filter(grouping__in=(AreaGrouping.REGION, AreaGrouping.INCOME), is_main=True))


def values_in(vintage: Vintage, year: int) -> dict[str, float]:
    """Return the values of the countries in one year, by code."""
    return dict(
        vintage.observations.filter(
            area__kind=AreaKind.COUNTRY, year=year, breakdown=Breakdown.TOTAL
        ).values_list("area__code", "value")
    )
