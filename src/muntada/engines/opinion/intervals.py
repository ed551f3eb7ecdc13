"""Wilson's interval for a share, and the effective number of weighted people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray

Z_95 = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share and the ends of its 95 % interval."""

    share: float
    low: float
    high: float


def wilson(share: ArrayLike, size: ArrayLike, z: float = Z_95) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper ends of the interval of `share` seen on `size` votes (Wilson 1927).

    The arguments broadcast; `size` may be an effective size, and size 0 gives (0, 1). Unlike share +- z
    * error, the interval stays between 0 and 1 and does not shrink to a point at a share of 1.
    """
    seen, votes = np.asarray(share, dtype=np.float64), np.asarray(size, dtype=np.float64)
    middle = votes * seen + z * z / 2
    reach = z * np.sqrt(votes * seen * (1 - seen) + z * z / 4)
    low, high = (middle - reach) / (votes + z * z), (middle + reach) / (votes + z * z)
    return np.clip(low, 0.0, seen), np.clip(high, seen, 1.0)


def estimates(share: ArrayLike, size: ArrayLike) -> list[Estimate]:
    """Return each share with its interval; without votes, 0 with the interval 0 to 1."""
    low, high = wilson(share, size)
    return [Estimate(*map(float, row)) for row in zip(np.asarray(share), low, high, strict=True)]


def effective_size(weights: FloatArray) -> float:
    """Return the number of equally weighted people of the same precision: (sum w)^2 / sum w^2 (Kish 1965)."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def design_effect(weights: FloatArray) -> float:
    """Return the factor by which unequal weights raise the variance of a mean: mean(w^2) / mean(w)^2."""
    effective = effective_size(weights)
    return len(weights) / effective if effective > 0 else 1.0
