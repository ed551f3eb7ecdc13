"""Scores of statements: unity, division and uncertainty, with and without groups.

All shares are (A+1)/(S+2) or use a prior where stated. Each score of agreement has a counterpart
for disagreement.
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.coded import ANSWERS
from muntada.engines.opinion.intervals import Z_95, wilson
from muntada.engines.opinion.kernel import Passes

CENTRES, FIRST, LAST = 25, 0.02, 0.98
BANDWIDTH = 0.35  # standard deviations
PRIOR_SHARE, PRIOR_VOTES = 0.35, 2.0
DISAGREE, PASS, AGREE = range(ANSWERS)
NOTHING = 1e-12

type NumberArray = FloatArray | IndexArray


@dataclass(frozen=True, slots=True, eq=False)
class AlongAxis:
    """Agreement and disagreement with each statement along the first axis.

    `agree` and `disagree` are geometric means along the axis; `spread` is the difference between the
    highest and lowest share of agreement.
    """

    agree: FloatArray
    disagree: FloatArray
    spread: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Least:
    """The lowest share over the groups, and the ends of its interval."""

    share: FloatArray
    low: FloatArray
    high: FloatArray


def along_axis(
    loops: Passes, axis: FloatArray, counted: BoolArray, weights: FloatArray | None = None
) -> AlongAxis:
    """Score statements from the people around 25 points on the axis, each point with equal weight.

    This is the continuous counterpart of a group-aware score and needs no groups. Where few people are
    near, a prior of low agreement prevents a high score.
    """
    places = axis[counted]
    spread = float(places.std()) if len(places) else 0.0
    if spread <= NOTHING:
        centres, spread = np.zeros(1), 1.0
        axis = np.zeros_like(axis)
    else:
        centres = np.quantile(places, np.linspace(FIRST, LAST, CENTRES))
    worth = counted * (1.0 if weights is None else weights)

    def near(block: slice) -> FloatArray:
        distances = (axis[block, None] - centres) / (BANDWIDTH * spread)
        return np.asarray(np.exp(-0.5 * distances**2) * worth[block, None])

    sums = loops.scatter(near, len(centres)).reshape(-1, ANSWERS, len(centres))
    seen = sums.sum(axis=1)
    agree, disagree = (
        (sums[:, answer] + PRIOR_SHARE * PRIOR_VOTES) / (seen + PRIOR_VOTES) for answer in (AGREE, DISAGREE)
    )
    return AlongAxis(
        np.exp(np.log(agree).mean(axis=1)),
        np.exp(np.log(disagree).mean(axis=1)),
        agree.max(axis=1) - agree.min(axis=1),
    )


def least(counts: NumberArray, seen: NumberArray, told: BoolArray | None = None) -> Least:
    """Return the lowest share over groups (rows) for each statement, with an interval for it.

    The interval reaches from the lowest lower end to the lowest upper end over the groups. Only groups
    marked in `told` count; the share is 1 if there are none.
    """
    shares = (counts + 1) / (seen + 2)
    low, high = wilson(shares, seen + 2)
    if told is not None:
        shares, low, high = (np.where(told, one, 1.0) for one in (shares, low, high))
    return Least(shares.min(axis=0), low.min(axis=0), high.min(axis=0))


def together(counts: NumberArray, seen: NumberArray, told: BoolArray | None = None) -> FloatArray:
    """Return the geometric mean over groups (rows) of (A+1)/(S+2): each group has equal weight."""
    logs = np.log((counts + 1) / (seen + 2))
    counted = np.ones_like(logs) if told is None else told.astype(np.float64)
    return np.asarray(np.exp((logs * counted).sum(axis=0) / np.maximum(counted.sum(axis=0), 1.0)))


def gap(counts: NumberArray, seen: NumberArray) -> FloatArray:
    """Return the difference in agreement between the two groups furthest apart, less its 95 % error.

    A statement that one group hardly saw therefore divides nobody.
    """
    shares = (counts + 1) / (seen + 2)
    errors = shares * (1 - shares) / (seen + 3)
    best = np.zeros(shares.shape[1])
    for one in range(len(shares)):
        for other in range(one):
            between = np.abs(shares[one] - shares[other]) - Z_95 * np.sqrt(errors[one] + errors[other])
            best = np.maximum(best, between)
    return best
