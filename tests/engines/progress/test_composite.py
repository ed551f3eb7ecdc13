"""The composite index against COINr's ASEM index, what holds of every index, and how sure its ranks are."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.progress.composite import IndexChoices, IndexComponent, index_of
from muntada.engines.progress.doubt import rank_doubt
from muntada.engines.progress.lacks import SENTENCES, Lack
from muntada.engines.progress.outliers import treated

PARTS = (
    IndexComponent("index", ""),
    IndexComponent("reach", "index"),
    IndexComponent("a", "reach"),
    IndexComponent("b", "reach"),
    IndexComponent("c", "index"),
)
AREAS = ("P", "Q", "R")


def number(text: str) -> float:
    return float(text) if text not in ("", "NA") else math.nan


@pytest.fixture
def asem(shared_data):
    """The ASEM index as COINr makes it: divided by its denominators, gaps filled from Europe or Asia."""
    folder = shared_data / "acceptance"
    with (folder / "coinr_asem_data.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (folder / "coinr_asem_meta.csv").open() as file:
        meta = list(csv.DictReader(file))
    used = [one for one in meta if one["Type"] == "Indicator"]
    values = [
        [
            number(row[one["iCode"]]) / (number(row[one["Denominator"]]) if one["Denominator"] else 1)
            for one in used
        ]
        for row in rows
    ]
    parts = [
        IndexComponent(one["iCode"], one["Parent"], float(one["Weight"]), int(float(one["Direction"])))
        for one in meta
        if one["Type"] in ("Indicator", "Aggregate")
    ]
    areas = [row["uCode"] for row in rows]
    return areas, [one["iCode"] for one in used], values, parts, [row["EurAsia_group"] for row in rows]


@pytest.mark.shared_data
def test_the_asem_index_of_coinr_cell_by_cell_to_two_decimals(asem, shared_data):
    *index, groups = asem
    found = {row.area: row for row in index_of(*index, groups=groups).areas}
    with (shared_data / "acceptance/coinr_asem_expected.csv").open() as file:
        expected = list(csv.DictReader(file))
    cells = [(row["uCode"], code, float(value)) for row in expected for code, value in list(row.items())[1:]]
    assert len(cells) == 66
    assert [(area, code, round(found[area].parts[code], 2)) for area, code, _ in cells] == cells


@pytest.mark.shared_data
@pytest.mark.long
def test_ranks_of_the_asem_index_move_with_its_choices_and_the_seed_repeats_them(asem):
    *index, groups = asem
    found = rank_doubt(*index, groups=groups, seed=7, draws=200)
    assert found == rank_doubt(*index, groups=groups, seed=7, draws=200)
    best = found.areas[0]
    assert (best.area, best.rank, best.low) == ("CHE", 1, 1)
    assert best.high <= 3
    assert max(one.high - one.low for one in found.areas) > 5
    assert found.shifts["aggregate: geometric"] > found.shifts["aggregate: arithmetic"]


def test_a_small_index_by_hand():
    found = index_of(AREAS, "abc", [[0, 9, 1], [5, 3, 2], [10, 0, 3]], PARTS)
    assert [(row.area, row.rank) for row in found.areas] == [("R", 1), ("Q", 2), ("P", 3)]
    by_area = {row.area: row.parts for row in found.areas}
    assert by_area["Q"]["a"] == 50
    assert math.isclose(by_area["Q"]["reach"], (50 + 100 / 3) / 2)
    assert math.isclose(by_area["Q"]["index"], ((50 + 100 / 3) / 2 + 50) / 2)


def test_direction_and_weight_count():
    parts = (
        IndexComponent("index", ""),
        IndexComponent("a", "index", 3.0),
        IndexComponent("b", "index", 1.0, -1),
    )
    found = index_of(("P", "Q"), "ab", [[0, 0], [1, 5]], parts)
    assert [(row.area, row.score) for row in found.areas] == [("Q", 75), ("P", 25)]


def test_the_geometric_mean_forgives_less():
    values = [[0, 0], [100, 0], [50, 50], [100, 100]]
    parts = (IndexComponent("index", ""), IndexComponent("a", "index"), IndexComponent("b", "index"))
    found = index_of("PQRS", "ab", values, parts, choices=IndexChoices(aggregate="geometric"))
    scores = {row.area: row.score for row in found.areas}
    assert math.isclose(scores["R"], 50)
    assert math.isclose(scores["Q"], (math.sqrt(100) - 1) / 0.99)


@given(
    st.lists(st.lists(st.integers(0, 1000), min_size=3, max_size=3), min_size=3, max_size=12),
    st.floats(0.001, 1000),
    st.integers(-500, 500),
    st.sampled_from(["minmax", "standard", "rank"]),
)
def test_the_unit_of_an_indicator_changes_no_score(values, unit, shift, way):
    areas = [f"area {at}" for at in range(len(values))]
    other = np.array(values, dtype=float)
    other[:, 1] = other[:, 1] * unit + shift
    choices = IndexChoices(normalise=way)
    one, two = (index_of(areas, "abc", table, PARTS, choices=choices) for table in (values, other))
    assert one.left_out == two.left_out
    scores = {row.area: row.score for row in two.areas}
    for row in one.areas:
        assert (row.score is None) == (scores[row.area] is None)
        assert row.score is None or math.isclose(row.score, scores[row.area], abs_tol=1e-6)
        assert row.score is None or 0 <= row.score <= 100


def test_gaps_are_filled_from_the_same_group_or_left_as_they_are():
    values = [[0.0, 1, 1], [math.nan, 1, 2], [10, 2, 3], [4, 2, 4]]
    arguments = ("PQRS", "abc", values, PARTS)
    filled = index_of(*arguments, groups=("x", "x", "y", "y"))
    assert next(row for row in filled.areas if row.area == "Q").parts["a"] == 0
    left = index_of(*arguments, choices=IndexChoices(impute=False))
    assert next(row for row in left.areas if row.area == "Q").parts["a"] is None
    assert next(row for row in left.areas if row.area == "Q").score is not None


def test_indicators_that_say_nothing_and_areas_of_which_little_is_known_are_left_out_with_reason():
    values = [[1, 5, math.nan], [math.nan, 5, math.nan], [3, 5, 4], [2, 5, math.inf]]
    found = index_of("PQRS", "abc", values, PARTS)
    assert {code: why.sentence for code, why in found.left_out.items()} == {
        "b": SENTENCES[Lack.CONSTANT],
        "c": SENTENCES[Lack.NOT_FINITE],
    }
    last = found.areas[-1]
    assert (last.area, last.rank, last.score, last.known) == ("Q", None, None, 0)
    assert last.reason.sentence == SENTENCES[Lack.TOO_LITTLE_KNOWN]


def test_an_index_of_nothing_has_no_score_and_no_doubt():
    found = index_of(("P",), "abc", [[1, 2, 3]], PARTS)
    assert (found.areas[0].score, len(found.left_out)) == (None, 3)
    assert index_of((), "abc", [], PARTS).areas == ()
    assert rank_doubt(("P",), "abc", [[1, 2, 3]], PARTS, seed=1).areas == ()


def test_areas_that_tie_share_the_better_rank():
    found = index_of(AREAS, "abc", [[2, 2, 2], [2, 2, 2], [1, 1, 1]], PARTS)
    assert [row.rank for row in found.areas] == [1, 1, 3]


def test_without_a_choice_that_matters_there_is_no_doubt():
    found = rank_doubt(AREAS, "abc", [[3, 3, 3], [2, 2, 2], [1, 1, 1]], PARTS, seed=3, draws=50)
    assert [(one.rank, one.low, one.high) for one in found.areas] == [(1, 1, 1), (2, 2, 2), (3, 3, 3)]
    assert set(found.shifts.values()) == {0}


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (
            IndexComponent("index", ""),
            IndexComponent("other", ""),
            IndexComponent("a", "index"),
            IndexComponent("b", "index"),
            IndexComponent("c", "other"),
        ),
        (IndexComponent("index", ""), IndexComponent("a", "index"), IndexComponent("b", "index")),
        (
            IndexComponent("index", ""),
            IndexComponent("a", "nowhere"),
            IndexComponent("b", "index"),
            IndexComponent("c", "index"),
        ),
        (
            IndexComponent("index", ""),
            IndexComponent("a", "index"),
            IndexComponent("b", "index"),
            IndexComponent("c", "index", -1.0),
        ),
        (
            IndexComponent("index", ""),
            IndexComponent("a", "index"),
            IndexComponent("b", "index"),
            IndexComponent("c", "index", 1.0, 0),
        ),
        (
            IndexComponent("index", ""),
            IndexComponent("a", "index"),
            IndexComponent("b", "x"),
            IndexComponent("x", "y"),
            IndexComponent("y", "x"),
            IndexComponent("c", "index"),
        ),
    ],
)
def test_parts_that_are_no_tree_are_a_fault_of_the_caller(parts):
    with pytest.raises(ValueError, match=r"tree|no parts of their own|weight"):
        index_of(AREAS, "abc", np.eye(3), parts)


def test_an_outlier_is_drawn_in_and_a_steep_column_becomes_its_logarithm():
    calm = treated(np.arange(20.0))
    assert (calm.drawn_in, calm.is_logarithm) == (0, False)
    one = treated(np.array([*range(20), 500.0]))
    assert (one.drawn_in, one.is_logarithm, one.values[-1]) == (1, False, 19)
    low = treated(np.array([*range(20), -500.0, math.nan]))
    assert (low.drawn_in, low.values[-2]) == (1, 0)
    steep = treated(10.0 ** np.arange(60))
    assert steep.is_logarithm
    assert (np.diff(steep.values) >= 0).all()
    assert np.ptp(steep.values) < 5


def test_a_single_value_unlike_all_others_keeps_its_difference():
    assert np.ptp(treated(np.array([0.0] * 9 + [5])).values) > 0
