"""What unites, what divides and what leaves people unsure, with and without groups.

All shares are (A+1)/(S+2) or lean on a prior as said; a score of agreement has a twin of disagreement.
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.opinion.arrays import Bools, Floats, Integers
from muntada.engines.opinion.coded import ANSWERS
from muntada.engines.opinion.intervals import Z_95, wilson
from muntada.engines.opinion.kernel import Passes

CENTRES, FIRST, LAST = 25, 0.02, 0.98
BANDWIDTH = 0.35  # standard deviations
PRIOR_SHARE, PRIOR_VOTES = 0.35, 2.0
DISAGREE, PASS, AGREE = range(ANSWERS)
NOTHING = 1e-12

type Numbers = Floats | Integers


@dataclass(frozen=True, slots=True, eq=False)
class AlongAxis:
    """Agreement and disagreement with each statement, across people of all places on the first axis.

    `agree` and `disagree` are geometric means along the axis, `spread` is how far the highest share of
    agreement is from the lowest.
    """

    agree: Floats
    disagree: Floats
    spread: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Least:
    """The lowest share over the groups, and between what ends it lies."""

    share: Floats
    low: Floats
    high: Floats


def along_axis(loops: Passes, axis: Floats, counted: Bools, weights: Floats | None = None) -> AlongAxis:
    """Score statements by the people around 25 places on the axis, each place counting alike.

    It needs no groups: what a group-aware score does between groups, this does along a line. Where nobody
    is near, a prior of little agreement counts, so that nothing unites on the word of a few.
    """
    places = axis[counted]
    spread = float(places.std()) if len(places) else 0.0
    if spread <= NOTHING:
        centres, spread = np.zeros(1), 1.0
        axis = np.zeros_like(axis)
    else:
        centres = np.quantile(places, np.linspace(FIRST, LAST, CENTRES))
    worth = counted * (1.0 if weights is None else weights)

    def near(block: slice) -> Floats:
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


def least(counts: Numbers, seen: Numbers, told: Bools | None = None) -> Least:
    """Give the lowest share over groups (rows) for each statement, with an interval that holds for it.

    The least share is at most as high as the lowest upper end, and at least as low as the lowest lower end.
    Only groups that are `told` count; where none is, the least share is 1.
    """
    shares = (counts + 1) / (seen + 2)
    low, high = wilson(shares, seen + 2)
    if told is not None:
        shares, low, high = (np.where(told, one, 1.0) for one in (shares, low, high))
    return Least(shares.min(axis=0), low.min(axis=0), high.min(axis=0))


def together(counts: Numbers, seen: Numbers, told: Bools | None = None) -> Floats:
    """Give the geometric mean over groups (rows) of (A+1)/(S+2): each group counts alike."""
    logs = np.log((counts + 1) / (seen + 2))
    counted = np.ones_like(logs) if told is None else told.astype(np.float64)
    return np.asarray(np.exp((logs * counted).sum(axis=0) / np.maximum(counted.sum(axis=0), 1.0)))


def gap(counts: Numbers, seen: Numbers) -> Floats:
    """Give by how much the shares of agreement of the two groups furthest apart differ for sure.

    A gap counts as far as it goes beyond its 95 % error: a statement that a group hardly saw divides nobody.
    """
    shares = (counts + 1) / (seen + 2)
    errors = shares * (1 - shares) / (seen + 3)
    best = np.zeros(shares.shape[1])
    for one in range(len(shares)):
        for other in range(one):
            between = np.abs(shares[one] - shares[other]) - Z_95 * np.sqrt(errors[one] + errors[other])
            best = np.maximum(best, between)
    return best
