"""The methods once more, one series at a time in plain words, against the engine on whole panels."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kinds import rounds
from muntada.engines.progress.assess import assess
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import panel_of
from muntada.engines.progress.targets import SeriesTarget, TargetDirection

Points = list[tuple[int, float]]


def ends(points: Points, target: SeriesTarget) -> tuple[int, float, int, float] | None:
    since = [point for point in points if point[0] >= target.base_year]
    return (*since[0], *points[-1]) if len(since) > 1 else None


def growth_ratio(points: Points, target: SeriesTarget) -> float | None:
    found = ends(points, target)
    if found is None:
        return None
    first, start, last, now = found
    observed = (now / start) ** (1 / (last - first)) - 1
    required = (target.value / start) ** (1 / (target.year - first)) - 1
    return target.direction * observed / abs(required) if required else None


def expected_ratio(points: Points, target: SeriesTarget) -> float | None:
    found = ends(points, target)
    if found is None or target.value == found[1]:
        return None
    first, start, last, now = found
    then = now * (now / start) ** (max(0, target.year - last) / (last - first))
    return target.direction * (then - start) / abs(target.value - start)


def line_ratio(points: Points, target: SeriesTarget) -> float | None:
    found = ends(points, target)
    if found is None or target.value == found[1]:
        return None
    first, start, last, now = found
    return (
        target.direction
        * ((now - start) / (last - first))
        / (abs(target.value - start) / (target.year - first))
    )


def anticipated_ratio(points: Points, target: SeriesTarget) -> float | None:
    start = next((value for year, value in points if year >= target.base_year), None)
    if start is None or target.value == start:
        return None
    years, values = np.array(points).T
    weights = np.sqrt(years - 1999)
    then = np.polyval(np.polyfit(years - 2015, values, 1, w=weights), target.year - 2015)
    return 1 - target.direction * (target.value - then) / abs(target.value - start)


def logit_ratio(points: Points, target: SeriesTarget) -> float | None:
    def odds(value: float) -> float:
        share = min(max(value / target.limit, 0.0005), 0.995)
        return math.log(share / (1 - share))

    last, now = points[-1]
    recent = [(year, odds(value)) for year, value in points if year > last - 5]
    if len(recent) < 2 or target.year <= last or odds(target.value) == odds(now):
        return None
    slope = stats.linregress(*zip(*recent, strict=True)).slope
    return target.direction * slope / (abs(odds(target.value) - odds(now)) / (target.year - last))


RATIOS = {
    "statcan": growth_ratio,
    "eurostat": growth_ratio,
    "unsd": expected_ratio,
    "sdsn": line_ratio,
    "escap": anticipated_ratio,
    "logit": logit_ratio,
}

values = st.integers(10, 990).map(lambda tenths: tenths / 10)
series = st.dictionaries(st.integers(2000, 2024), values, min_size=3, max_size=20)
targets = st.builds(
    SeriesTarget,
    st.just("s"),
    st.integers(5, 95).map(float),
    st.integers(2025, 2035),
    st.integers(2005, 2018),
    st.sampled_from([TargetDirection.UP, TargetDirection.DOWN]),
    st.just(100.0),
)


@given(series, targets)
@rounds(200)
def test_every_ratio_is_that_of_the_plain_formula(cells, target):
    points = sorted(cells.items())
    found = assess(panel_of(("s", "KEN", year, value) for year, value in points), [target])
    met = target.direction * (points[-1][1] - target.value) >= 0
    for name, ratio in RATIOS.items():
        told, plain = found.judged[name].ratio[0, 0], ratio(points, target)
        if plain is None:
            assert np.isnan(told) or met
        else:
            assert told == pytest.approx(plain, rel=1e-6, abs=1e-6), name


@given(series, targets)
@rounds(150)
def test_the_rank_correlation_is_that_of_scipy(cells, target):
    points = sorted(cells.items())
    found = assess(panel_of(("s", "KEN", year, value) for year, value in points), [target], ["oecd"]).judged[
        "oecd"
    ]
    since = [point for point in points if point[0] >= target.base_year]
    met = target.direction * (points[-1][1] - target.value) >= 0
    if len(since) < 4 or len({value for _, value in since}) == 1 or met:
        return
    plain = stats.spearmanr(*zip(*since, strict=True))
    assert found.observed[0, 0] == pytest.approx(plain.statistic)
    if abs(plain.pvalue - 0.1) > 1e-9:
        verdict = METHODS["oecd"].names[found.verdict[0, 0]]
        assert (verdict != "no_identified_trend") == (plain.pvalue < 0.1)


@given(series, targets, st.integers(1990, 1999), st.integers(2031, 2040))
@rounds(60)
def test_years_without_values_change_nothing(cells, target, before, after):
    plain = [("s", "KEN", year, value) for year, value in cells.items()]
    more = [*plain, ("s", "KEN", before, np.nan), ("s", "KEN", after, np.nan)]
    first, second = (assess(panel_of(some), [target]).judged for some in (plain, more))
    for name in METHODS:
        assert first[name].verdict == second[name].verdict
        assert np.array_equal(first[name].ratio, second[name].ratio, equal_nan=True)
