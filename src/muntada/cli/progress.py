"""Judge series against targets by several methods. Works on files, without a database.

SERIES.csv has the columns series, area, year and value, one row per value in any order; with a
column status, values marked as estimated, modelled or projected count as estimates. TARGETS.csv has
the column series and, as far as a method needs them, target, target_year (2030), base_year (2015),
direction (1, -1 or parity), limit (100 for a percentage), lower, optimum and unit. A missing
verdict has a reason. The formulas are in docs/engines/progress.md.
"""

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from muntada.engines.progress.answers import reason_of
from muntada.engines.progress.assess import Assessed, assess
from muntada.engines.progress.forecast import SeriesForecast, back_test, forecast_to_target
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import SeriesPanel
from muntada.engines.progress.panel_files import read_areas, read_panel
from muntada.engines.progress.parts import assess_in_processes
from muntada.engines.progress.rows import agreement, as_json, rows_of
from muntada.engines.progress.targets import SeriesTarget, read_targets
from muntada.engines.tables import TableFault

ALL = "all"
MOST_PROCESSES = 256
AREAS_NAMED = 8  # without a verdict; --json lists all
YEARS_BACK = 5  # the origin of the back-test, before the last year


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_files(parser)
    parser.add_argument(
        "--processes",
        metavar="N",
        type=at_least_one,
        default=1,
        help="share the work over so many processes; the result is the same (default: 1)",
    )


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for files, methods and output."""
    parser.add_argument("series", metavar="SERIES.csv", type=Path, help="the values")
    parser.add_argument(
        "--targets", metavar="TARGETS.csv", type=Path, required=True, help="what each series is to reach"
    )
    parser.add_argument(
        "--method", choices=[ALL, *METHODS], default=ALL, help="by which method to judge (default: all)"
    )
    parser.add_argument(
        "--areas",
        metavar="AREAS.csv",
        type=Path,
        help="judge only the areas in the column area: the countries of a group, without the groups",
    )
    parser.add_argument(
        "--forecast",
        action="store_true",
        help="also carry each series on until its target year, with an interval of 90 %%",
    )
    parser.add_argument(
        "--json", action="store_true", help="print a row for each series, area and method as JSON"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.processes == 1:
        return judge(arguments, assess)
    return judge(arguments, partial(assess_in_processes, arguments.processes))


def judge(arguments: argparse.Namespace, work: Callable[..., Assessed]) -> int:
    """Read the files, judge them with `work`, and print the result."""
    methods = tuple(METHODS) if arguments.method == ALL else (arguments.method,)
    try:
        targets = read_targets(arguments.targets)
        panel = read_panel(arguments.series)
        if arguments.areas is not None:
            panel = panel.only(read_areas(arguments.areas))
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    found = work(panel, targets, methods)
    forecasts = _forecasts(panel, targets) if arguments.forecast else None
    if arguments.json:
        sys.stdout.writelines(as_json(rows_of(panel, targets, found, methods, forecasts)))
    else:
        print("\n".join(_page(panel, targets, found, methods)))
        if forecasts is not None:
            print("\n".join(_tried(panel, targets)))
    return 0


def _forecasts(panel: SeriesPanel, targets: Sequence[SeriesTarget]) -> dict[str, SeriesForecast]:
    numbers = {series: number for number, series in enumerate(panel.series)}
    return {
        target.series: forecast_to_target(panel, numbers[target.series], target)
        for target in targets
        if target.series in numbers
    }


def _tried(panel: SeriesPanel, targets: Sequence[SeriesTarget]) -> Iterator[str]:
    """Yield the accuracy of the same forecast made in an earlier year."""
    numbers = {series: number for number, series in enumerate(panel.series)}
    origin = int(panel.years[-1]) - YEARS_BACK
    yield f"Forecasts of {origin}, beside what came (errors in the unit of the series)"
    for target in targets:
        if target.series in numbers and origin > panel.first_year:
            values = panel.values[numbers[target.series]]
            for one in back_test(values, panel.years, origin, limit=target.limit):
                inside = (
                    "no interval" if math.isnan(one.covered) else f"{one.covered:.0%} in the interval of 90 %"
                )
                yield (
                    f"  {_plain(target.series)}, {one.curve}, {one.ahead} years ahead: {one.areas} areas,"
                    f" mean error {one.mean_error:.3g}, bias {one.bias:+.3g}, {inside}"
                )


def at_least_one(told: str) -> int:
    number = int(told) if told.isdecimal() else 0
    if not 1 <= number <= MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"between 1 and {MOST_PROCESSES}")
    return number


def _page(
    panel: SeriesPanel, targets: Sequence[SeriesTarget], found: Assessed, methods: Sequence[str]
) -> Iterator[str]:
    by_series = {target.series: target for target in targets}
    counts = agreement(panel, found, methods)
    for number, series in enumerate(panel.series):
        target = by_series.get(series)
        aim = "" if target is None or target.value is None else f", {target.value:g} by {target.year}"
        areas = counts[series]["areas"]
        yield f"{_plain(series)}{aim}: {areas} {'area' if areas == 1 else 'areas'}"
        for name in methods:
            method, told = METHODS[name], found.judged[name].verdict[number][panel.listed[number]]
            tally = Counter(told.tolist())
            said = ", ".join(
                f"{tally[code]} {verdict}" for code, verdict in enumerate(method.names) if tally[code]
            )
            good = f"{counts[series][f'by_{name}']:5} on track" if method.good else " " * 14
            yield f"  {name:9}{good}   {said}"
        if len(methods) > 1:
            yield f"  {'all':9}{counts[series]['all']:5} on track by all, {counts[series]['any']} by any"
        yield from _why_not(panel, found, methods, number)
    missing = [target.series for target in targets if target.series not in set(panel.series)]
    if missing:
        yield f"No value at all: {', '.join(map(_plain, missing))}"


def _why_not(panel: SeriesPanel, found: Assessed, methods: Sequence[str], number: int) -> Iterator[str]:
    """Yield each reason for missing verdicts once, with the methods."""
    silent: dict[int, tuple[list[str], set[int]]] = {}
    for name in methods:
        why = found.judged[name].why[number]
        for place in np.flatnonzero(panel.listed[number] & (why > 0)).tolist():
            names, places = silent.setdefault(int(why[place]), ([], set()))
            places.add(place)
            if name not in names:
                names.append(name)
    for code, (names, places) in sorted(silent.items()):
        reason = reason_of(code)
        if reason is not None:
            some = ", ".join(_plain(panel.areas[place]) for place in sorted(places)[:AREAS_NAMED])
            more = f" and {len(places) - AREAS_NAMED} more" if len(places) > AREAS_NAMED else ""
            yield f"  No verdict by {', '.join(names)} for {some}{more}: {reason.sentence}"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text)
