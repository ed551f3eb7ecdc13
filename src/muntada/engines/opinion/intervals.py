"""Shares with what is known of them: Wilson's interval, and how many people weighted people are worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.opinion.arrays import Floats

Z_95 = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share and the ends of its 95 % interval."""

    share: float
    low: float
    high: float


def wilson(share: ArrayLike, size: ArrayLike, z: float = Z_95) -> tuple[Floats, Floats]:
    """Give the ends of the interval of a share seen on `size` votes (Wilson 1927); of no votes, 0 and 1.

    Unlike share +- z * error it stays between 0 and 1 and does not shrink to a point when all agree. The
    size may be an effective one.
    """
    seen, votes = np.asarray(share, dtype=np.float64), np.asarray(size, dtype=np.float64)
    middle = votes * seen + z * z / 2
    reach = z * np.sqrt(votes * seen * (1 - seen) + z * z / 4)
    low, high = (middle - reach) / (votes + z * z), (middle + reach) / (votes + z * z)
    return np.clip(low, 0.0, seen), np.clip(high, seen, 1.0)


def estimates(share: ArrayLike, size: ArrayLike) -> list[Estimate]:
    """Give share and interval of each of a row; where nobody voted, 0 between 0 and 1."""
    low, high = wilson(share, size)
    return [Estimate(*map(float, row)) for row in zip(np.asarray(share), low, high, strict=True)]


def effective_size(weights: Floats) -> float:
    """How many people with equal weights say as much: (sum w)^2 / sum w^2 (Kish 1965)."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def design_effect(weights: Floats) -> float:
    """By what the variance of a mean grows through unequal weights: mean(w^2) / mean(w)^2."""
    effective = effective_size(weights)
    return len(weights) / effective if effective > 0 else 1.0
