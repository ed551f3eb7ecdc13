"""The door to the measures of divides: how unequal countries are, and how far groups are behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext

from muntada.engines.progress.aggregates import MIN_SHARE
from muntada.engines.progress.decomposition import GroupPart, decomposed
from muntada.engines.progress.gaps import TimeDistance, time_distance
from muntada.engines.progress.inequality import Spread, Spreads, spreads
from muntada.engines.progress.lacks import Floats
from muntada.engines.progress.trends import Trend, trend
from muntada.engines.progress.turning import TurningPoint, turning_points
from muntada.engines.reasons import Reason
from muntada.evidence.models import Area, Indicator, Vintage
from muntada.evidence.queries import areas as in_areas
from muntada.evidence.queries import divides as queries
from muntada.evidence.queries.indicators import WORLD, weights_for
from muntada.evidence.rules.observations import Breakdown

EVERY = 5


@dataclass(frozen=True)
class YearRow:
    """One year between countries; `why` says what is not told, and why."""

    year: int
    spread: Spread
    why: str


@dataclass(frozen=True)
class Moved:
    """The first, the last and the absolutely widest year that are told; all years between as points."""

    first: YearRow
    last: YearRow
    widest: YearRow
    relative: tuple[tuple[int, float], ...]
    absolute: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class RegionRow:
    area: Area
    part: GroupPart


@dataclass(frozen=True)
class Split:
    """How much of the inequality of a year lies between regions."""

    year: int
    between_share: float
    rows: tuple[RegionRow, ...]


@dataclass(frozen=True)
class GroupRow:
    """A group beside the world: value, gap, years behind; its slope a year, and its turns."""

    area: Area
    distance: TimeDistance
    is_ahead: bool
    why: str
    trend: Trend
    turns: tuple[TurningPoint, ...]


@dataclass(frozen=True)
class Divides:
    """All that a page shows; `weights` is the edition by which countries are weighted, if by any."""

    weights: Vintage | None
    least_share: float
    years: tuple[YearRow, ...]
    moved: Moved | None
    split: Split | None
    groups: tuple[GroupRow, ...]


def divides_of(indicator: Indicator, vintage: Vintage) -> Divides:
    """Return how unequal countries are in each year of an edition, and how groups stand to the world."""
    weights = weights_for(indicator)
    regions = queries.countries()
    values, years = _table(queries.country_cells(vintage), tuple(regions))
    people = _weights(weights, tuple(regions), years)
    found = spreads(values.T, people.T if people is not None else None, min_share=MIN_SHARE)
    rows = [YearRow(year, found.at(at), _said(_why(found.at(at)))) for at, year in enumerate(years)]
    told = [row for row in rows if row.spread.reason_relative is None]
    return Divides(
        weights=weights,
        least_share=MIN_SHARE,
        years=tuple(row for row in rows if row.spread.areas and _is_shown(row.year, years, told)),
        moved=_moved(told, found, years),
        split=_split(told, values, people, years, tuple(regions.values())),
        groups=_groups(vintage),
    )


def _table(cells: queries.Cells, codes: Sequence[str]) -> tuple[Floats, list[int]]:
    """Return countries x years, and the years, of which every one from the first to the last is there."""
    known = list(cells)
    if not known:
        return np.empty((len(codes), 0)), []
    first, last = min(year for _, year, _ in known), max(year for _, year, _ in known)
    row = {code: at for at, code in enumerate(codes)}
    table = np.full((len(codes), last - first + 1), np.nan)
    for code, year, value in known:
        table[row[code], year - first] = value
    return table, list(range(first, last + 1))


def _weights(vintage: Vintage | None, codes: Sequence[str], years: Sequence[int]) -> Floats | None:
    """Return the people of each country and year; NaN where the edition says nothing."""
    if vintage is None:
        return None
    row, column = {code: at for at, code in enumerate(codes)}, {year: at for at, year in enumerate(years)}
    table = np.full((len(codes), len(years)), np.nan)
    for code, year, value in queries.country_cells(vintage):
        if year in column:
            table[row[code], column[year]] = value
    return table


def _is_shown(year: int, years: Sequence[int], told: Sequence[YearRow]) -> bool:
    """Show every fifth year, the last one, and the last that is told."""
    return year % EVERY == 0 or year == years[-1] or bool(told and year == told[-1].year)


def _why(one: Spread) -> Reason | None:
    return one.reason or one.reason_relative


def _said(why: Reason | None) -> str:
    return gettext(why.sentence) % why.params if why else ""


def _moved(told: Sequence[YearRow], found: Spreads, years: Sequence[int]) -> Moved | None:
    if len(told) < 2:  # noqa: PLR2004
        return None
    places = [years.index(row.year) for row in told]
    return Moved(
        first=told[0],
        last=told[-1],
        widest=max(told, key=lambda row: row.spread.deviation or 0),
        relative=tuple((years[at], float(found.gini[at])) for at in places),
        absolute=tuple((years[at], float(found.deviation[at])) for at in places),
    )


def _split(
    told: Sequence[YearRow],
    values: Floats,
    people: Floats | None,
    years: Sequence[int],
    regions: Sequence[str],
) -> Split | None:
    if not told:
        return None
    at = years.index(told[-1].year)
    found = decomposed(values[:, at], regions, None if people is None else people[:, at])
    if found.between_share is None:
        return None
    areas = Area.objects.in_bulk([part.group for part in found.groups], field_name="code")
    rows = [RegionRow(areas[part.group], part) for part in found.groups if part.group in areas]
    rows.sort(key=lambda row: -row.part.mean)
    return Split(told[-1].year, found.between_share, tuple(rows))


def _groups(vintage: Vintage) -> tuple[GroupRow, ...]:
    """Return the groups with a published series beside the world's, those furthest behind first."""
    areas = queries.main_groups()
    numbers = in_areas.numbers_of(vintage, areas)
    series = {
        area: {one.year: one.value for one in numbers.get(area.pk, ()) if one.breakdown == Breakdown.TOTAL}
        for area in areas
    }
    world = next((known for area, known in series.items() if area.code == WORLD), {})
    if not world:
        return ()
    years = sorted({year for known in series.values() for year in known})
    rising = (trend(years, _row(world, years)).slope or 0) >= 0
    rows = [
        _group(area, years, _row(known, years), _row(world, years), rising=rising)
        for area, known in series.items()
        if known and area.code != WORLD
    ]
    return tuple(sorted(rows, key=lambda row: _places(row.distance)))


def _row(known: Mapping[int, float], years: Sequence[int]) -> Floats:
    return np.array([known.get(year, np.nan) for year in years], dtype=np.float64)


def _group(area: Area, years: Sequence[int], own: Floats, world: Floats, *, rising: bool) -> GroupRow:
    # Compared in the last year in which both have a number, so that gap and distance speak of the same year.
    both = np.flatnonzero(~np.isnan(own) & ~np.isnan(world))
    at = years[int(both[-1])] if len(both) else None
    distance = time_distance(years, own, world, rising=rising, at=at)
    return GroupRow(
        area=area,
        distance=distance,
        is_ahead=distance.years is None and distance.gap is not None and (distance.gap > 0) == rising,
        why=_said(distance.reason),
        trend=trend(years, own),
        turns=turning_points(years, own).turns,
    )


def _places(distance: TimeDistance) -> tuple[float, float]:
    """Order by years behind; then, of those the world has not reached, by the gap."""
    return (np.inf if distance.years is None else -distance.years, distance.gap or 0.0)
