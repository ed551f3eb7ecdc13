"""Report trend and turning points of every series and area. Works on files, without a database.

SERIES.csv has the columns series, area, year and value. The output has the p-value of the
Mann-Kendall test, Sen's slope with its interval, and the last year before each turn with its
interval, or the reason for a missing result. Formulas and limits are in
docs/engines/progress-divides.md.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from muntada.cli.figures import plain, print_json, read_values, table
from muntada.engines.arrays import FloatArray
from muntada.engines.progress.breaks import LEAST_IN_A_PIECE, LEVELS, LINES, NEEDED, breaks
from muntada.engines.progress.panel import SeriesPanel
from muntada.engines.progress.trends import LEVEL, Trend, trends
from muntada.engines.progress.turning import Turning, turning_of
from muntada.engines.tables import TableFault

PIECES = {"levels": LEVELS, "lines": LINES}


@dataclass(frozen=True, slots=True)
class SeriesTrend:
    series: str
    area: str
    trend: Trend
    turning: Turning


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("series", metavar="SERIES.csv", type=Path, help="the values")
    parser.add_argument(
        "--pieces", choices=list(PIECES), default="lines", help="what a series is cut into (default: lines)"
    )
    parser.add_argument(
        "--least", metavar="N", type=int, default=LEAST_IN_A_PIECE, help="points of a piece (default: 5)"
    )
    parser.add_argument(
        "--needed",
        metavar="BIC",
        type=float,
        default=NEEDED,
        help="by how much BIC has to fall for a turn to be told (default: 6; 0 is BIC alone)",
    )
    parser.add_argument(
        "--json", action="store_true", help="print an object for each series and area as JSON"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.least <= PIECES[arguments.pieces] or np.isnan(arguments.needed):
        sys.stderr.write("--least is above 1 for levels and above 2 for lines; --needed is a number.\n")
        return 2
    try:
        panel, values = read_values(arguments.series)
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    found = _trends(panel, values, arguments)
    if arguments.json:
        print_json(found)
    else:
        print("\n".join(_page(found)))
    return 0


def _trends(panel: SeriesPanel, values: FloatArray, arguments: argparse.Namespace) -> Iterator[SeriesTrend]:
    told = trends(panel.years, values, LEVEL)
    numbers, least = PIECES[arguments.pieces], arguments.least
    found = breaks(panel.years, values, numbers=numbers, least=least, needed=arguments.needed)
    for series, area in np.argwhere(panel.listed):
        place = (int(series), int(area))
        turning = turning_of(panel.years, values[place], found, place, numbers=numbers, least=least)
        yield SeriesTrend(panel.series[place[0]], panel.areas[place[1]], told.at(*place), turning)


def _page(found: Iterator[SeriesTrend]) -> Iterator[str]:
    series, rows, reasons = None, list[tuple[object, ...]](), list[str]()
    header = ("area", "years", "slope a year", "from", "to", "chance", "turned after")
    for one in found:
        if one.series != series:
            yield from _block(series, header, rows, reasons)
            series, rows, reasons = one.series, [], []
        turns = ", ".join(f"{turn.year} ({turn.earliest}-{turn.latest})" for turn in one.turning.turns)
        trend = one.trend
        rows.append((one.area, trend.points, trend.slope, trend.low, trend.high, trend.chance, turns or "-"))
        if trend.reason is not None:
            reasons.append(f"  {plain(one.area)}: {trend.reason}")
    yield from _block(series, header, rows, reasons)


def _block(
    series: str | None, header: tuple[str, ...], rows: list[tuple[object, ...]], reasons: list[str]
) -> Iterator[str]:
    if series is not None:
        yield plain(series)
        yield from table(header, rows)
        yield from reasons
