"""Inequality between areas, absolute and relative.

Every absolute measure has a relative partner: range and ratio, standard deviation and coefficient
of variation, half the mean difference and Gini. The first is in the unit of the values, the second
has none. They can move in opposite directions, so both are given. Formulas and limits are in
docs/engines/progress-divides.md.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray, IntArray
from muntada.engines.progress.lacks import Lack, Lacks, computable, number, reason
from muntada.engines.reasons import Reason

AVERSION = 0.5
CELLS_IN_A_BLOCK = 250_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Inequality of the areas in one year; a number is None only if there is a reason.

    `share` is the share of all weights (without weights: of areas) with a value. The ratio is also None
    if the lowest value is zero.
    """

    areas: int
    share: float
    mean: float | None
    lowest: float | None
    highest: float | None
    range: float | None
    ratio: float | None
    deviation: float | None
    variation: float | None
    half_difference: float | None
    gini: float | None
    theil: float | None
    atkinson: float | None
    reason: Reason | None
    reason_relative: Reason | None


@dataclass(frozen=True)
class Spreads:
    """The same for many years; each array has the shape of the values without the last axis.

    NaN is explained by `lack` (absolute measures) or `lack_relative` (relative ones).
    """

    areas: IntArray
    share: FloatArray
    mean: FloatArray
    lowest: FloatArray
    highest: FloatArray
    range: FloatArray
    ratio: FloatArray
    deviation: FloatArray
    variation: FloatArray
    half_difference: FloatArray
    gini: FloatArray
    theil: FloatArray
    atkinson: FloatArray
    lack: Lacks
    lack_relative: Lacks

    def at(self, *place: int) -> Spread:
        """Return the result at one index as plain values."""
        numbers = {name: number(getattr(self, name)[place]) for name in MEASURES}
        return Spread(
            areas=int(self.areas[place]),
            share=float(self.share[place]),
            reason=reason(self.lack[place]),
            reason_relative=reason(self.lack_relative[place]),
            **numbers,
        )


MEASURES = (
    "mean", "lowest", "highest", "range", "ratio", "deviation", "variation", "half_difference", "gini",
    "theil", "atkinson",
)  # fmt: skip


def spread(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    aversion: float = AVERSION,
    *,
    min_share: float = 0.0,
) -> Spread:
    """Return the inequality of one row of areas; NaN is a missing value. See `spreads` for the arguments."""
    return spreads(
        np.asarray(values, dtype=np.float64).reshape(-1), weights, aversion, min_share=min_share
    ).at()


def spreads(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    aversion: float = AVERSION,
    *,
    min_share: float = 0.0,
) -> Spreads:
    """Return the inequality of the areas on the last axis, for all rows at once.

    `weights` (for instance people) broadcasts to the values; areas without a value or a positive weight
    are left out. Without weights all areas count equally. `aversion` is Atkinson's parameter, above
    zero. If less than `min_share` of the weights has a value, no result is given.

    Raises ValueError if `aversion` is not above zero; faults in the data give a `lack` instead.
    """
    if not aversion > 0:
        raise ValueError("the aversion to inequality is above zero")
    given = computable(values)
    shape, areas = given.shape[:-1], given.shape[-1]
    rows = given.reshape(math.prod(shape), areas)
    weighted = _weights(given, weights).reshape(rows.shape)
    parts = [_spreads(rows[some], weighted[some], aversion, min_share) for some in _blocks(rows)]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Spreads(**{name: array.reshape(shape) for name, array in joined.items()})


def _weights(given: FloatArray, weights: ArrayLike | None) -> FloatArray:
    if weights is None:
        return np.broadcast_to(np.float64(1.0), given.shape)
    return np.broadcast_to(computable(weights), given.shape)


def _blocks(rows: FloatArray) -> Iterator[slice]:
    """Yield slices of rows small enough for the cache; one empty slice if there are no rows."""
    step = max(1, CELLS_IN_A_BLOCK // max(1, rows.shape[1]))
    for first in range(0, max(1, rows.shape[0]), step):
        yield slice(first, first + step)


def _spreads(
    values: FloatArray, weights: FloatArray, aversion: float, min_share: float
) -> dict[str, np.ndarray]:
    counted = ~np.isnan(values) & ~np.isnan(weights) & (weights != 0)
    share = _share(weights, counted)
    lack = _lack(values, weights, counted)
    lack[(lack == 0) & (share < min_share)] = Lack.TOO_SMALL_A_SHARE
    usable = (lack == Lack.NOTHING)[:, None] & counted
    kept = np.where(usable, values, 0.0)
    shares = _shares(np.where(usable, weights, 0.0))
    scale = np.abs(kept).max(axis=1, initial=0.0)
    scale[scale == 0] = 1.0
    unit = kept / scale[:, None]
    found = _absolute(unit, shares, usable)
    lack_relative = np.where(lack == 0, _lack_relative(unit, found["mean"]), lack).astype(np.uint8)
    found |= _relative(unit, shares, usable, found, aversion)
    for name in ABSOLUTE:
        found[name] = np.where(lack == 0, found[name] * scale, np.nan)
    for name in RELATIVE:
        found[name] = np.where(lack_relative == 0, found[name], np.nan)
    return {
        **found,
        "areas": counted.sum(axis=1),
        "share": share,
        "lack": lack,
        "lack_relative": lack_relative,
    }


ABSOLUTE = ("mean", "lowest", "highest", "range", "deviation", "half_difference")
RELATIVE = ("ratio", "variation", "gini", "theil", "atkinson")


def _lack(values: FloatArray, weights: FloatArray, counted: np.ndarray) -> Lacks:
    known = (~np.isnan(values)).sum(axis=1)
    lack = np.zeros(len(values), dtype=np.uint8)
    lack[counted.sum(axis=1) == 1] = Lack.ONE_VALUE
    lack[~counted.any(axis=1)] = Lack.NO_WEIGHT
    lack[known == 0] = Lack.NO_VALUE
    lack[(counted & ~np.isfinite(values)).any(axis=1)] = Lack.NOT_FINITE
    lack[(counted & ~(np.isfinite(weights) & (weights > 0))).any(axis=1)] = Lack.WRONG_WEIGHT
    return lack


def _share(weights: FloatArray, counted: np.ndarray) -> FloatArray:
    """Return the share of the weights with a value; 0 without any weight."""
    proper = np.where(np.isfinite(weights) & (weights > 0), weights, 0.0)
    largest = proper.max(axis=1, initial=0.0, keepdims=True)
    proper = proper / np.where(largest == 0, 1.0, largest)
    whole = proper.sum(axis=1)
    return np.asarray((proper * counted).sum(axis=1) / np.where(whole == 0, 1.0, whole), dtype=np.float64)


def _lack_relative(unit: FloatArray, mean: FloatArray) -> Lacks:
    lack = np.zeros(len(unit), dtype=np.uint8)
    lack[mean == 0] = Lack.NOTHING_SHARED
    lack[(unit < 0).any(axis=1)] = Lack.NEGATIVE
    return lack


def _shares(weights: FloatArray) -> FloatArray:
    largest = weights.max(axis=1, initial=0.0, keepdims=True)
    scaled = weights / np.where(largest == 0, 1.0, largest)
    whole = scaled.sum(axis=1, keepdims=True)
    return np.asarray(scaled / np.where(whole == 0, 1.0, whole), dtype=np.float64)


def _absolute(unit: FloatArray, shares: FloatArray, usable: np.ndarray) -> dict[str, np.ndarray]:
    mean = (unit * shares).sum(axis=1)
    lowest = np.where(usable, unit, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(usable, unit, -np.inf).max(axis=1, initial=-np.inf)
    deviation = np.sqrt((shares * np.square(unit - mean[:, None])).sum(axis=1))
    apart = {"mean": mean, "lowest": lowest, "highest": highest, "deviation": deviation}
    with np.errstate(invalid="ignore"):
        apart["range"] = highest - lowest
    apart["half_difference"] = _half_difference(unit, shares, usable)
    return apart


def _half_difference(unit: FloatArray, shares: FloatArray, usable: np.ndarray) -> FloatArray:
    """Return half the mean difference between two random persons.

    Between neighbours in the order of values lies a step d. With a share F of people below and 1 - F
    above, each pair across the step differs by d more: half of E|x - y| is the sum of F (1 - F) d.
    """
    # Areas left out have weight zero; they are placed where they add no step.
    order = np.argsort(np.where(usable, unit, np.inf), axis=1)
    ordered = np.take_along_axis(unit, order, axis=1)
    below = np.cumsum(np.take_along_axis(shares, order, axis=1), axis=1)[:, :-1].clip(0.0, 1.0)
    inside = np.take_along_axis(usable, order, axis=1)[:, 1:]
    steps = np.where(inside, np.diff(ordered, axis=1), 0.0)
    return np.asarray((below * (1 - below) * steps).sum(axis=1), dtype=np.float64)


def _relative(
    unit: FloatArray, shares: FloatArray, usable: np.ndarray, found: dict[str, np.ndarray], aversion: float
) -> dict[str, np.ndarray]:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        to_mean = np.where(usable, unit / found["mean"][:, None], 1.0)
        logs = np.log(np.where(to_mean > 0, to_mean, 1.0))
        # There is no ratio to a lowest value of zero; the range is given in any case.
        ratio = np.where(found["lowest"] > 0, found["highest"] / found["lowest"], np.nan)
        return {
            "ratio": ratio,
            "variation": found["deviation"] / found["mean"],
            "gini": found["half_difference"] / found["mean"],
            "theil": np.maximum((shares * to_mean * logs).sum(axis=1), 0.0),
            "atkinson": _atkinson(to_mean, logs, shares, aversion),
        }


def _atkinson(to_mean: FloatArray, logs: FloatArray, shares: FloatArray, aversion: float) -> FloatArray:
    some_nothing = ((to_mean <= 0) & (shares > 0)).any(axis=1)
    if aversion == 1:
        index = 1 - np.exp((shares * logs).sum(axis=1))
    else:
        powers = np.where(to_mean > 0, np.exp((1 - aversion) * logs), 0.0)
        index = 1 - (shares * powers).sum(axis=1) ** (1 / (1 - aversion))
    return np.where(some_nothing, 1.0, index).clip(0.0, 1.0) if aversion >= 1 else index.clip(0.0, 1.0)
