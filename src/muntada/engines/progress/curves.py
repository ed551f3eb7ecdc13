"""The curves of a forecast: each is a transformation in which a series is extrapolated linearly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.straight import from_logit, to_logit

FLOOR, CEILING = 0.0005, 0.995
LOGISTIC, GOMPERTZ, GROWTH, STRAIGHT, SAME = "logistic", "gompertz", "growth", "straight", "same"


@dataclass(frozen=True, slots=True)
class ProgressCurve:
    """A transformation and its inverse. With a limit, values are shares of it."""

    there: Callable[[FloatArray], FloatArray]
    back: Callable[[FloatArray], FloatArray]
    has_limit: bool = False
    moves: bool = True


def _to_gompertz(share: FloatArray) -> FloatArray:
    return np.asarray(-np.log(-np.log(np.clip(share, FLOOR, CEILING))))


def _from_gompertz(place: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(-np.exp(-place)))


def _to_growth(value: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        return np.where(value > 0, np.log(value), np.nan)


def _from_growth(place: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(place))


def _as_it_is(value: FloatArray) -> FloatArray:
    return value


CURVES: Mapping[str, ProgressCurve] = MappingProxyType(
    {
        LOGISTIC: ProgressCurve(to_logit, from_logit, has_limit=True),
        GOMPERTZ: ProgressCurve(_to_gompertz, _from_gompertz, has_limit=True),
        GROWTH: ProgressCurve(_to_growth, _from_growth),
        STRAIGHT: ProgressCurve(_as_it_is, _as_it_is),
        SAME: ProgressCurve(_as_it_is, _as_it_is, moves=False),
    }
)


def usual_curve(values: FloatArray, limit: float | None) -> str:
    """Return the default curve: logistic with a limit, growth if all values are positive, else linear."""
    if limit is not None:
        return LOGISTIC
    known = values[np.isfinite(values)]
    return GROWTH if len(known) and bool(np.all(known > 0)) else STRAIGHT
