"""Verdicts from compound growth rates: Statistics Canada, Eurostat, and the progress chart of the UN.

With v0, t0 the base, vt, t the latest value, T, tT the target and d the direction:
CAGR_o = (vt / v0)^(1 / (t - t0)) - 1 and CAGR_T = (T / v0)^(1 / (tT - t0)) - 1.
"""

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray
from muntada.engines.progress.answers import VerdictNote, Why
from muntada.engines.progress.cells import SeriesCells
from muntada.engines.progress.judged import JudgedCells, judged, ranked, why_not
from muntada.engines.progress.methods import EUROSTAT, STATCAN, UNSD

POINTS = 2
HIGHEST, LOWEST = 5.0, -5.0


def growth(first: FloatArray, last: FloatArray, years: FloatArray) -> FloatArray:
    """Return the yearly growth rate between two values; NaN if undefined."""
    with np.errstate(all="ignore"):
        rate: FloatArray = (last / first) ** (1.0 / years) - 1.0
    return rate


def statcan(cells: SeriesCells) -> JudgedCells:
    """Judge by the method of Statistics Canada and Open SDG; the score runs from -5 to 5."""
    steps, goals = STATCAN.thresholds, cells.goals
    zero = steps["for_zero"]
    base = np.where(cells.base_value == 0, zero, cells.base_value)
    target = np.where(goals.target == 0, zero, goals.target)
    current = cells.current_value
    has_target = np.isfinite(target)
    with np.errstate(invalid="ignore"):
        met = has_target & (goals.direction * (current - target) >= 0)
    span = cells.current_year - cells.base_year
    observed, required = (
        growth(base, current, span),
        growth(base, target, goals.target_year - cells.base_year),
    )
    with np.errstate(all="ignore"):
        rate = np.where(base < 0, -1.0, 1.0) * goals.direction * observed
        ratio = rate / np.abs(required)
    why = why_not(
        cells,
        (goals.direction == 0, Why.PARITY),
        (cells.base < 0, Why.NO_BASE),
        (~met & ~(span >= 1), Why.ONE_POINT),
        (~met & (base * current < 0), Why.SIGN_CHANGE),
        (~met & has_target & (base * target < 0), Why.SIGN_CHANGE),
        (~met & has_target & ~(goals.target_year > cells.base_year), Why.TARGET_YEAR_EARLY),
        (~met & has_target & (target == base), Why.BASE_IS_TARGET),
        (~met & ~np.isfinite(np.where(has_target, ratio, rate)), Why.OUT_OF_NUMBERS),
    )
    curve = _curve(base, goals.limit)
    yearly = (steps["yearly_substantial"], steps["yearly_moderate"])
    number = np.where(
        has_target,
        ranked(ratio, (steps["substantial"], steps["moderate"], steps["limited"]), 2),
        ranked(rate, (yearly[0] * curve, yearly[1] * curve, 0.0), 2),
    )
    score = np.where(has_target, _score(ratio), _score_without(rate, curve, *yearly))
    replaced = (cells.base_value == 0) | (goals.target == 0)
    return judged(
        np.where(met, 1, number),
        why,
        cells,
        points=np.minimum(POINTS, cells.since_base),
        observed=observed,
        required=np.where(has_target, required, np.nan),
        ratio=np.where(has_target, ratio, np.nan),
        score=np.where(met, HIGHEST, score),
        notes=np.where(replaced, VerdictNote.ZERO_REPLACED, 0).astype(np.int8),
    )


def _curve(base: FloatArray, limit: FloatArray) -> FloatArray:
    """Return the factor by which yearly steps shrink near the limit of the scale."""
    size, power = np.abs(base), STATCAN.thresholds["exponent"]
    with np.errstate(all="ignore"):
        below, above = 1.0 - (size / limit) ** power, 1.0 - ((2 * limit - size) / limit) ** power
    curve = np.where(size <= limit, below, above)
    return np.where(np.isnan(limit) | (size >= 2 * limit), 1.0, curve)


def _score(ratio: FloatArray) -> FloatArray:
    high, low = 7.1429 * ratio - 4.2857, 4.1667 * ratio - 2.5
    return np.where(
        ratio > STATCAN.thresholds["moderate"], np.minimum(high, HIGHEST), np.maximum(low, LOWEST)
    )


def _score_without(rate: FloatArray, curve: FloatArray, substantial: float, moderate: float) -> FloatArray:
    with np.errstate(all="ignore"):
        limited = 2.5 * (rate / (moderate * curve) - 1.0)
        some = 2.5 * (rate - moderate * curve) / ((substantial - moderate) * curve)
        more = 2.5 + (rate - substantial * curve) * 500.0 / curve
    score = np.where(rate < moderate * curve, limited, np.where(rate < substantial * curve, some, more))
    return np.clip(np.where(rate < 0, 125.0 * rate - 2.5, score), LOWEST, HIGHEST)


def eurostat(cells: SeriesCells) -> JudgedCells:
    """Judge by the method of Eurostat: the ratio of growth rates, or growth alone without a target."""
    steps, goals = EUROSTAT.thresholds, cells.goals
    base, current = cells.base_value, cells.current_value
    has_target = np.isfinite(goals.target)
    span = cells.current_year - cells.base_year
    observed = growth(base, current, span)
    required = growth(base, goals.target, goals.target_year - cells.base_year)
    with np.errstate(all="ignore"):
        rate = np.where(base < 0, -1.0, 1.0) * goals.direction * observed
        ratio = rate / np.abs(required)
    wanted = has_target & ~cells.is_met
    why = why_not(
        cells,
        (goals.direction == 0, Why.PARITY),
        (cells.base < 0, Why.NO_BASE),
        (~cells.is_met & ~(span >= 1), Why.ONE_POINT),
        (~cells.is_met & (base == 0), Why.BASE_ZERO),
        (~cells.is_met & (base * current < 0), Why.SIGN_CHANGE),
        (wanted & (base * goals.target < 0), Why.SIGN_CHANGE),
        (wanted & ~(goals.target_year > cells.base_year), Why.TARGET_YEAR_EARLY),
        (wanted & (goals.target == base), Why.BASE_IS_TARGET),
        (~cells.is_met & ~np.isfinite(np.where(has_target, ratio, rate)), Why.OUT_OF_NUMBERS),
    )
    with_target = ranked(ratio, (steps["significant"], steps["moderate"], steps["insufficient"]))
    up = np.where(rate >= steps["yearly_significant"], 1, 2)
    without = np.where(rate >= 0, up, np.where(rate > steps["yearly_away"], 5, 6))
    return judged(
        np.where(cells.is_met, 1, np.where(has_target, with_target, without)),
        why,
        cells,
        points=np.minimum(POINTS, cells.since_base),
        observed=observed,
        required=np.where(has_target, required, np.nan),
        ratio=np.where(has_target, ratio, np.nan),
    )


def unsd(cells: SeriesCells) -> JudgedCells:
    """Judge by the method of the UN progress chart: the value in the target year at the same growth."""
    steps, goals = UNSD.thresholds, cells.goals
    base, current, target = cells.base_value, cells.current_value, goals.target
    has_target, met = np.isfinite(target), cells.is_met | _almost_met(cells)
    span = cells.current_year - cells.base_year
    observed = growth(base, current, span)
    ahead = np.maximum(goals.target_year - cells.current_year, 0.0)
    with np.errstate(all="ignore"):
        expected = current * (1.0 + observed) ** ahead
        # A base beyond the target, lost since, is a regression whatever the quotient is.
        ratio = goals.direction * (expected - base) / np.abs(target - base)
        rate = np.where(base < 0, -1.0, 1.0) * goals.direction * observed
        required = growth(base, target, goals.target_year - cells.base_year)
    wanted = has_target & ~met
    why = why_not(
        cells,
        (goals.direction == 0, Why.PARITY),
        (cells.base < 0, Why.NO_BASE),
        (~met & ~(span >= 1), Why.ONE_POINT),
        (~met & (base == 0), Why.BASE_ZERO),
        (~met & (base * current < 0), Why.SIGN_CHANGE),
        (wanted & ~(goals.target_year > cells.base_year), Why.TARGET_YEAR_EARLY),
        (wanted & (target == base), Why.BASE_IS_TARGET),
        (~met & ~np.isfinite(np.where(has_target, ratio, rate)), Why.OUT_OF_NUMBERS),
    )
    number = np.where(
        has_target,
        ranked(ratio, (steps["on_track"], steps["fair"])),
        ranked(rate, (steps["yearly_on_track"], steps["yearly_fair"])),
    )
    return judged(
        np.where(met, 1, number),
        why,
        cells,
        points=np.minimum(POINTS, cells.since_base),
        observed=observed,
        required=np.where(has_target, required, np.nan),
        ratio=np.where(has_target, ratio, np.nan),
        score=np.where(met, 3, 4 - number).astype(np.float64),
    )


def _almost_met(cells: SeriesCells) -> BoolArray:
    """Mark cells whose latest value is within one point of a target of 0 or 100."""
    goals = cells.goals
    near = np.abs(cells.current_value - goals.target) <= UNSD.thresholds["almost"]
    # A point is one percentage point; on other scales the rule has no meaning.
    whole = (goals.target == 100) | ((goals.target == 0) & (goals.limit == 100))  # noqa: PLR2004
    almost: BoolArray = near & whole & (goals.direction != 0)
    return almost
