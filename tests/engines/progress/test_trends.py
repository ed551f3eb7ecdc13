"""Mann-Kendall and Sen against scipy, series by series, and what holds of every trend."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from muntada.engines.progress.lacks import SENTENCES, Lack
from muntada.engines.progress.trends import trend, trends

YEARS = np.arange(2000, 2025)


def series(*, steps: int, count: int = 60) -> np.ndarray:
    """Return series with gaps whose values are whole numbers below `steps`: the fewer, the more ties."""
    dice = np.random.default_rng(steps)
    values = dice.integers(0, steps, (count, len(YEARS))).astype(float)
    values[dice.random(values.shape) < 0.26] = np.nan
    return values


@pytest.mark.parametrize("steps", [3, 10, 10**9])
def test_every_series_has_the_slope_the_interval_and_the_tau_of_scipy(steps):
    values = series(steps=steps)
    found = trends(YEARS, values)
    for place, row in enumerate(values):
        known = ~np.isnan(row)
        slopes = stats.theilslopes(row[known], YEARS[known], 0.95)
        one = found.at(place)
        assert one.points == known.sum()
        assert np.allclose((one.slope, one.low, one.high), (slopes[0], slopes[2], slopes[3]))
        assert math.isclose(one.tau, stats.kendalltau(YEARS[known], row[known]).statistic, abs_tol=1e-12)


def test_without_ties_the_chance_is_counted_out_as_in_scipy():
    values = series(steps=10**9)
    found = trends(YEARS, values)
    for place, row in enumerate(values):
        known = ~np.isnan(row)
        expected = stats.kendalltau(YEARS[known], row[known], method="exact").pvalue
        assert math.isclose(found.chance[place], expected, rel_tol=1e-9)


def test_with_ties_the_chance_is_that_of_the_corrected_normal_curve():
    row = np.array([1, 1, 2, 2, 2, 3, 5, 5])
    pairs = np.sign(row[None, :] - row[:, None])[np.triu_indices(8, 1)].sum()
    variance = (8 * 7 * 21 - (2 * 1 * 9 + 3 * 2 * 11 + 2 * 1 * 9)) / 18
    found = trend(range(8), row)
    assert found.score == pairs
    assert math.isclose(found.chance, 2 * stats.norm.sf((pairs - 1) / math.sqrt(variance)))


def test_a_long_series_uses_the_normal_curve_and_hardly_differs_from_the_count():
    row = np.random.default_rng(1).normal(size=60)
    counted = stats.kendalltau(range(60), row, method="exact").pvalue
    assert math.isclose(trend(range(60), row).chance, counted, abs_tol=0.002)


@given(
    st.lists(st.integers(-1000, 1000), min_size=4, max_size=20),
    st.integers(1, 9),
    st.integers(-100, 100),
)
def test_a_trend_follows_the_unit_and_turns_with_the_sign(row, unit, shift):
    values = np.array(row, dtype=float)
    one, other = trend(range(len(row)), values), trend(range(len(row)), -unit * values + shift)
    assert (other.score, other.chance) == (-one.score, one.chance)
    assert math.isclose(other.slope, -unit * one.slope, abs_tol=1e-9)
    assert math.isclose(other.low, -unit * one.high, abs_tol=1e-9)
    assert one.low <= one.slope <= one.high


@given(st.lists(st.integers(0, 50), min_size=4, max_size=12), st.integers(0, 11))
def test_a_year_without_a_value_changes_nothing(row, place):
    years = [2000 + 2 * at for at in range(len(row))]
    at = min(place, len(row))
    gapped = np.insert(np.array(row, dtype=float), at, np.nan)
    between = np.insert(np.array(years), at, years[at] - 1 if at < len(row) else years[-1] + 1)
    assert trend(years, row) == trend(between, gapped)


@pytest.mark.parametrize(
    ("row", "lack"),
    [
        ([], Lack.NO_VALUE),
        ([np.nan] * 5, Lack.NO_VALUE),
        ([1.0, 2, 3, np.nan], Lack.TOO_FEW_POINTS),
        ([1.0, 2, np.inf, 3, 4], Lack.NOT_FINITE),
        ([3.0, 3, 3, 3], Lack.CONSTANT),
        ([1.0, 2, 3, 4], Lack.NOTHING),
    ],
)
def test_bad_series_have_an_answer_with_its_reason(row, lack):
    found = trend(range(len(row)), row)
    assert (found.reason and found.reason.sentence) == SENTENCES.get(lack)
    assert (found.slope is None) is (lack not in (Lack.NOTHING, Lack.CONSTANT))


def test_a_constant_series_has_slope_zero_and_no_trend():
    found = trend(range(4), [3, 3, 3, 3])
    assert (found.slope, found.low, found.high, found.chance, found.tau) == (0, 0, 0, 1, None)


def test_the_largest_numbers_overflow_nothing():
    found = trend(range(4), [-9e99, -1e99, 1e99, 9e99])
    assert found.score == 6
    assert math.isfinite(found.slope)


def test_years_that_do_not_ascend_are_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="ascend"):
        trends([2001, 2000], [[1, 2]])
    with pytest.raises(ValueError, match="between 0 and 1"):
        trends([2000, 2001], [[1, 2]], level=95)


def test_no_series_give_no_trends():
    assert trends(YEARS, np.empty((0, 25))).slope.shape == (0,)
    assert trends(YEARS, np.empty((2, 0, 25))).slope.shape == (2, 0)
