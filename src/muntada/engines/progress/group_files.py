"""Read the files that accompany series: population, groups of areas, parts of an index."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.composite import IndexComponent, checked_tree
from muntada.engines.progress.files import NOT_FINITE, WRONG_NUMBER, WRONG_YEAR
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import ReadRow, TableFault, read_table

FIRST_YEAR, LAST_YEAR = 1800, 2200

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)

NEGATIVE = gettext_noop(
    "%(value)s is below zero. Write how many people there are, or how much a part weighs."
)
DOUBLED = gettext_noop("%(name)s stands there already, on line %(line)s.")
UNNAMED = gettext_noop("The cell of the column %(column)s is empty.")
WRONG_DIRECTION = gettext_noop("%(value)s is no direction. Write 1 where more is better, -1 where less is.")
NO_TREE = gettext_noop(
    "The parts are no tree: exactly one has no parent, every other names one of the parts as its parent, and"
    " none lies above itself."
)


@dataclass(frozen=True, slots=True)
class People:
    """The population of each area, by year."""

    counts: dict[tuple[str, int], float]

    def weights(self, areas: Sequence[str], years: Iterable[int]) -> FloatArray:
        """Return population as areas x years; NaN if unknown."""
        columns = list(years)
        cells = [[self.counts.get((area, year), np.nan) for year in columns] for area in areas]
        return np.array(cells, dtype=np.float64).reshape(len(areas), len(columns))


def read_people(path: Path) -> People:
    """Read area,year,value; an empty value is a gap. Raises TableFault with file and line."""
    counts: dict[tuple[str, int], float] = {}
    lines: dict[tuple[str, int], int] = {}
    for row in read_table(path, required=("area", "year", "value")):
        area, year = _name(path, row, "area"), _year(path, row)
        _once(path, row, lines, (area, year), f"{area}, {year}")
        if row.values["value"].strip():
            counts[area, year] = _positive(path, row, "value")
    return People(counts)


def read_groups(path: Path) -> dict[str, str]:
    """Read area,group; an empty group means none. Raises TableFault."""
    groups: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in read_table(path, required=("area", "group")):
        area = _name(path, row, "area")
        _once(path, row, lines, area, area)
        groups[area] = row.values["group"].strip()
    return groups


def read_members(path: Path) -> dict[str, list[str]]:
    """Read target,series, one row per series of a target. Raises TableFault."""
    members: dict[str, list[str]] = {}
    lines: dict[tuple[str, str], int] = {}
    for row in read_table(path, required=("target", "series")):
        target, series = _name(path, row, "target"), _name(path, row, "series")
        _once(path, row, lines, (target, series), f"{target}, {series}")
        members.setdefault(target, []).append(series)
    return members


def read_parts(path: Path) -> tuple[IndexComponent, ...]:
    """Read part,parent,weight,direction; an empty weight or direction is 1. Raises TableFault."""
    parts: list[IndexComponent] = []
    lines: dict[str, int] = {}
    for row in read_table(path, required=("part", "parent"), optional=("weight", "direction")):
        name = _name(path, row, "part")
        _once(path, row, lines, name, name)
        weight = _positive(path, row, "weight") if row.values["weight"].strip() else 1.0
        parts.append(IndexComponent(name, row.values["parent"].strip(), weight, _direction(path, row)))
    inner = {part.parent for part in parts}
    try:
        checked_tree([part.code for part in parts if part.code not in inner], parts)
    except ValueError as error:
        raise TableFault(path.name, None, NO_TREE) from error
    return tuple(parts)


def _name(path: Path, row: ReadRow, column: str) -> str:
    name = row.values[column].strip()
    if not name:
        raise TableFault(path.name, row.line, UNNAMED, {"column": column})
    return name


def _once[Key](path: Path, row: ReadRow, lines: dict[Key, int], key: Key, shown: str) -> None:
    before = lines.setdefault(key, row.line)
    if before != row.line:
        raise TableFault(path.name, row.line, DOUBLED, {"name": shown, "line": before})


def _year(path: Path, row: ReadRow) -> int:
    told = row.values["year"].strip()
    if not _YEAR.fullmatch(told) or not FIRST_YEAR <= int(told) <= LAST_YEAR:
        span = {"year": f"“{told[:40]}”", "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise TableFault(path.name, row.line, WRONG_YEAR, span)
    return int(told)


def _positive(path: Path, row: ReadRow, column: str) -> float:
    told = row.values[column].strip()
    if not _NUMBER.fullmatch(told):
        raise TableFault(path.name, row.line, WRONG_NUMBER, {"value": f"“{told[:40]}”"})
    found = float(told)
    if not np.isfinite(found):
        raise TableFault(path.name, row.line, NOT_FINITE, {"value": told[:40]})
    if found < 0:
        raise TableFault(path.name, row.line, NEGATIVE, {"value": told[:40]})
    return found


def _direction(path: Path, row: ReadRow) -> int:
    told = row.values["direction"].strip()
    if told in ("", "1", "+1"):
        return 1
    if told != "-1":
        raise TableFault(path.name, row.line, WRONG_DIRECTION, {"value": f"“{told[:40]}”"})
    return -1
