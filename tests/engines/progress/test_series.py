import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.progress.series import SeriesPoint, change, gap, in_order, latest

values = st.floats(min_value=-1e9, max_value=1e9)
series = st.dictionaries(st.integers(1990, 2030), values, max_size=30).map(
    lambda cells: [SeriesPoint(year, value) for year, value in cells.items()]
)


def test_the_latest_is_the_last_year_in_any_order():
    assert latest([SeriesPoint(2020, 3), SeriesPoint(2023, 1), SeriesPoint(2021, 9)]) == SeriesPoint(2023, 1)


def test_an_empty_series_has_no_latest_value_and_no_change():
    assert latest([]) is None
    assert change([]) is None


def test_one_point_is_no_change():
    assert change([SeriesPoint(2020, 1)]) is None


def test_a_change_is_absolute_relative_and_yearly():
    found = change([SeriesPoint(2015, 40.0), SeriesPoint(2005, 16.0), SeriesPoint(2023, 67.0)])
    assert (found.first, found.last, found.years) == (SeriesPoint(2005, 16.0), SeriesPoint(2023, 67.0), 18)
    assert found.absolute == 51.0
    assert found.relative == 51.0 / 16.0
    assert found.yearly == 51.0 / 18


def test_a_change_since_a_year_without_value_starts_at_the_next():
    assert change(
        [SeriesPoint(2003, 1), SeriesPoint(2006, 2), SeriesPoint(2010, 4)], since=2005
    ).first == SeriesPoint(2006, 2)


@pytest.mark.parametrize("base", [0.0, -2.0])
def test_a_change_from_zero_or_below_has_no_relative_size(base):
    assert change([SeriesPoint(2000, base), SeriesPoint(2001, 5)]).relative is None


def test_two_values_for_one_year_are_an_error():
    with pytest.raises(ValueError, match="two values"):
        in_order([SeriesPoint(2020, 1), SeriesPoint(2020, 2)])


def test_a_gap_is_difference_and_ratio():
    found = gap(68.2, 74.2)
    assert math.isclose(found.absolute, -6.0)
    assert math.isclose(found.ratio, 68.2 / 74.2)
    assert gap(1, 0).ratio is None


@given(series)
def test_a_change_reversed_in_order_of_rows_is_the_same(points):
    assert change(points) == change(list(reversed(points)))


@given(series, st.floats(min_value=0.01, max_value=100))
def test_the_unit_does_not_alter_a_relative_change(points, factor):
    found, scaled = (
        change(points),
        change([SeriesPoint(point.year, point.value * factor) for point in points]),
    )
    if found is None or found.relative is None or found.first.value < 1e-3:
        return
    assert math.isclose(found.relative, scaled.relative, rel_tol=1e-6, abs_tol=1e-6)
