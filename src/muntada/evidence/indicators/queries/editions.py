"""Editions compared: values of the same cell, and revisions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from muntada.evidence.areas.models import Area
from muntada.evidence.indicators.models import Indicator, Observation, Vintage
from muntada.evidence.indicators.queries.indicators import WORLD
from muntada.evidence.indicators.rules.observations import Breakdown, breakdown_name

ROWS_SHOWN = 60


@dataclass(frozen=True)
class EditionValue:
    """The value of a cell in an edition, and its difference from the preceding one."""

    vintage: Vintage
    value: float
    change: float | None
    status: str
    note: str


@dataclass(frozen=True)
class Revised:
    """A cell that differs between two editions."""

    area: Area
    year: int
    breakdown: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def breakdown_name(self) -> str:
        return breakdown_name(self.breakdown)


@dataclass(frozen=True)
class Revision:
    """The differences between two editions, largest first, with counts."""

    before: Vintage
    after: Vintage
    revised: tuple[Revised, ...]
    count: int
    same: int
    only_before: int
    only_after: int


def editions_of(indicator: Indicator) -> list[Vintage]:
    """Return the editions that are not withdrawn, oldest first."""
    standing = indicator.vintages.filter(withdrawn_at=None).select_related("source")
    return list(standing.annotate(numbers=Count("observations")).filter(numbers__gt=0))


def said_of(indicator: Indicator, area: Area, year: int, breakdown: str) -> list[EditionValue]:
    """Return the value of a cell in every edition, including withdrawn ones, oldest first."""
    rows = (
        Observation.objects.filter(vintage__indicator=indicator, area=area, year=year, breakdown=breakdown)
        .select_related("vintage__source")
        .order_by("vintage__edition_year", "vintage__retrieved_date", "vintage")
    )
    said: list[EditionValue] = []
    before: float | None = None
    for row in rows:
        change = None if before is None else row.value - before
        said.append(EditionValue(row.vintage, row.value, change, row.status, row.note))
        if row.vintage.withdrawn_at is None:
            before = row.value
    return said


def areas_said(indicator: Indicator) -> list[Area]:
    """Return the areas with values in several editions, the world first."""
    several = (
        Observation.objects.filter(vintage__indicator=indicator)
        .order_by()
        .values("area")
        .annotate(editions=Count("vintage", distinct=True))
        .filter(editions__gt=1)
        .values("area")
    )
    return sorted(Area.objects.filter(pk__in=several), key=lambda area: (area.code != WORLD, area.name_here))


def years_said(indicator: Indicator, area: Area) -> list[int]:
    """Return the years with values in several editions, newest first."""
    rows = (
        Observation.objects.filter(vintage__indicator=indicator, area=area, breakdown=Breakdown.TOTAL)
        .order_by()
        .values("year")
        .annotate(editions=Count("vintage", distinct=True))
        .filter(editions__gt=1)
    )
    return sorted(rows.values_list("year", flat=True), reverse=True)


def most_disputed_year(indicator: Indicator, area: Area) -> int | None:
    """Return the year with the most editions; of several, the newest."""
    rows = Observation.objects.filter(
        vintage__indicator=indicator,
        vintage__withdrawn_at=None,
        area=area,
        breakdown=Breakdown.TOTAL,
    ).values_list("year", flat=True)
    counted = Counter(rows.order_by())
    return max(counted, key=lambda year: (counted[year], year), default=None)


def revision(before: Vintage, after: Vintage) -> Revision:
    """Compare two editions cell by cell."""
    old, new = _cells(before), _cells(after)
    both = old.keys() & new.keys()
    differing = sorted(
        (cell for cell in both if old[cell] != new[cell]),
        key=lambda cell: (-abs(new[cell] - old[cell]), cell),
    )
    shown = differing[:ROWS_SHOWN]
    areas = Area.objects.in_bulk({area for area, _, _ in shown})
    return Revision(
        before=before,
        after=after,
        revised=tuple(
            Revised(areas[area], year, part, old[area, year, part], new[area, year, part])
            for area, year, part in shown
        ),
        count=len(differing),
        same=len(both) - len(differing),
        only_before=len(old.keys() - both),
        only_after=len(new.keys() - both),
    )


def _cells(vintage: Vintage) -> Mapping[tuple[int, int, str], float]:
    rows = vintage.observations.order_by().values_list("area", "year", "breakdown", "value")
    return {(area, year, part): value for area, year, part, value in rows.iterator(chunk_size=5000)}


def two_editions(editions: Sequence[Vintage], before: str, after: str) -> tuple[Vintage, Vintage] | None:
    """Return the requested editions, or the two with the most values for totals."""
    by_key = {str(one.pk): one for one in editions}
    if before in by_key and after in by_key and before != after:
        return by_key[before], by_key[after]
    whole = [one for one in editions if not one.dimension]
    if len(whole) < len(("before", "after")):
        return None
    # Of equals the newest; retyped figures are few and would hide the series.
    largest = sorted(whole, key=lambda one: (-one.numbers, -whole.index(one)))[:2]  # type: ignore[attr-defined]
    earlier, later = sorted(largest, key=whole.index)
    return earlier, later
