"""Concentration: the Herfindahl and Rosenbluth indices, and the asymmetry of the Lorenz curve.

The Gini of a sample understates that of its population by (n - 1) / n; `gini_corrected` corrects
it. Areas are not a sample, so the measures of inequality between all areas are not corrected.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.inequality import spread
from muntada.engines.progress.lacks import computable
from muntada.engines.reasons import Reason


@dataclass(frozen=True, slots=True)
class Concentration:
    """Unweighted measures of one row of areas; all are None if there is a reason."""

    areas: int
    gini_corrected: float | None = None
    herfindahl: float | None = None
    rosenbluth: float | None = None
    asymmetry: float | None = None
    reason: Reason | None = None


def concentration(values: ArrayLike) -> Concentration:
    """Return how concentrated the sum of `values` is in few areas; NaN is a missing value."""
    given = computable(values).reshape(-1)
    measured = spread(given)
    if measured.gini is None:
        return Concentration(measured.areas, reason=measured.reason or measured.reason_relative)
    known = np.sort(given[~np.isnan(given)])
    known = known / known[-1]
    shares = known / known.sum()
    size = len(known)
    return Concentration(
        areas=size,
        gini_corrected=measured.gini * size / (size - 1),
        herfindahl=float((shares**2).sum()),
        rosenbluth=1 / (size * (1 - measured.gini)),
        asymmetry=_asymmetry(known),
    )


def _asymmetry(ordered: FloatArray) -> float | None:
    """Return Damgaard and Weiner's S: above 1, large values cause the inequality; below 1, small ones.

    If values equal the mean, S is an interval, and its middle is returned.
    """
    mean, size = ordered.mean(), len(ordered)
    lorenz = np.concatenate([[0.0], np.cumsum(ordered)]) / ordered.sum()
    low = int((ordered < mean).sum())
    equal = int((ordered == mean).sum())
    if low in (0, size):
        return None  # all values are equal up to rounding: the curve is straight
    if equal:
        return float((low / size + lorenz[low] + (low + equal) / size + lorenz[low + equal]) / 2)
    step = (mean - ordered[low - 1]) / (ordered[low] - ordered[low - 1])
    within = lorenz[low] + step * (lorenz[low + 1] - lorenz[low])
    return float((low + step) / size + within)
