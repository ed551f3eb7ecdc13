"""The cells of a block: series, area and target, stored so that each year is one row of numbers.

All arithmetic runs along rows of cells, year by year, so a cell has the same result in any block.
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray
from muntada.engines.progress.panel import AnyIntArray

FAR_ABOVE = 10.0  # factor above what the unit allows; no rounding or change of definition explains it


@dataclass(frozen=True, slots=True, eq=False)
class Goals:
    """The target of each cell, NaN if there is none; `told` marks cells that have a target entry."""

    told: BoolArray
    target: FloatArray
    target_year: FloatArray
    base_year: FloatArray
    direction: FloatArray
    limit: FloatArray
    lower: FloatArray
    optimum: FloatArray
    most: FloatArray

    def __len__(self) -> int:
        return len(self.told)


@dataclass(frozen=True, slots=True, eq=False)
class SeriesCells:
    """Values of `years` x cells, with what all methods need.

    `base` and `current` are the rows of the base and latest value, -1 if missing. `is_met` marks cells
    whose latest value reaches the target. `points` marks the values of a cell, `since_base` those from
    the base on. `wrong_unit` marks cells whose values are impossible in their unit.
    """

    years: FloatArray
    values: FloatArray
    is_known: BoolArray
    goals: Goals
    base: AnyIntArray
    current: AnyIntArray
    base_value: FloatArray
    base_year: FloatArray
    current_value: FloatArray
    current_year: FloatArray
    is_met: BoolArray
    doubled: BoolArray
    points: AnyIntArray
    since_base: AnyIntArray
    outside: BoolArray
    wrong_unit: BoolArray
    constant: BoolArray


def cells_of(years: AnyIntArray, values: FloatArray, doubled: BoolArray, goals: Goals) -> SeriesCells:
    """Return the cells of values (years x cells), NaN where missing."""
    is_known = np.isfinite(values)
    count = values.shape[1]
    base, current = np.full(count, -1), np.full(count, -1)
    points, since_base = np.zeros(count, np.int64), np.zeros(count, np.int64)
    lowest, highest = np.full(count, np.inf), np.full(count, -np.inf)
    for row in range(len(years)):
        known = is_known[row]
        from_base = known & (years[row] >= goals.base_year)
        np.copyto(base, row, where=from_base & (base < 0))
        np.copyto(current, row, where=known)
        points += known
        since_base += from_base
        np.fmin(lowest, values[row], out=lowest)
        np.fmax(highest, values[row], out=highest)
    current_value, current_year = _at(values, years, current)
    base_value, base_year = _at(values, years, base)
    with np.errstate(invalid="ignore"):
        reached = goals.direction * (current_value - goals.target) >= 0
        is_met = np.where(goals.direction == 0, current_value == goals.target, reached)
        outside = (highest > goals.limit) | ((lowest < 0) & np.isfinite(goals.limit))
        wrong_unit = highest > FAR_ABOVE * goals.most
    return SeriesCells(
        years=years.astype(np.float64),
        values=values,
        is_known=is_known,
        goals=goals,
        base=base,
        current=current,
        base_value=base_value,
        base_year=base_year,
        current_value=current_value,
        current_year=current_year,
        is_met=is_met & np.isfinite(current_value) & np.isfinite(goals.target),
        doubled=doubled,
        points=points,
        since_base=since_base,
        outside=outside,
        wrong_unit=wrong_unit,
        constant=(points > 1) & (lowest == highest),
    )


def _at(values: FloatArray, years: AnyIntArray, rows: AnyIntArray) -> tuple[FloatArray, FloatArray]:
    if not len(years):
        nothing = np.full(len(rows), np.nan)
        return nothing, nothing
    there = rows >= 0
    found = np.where(there, values[rows, np.arange(len(rows))], np.nan)
    return found, np.where(there, years[rows].astype(np.float64), np.nan)


def ends(cells: SeriesCells) -> BoolArray:
    """Mark the base and latest values."""
    rows = np.arange(len(cells.years))[:, None]
    used: BoolArray = (rows == cells.base) | (rows == cells.current)
    return used


def since(cells: SeriesCells, year: float) -> BoolArray:
    return cells.is_known & (cells.years >= year)[:, None]


def from_base(cells: SeriesCells) -> BoolArray:
    return cells.is_known & (cells.years[:, None] >= cells.goals.base_year)


def window(cells: SeriesCells, length: float) -> BoolArray:
    """Mark the values of the last `length` years up to the latest value."""
    return cells.is_known & (cells.current_year - cells.years[:, None] < length)
