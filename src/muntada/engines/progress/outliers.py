"""Outliers of an indicator of an index: winsorized one by one, or a logarithm taken.

As in COINr (and the OECD and JRC Handbook on Composite Indicators, 2008): a column is treated only
if its absolute skew exceeds 2 and its kurtosis exceeds 3.5.
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import FloatArray

MOST_SKEW, MOST_KURTOSIS = 2.0, 3.5
MOST_DRAWN_IN = 5
LEAST_VALUES = 4
ABOVE_LOWEST = 0.01  # share of the range by which the logarithm is shifted below the lowest value


@dataclass(frozen=True, slots=True, eq=False)
class Treated:
    """The treated column, the number of winsorized values, and whether a logarithm was taken."""

    values: FloatArray
    drawn_in: int
    is_logarithm: bool


def treated(values: FloatArray, most: int = MOST_DRAWN_IN) -> Treated:
    """Return a column with its outliers treated; NaN stays."""
    if _fine(values):
        return Treated(values, 0, is_logarithm=False)
    column = values.copy()
    for times in range(1, most + 1):
        _draw_in(column)
        if np.nanmin(column) == np.nanmax(column):
            break  # no differences would be left
        if _fine(column):
            return Treated(column, times, is_logarithm=False)
    lowest, highest = np.nanmin(values), np.nanmax(values)
    logarithm = np.log(values - lowest + ABOVE_LOWEST * (highest - lowest))
    return Treated(np.asarray(logarithm, dtype=np.float64), 0, is_logarithm=True)


def _draw_in(column: FloatArray) -> None:
    """Set the extreme of the longer tail to the next value."""
    known = column[~np.isnan(column)]
    if _shape(known)[0] >= 0:
        extreme = known.max()
        column[column == extreme] = known[known < extreme].max()
    else:
        extreme = known.min()
        column[column == extreme] = known[known > extreme].min()


def _fine(column: FloatArray) -> bool:
    known = column[~np.isnan(column)]
    if len(known) < LEAST_VALUES or known.min() == known.max():
        return True
    skew, kurtosis = _shape(known)
    return not (abs(skew) > MOST_SKEW and kurtosis > MOST_KURTOSIS)


def _shape(known: FloatArray) -> tuple[float, float]:
    """Return skew and excess kurtosis, corrected for sample size."""
    n = len(known)
    unit = known / np.abs(known).max()
    z = (unit - unit.mean()) / unit.std(ddof=1)
    skew = n / ((n - 1) * (n - 2)) * (z**3).sum()
    whole = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * (z**4).sum()
    return float(skew), float(whole - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
