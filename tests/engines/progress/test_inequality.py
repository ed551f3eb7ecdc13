import csv
import json
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muntada.engines.progress.concentration import concentration
from muntada.engines.progress.inequality import RELATIVE, spread, spreads
from muntada.engines.progress.lacks import SENTENCES, Lack

amounts = st.floats(min_value=1e-3, max_value=1e6)
areas = st.lists(amounts, min_size=2, max_size=40)
aversions = st.sampled_from([0.25, 0.5, 1.0, 2.0])


@pytest.mark.shared_data
def test_the_values_of_the_r_package_ineq_to_all_printed_digits(shared_data):
    expected = json.loads((shared_data / "acceptance/ineq_expected.json").read_text())["cases"]
    with (shared_data / "acceptance/ineq_ilocos.csv").open() as file:
        incomes = [(row["province"], float(row["income"]) / 10_000) for row in csv.DictReader(file)]
    for case, province in zip(expected[:2], ("Pangasinan", "La Union"), strict=True):
        found = spread([income for where, income in incomes if where == province])
        assert round(found.atkinson, 7) == case["atkinson_0.5"]
        assert round(found.theil, 7) == case["theil_param0 (=Theil T)"]
    found, few = spread(expected[2]["data"]), concentration(expected[2]["data"])
    assert round(found.gini, 7) == expected[2]["gini"]
    assert round(found.atkinson, 7) == expected[2]["atkinson_0.5"]
    assert round(few.herfindahl, 7) == expected[2]["herfindahl"]
    assert round(few.rosenbluth, 7) == expected[2]["rosenbluth"]
    for case, values in zip(expected[3:], ([50 / 9] * 9 + [50], [2] * 5 + [18] * 5), strict=True):
        found = concentration(values)
        assert round(found.gini_corrected, 7) == case["gini_corrected"]
        assert round(found.asymmetry, 2) == case["lorenz_asymmetry"]


def test_a_small_case_by_hand():
    found = spread([1, 3], weights=[3, 1])
    assert (found.areas, found.mean, found.range, found.ratio) == (2, 1.5, 2, 3)
    assert math.isclose(found.half_difference, 0.75 * 0.25 * 2)
    assert math.isclose(found.gini, 0.25)
    assert math.isclose(found.deviation, math.sqrt(0.75))
    assert math.isclose(found.theil, 0.75 * (2 / 3) * math.log(2 / 3) + 0.25 * 2 * math.log(2))
    assert math.isclose(found.atkinson, 1 - (0.75 * math.sqrt(2 / 3) + 0.25 * math.sqrt(2)) ** 2)


@given(areas)
def test_gini_is_half_the_mean_difference_of_all_pairs(values):
    array = np.array(values)
    pairs = np.abs(array[:, None] - array[None, :]).mean() / 2
    assert math.isclose(spread(values).half_difference, pairs, rel_tol=1e-9, abs_tol=1e-9)


@given(areas, st.floats(min_value=1e-6, max_value=1e6), aversions)
def test_a_change_of_unit_changes_the_absolute_and_not_the_relative(values, unit, aversion):
    one, other = spread(values, aversion=aversion), spread(np.array(values) * unit, aversion=aversion)
    for name in RELATIVE:
        assert math.isclose(getattr(one, name), getattr(other, name), rel_tol=1e-6, abs_tol=1e-9)
    assert math.isclose(one.half_difference * unit, other.half_difference, rel_tol=1e-6, abs_tol=1e-9 * unit)


@given(areas, st.integers(2, 4), aversions)
def test_a_people_twice_over_is_as_unequal(values, times, aversion):
    one, other = spread(values, aversion=aversion), spread(values * times, aversion=aversion)
    weighted = spread(values, [times] * len(values), aversion=aversion)
    for name in ("deviation", "half_difference", *RELATIVE):
        assert math.isclose(getattr(one, name), getattr(other, name), rel_tol=1e-6, abs_tol=1e-9)
        assert math.isclose(getattr(one, name), getattr(weighted, name), rel_tol=1e-6, abs_tol=1e-9)


@given(areas, st.data())
def test_giving_from_the_higher_to_the_lower_never_makes_more_unequal(values, data):
    low, high = data.draw(st.permutations(range(len(values))))[:2]
    assume(values[low] < values[high])
    given_over = (values[high] - values[low]) * data.draw(st.floats(0, 0.5))
    after = list(values)
    after[low] += given_over
    after[high] -= given_over
    before, now = spread(values), spread(after)
    for name in ("gini", "theil", "atkinson", "variation"):
        assert getattr(now, name) <= getattr(before, name) + 1e-9


@given(areas, aversions)
def test_relative_measures_stay_in_their_bounds(values, aversion):
    found = spread(values, aversion=aversion)
    assert 0 <= found.gini <= 1 - 1 / len(values) + 1e-12
    assert 0 <= found.theil <= math.log(len(values)) + 1e-9
    assert 0 <= found.atkinson <= 1


@pytest.mark.parametrize("size", [1e-90, 1e90])
def test_very_small_and_very_large_units_overflow_nothing(size):
    assert math.isclose(spread([size, 3 * size]).gini, 0.25)
    assert math.isclose(spread([1, 3], [size, size]).gini, 0.25)


@pytest.mark.parametrize(
    ("values", "weights", "absolute", "relative"),
    [
        ([], None, Lack.NO_VALUE, Lack.NO_VALUE),
        ([math.nan, math.nan], None, Lack.NO_VALUE, Lack.NO_VALUE),
        ([4, math.nan], None, Lack.ONE_VALUE, Lack.ONE_VALUE),
        ([4, 5], [1, 0], Lack.ONE_VALUE, Lack.ONE_VALUE),
        ([4, 5], [0, 0], Lack.NO_WEIGHT, Lack.NO_WEIGHT),
        ([4, 5], [math.nan, math.nan], Lack.NO_WEIGHT, Lack.NO_WEIGHT),
        ([4, 5], [1, -1], Lack.WRONG_WEIGHT, Lack.WRONG_WEIGHT),
        ([4, 5], [1, math.inf], Lack.WRONG_WEIGHT, Lack.WRONG_WEIGHT),
        ([4, math.inf], None, Lack.NOT_FINITE, Lack.NOT_FINITE),
        ([0, 0, 0], None, Lack.NOTHING, Lack.NOTHING_SHARED),
        ([-4, 5], None, Lack.NOTHING, Lack.NEGATIVE),
        ([4, 4, 4], None, Lack.NOTHING, Lack.NOTHING),
    ],
)
def test_bad_input_has_an_answer_with_its_reason(values, weights, absolute, relative):
    found = spread(values, weights)
    assert (found.reason and found.reason.sentence) == SENTENCES.get(absolute)
    assert (found.reason_relative and found.reason_relative.sentence) == SENTENCES.get(relative)
    assert (found.deviation is None) is (absolute != Lack.NOTHING)
    assert (found.gini is None) is (relative != Lack.NOTHING)


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Lack) - {Lack.NOTHING}


def test_a_lowest_value_of_zero_leaves_the_ratio_empty_and_the_gini_whole():
    found = spread([0, 10])
    assert (found.ratio, found.range, found.gini) == (None, 10, 0.5)
    assert spread([0, 10], aversion=1).atkinson == 1


def test_an_aversion_of_zero_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="above zero"):
        spread([1, 2], aversion=0)


def test_a_spread_says_on_what_share_it_rests_and_is_refused_below_one_that_is_set():
    values, weights = [1, 3, math.nan, math.nan], [30, 20, 40, math.nan]
    found = spread(values, weights)
    assert (found.areas, math.isclose(found.share, 50 / 90)) == (2, True)
    assert spread(values).share == 0.5
    refused = spread(values, weights, min_share=0.9)
    assert (refused.gini, refused.deviation) == (None, None)
    assert refused.reason.sentence == SENTENCES[Lack.TOO_SMALL_A_SHARE]
    assert math.isclose(refused.share, 50 / 90)


def test_many_rows_at_once_give_what_each_gives_alone():
    dice = np.random.default_rng(5)
    values = dice.lognormal(size=(3, 4, 20))
    values[dice.random(values.shape) < 0.3] = np.nan
    weights = dice.random(20)
    together = spreads(values, weights)
    assert together.gini.shape == (3, 4)
    assert all(
        together.at(row, column) == spread(values[row, column], weights)
        for row in range(3)
        for column in range(4)
    )


def test_no_rows_give_no_results():
    assert spreads(np.empty((0, 5))).gini.shape == (0,)
    assert spreads(np.empty((2, 0))).lack.tolist() == [Lack.NO_VALUE, Lack.NO_VALUE]


def test_concentration_says_why_it_is_not_given():
    assert concentration([1]).reason.sentence == SENTENCES[Lack.ONE_VALUE]
    assert concentration([-1, 3]).reason.sentence == SENTENCES[Lack.NEGATIVE]
    assert concentration([5, 5]).asymmetry is None
