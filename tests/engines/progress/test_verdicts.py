"""Verdicts on made-up cells: what each method says, and why it says nothing."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinds import rounds
from muntada.engines.progress.assess import assess
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import SeriesPanel, panel_of
from muntada.engines.progress.rows import ProgressRow, as_json, rows_of
from muntada.engines.progress.targets import SeriesTarget, TargetDirection

UP, DOWN, PARITY = TargetDirection.UP, TargetDirection.DOWN, TargetDirection.PARITY
SHARE = SeriesTarget("s", 95.0, limit=100.0)


def rows(panel: SeriesPanel, *targets: SeriesTarget) -> list[ProgressRow]:
    return list(rows_of(panel, targets, assess(panel, targets), tuple(METHODS)))


def judged(points: dict[int, float], target: SeriesTarget = SHARE) -> dict[str, ProgressRow]:
    panel = panel_of([("s", "KEN", year, value) for year, value in points.items()])
    return {row["method"]: row for row in rows(panel, target)}


def verdicts(points: dict[int, float], target: SeriesTarget = SHARE) -> dict[str, str]:
    return {name: row["verdict"] for name, row in judged(points, target).items()}


def reasons(points: dict[int, float], target: SeriesTarget = SHARE) -> dict[str, str]:
    return {name: row["reason_code"] for name, row in judged(points, target).items()}


def test_methods_disagree_where_a_share_saturates():
    # Twice as many in eight years: at that growth the target is passed, on a straight line it is missed.
    assert verdicts({2015: 30.0, 2019: 45.0, 2021: 54.0, 2023: 60.0}) == {
        "statcan": "substantial_progress",
        "eurostat": "significant_progress",
        "unsd": "on_track_or_target_met",
        "escap": "accelerate",
        "sdsn": "moderately_improving",
        "oecd": "progress_towards_target",
        "logit": "too_slow",
    }


def test_an_assessment_holds_all_that_it_rests_on():
    row = judged({2016: 30.0, 2020: 45.0})["sdsn"]
    assert (row["base_year"], row["base_value"], row["current_year"], row["current_value"]) == (
        2016,
        30,
        2020,
        45,
    )
    assert row["observed_rate"] == 15 / 4
    assert row["required_rate"] == 65 / 14
    assert row["ratio"] == pytest.approx((15 / 4) / (65 / 14))
    assert (row["points"], row["method_version"], row["notes"]) == (2, "1", ["base_later"])
    assert row["thresholds"] == {"on_track": 1.0, "moderate": 0.5, "stagnating": 0.0}


def test_less_can_be_better():
    falling = verdicts(
        {2015: 40.0, 2019: 22.0, 2021: 15.0, 2023: 10.0}, SeriesTarget("s", 5.0, direction=DOWN, limit=100)
    )
    assert falling["statcan"] == "substantial_progress"
    assert falling["sdsn"] == "on_track"
    assert falling["logit"] == "on_track"
    rising = verdicts(
        {2015: 10.0, 2019: 15.0, 2021: 22.0, 2023: 40.0}, SeriesTarget("s", 5.0, direction=DOWN, limit=100)
    )
    assert rising["statcan"] == "deterioration"
    assert rising["unsd"] == "stagnation_or_regression"
    assert rising["sdsn"] == "decreasing"
    assert rising["escap"] == "reverse"
    assert rising["logit"] == "moving_away"


def test_a_target_that_is_met_is_said_to_be_met():
    assert verdicts({2015: 96.0, 2023: 97.0}) == {
        "statcan": "target_achieved",
        "eurostat": "significant_progress",
        "unsd": "on_track_or_target_met",
        "escap": "maintain",
        "sdsn": "on_track",
        "oecd": "target_achieved",
        "logit": "target_met",
    }
    assert all("target_met" in row["notes"] for row in judged({2015: 96.0, 2023: 97.0}).values())


def test_what_was_met_and_lost_is_no_progress():
    lost = verdicts({2015: 97.0, 2019: 96.0, 2023: 90.0})
    assert lost["statcan"] == "deterioration"
    assert lost["eurostat"] == "movement_away"
    assert lost["unsd"] == "stagnation_or_regression"
    assert lost["escap"] == "reverse"
    assert lost["sdsn"] == "decreasing"


def test_within_a_point_of_a_hundred_counts_as_met_in_the_progress_chart():
    assert verdicts({2015: 99.4, 2023: 99.2}, SeriesTarget("s", 100.0))["unsd"] == "on_track_or_target_met"
    assert verdicts({2015: 99.4, 2023: 98.9}, SeriesTarget("s", 100.0))["unsd"] == "stagnation_or_regression"


def test_without_a_target_growth_alone_is_judged():
    aim = SeriesTarget("s", None)
    assert verdicts({2015: 100.0, 2016: 101.6}, aim)["statcan"] == "substantial_progress"
    assert verdicts({2015: 100.0, 2016: 100.4}, aim)["statcan"] == "limited_progress"
    assert verdicts({2015: 100.0, 2016: 100.4}, aim)["eurostat"] == "moderate_progress"
    assert verdicts({2015: 100.0, 2016: 99.5}, aim)["eurostat"] == "moderate_movement_away"
    assert verdicts({2015: 100.0, 2016: 98.9}, aim)["eurostat"] == "significant_movement_away"
    assert verdicts({2015: 100.0, 2016: 101.0}, aim)["unsd"] == "fair_progress_but_acceleration_needed"
    assert reasons({2015: 100.0, 2016: 101.0}, aim)["sdsn"] == "no_target"


def test_a_base_of_zero_has_no_growth_but_a_line():
    found = judged({2015: 0.0, 2019: 20.0, 2021: 30.0, 2023: 50.0})
    assert found["statcan"]["verdict"] == "substantial_progress"
    assert found["statcan"]["notes"] == ["zero_replaced"]
    assert found["eurostat"]["reason_code"] == found["unsd"]["reason_code"] == "base_zero"
    assert found["sdsn"]["verdict"] == "moderately_improving"


def test_a_change_of_sign_has_no_growth_but_a_line():
    found = judged({2015: -4.0, 2023: 3.0}, SeriesTarget("s", 5.0))
    assert {found[name]["reason_code"] for name in ("statcan", "eurostat", "unsd")} == {"sign_change"}
    assert found["sdsn"]["verdict"] == "on_track"


def test_a_constant_series_is_no_progress_and_noted():
    found = judged(dict.fromkeys(range(2015, 2024), 40.0))
    assert {name: row["verdict"] for name, row in found.items()} == {
        "statcan": "limited_progress",
        "eurostat": "insufficient_progress",
        "unsd": "stagnation_or_regression",
        "escap": "accelerate",
        "sdsn": "stagnating",
        "oecd": "no_identified_trend",
        "logit": "too_slow",
    }
    assert all(row["notes"] == ["constant"] for row in found.values())


def test_one_point_is_no_change():
    assert reasons({2019: 40.0}) == {
        "statcan": "one_point",
        "eurostat": "one_point",
        "unsd": "one_point",
        "escap": "one_point",
        "sdsn": "one_point",
        "oecd": "few_points",
        "logit": "few_points",
    }


def test_a_value_of_140_per_cent_is_noted_and_has_no_place_on_a_scale_to_a_hundred():
    found = judged({2015: 120.0, 2019: 130.0, 2023: 140.0}, SeriesTarget("s", 150.0, limit=100.0))
    assert found["logit"]["reason_code"] == "target_outside"
    found = judged({2015: 30.0, 2019: 140.0, 2023: 40.0})
    assert found["logit"]["reason_code"] == "above_limit"
    assert found["statcan"]["verdict"] == "limited_progress"
    assert "above_limit" in found["statcan"]["notes"]


def test_years_out_of_order_give_the_same_bytes():
    panel = panel_of([("s", "KEN", year, float(year % 7)) for year in (2019, 2015, 2023, 2021)])
    ordered = panel_of([("s", "KEN", year, float(year % 7)) for year in (2015, 2019, 2021, 2023)])
    assert panel.digest() == ordered.digest()
    assert "".join(as_json(rows(panel, SHARE))) == "".join(as_json(rows(ordered, SHARE)))


def test_two_values_for_one_cell_are_an_answer_for_that_area_alone():
    cells = [("s", "KEN", 2015, 30.0), ("s", "KEN", 2020, 50.0), ("s", "KEN", 2020, 51.0)]
    panel = panel_of([*cells, ("s", "NAM", 2015, 30.0), ("s", "NAM", 2020, 50.0), ("s", "NAM", 2020, 50.0)])
    found = rows(panel, SHARE)
    assert {row["reason_code"] for row in found if row["area"] == "KEN"} == {"doubled"}
    assert next(row for row in found if row["area"] == "NAM")["verdict"] == "substantial_progress"


def test_a_count_said_to_be_per_100_people_is_not_judged():
    target = SeriesTarget("s", 50.0, unit="per 100 people")
    assert set(reasons({2015: 1_200_000.0, 2023: 2_400_000.0}, target).values()) == {"wrong_unit"}
    assert reasons({2015: 12.0, 2023: 24.0}, target)["statcan"] is None
    assert (
        reasons({2015: 1_200.0, 2023: 2_400.0}, SeriesTarget("s", 9e3, unit="per 100,000 people"))["statcan"]
        is None
    )


def test_a_series_without_values_and_one_without_target_are_not_dropped():
    panel = panel_of([("other", "KEN", 2015, 1.0), ("s", "KEN", 2015, np.nan)])
    found = rows(panel, SHARE, SeriesTarget("nowhere", 1.0))
    assert [(row["series"], row["area"], row["reason_code"]) for row in found[:: len(METHODS)]] == [
        ("other", "KEN", "no_target_row"),
        ("s", "KEN", "no_values"),
        ("nowhere", None, "no_values"),
    ]
    assert len(found) == 3 * len(METHODS)


def test_parity_is_judged_by_escap_alone():
    found = judged({2015: 0.8, 2019: 0.855, 2023: 0.91}, SeriesTarget("s", 1.0, direction=PARITY))
    assert found["escap"]["verdict"] == "maintain"
    assert found["escap"]["score"] == pytest.approx(5.5)
    assert {row["reason_code"] for name, row in found.items() if name != "escap"} == {"parity"}


def test_a_target_year_that_is_over_is_judged_for_that_year():
    aim = SeriesTarget("s", 80.0, year=2020, limit=100.0)
    found = judged({2015: 30.0, 2019: 50.0, 2023: 70.0}, aim)
    assert found["logit"]["reason_code"] == "target_year_past"
    assert found["unsd"]["verdict"] == "fair_progress_but_acceleration_needed"
    assert found["unsd"]["ratio"] == pytest.approx(40 / 50)
    early = reasons({2021: 30.0, 2023: 70.0}, aim)
    assert early["statcan"] == early["sdsn"] == early["escap"] == "target_year_early"


points = st.dictionaries(
    st.integers(2000, 2030), st.one_of(st.floats(0, 150), st.floats(-1e12, 1e12)), max_size=12
)
targets = st.builds(
    SeriesTarget,
    st.just("s"),
    st.one_of(st.none(), st.floats(0, 100), st.floats(-1e9, 1e9)),
    st.integers(2010, 2035),
    st.integers(2000, 2020),
    st.sampled_from(TargetDirection),
    st.sampled_from([None, 1.0, 100.0]),
    st.sampled_from([None, 0.0]),
    st.sampled_from([None, 100.0]),
    st.sampled_from(["", "%"]),
)


@given(points, targets)
@rounds(300)
def test_whatever_comes_each_method_gives_a_verdict_or_a_reason(values, target):
    panel = panel_of(
        [("s", "KEN", 2000, np.nan), *(("s", "KEN", year, value) for year, value in values.items())]
    )
    found = rows(panel, target)
    assert [row["method"] for row in found] == list(METHODS)
    for row in found:
        method = METHODS[row["method"]]
        assert row["verdict"] in method.names
        assert (
            (row["verdict"] == method.none) == (row["reason"] is not None) == (row["reason_code"] is not None)
        )
    json.loads("".join(as_json(found)), parse_constant=pytest.fail)


shares = st.dictionaries(st.integers(2010, 2024), st.integers(1, 99).map(float), min_size=2, max_size=12)


@given(shares, st.integers(1, 99).map(float), st.sampled_from([0.5, 4.0, 1024.0]))
@rounds(150)
def test_another_unit_is_the_same_verdict(values, target, times):
    plain = verdicts(values, SeriesTarget("s", target, limit=100.0))
    other = verdicts(
        {year: value * times for year, value in values.items()},
        SeriesTarget("s", target * times, limit=100.0 * times),
    )
    # The progress chart speaks of points of a hundred, which another unit has not.
    assert {name: plain[name] for name in plain if name != "unsd"} == {
        name: other[name] for name in other if name != "unsd"
    }


@given(shares, st.integers(1, 99).map(float))
@rounds(150)
def test_a_share_and_its_rest_are_judged_alike_on_straight_lines(values, target):
    up = verdicts(values, SeriesTarget("s", target, limit=100.0))
    rest = {year: 100.0 - value for year, value in values.items()}
    down = verdicts(rest, SeriesTarget("s", 100.0 - target, direction=DOWN, limit=100.0))
    assert (up["sdsn"], up["oecd"]) == (down["sdsn"], down["oecd"])


@given(st.lists(shares, min_size=1, max_size=5))
@rounds(60)
def test_an_area_is_judged_the_same_alone_and_among_others(areas):
    names = [f"A{number}" for number in range(len(areas))]
    cells = [
        ("s", name, year, value)
        for name, values in zip(names, areas, strict=True)
        for year, value in values.items()
    ]
    together = [row for row in rows(panel_of(cells), SHARE) if row["method"] != "oecd"]
    alone = [
        row
        for name in names
        for row in rows(panel_of([cell for cell in cells if cell[1] == name]), SHARE)
        if row["method"] != "oecd"
    ]
    assert together == alone
