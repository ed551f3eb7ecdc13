"""Targets: one per series, with the values that methods need."""

import math
import re
from dataclasses import dataclass
from enum import IntEnum
from os import PathLike
from pathlib import Path

from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import ReadRow, TableFault, read_table

BASE_YEAR, TARGET_YEAR = 2015, 2030
FIRST_YEAR, LAST_YEAR = 1800, 2200
COLUMNS = ("target", "target_year", "base_year", "direction", "limit", "lower", "optimum", "unit")

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_YEAR = re.compile(r"([0-9]{4})(?:\.0*)?", re.ASCII)

NO_SERIES = gettext_noop(
    "The cell of the column series is empty. Write the series to which the target belongs."
)
DOUBLED = gettext_noop("%(series)s already has a target on line %(line)s.")
WRONG_NUMBER = gettext_noop(
    "%(value)s in the column %(column)s is not a number. Write it like 12.5, or leave the cell empty."
)
WRONG_YEAR = gettext_noop("%(value)s in the column %(column)s is no year between %(first)s and %(last)s.")
WRONG_DIRECTION = gettext_noop(
    "%(value)s is no direction. Write 1 where more is better, -1 where less is better, or parity."
)
WRONG_LIMIT = gettext_noop("The limit of a scale is above zero; %(value)s is not.")
SAME_ENDS = gettext_noop("The lower end and the optimum of a scale differ; here both are %(value)s.")


class TargetDirection(IntEnum):
    """Which direction is better; for parity, the target itself is best."""

    DOWN = -1
    PARITY = 0
    UP = 1


_WORDS = {
    "1": TargetDirection.UP,
    "+1": TargetDirection.UP,
    "1.0": TargetDirection.UP,
    "up": TargetDirection.UP,
    "increase": TargetDirection.UP,
    "-1": TargetDirection.DOWN,
    "-1.0": TargetDirection.DOWN,
    "down": TargetDirection.DOWN,
    "decrease": TargetDirection.DOWN,
    "0": TargetDirection.PARITY,
    "parity": TargetDirection.PARITY,
}


@dataclass(frozen=True, slots=True)
class SeriesTarget:
    """The target of a series; `value` is None if only a direction is agreed.

    `limit` is the natural end of the scale (100 for a percentage); `lower` and `optimum` are the ends
    of the SDSN scale. `unit` is used only to detect values impossible in it. Raises ValueError for an
    unknown direction.
    """

    series: str
    value: float | None = None
    year: int = TARGET_YEAR
    base_year: int = BASE_YEAR
    direction: TargetDirection = TargetDirection.UP
    limit: float | None = None
    lower: float | None = None
    optimum: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        """Accept 1, -1 and 0 as directions; raise ValueError for others."""
        object.__setattr__(self, "direction", TargetDirection(self.direction))


def read_targets(path: str | PathLike[str]) -> tuple[SeriesTarget, ...]:
    """Read a table with the column `series` and those of COLUMNS; raises TableFault with file and line."""
    path, lines = Path(path), dict[str, int]()
    targets = []
    for row in read_table(path, required=("series",), optional=COLUMNS):
        target = _target(path.name, row)
        before = lines.setdefault(target.series, row.line)
        if before != row.line:
            raise TableFault(path.name, row.line, DOUBLED, {"series": target.series, "line": before})
        targets.append(target)
    return tuple(targets)


def _target(file: str, row: ReadRow) -> SeriesTarget:
    series = row.values["series"].strip()
    if not series:
        raise TableFault(file, row.line, NO_SERIES)
    year, base = _year(file, row, "target_year", TARGET_YEAR), _year(file, row, "base_year", BASE_YEAR)
    value, lower, optimum, limit = (
        _number(file, row, name) for name in ("target", "lower", "optimum", "limit")
    )
    if limit is not None and limit <= 0:
        raise TableFault(file, row.line, WRONG_LIMIT, {"value": row.values["limit"].strip()})
    if lower is not None and lower == optimum:
        raise TableFault(file, row.line, SAME_ENDS, {"value": row.values["lower"].strip()})
    direction = _direction(file, row, lower, optimum)
    return SeriesTarget(
        series, value, year, base, direction, limit, lower, optimum, row.values["unit"].strip()
    )


def _direction(file: str, row: ReadRow, lower: float | None, optimum: float | None) -> TargetDirection:
    told = row.values["direction"].strip().lower()
    if told in _WORDS:
        return _WORDS[told]
    if told:
        raise TableFault(file, row.line, WRONG_DIRECTION, {"value": f"“{told[:40]}”"})
    # If not stated, the direction follows from the scale; otherwise more is better.
    falls = lower is not None and optimum is not None and optimum < lower
    return TargetDirection.DOWN if falls else TargetDirection.UP


def _year(file: str, row: ReadRow, column: str, otherwise: int) -> int:
    told = row.values[column].strip()
    if not told:
        return otherwise
    found = _YEAR.fullmatch(told)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        span = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise TableFault(file, row.line, WRONG_YEAR, {"value": f"“{told[:40]}”", "column": column} | span)
    return int(found[1])


def _number(file: str, row: ReadRow, column: str) -> float | None:
    told = row.values[column].strip()
    if not told:
        return None
    if not _NUMBER.fullmatch(told) or not math.isfinite(float(told)):
        raise TableFault(file, row.line, WRONG_NUMBER, {"value": f"“{told[:40]}”", "column": column})
    return float(told)
