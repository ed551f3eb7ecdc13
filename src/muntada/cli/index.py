"""Compute a composite index, with the uncertainty of its ranks. Works on files, without a database.

SERIES.csv has the columns series, area, year and value; the latest value of each series up to
--year is used unless it is too old. PARTS.csv has the columns part, parent, weight and direction:
the series, the parts they belong to, and the one part without a parent, the index. --groups, a file
area,group, fills gaps from areas of the same group; areas without a group are left out. The
formulas are in docs/engines/progress-divides.md.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from muntada.cli.figures import plain, print_json, read_values, table
from muntada.engines.arrays import FloatArray
from muntada.engines.progress.composite import (
    AGGREGATE,
    NORMALISE,
    Index,
    IndexChoices,
    IndexComponent,
    index_of,
)
from muntada.engines.progress.coverage import OLDEST
from muntada.engines.progress.doubt import DRAWS, Doubt, rank_doubt
from muntada.engines.progress.group_files import read_groups, read_parts
from muntada.engines.progress.panel import SeriesPanel
from muntada.engines.tables import TableFault

MOST_DRAWS = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("series", metavar="SERIES.csv", type=Path, help="the values")
    parser.add_argument("--parts", metavar="PARTS.csv", type=Path, required=True, help="how it is built up")
    parser.add_argument("--groups", metavar="GROUPS.csv", type=Path, help="the group of each area")
    parser.add_argument(
        "--year", metavar="YEAR", type=int, help="as of this year (default: the last there is)"
    )
    parser.add_argument(
        "--oldest", metavar="N", type=_count, default=OLDEST, help="years a value may lie back (default: 5)"
    )
    parser.add_argument("--normalise", choices=list(NORMALISE), default="minmax", help="(default: minmax)")
    parser.add_argument(
        "--aggregate", choices=list(AGGREGATE), default="arithmetic", help="(default: arithmetic)"
    )
    parser.add_argument("--keep-outliers", action="store_true", help="leave outliers as they are")
    parser.add_argument("--keep-gaps", action="store_true", help="leave gaps as they are")
    parser.add_argument(
        "--draws", metavar="N", type=_count, default=DRAWS, help="times it is made otherwise (default: 1000)"
    )
    parser.add_argument(
        "--seed", metavar="N", type=_count, default=0, help="the start of the dice (default: 0)"
    )
    parser.add_argument("--json", action="store_true", help="print index and ranks as JSON")


def run(arguments: argparse.Namespace) -> int:
    if not 1 <= arguments.draws <= MOST_DRAWS:
        sys.stderr.write(f"--draws is between 1 and {MOST_DRAWS}.\n")
        return 2
    try:
        panel, values = read_values(arguments.series)
        parts = read_parts(arguments.parts)
        groups = read_groups(arguments.groups) if arguments.groups else None
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    codes = _indicators(parts)
    unknown = [code for code in codes if code not in panel.series]
    if unknown:
        sys.stderr.write(f"{arguments.parts.name}: no series of {', '.join(map(plain, unknown))}.\n")
        return 2
    areas = [area for area in panel.areas if groups is None or groups.get(area)]
    year = arguments.year or int(panel.years[-1])
    table_of = _as_of(panel, values, areas, codes, year, arguments.oldest)
    named = [groups[area] for area in areas] if groups else None
    choices = IndexChoices(
        not arguments.keep_outliers, not arguments.keep_gaps, arguments.normalise, arguments.aggregate
    )
    index = index_of(areas, codes, table_of, parts, groups=named, choices=choices)
    doubt = rank_doubt(
        areas,
        codes,
        table_of,
        parts,
        seed=arguments.seed,
        groups=named,
        choices=choices,
        draws=arguments.draws,
    )
    if arguments.json:
        print_json([{"year": year, "index": index, "doubt": doubt}])
    else:
        print("\n".join(_page(year, index, doubt)))
    return 0


def _count(told: str) -> int:
    number = int(told)
    if number < 0:
        raise argparse.ArgumentTypeError("zero or above")
    return number


def _indicators(parts: tuple[IndexComponent, ...]) -> list[str]:
    inner = {part.parent for part in parts}
    return [part.code for part in parts if part.code not in inner]


def _as_of(
    panel: SeriesPanel, values: FloatArray, areas: list[str], codes: list[str], year: int, oldest: int
) -> FloatArray:
    """Return areas x series: the latest value up to the year, unless too old."""
    years = panel.years
    chosen = (years <= year) & (years >= year - oldest)
    cells = values[[panel.series.index(code) for code in codes]][
        :, [panel.areas.index(area) for area in areas]
    ]
    recent = cells[:, :, chosen]
    latest = np.full(cells.shape[:2], np.nan)
    for at in range(recent.shape[2]):
        latest = np.where(np.isnan(recent[:, :, at]), latest, recent[:, :, at])
    return latest.T


def _page(year: int, index: Index, doubt: Doubt) -> Iterator[str]:
    yield f"{plain(index.top)}, as of {year}"
    between = {one.area: f"{one.low}-{one.high}" for one in doubt.areas}
    rows = [
        (row.area, row.rank, between.get(row.area, "-"), row.score, f"{row.known:.0%}") for row in index.areas
    ]
    yield from table(("area", "rank", f"{doubt.level:.0%} between", "score", "known"), rows)
    for row in index.areas:
        if row.reason is not None:
            yield f"  {plain(row.area)}: {row.reason}"
    for code, why in index.left_out.items():
        yield f"  Left out: {plain(code)}. {why}"
    if doubt.shifts:
        yield "  Ranks an area moves on average, by what is chosen:"
        yield from table(
            ("choice", "ranks"), [(name, f"{shift:.1f}") for name, shift in doubt.shifts.items()]
        )
