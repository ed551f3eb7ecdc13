"""The values of a series as an array: areas x years."""

from collections.abc import Iterable, Sequence

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.evidence.assessments.queries import YearValue


def years_of(cells: Sequence[YearValue]) -> tuple[int, ...]:
    """Return every year from the first to the last value."""
    years = [year for _, year, _ in cells]
    return tuple(range(min(years), max(years) + 1)) if years else ()


def table_of(cells: Iterable[YearValue], areas: Sequence[str], years: Sequence[int]) -> FloatArray:
    """Return areas x years, NaN for missing values; cells outside are dropped."""
    row, column = {area: at for at, area in enumerate(areas)}, {year: at for at, year in enumerate(years)}
    table = np.full((len(areas), len(years)), np.nan)
    for area, year, value in cells:
        if area in row and year in column:
            table[row[area], column[year]] = value
    return table
