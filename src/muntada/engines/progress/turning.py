"""The turning points of one series: year, confidence interval, and change."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.breaks import (
    LEAST_IN_A_PIECE,
    LINES,
    MOST_BREAKS,
    NEEDED,
    Breaks,
    breaks,
)
from muntada.engines.progress.lacks import computable, reason
from muntada.engines.reasons import Reason

# The 95 % point of the likelihood ratio over break dates: (1 - exp(-x / 2))^2 = .95 (Yao 1987; Eo and
# Morley 2015).
RATIO_95 = float(-2 * np.log(1 - np.sqrt(0.95)))


@dataclass(frozen=True, slots=True)
class Segment:
    """A range of years with its own line (or level: slope zero); `start` and `end` are values on it."""

    first_year: int
    last_year: int
    points: int
    slope: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The last year before a turn, and the 95 % confidence set of years.

    `jump` is the new line minus the old one in the first year after the turn; `bend` the change of
    slope.
    """

    year: int
    earliest: int
    latest: int
    jump: float
    bend: float


@dataclass(frozen=True, slots=True)
class Turning:
    """The pieces of a series and the turns between them; `support` is the decrease of BIC from one piece."""

    points: int
    pieces: tuple[Segment, ...]
    turns: tuple[TurningPoint, ...]
    support: float | None
    reason: Reason | None


def turning_points(
    years: ArrayLike,
    values: ArrayLike,
    *,
    numbers: int = LINES,
    least: int = LEAST_IN_A_PIECE,
    most: int = MOST_BREAKS,
    needed: float = NEEDED,
) -> Turning:
    """Return the turning points of one series; NaN is a missing value. Arguments as in `breaks`."""
    given = computable(values).reshape(-1)
    found = breaks(years, given, numbers=numbers, least=least, most=most, needed=needed)
    return turning_of(years, given, found, (), numbers=numbers, least=least)


def turning_of(
    years: ArrayLike,
    values: ArrayLike,
    found: Breaks,
    place: tuple[int, ...],
    *,
    numbers: int = LINES,
    least: int = LEAST_IN_A_PIECE,
) -> Turning:
    """Return the turning points of one series from breaks computed for many; `place` is its index.

    `numbers` and `least` must be those used for the breaks.
    """
    lack, count = int(found.lack[place]), int(found.count[place])
    if lack:
        return Turning(int(found.points[place]), (), (), None, reason(lack))
    given = computable(values).reshape(-1)
    known = ~np.isnan(given)
    time, level = np.asarray(years, dtype=np.float64)[known], given[known]
    inner = [int(np.searchsorted(time, year)) + 1 for year in found.years[place][:count]]
    ends = [0, *inner, len(time)]
    pieces = tuple(
        _piece(time[first:end], level[first:end], numbers) for first, end in itertools.pairwise(ends)
    )
    turns = tuple(
        _turn(time, level, (ends[place], ends[place + 1], ends[place + 2]), numbers, least)
        for place in range(count)
    )
    return Turning(
        len(time),
        pieces,
        turns,
        float(found.bic[place][0] - found.bic[place][count]) if count else None,
        None,
    )


def _fit(time: FloatArray, values: FloatArray, numbers: int) -> tuple[float, float, float]:
    """Return slope, value at the mean year, and residual of a piece."""
    apart = time - time.mean()
    mean = float(values.mean())
    slope = float((apart * (values - mean)).sum() / (apart**2).sum()) if numbers == LINES else 0.0
    return slope, mean, float(((values - mean - slope * apart) ** 2).sum())


def _unexplained_before(time: FloatArray, values: FloatArray, numbers: int) -> FloatArray:
    """Return, for each point, the residual of a level or line through the points before it."""
    t, y = time - time.mean(), values - values.mean()
    count = np.maximum(np.arange(len(t) + 1), 1)
    sum_t, sum_y, tt, ty, yy = (
        np.concatenate(([0.0], np.cumsum(one))) for one in (t, y, t * t, t * y, y * y)
    )
    rest = yy - sum_y**2 / count
    if numbers == LINES:
        apart = tt - sum_t**2 / count
        together = ty - sum_t * sum_y / count
        rest -= np.divide(together**2, apart, out=np.zeros_like(apart), where=apart > 0)
    return np.asarray(np.maximum(rest, 0.0), dtype=np.float64)


def _unexplained_after(time: FloatArray, values: FloatArray, numbers: int) -> FloatArray:
    return _unexplained_before(time[::-1], values[::-1], numbers)[::-1]


def _piece(time: FloatArray, values: FloatArray, numbers: int) -> Segment:
    slope, mean, _ = _fit(time, values, numbers)
    start, end = (mean + slope * float(year - time.mean()) for year in (time[0], time[-1]))
    return Segment(int(time[0]), int(time[-1]), len(time), slope, start, end)


def _turn(
    time: FloatArray, values: FloatArray, between: tuple[int, int, int], numbers: int, least: int
) -> TurningPoint:
    """Describe the turn at the middle index, with the pieces on both sides fixed."""
    first, at, end = between
    slope_before, mean_before, _ = _fit(time[first:at], values[first:at], numbers)
    slope_after, mean_after, _ = _fit(time[at:end], values[at:end], numbers)
    before = mean_before + slope_before * float(time[at] - time[first:at].mean())
    after = mean_after + slope_after * float(time[at] - time[at:end].mean())
    places = range(first + least, end - least + 1)
    whole, inner = (time[first:end], values[first:end]), np.asarray(places) - first
    left = _unexplained_before(*whole, numbers)[inner] + _unexplained_after(*whole, numbers)[inner]
    # The residual of the other pieces is part of the variance and hardly depends on this turn.
    finest = max(float(left.min()), 1e-12 * float(((values - values.mean()) ** 2).sum()))
    size = end - first
    likely = [
        k
        for k, rest in zip(places, left, strict=True)
        if size * np.log(max(rest, finest) / finest) <= RATIO_95
    ]
    return TurningPoint(
        year=int(time[at - 1]),
        earliest=int(time[min(likely) - 1]),
        latest=int(time[max(likely) - 1]),
        jump=after - before,
        bend=slope_after - slope_before,
    )
