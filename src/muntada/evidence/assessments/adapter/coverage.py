"""Adapter for coverage: data availability by indicator, target and area, as of a year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.coverage import (
    OLDEST,
    KnownState,
    SeriesCoverage,
    TargetCoverage,
    by_target,
    coverage,
)
from muntada.evidence.areas.models import Area
from muntada.evidence.areas.queries import GroupMembers
from muntada.evidence.assessments import queries
from muntada.evidence.assessments.adapter import coverage_counts as kept_as
from muntada.evidence.assessments.adapter.coverage_counts import measure_known
from muntada.evidence.indicators.models import Indicator, IndicatorTarget

__all__ = ["OLDEST", "KnownState"]


@dataclass(frozen=True)
class KnownCells:
    """Data availability: indicators x countries x years, 1 where there is a value.

    `others` are the groups of each indicator with values, with their newest year.
    """

    indicators: tuple[Indicator, ...]
    areas: tuple[Area, ...]
    years: tuple[int, ...]
    values: FloatArray
    others: tuple[Mapping[str, int], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(area.code for area in self.areas)


@dataclass(frozen=True)
class CoverageCell:
    """The members of a group with recent, old or no data; `code` is the group's."""

    code: str
    members: int
    recent: int
    too_old: int
    no_data: int

    @property
    def share(self) -> float | None:
        return self.recent / self.members if self.members else None


@dataclass(frozen=True)
class IndicatorCoverageRow:
    """An indicator with its newest year, and its coverage of all countries and of each group.

    `published` are the groups with a recent published value.
    """

    indicator: Indicator
    newest: int | None
    published: int
    every: CoverageCell
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True)
class AreaKnown:
    """The data of one area: state, newest year, number of years, and years."""

    area: Area
    name: str
    state: KnownState
    latest: int | None
    points: int
    years: tuple[bool, ...]


@dataclass(frozen=True)
class YearKnown:
    year: int
    areas: int


def known_cells_of(indicators: Sequence[Indicator], areas: Sequence[Area]) -> KnownCells:
    """Load the countries and years with values, for all indicators at once."""
    results = [_kept(one) for one in queries.known_results(indicators, kept_as.VERSION)]
    spans = [
        (found["first_year"], len(next(iter(found["areas"].values())))) for found in results if found["areas"]
    ]
    first = min((start for start, _ in spans), default=0)
    last = max((start + length for start, length in spans), default=0)
    place = {area.code: at for at, area in enumerate(areas)}
    values = np.full((len(indicators), len(areas), last - first), np.nan)
    for at, found in enumerate(results):
        for code, row in found["areas"].items():
            if code in place:
                told = np.frombuffer(row.encode(), dtype=np.uint8) == ord("1")
                start = found["first_year"] - first
                values[at, place[code], start : start + len(told)][told] = 1.0
    others = tuple(
        {
            code: found["first_year"] + row.rindex("1")
            for code, row in found["areas"].items()
            if code not in place
        }
        for found in results
    )
    return KnownCells(tuple(indicators), tuple(areas), tuple(range(first, last)), values, others)


def _kept(one: queries.KnownResult) -> Mapping[str, Any]:
    if one.found is not None:
        return one.found
    return measure_known(queries.numbers_of(queries.inputs_of(one.indicator)))


def usual_year(known: KnownCells, today: date) -> int:
    """Return the newest year with a value that is not in the future."""
    there = [year for at, year in enumerate(known.years) if np.isfinite(known.values[:, :, at]).any()]
    there += [year for one in known.others for year in one.values()]
    return max((year for year in there if year <= today.year), default=today.year)


def coverage_of(known: KnownCells, year: int, oldest: int) -> SeriesCoverage:
    return coverage(
        [one.code for one in known.indicators],
        known.codes,
        known.years,
        known.values,
        year=year,
        oldest=oldest,
    )


def rows_of(
    known: KnownCells, found: SeriesCoverage, groups: Sequence[GroupMembers]
) -> list[IndicatorCoverageRow]:
    """Return the matrix of indicators x groups, with the members of the requested year."""
    place = {code: at for at, code in enumerate(found.areas)}
    chosen = [[place[code] for code in one.members if code in place] for one in groups]
    return [
        IndicatorCoverageRow(
            indicator,
            max(
                int(found.latest[at].max(initial=0)),
                *(year for year in known.others[at].values() if year <= found.year),
                0,
            )
            or None,
            sum(found.year - found.oldest <= year <= found.year for year in known.others[at].values()),
            _cell("", found.state[at]),
            tuple(
                _cell(one.group.code, found.state[at, places])
                for one, places in zip(groups, chosen, strict=True)
            ),
        )
        for at, indicator in enumerate(known.indicators)
    ]


def _cell(code: str, states: np.ndarray) -> CoverageCell:
    counted = np.bincount(states, minlength=len(KnownState))
    return CoverageCell(
        code,
        len(states),
        *(int(counted[state]) for state in (KnownState.RECENT, KnownState.TOO_OLD, KnownState.NO_DATA)),
    )


def targets_of(
    found: SeriesCoverage, targets: Sequence[IndicatorTarget], people: Mapping[str, float]
) -> list[tuple[IndicatorTarget, TargetCoverage]]:
    """Return the coverage of each target: countries, and share of people."""
    weights = [people.get(code, np.nan) for code in found.areas] if people else None
    named = {str(target.pk): [target.indicator.code] for target in targets}
    return list(zip(targets, by_target(found, named, weights), strict=True))


def areas_of(known: KnownCells, found: SeriesCoverage, number: int, codes: Iterable[str]) -> list[AreaKnown]:
    """Return the data of each of these countries, by name; `number` is the index of the indicator."""
    wanted = set(codes)
    rows = [
        AreaKnown(
            area=area,
            name=area.name_here,
            state=KnownState(int(found.state[number, at])),
            latest=int(found.latest[number, at]) or None,
            points=int(found.points[number, at]),
            years=tuple(bool(one) for one in np.isfinite(known.values[number, at])),
        )
        for at, area in enumerate(known.areas)
        if area.code in wanted
    ]
    return sorted(rows, key=lambda row: row.name)


def years_of(known: KnownCells, found: SeriesCoverage, number: int) -> list[YearKnown]:
    """Return the number of countries with a value by year, newest first."""
    counted = found.by_year[number]
    there = np.flatnonzero(counted)
    if not len(there):
        return []
    return [
        YearKnown(known.years[at], int(counted[at])) for at in range(int(there[-1]), int(there[0]) - 1, -1)
    ]
