"""Verdicts from linear trends: SDSN's arrows, ESCAP's anticipated progress, and a line in logit space."""

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray
from muntada.engines.progress.answers import Why
from muntada.engines.progress.cells import SeriesCells, since, window
from muntada.engines.progress.judged import JudgedCells, judged, ranked, why_not
from muntada.engines.progress.methods import ESCAP, LOGIT, SDSN
from muntada.engines.progress.panel import AnyIntArray

CENTRE = 2015.0  # years are counted from here, to keep sums of squares small
POINTS = 2


def sdsn(cells: SeriesCells) -> JudgedCells:
    """Judge like the arrows of the SDG Index: points per year since the base, against those required.

    Scores (x - lower) / (optimum - lower) * 100 are not clipped. The ratio is the same on any such
    scale, so without a scale the values themselves are used. The score is that of the latest value.
    """
    steps, goals = SDSN.thresholds, cells.goals
    green = np.where(np.isfinite(goals.target), goals.target, goals.optimum)
    width = (goals.optimum - goals.lower) / 100.0
    scale = np.where(np.isfinite(width), width, goals.direction)
    base, current = cells.base_value, cells.current_value
    span = cells.current_year - cells.base_year
    with np.errstate(all="ignore"):
        met = goals.direction * (current - green) >= 0
        observed = (current - base) / span / scale
        required = (green - base) / (goals.target_year - cells.base_year) / scale
        ratio = observed / np.abs(required)
        score = (current - goals.lower) / width
    why = why_not(
        cells,
        (np.isnan(green), Why.NO_TARGET),
        (goals.direction == 0, Why.PARITY),
        (cells.base < 0, Why.NO_BASE),
        (~met & ~(span >= 1), Why.ONE_POINT),
        (~met & ~(goals.target_year > cells.base_year), Why.TARGET_YEAR_EARLY),
        (~met & (green == base), Why.BASE_IS_TARGET),
        (~met & ~np.isfinite(ratio), Why.OUT_OF_NUMBERS),
    )
    number = ranked(ratio, (steps["on_track"], steps["moderate"], steps["stagnating"]))
    return judged(
        np.where(met, 1, number),
        why,
        cells,
        points=np.minimum(POINTS, cells.since_base),
        observed=observed,
        required=required,
        ratio=ratio,
        score=score,
    )


def escap(cells: SeriesCells) -> JudgedCells:
    """Judge by the gap that a time-weighted line through all values since 2000 leaves in the target year.

    The score is the current status index: 0 in the base year, 10 at the target.
    """
    steps, goals = ESCAP.thresholds, cells.goals
    weights = np.maximum(cells.years - steps["since"] + 1.0, 0.0)
    used = since(cells, steps["since"])
    slope, level, points = _line(cells.values, used, cells.years, weights, cells.current_value)
    target, current, way = goals.target, cells.current_value, goals.direction
    with np.errstate(all="ignore"):
        expected = level + slope * (goals.target_year - CENTRE)
        needed = np.abs(target - cells.base_value)
        missing = np.where(way == 0, np.abs(target - expected), way * (target - expected))
        ratio = 1.0 - missing / needed
        parity = 1.0 - np.abs(target - current) / needed
        score = steps["scale"] * np.where(way == 0, parity, way * (current - cells.base_value) / needed)
        required = (target - cells.base_value) / (goals.target_year - cells.base_year)
    why = why_not(
        cells,
        (np.isnan(target), Why.NO_TARGET),
        (cells.base < 0, Why.NO_BASE),
        (points < POINTS, Why.ONE_POINT),
        (~(goals.target_year > cells.base_year), Why.TARGET_YEAR_EARLY),
        ((needed == 0) & ~cells.is_met, Why.BASE_IS_TARGET),
        (~np.isfinite(ratio) & ~cells.is_met, Why.OUT_OF_NUMBERS),
    )
    return judged(
        np.where((missing <= 0) & (way != 0), 1, ranked(ratio, (steps["maintain"], steps["accelerate"]))),
        why,
        cells,
        points=points,
        observed=slope,
        required=required,
        ratio=ratio,
        score=score,
    )


def logit(cells: SeriesCells) -> JudgedCells:
    """Judge by the line through the last five years in logit space, extended from the latest value.

    Values are shares of the limit, clipped to floor and ceiling, so nothing grows past the limit. The
    score is the value expected in the target year.
    """
    steps, goals = LOGIT.thresholds, cells.goals
    limit = np.where(goals.limit > 0, goals.limit, np.nan)
    shares, used = to_logit(cells.values / limit), window(cells, steps["window"])
    now = to_logit(cells.current_value / limit)
    slope, _, points = _line(shares, used, cells.years, np.ones(len(cells.years)), now)
    then = to_logit(goals.target / limit)
    ahead = goals.target_year - cells.current_year
    with np.errstate(all="ignore"):
        required = (then - now) / ahead
        ratio = goals.direction * slope / np.abs(required)
        expected = limit * from_logit(now + slope * np.maximum(ahead, 0.0))
    why = why_not(
        cells,
        (np.isnan(goals.target), Why.NO_TARGET),
        (goals.direction == 0, Why.PARITY),
        (np.isnan(limit), Why.NO_LIMIT),
        ((goals.target < 0) | (goals.target > limit), Why.TARGET_OUTSIDE),
        (cells.outside, Why.ABOVE_LIMIT),
        (~cells.is_met & (points < POINTS), Why.FEW_POINTS),
        (~cells.is_met & (ahead <= 0), Why.TARGET_YEAR_PAST),
    )
    # At the clipped end of the scale, no further progress is required.
    met = cells.is_met | (then == now)
    number = ranked(ratio, (steps["on_track"], steps["too_slow"]), 2)
    return judged(
        np.where(met, 1, number),
        why,
        cells,
        points=points,
        observed=slope,
        required=required,
        ratio=ratio,
        score=expected,
    )


def to_logit(share: FloatArray) -> FloatArray:
    """Return log(p / (1 - p)) of shares clipped to the floor and ceiling of the method."""
    kept = np.clip(share, LOGIT.thresholds["floor"], LOGIT.thresholds["ceiling"])
    odds: FloatArray = np.log(kept / (1.0 - kept))
    return odds


def from_logit(odds: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):
        share: FloatArray = 1.0 / (1.0 + np.exp(-odds))
    return share


def _line(
    values: FloatArray, used: BoolArray, years: FloatArray, weights: FloatArray, origin: FloatArray
) -> tuple[FloatArray, FloatArray, AnyIntArray]:
    """Fit a weighted least-squares line to each cell; returns slope, level in CENTRE and number of points.

    Values are taken relative to `origin`, one of them, so a constant series has a slope of exactly
    zero.
    """
    cells = values.shape[1]
    count, points = np.zeros(cells), np.zeros(cells, np.int64)
    by_year, squares, by_value, products = (np.zeros(cells) for _ in range(4))
    for row, (year, weight) in enumerate(zip((years - CENTRE).tolist(), weights.tolist(), strict=True)):
        if weight <= 0:
            continue
        here = used[row]
        value = np.where(here, values[row] - origin, 0.0) * weight
        points += here
        count += here * weight
        by_year += here * (weight * year)
        squares += here * (weight * year * year)
        by_value += value
        products += value * year
    with np.errstate(all="ignore"):
        spread = count * squares - by_year * by_year
        slope = (count * products - by_year * by_value) / spread
        level = origin + (by_value - slope * by_year) / count
    return slope, level, points
