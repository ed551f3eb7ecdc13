"""Decomposition, parity, years behind, convergence: by hand, by property, and against published values."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.progress.convergence import beta, sigma
from muntada.engines.progress.decomposition import decomposed
from muntada.engines.progress.files import read_series
from muntada.engines.progress.gaps import parity, time_distance
from muntada.engines.progress.inequality import spread
from muntada.engines.progress.lacks import SENTENCES, Lack

YEARS = list(range(1990, 2026))
amounts = st.floats(min_value=1e-3, max_value=1e6)
grouped = st.lists(st.tuples(amounts, st.sampled_from("abc"), amounts), min_size=2, max_size=30)


def cube(folder: Path, name: str, codes: list[str]) -> np.ndarray:
    cells = {(one.code, one.year): one.value for one in read_series(folder / f"{name}.csv").readings}
    return np.array([[cells.get((code, year), np.nan) for year in YEARS] for code in codes])


@pytest.fixture
def world(shared_data):
    """Internet use, people and region of the economies; the aggregates of the same files stand apart."""
    indicators = shared_data / "indicators"
    with (indicators / "reference/wb_country_groups.csv").open() as file:
        regions = {
            row["code"]: row["wb_region"] for row in csv.DictReader(file) if row["is_aggregate"] == "False"
        }
    codes = sorted(regions)
    use, people = (cube(indicators / "wdi", name, codes) for name in ("IT.NET.USER.ZS", "SP.POP.TOTL"))
    return use, people, [regions[code] for code in codes]


@pytest.mark.shared_data
def test_the_relative_divide_of_internet_use_fell_while_the_absolute_one_grew(world):
    use, people, regions = world
    found = {}
    for year in (2000, 2005, 2010, 2015, 2020):
        place = YEARS.index(year)
        found[year] = spread(use[:, place], people[:, place])
    assert [round(found[year].gini, 2) for year in found] == [0.76, 0.62, 0.46, 0.35, 0.23]
    # The published .754 counts no economy in which nobody was online.
    someone = np.where(use[:, 10] > 0, use[:, 10], np.nan)
    assert round(spread(someone, people[:, 10]).gini, 3) == 0.754
    assert found[2000].deviation < found[2015].deviation > found[2020].deviation
    between = [
        decomposed(use[:, place], regions, people[:, place]).between_share
        for place in (YEARS.index(2000), YEARS.index(2020))
    ]
    assert [round(share, 2) for share in between] == [0.59, 0.72]


@pytest.mark.shared_data
def test_low_users_grew_faster_as_it_was_computed_elsewhere(world):
    found = beta(YEARS, world[0], 2005, 2022)
    assert (found.areas, round(found.slope, 4), round(found.error, 4)) == (177, -0.0455, 0.0007)
    assert round(found.r_squared, 3) == 0.956


@pytest.mark.shared_data
def test_the_least_developed_countries_are_eleven_to_thirteen_years_behind(shared_data):
    least, all_people = cube(shared_data / "indicators/wdi", "IT.NET.USER.ZS", ["LDC", "WLD"])
    behind = [time_distance(YEARS, least, all_people, at=year) for year in (2010, 2015, 2020, 2022)]
    assert [round(one.years, 1) for one in behind] == [12.0, 13.0, 11.0, 11.1]
    assert [round(one.gap, 1) for one in behind] == [-25.4, -29.4, -34.0, -33.7]


@pytest.mark.shared_data
def test_the_values_of_the_r_package_convergeu_to_all_printed_digits(shared_data):
    with (shared_data / "acceptance/convergeu_emp_20_64_MS.csv").open() as file:
        header, *rows = csv.reader(file)
    cells = np.array(rows, dtype=float)
    with (shared_data / "acceptance/convergeu_sigma_expected.csv").open() as file:
        expected = list(csv.DictReader(file))
    found = sigma(cells[:, 0].astype(int), cells[:, 1:].T)
    assert found.areas_throughout == len(header) - 1
    for row, year in zip(expected, found.years, strict=False):
        assert year.year == int(row["time"])
        for column, value in (("stdDev", year.deviation), ("CV", year.variation), ("mean", year.mean)):
            assert float(f"{value:.3g}") == float(row[column])
        assert round(year.deviance) == int(row["devianceT"])


@given(grouped)
def test_the_parts_of_a_theil_add_up_to_the_whole(rows):
    values, groups, weights = zip(*rows, strict=True)
    found = decomposed(values, groups, weights)
    assert math.isclose(found.theil, spread(values, weights).theil, abs_tol=1e-9)
    assert math.isclose(found.between + found.within, found.theil, rel_tol=1e-6, abs_tol=1e-9)
    assert math.isclose(sum(part.people_share for part in found.groups), 1)
    assert math.isclose(sum(part.value_share for part in found.groups), 1, rel_tol=1e-6)


def test_one_group_has_all_inequality_within_and_groups_of_one_all_between():
    assert decomposed([1, 3], ["a", "a"]).between == 0
    alone = decomposed([1, 3], ["a", "b"])
    assert (alone.within, alone.between_share) == (0, 1)
    assert [round(part.gap, 9) for part in alone.groups] == [-1, 1]


def test_areas_of_no_group_are_left_out_of_all():
    found = decomposed([1, 3, 99], ["a", "b", ""])
    assert found.theil == spread([1, 3]).theil
    assert [part.group for part in found.groups] == ["a", "b"]


@pytest.mark.parametrize(
    ("values", "lack"),
    [([], Lack.NO_VALUE), ([1.0], Lack.ONE_VALUE), ([0, 0], Lack.NOTHING_SHARED), ([-1, 2], Lack.NEGATIVE)],
)
def test_what_cannot_be_split_says_why(values, lack):
    found = decomposed(values, ["a"] * len(values))
    assert (found.theil, found.groups) == (None, ())
    assert found.reason.sentence == SENTENCES[lack]


def test_a_group_that_has_nothing_keeps_its_share_of_the_people():
    found = decomposed([0, 0, 4], ["a", "a", "b"])
    assert math.isclose(found.theil, math.log(3))
    assert (found.groups[0].value_share, found.groups[0].people_share) == (0, 2 / 3)


@given(amounts, amounts)
def test_adjusted_parity_is_as_far_from_one_on_either_side(part, other):
    one, turned = parity(part, other), parity(other, part)
    assert math.isclose(one.adjusted - 1, 1 - turned.adjusted, abs_tol=1e-9)
    assert one.gap == -turned.gap


@pytest.mark.parametrize(
    ("part", "other", "absolute", "relative"),
    [
        (None, 1, Lack.NO_VALUE, Lack.NO_VALUE),
        (math.nan, 1, Lack.NO_VALUE, Lack.NO_VALUE),
        (math.inf, 1, Lack.NOT_FINITE, Lack.NOT_FINITE),
        (1, 0, Lack.NOTHING, Lack.NOT_POSITIVE),
        (-1, 2, Lack.NOTHING, Lack.NEGATIVE),
    ],
)
def test_parity_says_why_it_is_not_given(part, other, absolute, relative):
    found = parity(part, other)
    assert (found.gap is None) is (absolute != Lack.NOTHING)
    assert found.ratio is None
    assert found.reason_relative.sentence == SENTENCES[relative]


def test_years_behind_are_read_off_between_two_years():
    found = time_distance([2000, 2004, 2010], [1, 2, 5], [4, 6, 10])
    assert (found.years, found.gap, found.at_least) == (8, -5, False)


def test_a_leader_that_was_always_further_leaves_a_least_distance():
    found = time_distance([2000, 2010], [1, 2], [4, 10])
    assert (found.years, found.at_least) == (10, True)
    assert time_distance([2000, 2010], [1, 4], [4, 10]).at_least is False


def test_who_is_ahead_has_a_negative_distance_or_none_yet():
    ahead = time_distance([2000, 2001, 2005], [6, 6, np.nan], [2, 4, 8])
    assert (ahead.year, ahead.years, ahead.gap) == (2001, -2, 2)
    assert time_distance([2000, 2001], [9, 9], [2, 4]).reason.sentence == SENTENCES[Lack.NOT_REACHED]


def test_where_less_is_better_the_leader_is_the_lower():
    found = time_distance([2000, 2010], [9, 8], [10, 6], rising=False)
    assert (found.value, found.years, found.gap) == (8, 5, 2)


def test_a_level_passed_twice_counts_from_the_last_time():
    assert time_distance([1, 2, 3, 4, 5], [0, 0, 0, 0, 5], [4, 6, 4, 6, 7]).years == 1.5


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20))
def test_a_series_is_no_years_behind_itself_while_it_rises(steps):
    values = np.cumsum(np.array(steps) + 0.1)
    assert abs(time_distance(range(len(values)), values, values).years) < 1e-6


@pytest.mark.parametrize(
    ("follower", "leader", "lack"),
    [
        ([np.nan, np.nan], [1, 2], Lack.NO_VALUE),
        ([1, 2], [np.nan, np.nan], Lack.NO_LEADER),
        ([1, np.nan], [np.nan, 2], Lack.NO_LEADER),
        ([1, np.inf], [1, 2], Lack.NOT_FINITE),
    ],
)
def test_a_distance_that_cannot_be_told_says_why(follower, leader, lack):
    found = time_distance([2000, 2001], follower, leader)
    assert found.years is None
    assert found.reason.sentence == SENTENCES[lack]


def test_a_spread_is_compared_among_the_same_areas():
    values = [[1, 1], [3, 2], [np.nan, 90]]
    found = sigma([2000, 2001], values)
    assert (found.areas_throughout, [row.areas for row in found.years]) == (2, [2, 2])
    assert found.deviation_change == -0.5
    assert sigma([2000, 2001], values, same_areas=False).deviation_change > 0
    assert sigma([2000, 2001], [[np.nan, np.nan]]).reason.sentence == SENTENCES[Lack.TOO_FEW_POINTS]


def test_areas_that_close_half_the_gap_have_that_half_life():
    start = np.array([1.0, 2, 4, 8, 16])
    end = start**0.5 * 4
    found = beta([2000, 2010], np.stack([start, end], axis=1), 2000, 2010)
    assert math.isclose(found.slope, -0.05)
    assert math.isclose(found.half_life, 10)
    assert math.isclose(found.r_squared, 1)


def test_growth_that_cannot_be_compared_says_why():
    years = [2000, 2010]
    assert beta(years, [[1, 2]], 2000, 2010).reason.sentence == SENTENCES[Lack.TOO_FEW_AREAS]
    assert beta(years, [[0, 2]] * 3, 2000, 2010).reason.sentence == SENTENCES[Lack.NOT_POSITIVE]
    assert beta(years, [[1, 2]] * 3, 2000, 2010).reason.sentence == SENTENCES[Lack.SAME_START]
    assert beta(years, [[1, 2], [2, 2], [3, 4], [0, 1]], 2000, 2010).left_out == 1
    with pytest.raises(ValueError, match="among the years"):
        beta(years, [[1, 2]], 2000, 2020)
