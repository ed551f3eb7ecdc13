"""Convergence of areas: a decreasing spread (sigma), or faster growth of low values (beta)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.inequality import spreads
from muntada.engines.progress.lacks import Lack, computable, number, reason
from muntada.engines.reasons import Reason

LEAST_AREAS = 3


@dataclass(frozen=True, slots=True)
class SigmaYear:
    """The spread in one year: population standard deviation, and coefficient of variation."""

    year: int
    areas: int
    mean: float | None
    deviation: float | None
    variation: float | None
    deviance: float | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Sigma:
    """The spread over the years, and its change, absolute and relative; the two can disagree.

    `deviation_change` and `variation_change` are last minus first; negative is convergence. None if
    fewer than two years have a spread.
    """

    years: tuple[SigmaYear, ...]
    areas_throughout: int
    deviation_change: float | None
    variation_change: float | None
    reason: Reason | None


def sigma(
    years: ArrayLike, values: ArrayLike, weights: ArrayLike | None = None, *, same_areas: bool = True
) -> Sigma:
    """Return the spread of `values` (area x year) in each year.

    With `same_areas`, only areas with a value in every reported year count, so that a change in
    reporting does not look like a change in spread. `weights` broadcasts to area x year.
    """
    time = np.asarray(years, dtype=np.int64)
    given = computable(values).reshape(-1, len(time))
    present = ~np.isnan(given)
    throughout = present[:, present.any(axis=0)].all(axis=1) & present.any()
    kept = np.where(throughout[:, None], given, np.nan) if same_areas else given
    weighted = None if weights is None else np.broadcast_to(np.asarray(weights), given.shape).T
    found = spreads(kept.T, weighted)
    rows = []
    for place, year in enumerate(time):
        one = found.at(place)
        deviance = None if one.deviation is None else one.deviation**2 * one.areas
        rows.append(
            SigmaYear(int(year), one.areas, one.mean, one.deviation, one.variation, deviance, one.reason)
        )
    told = [row for row in rows if row.deviation is not None]
    lack = reason(Lack.TOO_FEW_POINTS) if len(told) < 2 else None  # noqa: PLR2004
    return Sigma(
        years=tuple(rows),
        areas_throughout=int(throughout.sum()),
        deviation_change=_change([row.deviation for row in told]),
        variation_change=_change([row.variation for row in told]),
        reason=lack,
    )


def _change(values: list[float | None]) -> float | None:
    if len(values) < 2 or values[0] is None or values[-1] is None:  # noqa: PLR2004
        return None
    return values[-1] - values[0]


@dataclass(frozen=True, slots=True)
class Beta:
    """The regression of yearly log growth on the log of the start; a negative slope means convergence.

    `left_out` counts areas with both values of which one is not positive and has no logarithm.
    `half_life` is the number of years in which half of the log gap closes at that pace; None if it does
    not close.
    """

    first_year: int
    last_year: int
    areas: int
    left_out: int
    slope: float | None
    error: float | None
    intercept: float | None
    r_squared: float | None
    half_life: float | None
    reason: Reason | None


def beta(years: ArrayLike, values: ArrayLike, first_year: int, last_year: int) -> Beta:
    """Return unconditional beta convergence of `values` (area x year) between two years.

    Ordinary least squares of ln(x_T / x_0) / (T - t0) on ln x_0 (Barro and Sala-i-Martin). If the scale
    has an upper limit, low values grow faster because high ones cannot, and the slope means little.

    Raises ValueError if a year is not in `years`, or the last is not after the first.
    """
    time = np.asarray(years, dtype=np.int64)
    if first_year not in time or last_year not in time or last_year <= first_year:
        raise ValueError("both years are among the years, the last after the first")
    given = computable(values).reshape(-1, len(time))
    start, end = (given[:, int(np.flatnonzero(time == year)[0])] for year in (first_year, last_year))
    both = np.isfinite(start) & np.isfinite(end)
    usable = both & (start > 0) & (end > 0)
    span, counts = last_year - first_year, (int(usable.sum()), int((both & ~usable).sum()))
    log_start = np.log(start[usable])
    growth = (np.log(end[usable]) - log_start) / span
    lack = _beta_lack(log_start, counts[1])
    if lack:
        return Beta(first_year, last_year, *counts, None, None, None, None, None, reason(lack))
    return Beta(first_year, last_year, *counts, *_line(log_start, growth, span), reason=None)


def _beta_lack(log_start: FloatArray, left_out: int) -> Lack:
    if len(log_start) < LEAST_AREAS:
        return Lack.NOT_POSITIVE if left_out else Lack.TOO_FEW_AREAS
    return Lack.SAME_START if np.ptp(log_start) < 1e-12 * max(1.0, np.abs(log_start).max()) else Lack.NOTHING


def _line(
    x: FloatArray, y: FloatArray, span: int
) -> tuple[float | None, float | None, float | None, float | None, float | None]:
    apart = x - x.mean()
    squares = float((apart**2).sum())
    slope = float((apart * y).sum()) / squares
    rest = y - y.mean() - slope * apart
    unexplained, whole = float((rest**2).sum()), float(((y - y.mean()) ** 2).sum())
    error = float(np.sqrt(unexplained / (len(x) - 2) / squares))
    r_squared = None if whole == 0 else max(0.0, 1 - unexplained / whole)
    # The log of x_T is (1 + slope span) times that of the start, so this is the share of the gap that is
    # left.
    left = 1 + slope * span
    half_life = span * float(np.log(0.5) / np.log(left)) if 0 < left < 1 else None
    return number(slope), number(error), number(y.mean() - slope * x.mean()), r_squared, half_life
