"""Measure inequality between areas for each series and year. Works on files, without a database.

SERIES.csv has the columns series, area, year and value. --people weights areas by a file
area,year,value. --groups, a file area,group, decomposes inequality between and within groups; areas
without a group are left out, so that aggregates in the file (the world among its countries) are not
counted twice. --leader names an area to leave out and compare with: the output gives how many years
the others are behind it. The formulas are in docs/engines/progress-divides.md.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from muntada.cli.figures import plain, print_json, read_values, table
from muntada.engines.arrays import FloatArray
from muntada.engines.progress.aggregates import MIN_SHARE
from muntada.engines.progress.convergence import Beta, Sigma, beta, sigma
from muntada.engines.progress.decomposition import Decomposition, decomposed
from muntada.engines.progress.gaps import TimeDistance, time_distance
from muntada.engines.progress.group_files import read_groups, read_people
from muntada.engines.progress.inequality import AVERSION, Spread, spreads
from muntada.engines.tables import TableFault

SHOWN_YEARS = 8


@dataclass(frozen=True, slots=True)
class YearDivide:
    """One series in one year."""

    year: int
    spread: Spread
    between_groups: Decomposition | None


@dataclass(frozen=True, slots=True)
class SeriesDivide:
    """The results of one series; `behind` is by area if a leader is named."""

    series: str
    weighted: bool
    years: tuple[YearDivide, ...]
    sigma: Sigma
    beta: Beta | None
    leader: str
    behind: Mapping[str, TimeDistance]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("series", metavar="SERIES.csv", type=Path, help="the values")
    parser.add_argument("--people", metavar="PEOPLE.csv", type=Path, help="weight areas by these numbers")
    parser.add_argument("--groups", metavar="GROUPS.csv", type=Path, help="the group of each area")
    parser.add_argument("--leader", metavar="AREA", default="", help="the area to be behind of")
    parser.add_argument("--falling", action="store_true", help="less is better (for the years behind)")
    parser.add_argument(
        "--aversion",
        metavar="E",
        type=_aversion,
        default=AVERSION,
        help="Atkinson's parameter (default: 0.5)",
    )
    parser.add_argument(
        "--least-share",
        metavar="SHARE",
        type=_share,
        default=MIN_SHARE,
        help="give nothing where areas with a value are less of the people, or of the areas (default: 0.9)",
    )
    parser.add_argument("--json", action="store_true", help="print an object for each series as JSON")


def run(arguments: argparse.Namespace) -> int:
    try:
        panel, values = read_values(arguments.series)
        people = read_people(arguments.people) if arguments.people else None
        groups = read_groups(arguments.groups) if arguments.groups else None
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    if arguments.leader and arguments.leader not in panel.areas:
        sys.stderr.write(f"--leader: {plain(arguments.leader)} is no area of {arguments.series.name}.\n")
        return 2
    years = [int(year) for year in panel.years]
    counted = [
        area != arguments.leader and (groups is None or bool(groups.get(area))) for area in panel.areas
    ]
    kept = np.flatnonzero(counted)
    areas = [panel.areas[at] for at in kept]
    weights = people.weights(areas, years) if people else None
    named = [groups[area] for area in areas] if groups else None
    found = (
        _divide(series, years, values[number], kept, areas, weights, named, panel.areas, arguments)
        for number, series in enumerate(panel.series)
    )
    if arguments.json:
        print_json(found)
    else:
        for one in found:
            print("\n".join(_page(one)))
    return 0


def _share(told: str) -> float:
    number = float(told)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("between 0 and 1")
    return number


def _aversion(told: str) -> float:
    number = float(told)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("a number above zero")
    return number


def _divide(
    series: str,
    years: list[int],
    rows: FloatArray,
    kept: np.ndarray,
    areas: list[str],
    weights: FloatArray | None,
    groups: list[str] | None,
    all_areas: tuple[str, ...],
    arguments: argparse.Namespace,
) -> SeriesDivide:
    cells = rows[kept]
    apart = spreads(
        cells.T,
        None if weights is None else weights.T,
        arguments.aversion,
        min_share=arguments.least_share,
    )
    told: list[YearDivide] = []
    for at, year in enumerate(years):
        if np.isnan(cells[:, at]).all():
            continue
        split = None
        if groups is not None and apart.lack[at] == 0:
            split = decomposed(cells[:, at], groups, None if weights is None else weights[:, at])
        told.append(YearDivide(year, apart.at(at), split))
    first, last = (told[0].year, told[-1].year) if told else (0, 0)
    behind: dict[str, TimeDistance] = {}
    if arguments.leader:
        leader = rows[all_areas.index(arguments.leader)]
        rising = not arguments.falling
        behind = {
            area: time_distance(years, cells[at], leader, rising=rising) for at, area in enumerate(areas)
        }
    return SeriesDivide(
        series=series,
        weighted=weights is not None,
        years=tuple(told),
        sigma=sigma(years, cells, weights),
        beta=beta(years, cells, first, last) if last > first else None,
        leader=arguments.leader,
        behind=behind,
    )


def _page(found: SeriesDivide) -> Iterator[str]:
    weighted = "weighted by people" if found.weighted else "every area counts the same"
    yield f"{plain(found.series)} ({weighted})"
    if not found.years:
        yield "  There is no value."
        return
    header = (
        "year",
        "areas",
        "share",
        "mean",
        "range",
        "deviation",
        "variation",
        "Gini",
        "Theil",
        "Atkinson",
    )
    yield from table(header, [_row(one) for one in _some(found.years)])
    for one in _some(found.years):
        why = one.spread.reason or one.spread.reason_relative
        if why is not None:
            yield f"  {one.year}: {why}"
    told = [one for one in found.years if one.spread.reason is None]
    if told:
        yield from _groups(told[-1])
    yield from _convergence(found)
    if found.behind:
        yield f"  Years behind {plain(found.leader)}:"
        yield from table(("area", "year", "years", "gap"), [*_behind(found.behind)])


def _some(years: tuple[YearDivide, ...]) -> list[YearDivide]:
    """Return evenly spaced years, including the first and the last."""
    count = min(SHOWN_YEARS, len(years))
    places = np.unique(np.linspace(0, len(years) - 1, count).round().astype(int))
    return [years[at] for at in places]


def _row(one: YearDivide) -> tuple[object, ...]:
    s = one.spread
    return (
        one.year,
        s.areas,
        f"{s.share:.0%}",
        s.mean,
        s.range,
        s.deviation,
        s.variation,
        s.gini,
        s.theil,
        s.atkinson,
    )


def _groups(last: YearDivide) -> Iterator[str]:
    split = last.between_groups
    if split is None or split.between_share is None:
        return
    yield f"  {last.year}: {split.between_share:.0%} of the Theil index lies between groups."
    rows = [(part.group, part.areas, part.mean, part.gap, part.theil) for part in split.groups]
    yield from table(("group", "areas", "mean", "to all", "Theil"), rows)


def _convergence(found: SeriesDivide) -> Iterator[str]:
    spread = found.sigma
    if spread.deviation_change is not None:
        variation = "-" if spread.variation_change is None else f"{spread.variation_change:+.4g}"
        yield (
            f"  Among {spread.areas_throughout} areas with a value in every year: deviation"
            f" {spread.deviation_change:+.4g}, variation {variation}."
        )
    if found.beta is not None and found.beta.slope is not None:
        line = found.beta
        yield (
            f"  Beta {line.first_year}-{line.last_year}: {line.slope:.4f} (error {line.error:.4f},"
            f" {line.areas} areas)."
        )


def _behind(found: Mapping[str, TimeDistance]) -> Iterator[tuple[Any, ...]]:
    for area, one in sorted(found.items(), key=lambda item: -(item[1].years or -np.inf)):
        least = ">= " if one.at_least else ""
        yield area, one.year, "-" if one.years is None else f"{least}{one.years:.1f}", one.gap
