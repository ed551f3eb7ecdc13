"""Trends of all series at once: the Mann-Kendall test and Sen's slope.

Neither assumes a straight line or normal errors, and both are robust to outliers. Formulas, sources
and limits are in docs/engines/progress-divides.md.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray, IntArray
from muntada.engines.progress.lacks import Lack, Lacks, computable, number, reason
from muntada.engines.reasons import Reason

LEAST_POINTS = 4
LEVEL = 0.95
# Up to this length the distribution of the score is exact; above, the normal curve has four correct
# digits.
EXACT_POINTS = 33
CELLS_IN_A_BLOCK = 400_000


@dataclass(frozen=True, slots=True)
class Trend:
    """The trend of one series; values are None if there is a reason.

    `score` is Mann-Kendall's S, `tau` Kendall's tau-b, `chance` the two-sided p-value. `slope` is Sen's
    slope in units per year, `low` and `high` the ends of its interval, `level` the value of the line in
    the middle year with data (`middle`).
    """

    points: int
    score: int | None
    tau: float | None
    chance: float | None
    slope: float | None
    low: float | None
    high: float | None
    middle: float | None
    level: float | None
    reason: Reason | None


@dataclass(frozen=True)
class SeriesTrends:
    """The same for many series; each array has the shape of the values without the last axis."""

    points: IntArray
    score: IntArray
    tau: FloatArray
    chance: FloatArray
    slope: FloatArray
    low: FloatArray
    high: FloatArray
    middle: FloatArray
    level: FloatArray
    lack: Lacks

    def at(self, *place: int) -> Trend:
        """Return the result at one index as plain values."""
        lack = int(self.lack[place])
        numbers = {name: number(getattr(self, name)[place]) for name in NUMBERS}
        return Trend(
            points=int(self.points[place]),
            score=None if lack and lack != Lack.CONSTANT else int(self.score[place]),
            reason=reason(lack),
            **numbers,
        )


NUMBERS = ("tau", "chance", "slope", "low", "high", "middle", "level")


def trend(years: ArrayLike, values: ArrayLike, level: float = LEVEL) -> Trend:
    """Return the trend of one series; NaN is a year without a value."""
    return trends(years, np.asarray(values, dtype=np.float64).reshape(-1), level).at()


def trends(years: ArrayLike, values: ArrayLike, level: float = LEVEL) -> SeriesTrends:
    """Return the trends of all series; the last axis is years.

    `years` ascend. `level` is the confidence level of the slope's interval. A constant series has slope
    zero, no tau, chance 1 and the reason "constant". Raises ValueError if the years do not ascend or do
    not match the values, or if the level is not between 0 and 1.
    """
    time = np.asarray(years, dtype=np.float64)
    given = computable(values)
    if given.shape[-1:] != time.shape or (np.diff(time) <= 0).any():
        raise ValueError("years ascend, and there is one for each value of a series")
    if not 0 < level < 1:
        raise ValueError("the level of the interval lies between 0 and 1")
    rows = given.reshape(math.prod(given.shape[:-1]), len(time))
    found = _empty(len(rows))
    known = ~np.isnan(rows)
    found.points[:] = known.sum(axis=1)
    found.lack[:] = _lacks(rows, known, found.points)
    for points in np.unique(found.points[found.lack == 0]):
        chosen = np.flatnonzero((found.lack == 0) & (found.points == points))
        for some in _blocks(chosen, int(points)):
            mask = known[some]
            _measure(
                found, some, np.broadcast_to(time, mask.shape)[mask], rows[some][mask], int(points), level
            )
    shape = given.shape[:-1]
    return SeriesTrends(
        **{name: getattr(found, name).reshape(shape) for name in SeriesTrends.__dataclass_fields__}
    )


def _empty(count: int) -> SeriesTrends:
    def blank() -> FloatArray:
        return np.full(count, np.nan)

    zeros = np.zeros(count, dtype=np.int64)
    return SeriesTrends(
        zeros, zeros.copy(), blank(), blank(), blank(), blank(), blank(), blank(), blank(),
        np.zeros(count, dtype=np.uint8),
    )  # fmt: skip


def _lacks(rows: FloatArray, known: np.ndarray, points: IntArray) -> Lacks:
    lack = np.zeros(len(rows), dtype=np.uint8)
    lack[points < LEAST_POINTS] = Lack.TOO_FEW_POINTS
    lack[points == 0] = Lack.NO_VALUE
    lack[(known & ~np.isfinite(rows)).any(axis=1)] = Lack.NOT_FINITE
    return lack


def _blocks(chosen: IntArray, points: int) -> Iterator[IntArray]:
    """Give the rows in blocks whose pairs of years stay in the cache."""
    step = max(1, CELLS_IN_A_BLOCK // (points * (points - 1) // 2))
    for first in range(0, len(chosen), step):
        yield chosen[first : first + step]


def _measure(
    found: SeriesTrends, some: IntArray, time: FloatArray, flat: FloatArray, points: int, level: float
) -> None:
    """Fill in the results of series with the same number of points, so that no pair is missing."""
    early, late = np.triu_indices(points, k=1)
    moments, values = time.reshape(-1, points), flat.reshape(-1, points)
    apart = values[:, late] - values[:, early]
    score = np.sign(apart).sum(axis=1).astype(np.int64)
    ties = (apart == 0).any(axis=1)
    spread = np.full(len(values), points * (points - 1) * (2 * points + 5) / 18)
    untied = np.full(len(values), float(len(early)))
    spread[ties], untied[ties] = _with_ties(values[ties], points)
    slopes = apart / (moments[:, late] - moments[:, early])
    slopes.sort(axis=1)
    found.score[some] = score
    constant = untied == 0
    found.lack[some[constant]] = Lack.CONSTANT
    with np.errstate(divide="ignore", invalid="ignore"):
        found.tau[some] = score / np.sqrt(untied * len(early))
    found.chance[some] = _chances(score, spread, ties, points)
    found.slope[some] = _middle(slopes)
    found.low[some], found.high[some] = _interval(slopes, spread, level)
    found.middle[some] = _middle(moments)
    found.level[some] = _middle(np.sort(values, axis=1))


def _middle(ordered: FloatArray) -> FloatArray:
    """Return the medians of sorted rows."""
    last = ordered.shape[1] - 1
    return np.asarray((ordered[:, last // 2] + ordered[:, (last + 1) // 2]) / 2, dtype=np.float64)


def _with_ties(values: FloatArray, points: int) -> tuple[FloatArray, FloatArray]:
    """Return the variance of the score and the number of differing pairs, corrected for ties."""
    equal = (values[:, :, None] == values[:, None, :]).sum(axis=2)
    # A group of t equal values is met t times.
    lost = ((equal - 1) * (2 * equal + 5)).sum(axis=1)
    whole = points * (points - 1) * (2 * points + 5)
    return (whole - lost) / 18, (points * (points - 1) - (equal - 1).sum(axis=1)) / 2


def _chances(score: IntArray, spread: FloatArray, ties: np.ndarray, points: int) -> FloatArray:
    """Return the two-sided p-value: exact without ties, else by the normal distribution."""
    distance = np.abs(score)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.maximum(distance - 1, 0) / np.sqrt(spread)
    chances = np.where(spread > 0, 2 * scipy.special.ndtr(-z), 1.0)
    if points <= EXACT_POINTS:
        counted = _tails(points)
        chances = np.where(ties, chances, counted[distance])
    return np.minimum(chances, 1.0)


@cache
def _tails(points: int) -> FloatArray:
    """Return P(|S| >= s) for s = 0, 1, ... of a random series without ties.

    The number of discordant pairs is a sum of independent numbers uniform on 0 .. k, for k = 1 ..
    points - 1.
    """
    chances = np.ones(1)
    for k in range(1, points):
        chances = np.convolve(chances, np.full(k + 1, 1 / (k + 1)))
    pairs = points * (points - 1) // 2
    of_score = np.zeros(pairs + 1)
    np.add.at(of_score, np.abs(pairs - 2 * np.arange(pairs + 1)), chances)
    return np.asarray(np.cumsum(of_score[::-1])[::-1], dtype=np.float64)


def _interval(slopes: FloatArray, spread: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the ends of Sen's interval: the slopes at the ranks N/2 -+ z s / 2 (Sen 1968)."""
    pairs = slopes.shape[1]
    reach = scipy.special.ndtri((1 + level) / 2) * np.sqrt(spread)
    low = np.clip(np.round((pairs - reach) / 2).astype(np.int64) - 1, 0, pairs - 1)
    high = np.clip(np.round((pairs + reach) / 2).astype(np.int64), 0, pairs - 1)
    rows = np.arange(len(slopes))
    return slopes[rows, low], slopes[rows, high]
