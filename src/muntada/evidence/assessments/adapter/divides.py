"""Adapter for divides: inequality between countries, and gaps of groups."""

from collections.abc import Mapping, Sequence

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.aggregates import MIN_SHARE
from muntada.engines.progress.convergence import beta, sigma
from muntada.engines.progress.decomposition import decomposed
from muntada.engines.progress.gaps import TimeDistance, parity, time_distance
from muntada.engines.progress.inequality import Spreads, spreads
from muntada.engines.progress.trends import trend
from muntada.engines.progress.turning import turning_points
from muntada.engines.values import JsonObject
from muntada.evidence.areas.queries import group_of_each
from muntada.evidence.areas.rules import AreaGrouping
from muntada.evidence.assessments import queries
from muntada.evidence.assessments.adapter.tables import table_of, years_of
from muntada.evidence.assessments.adapter.values import kept, rounded
from muntada.evidence.assessments.queries import IndicatorNumbers
from muntada.evidence.indicators.queries.indicators import WORLD

VERSION = 2
LEAST_TOLD = 2  # years needed for a change


def measure_divides(numbers: IndicatorNumbers) -> JsonObject:
    """Return inequality by year, and the gaps of groups to the world, in stored form."""
    own = [cell for cell in numbers.cells if cell[0] in numbers.countries]
    codes, years = sorted(numbers.countries), years_of(own)
    values = table_of(own, codes, years)
    people = table_of(numbers.people, codes, years) if numbers.people else None
    found = spreads(values.T, people.T if people is not None else None, min_share=MIN_SHARE)
    rows = [{"year": year, **kept(found.at(at))} for at, year in enumerate(years)]
    return {
        "least_share": MIN_SHARE,
        "years": [row for row in rows if row["areas"]],
        "closer": _closer(values, years, [at for at, row in enumerate(rows) if row["reason"] is None]),
        "split": _split(found, values, people, years, codes),
        "groups": _groups(numbers),
    }


def _closer(values: FloatArray, years: Sequence[int], told: Sequence[int]) -> JsonObject | None:
    """Return whether the spread decreased and whether low values grew faster, over these years.

    Countries count equally, as is usual for both.
    """
    if len(told) < LEAST_TOLD:
        return None
    shown = [years[at] for at in told]
    spread = sigma(shown, values[:, told])
    known = [row for row in spread.years if row.reason is None]
    return {
        "countries": spread.areas_throughout,
        "sigma": [kept(known[0]), kept(known[-1])] if len(known) >= LEAST_TOLD else None,
        "beta": kept(beta(shown, values[:, told], shown[0], shown[-1])),
    }


def _split(
    found: Spreads, values: FloatArray, people: FloatArray | None, years: Sequence[int], codes: Sequence[str]
) -> JsonObject | None:
    """Return the share of inequality between regions in the last year, with their members of that year."""
    told = np.flatnonzero(found.lack_relative == 0)
    if not len(told):
        return None
    at = int(told[-1])
    region = group_of_each(AreaGrouping.REGION, years[at])
    named = [region.get(code, "") for code in codes]
    parts = decomposed(values[:, at], named, None if people is None else people[:, at])
    if parts.between_share is None:
        return None
    return {
        "year": years[at],
        "between_share": rounded(parts.between_share),
        "groups": [kept(part) for part in sorted(parts.groups, key=lambda part: -part.mean)],
    }


def _groups(numbers: IndicatorNumbers) -> list[JsonObject]:
    """Return the groups with a published series, those furthest behind the world first."""
    areas = {area.code for area in queries.main_groups()}
    series: dict[str, dict[int, float]] = {}
    for area, year, value in numbers.cells:
        if area in areas:
            series.setdefault(area, {})[year] = value
    world = series.pop(WORLD, {})
    if not world:
        return []
    years = sorted({year for known in (world, *series.values()) for year in known})
    leader = _row(world, years)
    rising = (trend(years, leader).slope or 0) >= 0
    found = [
        (area, time_distance(years, _row(known, years), leader, rising=rising, at=_shared(known, world)))
        for area, known in series.items()
    ]
    found.sort(key=lambda pair: _places(pair[1]))
    return [_group(area, distance, series[area], world, rising=rising) for area, distance in found]


def _row(known: Mapping[int, float], years: Sequence[int]) -> FloatArray:
    return np.array([known.get(year, np.nan) for year in years], dtype=np.float64)


def _shared(known: Mapping[int, float], world: Mapping[int, float]) -> int | None:
    """Return the last common year, so that gap and time distance refer to the same year."""
    return max(known.keys() & world.keys(), default=None)


def _group(
    area: str, distance: TimeDistance, own: Mapping[int, float], world: Mapping[int, float], *, rising: bool
) -> JsonObject:
    years = sorted(own)
    values = _row(own, years)
    shared = sorted(own.keys() & world.keys())
    beside = [parity(own[year], world[year]) for year in shared]
    ahead = distance.years is None and distance.gap is not None and (distance.gap > 0) == rising
    return {
        "area": area,
        "distance": kept(distance),
        "is_ahead": ahead,
        "slope": rounded(trend(years, values).slope),
        "turns": [turn.year for turn in turning_points(years, values).turns],
        "gaps": [
            [year, rounded(one.gap), rounded(one.ratio)] for year, one in zip(shared, beside, strict=True)
        ],
    }


def _places(distance: TimeDistance) -> tuple[float, float]:
    """The sort key: years behind; for values the world has not reached, the gap."""
    return (np.inf if distance.years is None else -distance.years, distance.gap or 0.0)
