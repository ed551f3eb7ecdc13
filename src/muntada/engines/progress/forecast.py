"""Forecasts with intervals calibrated on past errors.

A series is extrapolated linearly in the space of its curve: with the slope of its last five years,
from its latest value. A share with a natural limit saturates and never passes the limit; without a
limit, a positive series grows by a rate and any other by a step. The interval is split-conformal:
the absolute errors of the same rule from earlier years, in the same space and over all areas of the
series, give the half-width for each horizon (Vovk, Gammerman and Shafer 2005; Lei et al., JASA
2018).
"""

import math
from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.curves import CURVES, ProgressCurve, usual_curve
from muntada.engines.progress.panel import AnyIntArray, SeriesPanel
from muntada.engines.progress.targets import SeriesTarget

WINDOW = 5
LEVEL = 0.90
ORIGINS = 5  # the latest years only: the early part of a series is no guide to its present
FEWEST_ERRORS = 30  # with fewer errors there is no interval: the maximum of a few errors is not reliable
TINY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class SeriesForecast:
    """Areas x horizons: the forecast and the ends of its interval, NaN if there is none.

    `origin` is the year of the latest value of each area, 0 if no forecast is possible. For horizons of
    1, 2, ... years, `errors` is the number of past errors behind the interval and `half_width` its
    half-width in the space of the curve.
    """

    curve: str
    level: float
    years: AnyIntArray
    middle: FloatArray
    low: FloatArray
    high: FloatArray
    origin: AnyIntArray
    errors: AnyIntArray
    half_width: FloatArray


@dataclass(frozen=True, slots=True)
class Tried:
    """The accuracy of a curve at one horizon, in the unit of the series.

    `covered` is the share of values inside the interval and `width` its mean width; NaN if there was
    none.
    """

    curve: str
    origin: int
    ahead: int
    areas: int
    mean_error: float
    bias: float
    covered: float
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Areas x years: each value in the space of the curve, and the slope of the years up to it."""

    curve: ProgressCurve
    scale: float
    place: FloatArray
    slope: FloatArray

    def back(self, place: FloatArray) -> FloatArray:
        return self.scale * self.curve.back(place)


def forecast(
    values: FloatArray,
    years: AnyIntArray,
    until: int,
    *,
    limit: float | None = None,
    curve: str | None = None,
    level: float = LEVEL,
) -> SeriesForecast:
    """Extrapolate each area of one series to the year `until`.

    `values` is areas x years, NaN if missing; `years` are consecutive. A saturating curve requires
    `limit`; values beyond it are clipped. Raises ValueError for a missing limit, an unknown curve, or a
    level that is not between 0 and 1.
    """
    name = curve or usual_curve(values, limit)
    lines = _lines(values, name, limit)
    first, last = (int(years[0]), int(years[-1])) if len(years) else (until, until)
    count, width = _half_widths(lines, values.shape[1], max(0, until - first), level)
    row = _latest(lines)
    areas = np.arange(len(values))
    there = row >= 0
    origin = np.where(there, first + row, 0)
    ahead_years = np.arange(last + 1, until + 1)
    ahead = ahead_years[None, :] - origin[:, None]
    start = np.where(there, lines.place[areas, row], np.nan)[:, None] if len(years) else np.nan
    slope = np.where(there, lines.slope[areas, row], np.nan)[:, None] if len(years) else np.nan
    middle = np.where(there[:, None], start + slope * ahead, np.nan)
    half = width[np.clip(ahead, 1, max(1, len(width))) - 1] if len(width) else np.full(ahead.shape, np.nan)
    return SeriesForecast(
        curve=name,
        level=level,
        years=ahead_years,
        middle=lines.back(middle),
        low=lines.back(middle - half),
        high=lines.back(middle + half),
        origin=origin,
        errors=count,
        half_width=width,
    )


def forecast_to_target(panel: SeriesPanel, number: int, target: SeriesTarget) -> SeriesForecast:
    """Extrapolate one series of a panel to its target year, along its default curve.

    A series with two values for a year, or with values impossible in its unit, is extrapolated too;
    check its assessment.
    """
    return forecast(panel.values[number], panel.years, target.year, limit=target.limit)


def back_test(
    values: FloatArray,
    years: AnyIntArray,
    origin: int,
    *,
    limit: float | None = None,
    curve: str | None = None,
    level: float = LEVEL,
) -> tuple[Tried, ...]:
    """Return the accuracy of the forecast made in `origin`, for each horizon with known values.

    Nothing later than `origin` is used, for the slope or the interval. Raises the errors of `forecast`.
    """
    name = curve or usual_curve(values, limit)
    lines = _lines(values, name, limit)
    row = origin - int(years[0])
    longest = values.shape[1] - 1 - row
    _, width = _half_widths(lines, row + 1, longest, level)
    tried = []
    for ahead in range(1, longest + 1):
        middle = lines.place[:, row] + lines.slope[:, row] * ahead
        actual = values[:, row + ahead]
        known = np.isfinite(middle) & np.isfinite(actual)
        if known.any():
            error = lines.back(middle[known]) - actual[known]
            low, high = (
                lines.back(middle[known] - width[ahead - 1]),
                lines.back(middle[known] + width[ahead - 1]),
            )
            covered, wide = math.nan, math.nan
            if math.isfinite(width[ahead - 1]):
                # Clipped values are compared where they are clipped.
                shown = lines.back(lines.place[known, row + ahead])
                covered = float(np.mean((low - TINY <= shown) & (shown <= high + TINY)))
                wide = float(np.mean(high - low))
            tried.append(
                Tried(
                    name,
                    origin,
                    ahead,
                    int(known.sum()),
                    float(np.abs(error).mean()),
                    float(error.mean()),
                    covered,
                    wide,
                )
            )
    return tuple(tried)


def _lines(values: FloatArray, name: str, limit: float | None) -> _Lines:
    if name not in CURVES:
        raise ValueError(f"no such curve: {name}")
    curve = CURVES[name]
    if curve.has_limit and not (limit is not None and limit > 0):
        raise ValueError(f"{name} needs a limit above zero")
    scale = float(limit) if curve.has_limit and limit is not None else 1.0
    place = curve.there(values / scale)
    slope = _slopes(place) if curve.moves else np.where(np.isfinite(place), 0.0, np.nan)
    return _Lines(curve, scale, place, slope)


def _slopes(place: FloatArray) -> FloatArray:
    """Return the least-squares slope of the WINDOW years up to each value; NaN with fewer than two values."""
    count, by_year, squares, by_value, products = (np.zeros(place.shape) for _ in range(5))
    for back in range(min(WINDOW, place.shape[1])):
        earlier = np.full(place.shape, np.nan)
        earlier[:, back:] = place[:, : place.shape[1] - back]
        value = earlier - place
        known = np.isfinite(value)
        value = np.where(known, value, 0.0)
        count += known
        by_year -= known * back
        squares += known * (back * back)
        by_value += value
        products -= value * back
    with np.errstate(all="ignore"):
        slope: FloatArray = (count * products - by_year * by_value) / (count * squares - by_year * by_year)
    return slope


def _half_widths(lines: _Lines, rows: int, longest: int, level: float) -> tuple[AnyIntArray, FloatArray]:
    """Return, per horizon, the number of errors in the first `rows` years, and their quantile.

    The quantile is the ceil((n + 1) level)-th smallest error. A longer horizon never has a smaller one.
    """
    if not 0 < level < 1:
        raise ValueError("the level of an interval lies between 0 and 1")
    count, width = np.zeros(longest, dtype=np.int64), np.full(longest, np.nan)
    for ahead in range(1, min(longest, rows - 1) + 1):
        origin = slice(max(0, rows - ahead - ORIGINS), rows - ahead)
        expected = lines.place[:, origin] + lines.slope[:, origin] * ahead
        errors = np.abs(lines.place[:, origin.start + ahead : rows] - expected)
        errors = np.sort(errors[np.isfinite(errors)])
        wanted = math.ceil((len(errors) + 1) * level)
        count[ahead - 1] = len(errors)
        if len(errors) >= FEWEST_ERRORS and wanted <= len(errors):
            width[ahead - 1] = errors[wanted - 1]
    known = np.isfinite(width)
    width[known] = np.maximum.accumulate(width[known])
    return count, width


def _latest(lines: _Lines) -> AnyIntArray:
    """Return the row of the latest value of each area if a line can be drawn from it, else -1."""
    rows = lines.place.shape[1]
    if not rows:
        return np.full(len(lines.place), -1)
    known = np.isfinite(lines.place)
    row = rows - 1 - np.argmax(known[:, ::-1], axis=1)
    has_slope = np.isfinite(lines.slope[np.arange(len(row)), row])
    return np.where(known.any(axis=1) & has_slope, row, -1)
