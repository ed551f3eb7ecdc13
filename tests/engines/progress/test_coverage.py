"""What a group's number rests on, and what is known of each target: "no data" and "too old" are answers."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from muntada.engines.progress.aggregates import aggregate, aggregates, dated_aggregates
from muntada.engines.progress.coverage import KnownState, by_target, coverage
from muntada.engines.progress.files import read_series
from muntada.engines.progress.lacks import SENTENCES, Lack


def in_year(readings, year: int, among: set[str]) -> dict[str, float]:
    return {one.code: one.value for one in readings if one.year == year and one.code in among}


@pytest.mark.shared_data
def test_the_world_of_2022_is_refused_since_india_and_others_have_no_value(shared_data):
    indicators = shared_data / "indicators"
    with (indicators / "reference/wb_country_groups.csv").open() as file:
        economies = {row["code"] for row in csv.DictReader(file) if row["is_aggregate"] == "False"}
    use = read_series(indicators / "wdi/IT.NET.USER.ZS.csv").readings
    people = read_series(indicators / "wdi/SP.POP.TOTL.csv").readings

    def world(year: int, min_share: float = 0.9):
        values, weights = in_year(use, year, economies), in_year(people, year, economies)
        return aggregate(values, weights, sorted(economies), group="WLD", year=year, min_share=min_share)

    assert [round(world(year).value, 1) for year in (2005, 2010, 2015, 2020)] == [15.5, 28.5, 40.0, 58.9]
    refused = world(2022)
    assert refused.value is None
    assert refused.reason.sentence == SENTENCES[Lack.TOO_SMALL_A_SHARE]
    assert (refused.missing[0].area, round(refused.missing[0].share, 2)) == ("IND", 0.18)
    assert round(world(2022, min_share=0.5).value, 1) == 68.6  # where 64.4 was published


values = st.dictionaries(st.sampled_from("ABCDEFG"), st.floats(-1e6, 1e6))
weights = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 10**6))


@given(values, weights, st.floats(0, 1))
def test_a_group_is_the_weighted_mean_of_its_known_members_or_refused(values, weights, min_share):
    one = aggregate(values, weights, "ABCDEFG", min_share=min_share)
    whole, known = sum(weights.values()), sum(weights.get(area, 0) for area in values)
    assert math.isclose(one.share, known / whole if whole else 0, abs_tol=1e-9)
    assert (one.value is None) == (one.reason is not None)
    if known and abs(one.share - min_share) > 1e-9:
        assert (one.value is None) == (one.share < min_share)
    if one.value is not None:
        mean = math.fsum(value * weights.get(area, 0) for area, value in values.items()) / known
        assert math.isclose(one.value, mean, rel_tol=1e-6, abs_tol=1e-3)


def test_a_value_of_an_area_outside_the_group_is_not_counted():
    assert aggregate({"A": 10, "X": 99}, {"A": 1, "X": 5}, "A").value == 10


def test_a_group_without_members_or_people_has_no_value_and_says_why():
    assert aggregate({}, {}, ()).reason.sentence == SENTENCES[Lack.NO_WEIGHT]
    assert aggregate({"A": 1}, {"A": 0}, "A").reason.sentence == SENTENCES[Lack.NO_WEIGHT]
    assert aggregate({}, {"A": 1}, "A").reason.sentence == SENTENCES[Lack.NO_VALUE]


def test_members_without_a_weight_are_told_apart_and_the_largest_gaps_named():
    found = aggregate({"A": 10, "D": 99}, {"A": 5, "B": 3, "C": 2}, "ABCD", min_share=0.5)
    assert (found.value, found.members, found.counted, found.unweighted, found.share) == (10, 3, 1, 1, 0.5)
    assert [(one.area, one.share) for one in found.missing] == [("B", 0.3), ("C", 0.2)]


def test_groups_of_many_series_and_years():
    cells = np.array([[[1.0, 2], [3, np.nan]], [[5, 6], [7, 8]]])
    people = np.array([[1.0, 1], [3, 3]])
    found = aggregates(cells, people, ("A", "B"), {"both": "AB", "first": "A", "none": ()}, min_share=0.5)
    assert found.value[:, 0].tolist()[0][0] == 2.5
    assert found.lack[0].tolist() == [[0, Lack.TOO_SMALL_A_SHARE], [0, 0], [Lack.NO_WEIGHT] * 2]
    assert found.value[1].tolist()[:2] == [[6.5, 7.5], [5, 6]]
    assert found.members.tolist() == [[2, 2], [1, 1], [0, 0]]
    assert found.counted[0].tolist() == [[2, 1], [1, 1], [0, 0]]


def test_a_group_has_the_members_of_each_year():
    cells, people = [[[10.0, 10.0, 10.0], [40.0, 40.0, 40.0]]], [[1.0, 1.0, 2.0], [3.0, 3.0, 2.0]]
    joins = [[[1, 1, 1], [0, 1, 1]], [[1, 0, 0], [0, 0, 0]]]
    found = dated_aggregates(cells, people, ("grows", "ends"), joins)
    assert found.value[0, 0].tolist() == [10.0, 32.5, 25.0]
    assert found.members.tolist() == [[1, 2, 2], [1, 0, 0]]
    assert found.lack[0, 1].tolist() == [0, Lack.NO_WEIGHT, Lack.NO_WEIGHT]
    with pytest.raises(ValueError, match="members groups"):
        dated_aggregates(cells, people, ("grows",), joins)


@given(
    arrays(np.float64, (2, 3, 4), elements=st.floats(0, 100)),
    arrays(np.float64, (3, 4), elements=st.floats(0.1, 100)),
    arrays(np.bool_, (2, 3, 4)),
)
def test_every_year_of_changing_groups_is_that_of_a_group_that_never_changed(cells, people, joins):
    found = dated_aggregates(cells, people, ("one", "two"), joins, min_share=0.0)
    for year in range(4):
        groups = {
            name: [area for at, area in enumerate("ABC") if joins[place, at, year]]
            for place, name in enumerate(("one", "two"))
        }
        alone = aggregates(cells[:, :, [year]], people[:, [year]], "ABC", groups, min_share=0.0)
        np.testing.assert_allclose(found.value[:, :, year], alone.value[:, :, 0])
        np.testing.assert_array_equal(found.counted[:, :, year], alone.counted[:, :, 0])


@pytest.mark.parametrize("weight", [-1.0, np.inf])
def test_a_weight_that_is_none_is_a_fault_of_the_caller(weight):
    with pytest.raises(ValueError, match="weight"):
        aggregates([[[1.0]]], [[weight]], ("A",), {"all": "A"})


def test_what_is_known_is_recent_too_old_or_nothing():
    years = [2010, 2015, 2023]
    cells = [[[1, np.nan, 2], [np.nan, 3, np.nan], [np.nan] * 3, [np.inf, np.nan, np.nan]]]
    found = coverage(["use"], "ABCD", years, cells, year=2024, oldest=5)
    assert found.state.tolist() == [
        [KnownState.RECENT, KnownState.TOO_OLD, KnownState.NO_DATA, KnownState.NO_DATA]
    ]
    assert found.latest.tolist() == [[2023, 2015, 0, 0]]
    assert found.points.tolist() == [[2, 1, 0, 0]]
    assert found.by_year.tolist() == [[1, 1, 1]]
    earlier = coverage(["use"], "ABCD", years, cells, year=2012)
    assert earlier.state.tolist() == [
        [KnownState.RECENT, KnownState.NO_DATA, KnownState.NO_DATA, KnownState.NO_DATA]
    ]


def test_a_target_is_known_as_well_as_the_best_of_its_series():
    cells = [[[1.0], [np.nan], [np.nan]], [[np.nan], [2.0], [np.nan]], [[np.nan]] * 3]
    found = coverage(["use", "reach", "skill"], "ABC", [2024], cells, year=2024)
    access, skills, other = by_target(
        found, {"access": ["use", "reach"], "skills": ["skill"], "other": ["price"]}, [50, 30, 20]
    )
    assert (access.recent, access.no_data, access.people_share) == (2, 1, 0.8)
    assert access.areas_without == ("C",)
    assert (skills.recent, skills.without_series, skills.people_share) == (0, ("skill",), 0)
    assert (other.no_data, other.without_series) == (3, ("price",))


def test_without_weights_no_share_of_the_people_is_claimed():
    found = coverage(["use"], "AB", [2024], [[[1.0], [np.nan]]], year=2024)
    assert by_target(found, {"t": ["use"]})[0].people_share is None
    assert by_target(found, {"t": ["use"]}, [np.nan, 0])[0].people_share is None
    assert by_target(found, {"t": ["use"]}, [np.nan, 4])[0].people_share == 0


def test_nothing_at_all_is_known_of_nothing():
    found = coverage([], [], [], np.empty((0, 0, 0)), year=2024)
    (only,) = by_target(found, {"t": ["use"]})
    assert (only.recent, only.areas_share, only.without_series) == (0, 0, ("use",))
