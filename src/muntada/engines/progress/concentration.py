"""How far a whole lies with few: Herfindahl and Rosenbluth, and on which side the Lorenz curve bulges.

The Gini of a sample understates that of its people by (n - 1) / n; `gini_corrected` mends it (areas are no
sample, so the divides of a world do without).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.progress.inequality import spread
from muntada.engines.progress.lacks import Floats, computable
from muntada.engines.reasons import Reason


@dataclass(frozen=True, slots=True)
class Concentration:
    """Unweighted measures of one row of areas; all missing where a reason stands."""

    areas: int
    gini_corrected: float | None = None
    herfindahl: float | None = None
    rosenbluth: float | None = None
    asymmetry: float | None = None
    reason: Reason | None = None


def concentration(values: ArrayLike) -> Concentration:
    """Return how far the sum of the values lies with few areas; NaN is an area without a value."""
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


def _asymmetry(ordered: Floats) -> float | None:
    """Return Damgaard and Weiner's S: above 1 the few that have much make the inequality, below it the many.

    Where values equal the mean S is an interval, and its middle is given.
    """
    mean, size = ordered.mean(), len(ordered)
    lorenz = np.concatenate([[0.0], np.cumsum(ordered)]) / ordered.sum()
    low = int((ordered < mean).sum())
    equal = int((ordered == mean).sum())
    if low in (0, size):
        return None  # all are equal, up to rounding: the curve is straight
    if equal:
        return float((low / size + lorenz[low] + (low + equal) / size + lorenz[low + equal]) / 2)
    step = (mean - ordered[low - 1]) / (ordered[low] - ordered[low - 1])
    within = lorenz[low] + step * (lorenz[low + 1] - lorenz[low])
    return float((low + step) / size + within)
