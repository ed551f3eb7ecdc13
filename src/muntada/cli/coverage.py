"""Report data coverage per target: areas with recent, old or no data. Works on files.

SERIES.csv has the columns series, area, year and value; TARGETS.csv the columns target and series,
one row per series of a target. --people weights areas by a file area,year,value. Without --targets
every series is a target of its own.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from muntada.cli.figures import plain, print_json, read_values, table
from muntada.engines.progress.coverage import OLDEST, TargetCoverage, by_target, coverage
from muntada.engines.progress.group_files import read_members, read_people
from muntada.engines.tables import TableFault

NAMED = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("series", metavar="SERIES.csv", type=Path, help="the values")
    parser.add_argument("--targets", metavar="TARGETS.csv", type=Path, help="the series of each target")
    parser.add_argument("--people", metavar="PEOPLE.csv", type=Path, help="how many people live in an area")
    parser.add_argument(
        "--year", metavar="YEAR", type=int, help="as of this year (default: the last there is)"
    )
    parser.add_argument(
        "--oldest", metavar="N", type=_count, default=OLDEST, help="years a value may lie back (default: 5)"
    )
    parser.add_argument("--json", action="store_true", help="print an object for each target as JSON")


def run(arguments: argparse.Namespace) -> int:
    try:
        panel, values = read_values(arguments.series)
        targets = read_members(arguments.targets) if arguments.targets else None
        people = read_people(arguments.people) if arguments.people else None
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    year = arguments.year or int(panel.years[-1])
    known = coverage(panel.series, panel.areas, panel.years, values, year=year, oldest=arguments.oldest)
    weights = people.weights(panel.areas, [year])[:, 0] if people else None
    found = by_target(known, targets or {name: [name] for name in panel.series}, weights)
    if arguments.json:
        print_json(found)
    else:
        print("\n".join(_page(year, arguments.oldest, found)))
    return 0


def _count(told: str) -> int:
    number = int(told)
    if number < 0:
        raise argparse.ArgumentTypeError("zero or above")
    return number


def _page(year: int, oldest: int, found: Sequence[TargetCoverage]) -> Iterator[str]:
    yield f"As of {year}; recent is a value at most {oldest} years back."
    rows = [
        (
            one.target,
            one.recent,
            one.too_old,
            one.no_data,
            f"{one.areas_share:.0%}",
            "-" if one.people_share is None else f"{one.people_share:.0%}",
        )
        for one in found
    ]
    yield from table(("target", "recent", "too old", "no data", "of areas", "of people"), rows)
    for one in found:
        if one.without_series:
            yield f"  {plain(one.target)}: no value at all of {', '.join(map(plain, one.without_series))}."
        if one.areas_without:
            some = ", ".join(map(plain, one.areas_without[:NAMED]))
            more = len(one.areas_without) - NAMED
            yield f"  {plain(one.target)}: no data of {some}{f' and {more} more' if more > 0 else ''}."
