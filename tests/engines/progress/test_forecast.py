import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinds import rounds
from muntada.engines.progress.forecast import back_test, forecast
from muntada.engines.progress.panel import panel_of

YEARS = np.arange(2000, 2024)


def crowd(areas: int = 40, seed: int = 1) -> np.ndarray:
    dice = np.random.default_rng(seed)
    walk = dice.normal(0.2, 0.1, (areas, len(YEARS))).cumsum(axis=1) + dice.normal(-3, 1, (areas, 1))
    return 100 / (1 + np.exp(-walk))


def test_a_logistic_curve_is_carried_on_exactly():
    exact = 100 / (1 + np.exp(-(np.arange(-12, 12) * 0.3)))
    found = forecast(exact[None, :], YEARS, 2030, limit=100)
    then = 100 / (1 + np.exp(-(np.arange(12, 19) * 0.3)))
    assert found.years.tolist() == list(range(2024, 2031))
    assert found.middle[0] == pytest.approx(np.minimum(then, 99.5), abs=0.2)


def test_nothing_passes_the_limit_not_even_the_interval():
    values = crowd()
    for curve in ("logistic", "gompertz"):
        found = forecast(values, YEARS, 2060, limit=100, curve=curve)
        known = np.isfinite(found.high)
        assert known.any()
        assert found.high[known].max() <= 100
        assert found.low[known].min() >= 0


def test_the_interval_grows_and_holds_what_it_says():
    values = crowd(300)
    tried = back_test(values, YEARS, 2014, limit=100)
    assert [one.ahead for one in tried] == list(range(1, 10))
    for one in tried[:5]:
        assert 0.85 <= one.covered <= 0.97
    widths = forecast(values, YEARS, 2030, limit=100).half_width
    assert np.all(np.diff(widths[np.isfinite(widths)]) >= 0)


def test_a_back_test_knows_nothing_of_later_years():
    values = crowd()
    other = values.copy()
    other[:, 15:] = 50.0
    first, second = (back_test(some, YEARS, 2014, limit=100)[0] for some in (values, other))
    assert (first.width, first.areas) == (second.width, second.areas)


def test_few_errors_give_a_middle_without_interval():
    found = forecast(crowd(1), YEARS, 2026, limit=100)
    assert np.isfinite(found.middle).all()
    assert np.isnan(found.low).all()
    assert found.errors.max() <= 5


def test_an_area_without_a_slope_has_no_forecast():
    values = np.full((3, len(YEARS)), np.nan)
    values[0, 3] = 40.0
    values[1, 3:5] = 40.0
    found = forecast(values, YEARS, 2025, limit=100)
    assert found.origin.tolist() == [0, 2004, 0]
    assert np.isnan(found.middle[[0, 2]]).all()
    assert found.middle[1] == pytest.approx([40.0, 40.0])


def test_without_a_limit_what_is_positive_grows_and_the_rest_steps():
    rising = 100.0 * 1.1 ** np.arange(len(YEARS))
    assert forecast(rising[None, :], YEARS, 2024).middle[0, 0] == pytest.approx(rising[-1] * 1.1)
    assert forecast(rising[None, :], YEARS, 2024).curve == "growth"
    crossing = np.arange(len(YEARS)) - 10.0
    found = forecast(crossing[None, :], YEARS, 2024)
    assert (found.curve, found.middle[0, 0]) == ("straight", pytest.approx(14.0))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"curve": "logistic"}, "needs a limit"),
        ({"curve": "bass"}, "no such curve"),
        ({"limit": 100, "level": 1.0}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(options, said):
    with pytest.raises(ValueError, match=said):
        forecast(crowd(2), YEARS, 2030, **options)


series = st.lists(st.one_of(st.just(np.nan), st.floats(-50, 200)), min_size=1, max_size=12)


@given(st.lists(series, min_size=1, max_size=6), st.sampled_from([None, 100.0]), st.integers(1990, 2040))
@rounds(100)
def test_whatever_comes_the_middle_lies_in_the_interval(rows, limit, until):
    longest = max(map(len, rows))
    values = np.array([row + [np.nan] * (longest - len(row)) for row in rows])
    found = forecast(values, np.arange(2000, 2000 + longest), until, limit=limit)
    known = np.isfinite(found.low) & np.isfinite(found.high)
    assert np.all(found.low[known] <= found.middle[known])
    assert np.all(found.middle[known] <= found.high[known])
    if limit:
        assert not np.any(found.high > limit)


@pytest.mark.shared_data
def test_the_back_test_on_internet_use_is_that_of_the_notes(shared_data):
    folder = shared_data / "indicators"
    with (folder / "reference" / "wb_country_groups.csv").open(encoding="utf-8") as stream:
        groups = {row["code"] for row in csv.DictReader(stream) if row["is_aggregate"] == "True"}
    with (folder / "wdi" / "IT.NET.USER.ZS.csv").open(encoding="utf-8") as stream:
        cells = [
            ("s", row["code"], int(row["year"]), float(row["value"]))
            for row in csv.DictReader(stream)
            if row["code"] not in groups
        ]
    panel = panel_of(cells)
    tried = {one.ahead: one for one in back_test(panel.values[0], panel.years, 2015, limit=100)}
    assert tried[4].mean_error == pytest.approx(7.6, abs=0.05)
    assert tried[4].covered == pytest.approx(0.918, abs=0.005)
    grown = {one.ahead: one for one in back_test(panel.values[0], panel.years, 2015, curve="growth")}
    assert grown[6].mean_error > 3 * tried[6].mean_error
    assert grown[6].bias > 30
