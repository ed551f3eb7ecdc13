"""Outliers of one indicator before it enters an index: drawn in one by one, or else the logarithm taken.

As in COINr (and the OECD and JRC Handbook on Composite Indicators, 2008): a column is left as it is unless
its skew is beyond 2 and its kurtosis above 3.5.
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.progress.lacks import Floats

MOST_SKEW, MOST_KURTOSIS = 2.0, 3.5
MOST_DRAWN_IN = 5
LEAST_VALUES = 4
ABOVE_LOWEST = 0.01  # the logarithm begins this part of the range above the lowest value


@dataclass(frozen=True, slots=True, eq=False)
class Treated:
    """The column after treatment, how often an extreme was drawn in, and whether it is a logarithm."""

    values: Floats
    drawn_in: int
    is_logarithm: bool


def treated(values: Floats, most: int = MOST_DRAWN_IN) -> Treated:
    """Return a column with its outliers treated; NaN stays."""
    if _fine(values):
        return Treated(values, 0, is_logarithm=False)
    column = values.copy()
    for times in range(1, most + 1):
        _draw_in(column)
        if np.nanmin(column) == np.nanmax(column):
            break  # nothing would be left of the differences
        if _fine(column):
            return Treated(column, times, is_logarithm=False)
    lowest, highest = np.nanmin(values), np.nanmax(values)
    logarithm = np.log(values - lowest + ABOVE_LOWEST * (highest - lowest))
    return Treated(np.asarray(logarithm, dtype=np.float64), 0, is_logarithm=True)


def _draw_in(column: Floats) -> None:
    """Set the extreme on the longer side to the value next to it."""
    known = column[~np.isnan(column)]
    if _shape(known)[0] >= 0:
        extreme = known.max()
        column[column == extreme] = known[known < extreme].max()
    else:
        extreme = known.min()
        column[column == extreme] = known[known > extreme].min()


def _fine(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    if len(known) < LEAST_VALUES or known.min() == known.max():
        return True
    skew, kurtosis = _shape(known)
    return not (abs(skew) > MOST_SKEW and kurtosis > MOST_KURTOSIS)


def _shape(known: Floats) -> tuple[float, float]:
    """Return skew and excess kurtosis, corrected for the size of the sample."""
    n = len(known)
    unit = known / np.abs(known).max()
    z = (unit - unit.mean()) / unit.std(ddof=1)
    skew = n / ((n - 1) * (n - 2)) * (z**3).sum()
    whole = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * (z**4).sum()
    return float(skew), float(whole - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
