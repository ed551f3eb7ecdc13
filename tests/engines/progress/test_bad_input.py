"""Whatever numbers stand in the cells, every measure answers: with a finite number, or with a reason."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.progress.aggregates import aggregates
from muntada.engines.progress.breaks import LEVELS, LINES
from muntada.engines.progress.composite import AGGREGATE, NORMALISE, IndexChoices, IndexComponent, index_of
from muntada.engines.progress.concentration import concentration
from muntada.engines.progress.convergence import beta, sigma
from muntada.engines.progress.coverage import coverage
from muntada.engines.progress.decomposition import decomposed
from muntada.engines.progress.doubt import rank_doubt
from muntada.engines.progress.gaps import parity, time_distance
from muntada.engines.progress.inequality import spread
from muntada.engines.progress.lacks import LARGEST
from muntada.engines.progress.trends import trend
from muntada.engines.progress.turning import turning_points

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning:muntada")

HUGE, TINY = 1.7e308, 5e-324
cells = st.one_of(
    st.sampled_from(
        [0.0, -0.0, 1.0, 100.0, -1.0, HUGE, -HUGE, TINY, -TINY, 1e-300, math.nan, math.inf, -math.inf]
    ),
    st.floats(allow_nan=True, allow_infinity=True),
)
rows = st.lists(cells, max_size=14)
years = range(2000, 2014)


def is_told(value: float | None) -> bool:
    return value is None or math.isfinite(value)


@given(
    rows, st.one_of(st.none(), st.lists(cells, min_size=14, max_size=14)), st.sampled_from([0.5, 1.0, 3.0])
)
def test_spreads_and_their_parts(values, weights, aversion):
    weighed = None if weights is None else weights[: len(values)]
    found = spread(values, weighed, aversion)
    assert (found.deviation is None) == (found.reason is not None)
    assert (found.gini is None) == (found.reason_relative is not None)
    assert found.gini is None or 0 <= found.gini <= 1
    split = decomposed(values, ["ab"[at % 2] for at in range(len(values))], weighed)
    assert (split.theil is None) == (split.reason is not None)
    assert is_told(concentration(values).herfindahl)


@given(rows, rows, st.booleans())
def test_distances_between_series(own, other, rising):
    size = min(len(own), len(other))
    found = time_distance(years[:size], own[:size], other[:size], rising=rising)
    assert (found.years is None) == (found.reason is not None)
    assert is_told(found.years)
    for part, whole in zip(own, other, strict=False):
        pair = parity(part, whole)
        assert is_told(pair.ratio)
        assert (pair.ratio is None) == (pair.reason_relative is not None)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8))
def test_convergence(table):
    values = np.array(table, dtype=float).reshape(-1, 3)
    assert len(sigma([2000, 2005, 2010], values).years) == 3
    line = beta([2000, 2005, 2010], values, 2000, 2010)
    assert (line.slope is None) == (line.reason is not None)


@given(rows, st.sampled_from([LEVELS, LINES]))
def test_trends_and_turns(values, numbers):
    found = trend(years[: len(values)], values)
    assert (found.chance is None) == (found.reason is not None and found.score is None)
    turning = turning_points(years[: len(values)], values, numbers=numbers, least=3)
    assert (turning.pieces == ()) == (turning.reason is not None)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=2), max_size=8),
    st.sampled_from(list(NORMALISE)),
    st.sampled_from(list(AGGREGATE)),
    st.booleans(),
)
def test_indices(table, normalise, aggregate, fills):
    parts = (IndexComponent("index", ""), IndexComponent("a", "index"), IndexComponent("b", "index", 2.0, -1))
    areas = [f"area {at}" for at in range(len(table))]
    choices = IndexChoices(fills, fills, normalise, aggregate)
    found = index_of(areas, "ab", np.array(table, dtype=float).reshape(-1, 2), parts, choices=choices)
    assert all((row.score is None) == (row.reason is not None) for row in found.areas)
    doubt = rank_doubt(areas, "ab", np.array(table, dtype=float).reshape(-1, 2), parts, seed=1, draws=6)
    assert all(1 <= one.low <= one.high <= len(areas) for one in doubt.areas)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5),
    st.lists(st.floats(0, LARGEST), min_size=5, max_size=5),
)
def test_groups_and_coverage(table, people):
    values = np.array([table], dtype=float)
    areas = [f"area {at}" for at in range(len(table))]
    weights = np.repeat(np.array(people[: len(table)])[:, None], 2, axis=1)
    found = aggregates(values, weights, areas, {"all": areas}, min_share=0.5)
    assert (np.isnan(found.value) == (found.lack > 0)).all()
    known = coverage(["one"], areas, [2000, 2001], values, year=2001)
    assert ((known.latest > 0) == (np.abs(values) <= LARGEST).any(axis=2)).all()
