import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.progress.files import read_series
from muntada.engines.progress.series import Point, change, gap, group_value, in_order, latest

values = st.floats(min_value=-1e9, max_value=1e9)
series = st.dictionaries(st.integers(1990, 2030), values, max_size=30).map(
    lambda cells: [Point(year, value) for year, value in cells.items()]
)


def test_the_latest_is_the_last_year_in_any_order():
    assert latest([Point(2020, 3), Point(2023, 1), Point(2021, 9)]) == Point(2023, 1)


def test_an_empty_series_has_no_latest_value_and_no_change():
    assert latest([]) is None
    assert change([]) is None


def test_one_point_is_no_change():
    assert change([Point(2020, 1)]) is None


def test_a_change_is_absolute_relative_and_yearly():
    found = change([Point(2015, 40.0), Point(2005, 16.0), Point(2023, 67.0)])
    assert (found.first, found.last, found.years) == (Point(2005, 16.0), Point(2023, 67.0), 18)
    assert found.absolute == 51.0
    assert found.relative == 51.0 / 16.0
    assert found.yearly == 51.0 / 18


def test_a_change_since_a_year_without_value_starts_at_the_next():
    assert change([Point(2003, 1), Point(2006, 2), Point(2010, 4)], since=2005).first == Point(2006, 2)


@pytest.mark.parametrize("base", [0.0, -2.0])
def test_a_change_from_zero_or_below_has_no_relative_size(base):
    assert change([Point(2000, base), Point(2001, 5)]).relative is None


def test_two_values_for_one_year_are_an_error():
    with pytest.raises(ValueError, match="two values"):
        in_order([Point(2020, 1), Point(2020, 2)])


def test_a_gap_is_difference_and_ratio():
    found = gap(68.2, 74.2)
    assert math.isclose(found.absolute, -6.0)
    assert math.isclose(found.ratio, 68.2 / 74.2)
    assert gap(1, 0).ratio is None


def test_a_group_says_on_how_many_and_on_what_share_it_rests():
    found = group_value({"A": 10, "B": 90}, {"A": 3, "B": 1, "C": 4}, min_share=0.5)
    assert found.value == 30.0
    assert (found.members, found.members_counted, found.share) == (3, 2, 0.5)


def test_a_group_below_the_share_has_no_value_but_says_why():
    found = group_value({"A": 10}, {"A": 1, "B": 9})
    assert found.value is None
    assert (found.members_counted, found.share) == (1, 0.1)


def test_a_value_of_an_area_outside_the_group_is_not_counted():
    assert group_value({"A": 10, "X": 99}, {"A": 1}).value == 10


def test_a_group_without_members_has_no_value():
    assert group_value({}, {}).value is None
    assert group_value({"A": 1}, {"A": 0}).value is None


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf])
def test_a_weight_that_is_none_is_an_error(weight):
    with pytest.raises(ValueError, match="weight"):
        group_value({"A": 1}, {"A": weight})


@given(series)
def test_a_change_reversed_in_order_of_rows_is_the_same(points):
    assert change(points) == change(list(reversed(points)))


@given(series, st.floats(min_value=0.01, max_value=100))
def test_the_unit_does_not_alter_a_relative_change(points, factor):
    found, scaled = change(points), change([Point(point.year, point.value * factor) for point in points])
    if found is None or found.relative is None or found.first.value < 1e-3:
        return
    assert math.isclose(found.relative, scaled.relative, rel_tol=1e-6, abs_tol=1e-6)


@given(st.dictionaries(st.text(min_size=1), st.tuples(st.floats(0, 100), st.floats(1, 1e9)), min_size=1))
def test_a_group_lies_between_its_smallest_and_largest_member(cells):
    found = group_value(
        {code: value for code, (value, _) in cells.items()},
        {code: weight for code, (_, weight) in cells.items()},
    )
    lowest, highest = (limit(value for value, _ in cells.values()) for limit in (min, max))
    assert lowest - 1e-9 <= found.value <= highest + 1e-9
    assert found.share == pytest.approx(1)


def cells_of(path, year):
    return {one.code: one.value for one in read_series(path).readings if one.year == year}


@pytest.mark.shared_data
def test_computed_world_internet_use_is_right_where_covered_and_refused_where_large_countries_are_missing(
    shared_data,
):
    folder = shared_data / "indicators"
    countries = {
        line.split(",")[0]
        for line in (folder / "reference" / "wb_country_groups.csv").read_text().splitlines()
        if line.endswith("False")
    }
    users, people = (folder / "wdi" / f"{code}.csv" for code in ("IT.NET.USER.ZS", "SP.POP.TOTL"))
    computed = {}
    for year in (2005, 2010, 2015, 2020, 2022):
        weights = {code: value for code, value in cells_of(people, year).items() if code in countries}
        computed[year] = group_value(cells_of(users, year), weights)
    published = {2005: 15.6, 2010: 28.5, 2015: 39.9, 2020: 59.3}
    for year, value in published.items():
        assert computed[year].value == pytest.approx(value, abs=0.5)
    assert computed[2022].value is None
    assert 0.5 < computed[2022].share < 0.9
