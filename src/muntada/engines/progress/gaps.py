"""The gap between two series: in units, as a ratio, and in years."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.lacks import Lack, computable, reason
from muntada.engines.reasons import Reason


@dataclass(frozen=True, slots=True)
class GapMeasures:
    """A part of the population compared with another: difference, ratio, and adjusted ratio.

    `adjusted` runs from 0 to 2 with parity at 1 (UNESCO's adjusted parity index): a ratio above 1
    becomes two minus its inverse, so 1.25 is as far from parity as 0.8.
    """

    gap: float | None
    ratio: float | None
    adjusted: float | None
    reason: Reason | None
    reason_relative: Reason | None


def parity(part: float | None, other: float | None) -> GapMeasures:
    """Return the parity of `part` (for instance women) with `other` (men)."""
    if part is None or other is None or np.isnan(part) or np.isnan(other):
        return _no_parity(Lack.NO_VALUE)
    part, other = map(float, computable([part, other]))
    if not (np.isfinite(part) and np.isfinite(other)):
        return _no_parity(Lack.NOT_FINITE)
    lack = _relative_lack(part, other)
    if lack:
        return GapMeasures(part - other, None, None, None, reason(lack))
    ratio = part / other
    return GapMeasures(part - other, ratio, ratio if ratio <= 1 else 2 - 1 / ratio, None, None)


def _relative_lack(part: float, other: float) -> Lack:
    if part < 0 or other < 0:
        return Lack.NEGATIVE
    if other == 0:
        return Lack.NOT_POSITIVE
    return Lack.NOTHING


def _no_parity(lack: Lack) -> GapMeasures:
    return GapMeasures(None, None, None, reason(lack), reason(lack))


@dataclass(frozen=True, slots=True)
class TimeDistance:
    """The number of years a series is behind another (negative: ahead), and the gap in units.

    `at_least` is True if the other series was past the value in its first year: the true distance may
    be longer.
    """

    year: int | None
    value: float | None
    years: float | None
    at_least: bool
    gap: float | None
    reason: Reason | None


def time_distance(
    years: ArrayLike, follower: ArrayLike, leader: ArrayLike, *, rising: bool = True, at: int | None = None
) -> TimeDistance:
    """Return how long ago the leader had the value the follower has in its last year (or in year `at`).

    `years` ascend, one per value; NaN is a missing value. The leader is interpolated linearly between
    known years. If it passed the value more than once, the last time counts: the shortest distance the
    data allow. `rising` means that more is better. Source: Sicherl's S-time-distance.

    Raises ValueError if shapes differ or the years do not ascend.
    """
    time = np.asarray(years, dtype=np.float64)
    sign = 1.0 if rising else -1.0
    behind, ahead = (sign * computable(one) for one in (follower, leader))
    if not time.shape == behind.shape == ahead.shape or (np.diff(time) <= 0).any():
        raise ValueError("years ascend, and each has a place in both series")
    asked = ~np.isnan(behind) & ((time == at) if at is not None else True)
    if not asked.any():
        return TimeDistance(at, None, None, at_least=False, gap=None, reason=reason(Lack.NO_VALUE))
    place = int(np.flatnonzero(asked)[-1])
    now, level = float(time[place]), float(behind[place])
    known = ~np.isnan(ahead)
    if np.isinf(level) or np.isinf(ahead[known]).any():
        return TimeDistance(int(now), None, None, at_least=False, gap=None, reason=reason(Lack.NOT_FINITE))
    reached, at_least, lack = _reached(time[known], ahead[known], level, now)
    gap = None if np.isnan(ahead[place]) else float(sign * (level - ahead[place]))
    return TimeDistance(
        year=int(now),
        value=sign * level,
        years=None if reached is None else now - reached,
        at_least=at_least,
        gap=gap,
        reason=reason(lack),
    )


def _reached(
    time: FloatArray, values: FloatArray, level: float, now: float
) -> tuple[float | None, bool, Lack]:
    """Return when a series was at a level: the last time up to `now`, else the first time after."""
    if not len(time) or time[0] > now:
        return None, False, Lack.NO_LEADER
    before = time <= now
    if values[before][-1] >= level:
        return _last_upward(time[before], values[before], level)
    later = np.flatnonzero(~before & (values >= level))
    if not len(later):
        return None, False, Lack.NOT_REACHED
    return _between(time, values, int(later[0]), level), False, Lack.NOTHING


def _last_upward(time: FloatArray, values: FloatArray, level: float) -> tuple[float | None, bool, Lack]:
    below = np.flatnonzero(values < level)
    if not len(below):
        first_at = values[0] == level
        return float(time[0]), not first_at, Lack.NOTHING
    return _between(time, values, int(below[-1]) + 1, level), False, Lack.NOTHING


def _between(time: FloatArray, values: FloatArray, after: int, level: float) -> float:
    rise = values[after] - values[after - 1]
    part = (level - values[after - 1]) / rise
    return float(time[after - 1] + part * (time[after] - time[after - 1]))
