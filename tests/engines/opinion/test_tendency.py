from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, camps, matrices, table_of
from kinds import rounds
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.axes import AXES
from muntada.engines.opinion.projection import centre, project
from muntada.engines.opinion.settings import OpinionSettings

QUICK = OpinionSettings(chance_rounds=0, redraw_rounds=0)
WITHOUT = replace(QUICK, without_tendency=True)


def left_over(cells: Cells, weights: np.ndarray) -> np.ndarray:
    """What is left of each vote, in full: 0 where there is none."""
    votes = np.array([[np.nan if vote is None else vote for vote in row] for row in cells], dtype=float)
    there = ~np.isnan(votes)
    filled = np.where(there, votes, 0.0)
    totals = np.maximum((there * weights[:, None]).sum(axis=0), 1e-300)
    left = np.where(there, filled - (filled * weights[:, None]).sum(axis=0) / totals, 0.0)
    left -= there * (left.sum(axis=1) / np.maximum(there.sum(axis=1), 1))[:, None]
    return left


@given(matrices(), st.integers(0, 99), st.sampled_from([1, 3]))
@rounds(80)
def test_the_axes_are_those_of_what_is_left_by_dense_decomposition(
    cells: Cells,
    seed: int,
    most_times: int,
) -> None:
    chance = np.random.default_rng(seed)
    weights = np.ones(len(cells)) if most_times == 1 else chance.integers(0, most_times, len(cells)) * 1.0
    centred = centre(table_of(cells), WITHOUT, None if most_times == 1 else weights)
    left = left_over(cells, weights)
    scaled = np.sqrt(weights)[:, None] * left
    direction = chance.standard_normal(left.shape[1])
    assert centred.apply(direction) == pytest.approx(scaled.T @ (scaled @ direction), abs=1e-9)
    assert centred.spread == pytest.approx((scaled**2).sum(axis=0), abs=1e-9)
    values = np.linalg.svd(scaled, compute_uv=False)[:AXES] ** 2
    shares = project(centred).axes.shares
    total = max(float((scaled**2).sum()), 1e-300)
    if total > 1e-9:
        assert shares[: len(values)] == pytest.approx(values / total, abs=1e-8)
    directions = project(centred).axes.directions
    scale = np.sqrt(centred.statements / centred.seen)[:, None]
    assert project(centred).people == pytest.approx(scale * (left @ directions), abs=1e-9)


def test_of_people_who_differ_only_in_readiness_hardly_a_pattern_is_left() -> None:
    chance = np.random.default_rng(2)
    readiness = np.repeat([0.1, 0.9], 40)
    votes = np.where(chance.random((80, 20)) < readiness[:, None], 1, -1)
    table = table_of(votes.tolist())
    plain, without = analyse(table, QUICK), analyse(table, replace(WITHOUT, chance_rounds=19))
    assert str(plain.axes[0].reading) == "This axis shows mostly how readily people agree with anything."
    assert all(abs(axis.agreement_tendency) < 0.3 for axis in without.axes)
    assert [axis.reading for axis in without.axes] == [None, None]
    support = without.grouping.support
    assert support is not None
    assert plain.axes[0].share > 0.5
    assert support.share - support.share_by_chance < 0.03


def test_camps_that_differ_in_opinion_stay() -> None:
    table = table_of(camps(50, 16))
    plain, without = analyse(table, QUICK), analyse(table, WITHOUT)
    assert [one.group for one in without.participants] == [one.group for one in plain.participants]


def test_an_axis_that_is_partly_readiness_is_named_so() -> None:
    chance = np.random.default_rng(5)
    readiness, side = chance.normal(0, 1, 200), chance.choice([-1.0, 1.0], 200)
    loading = np.tile([1.0, 0.2, -0.4], 8)
    votes = np.sign(0.6 * readiness[:, None] + side[:, None] * loading + chance.normal(0, 0.5, (200, 24)))
    readings = [str(axis.reading) for axis in analyse(table_of(votes.astype(int).tolist()), QUICK).axes]
    assert any("readily people agree" in reading for reading in readings)


def test_the_tendency_is_not_taken_off_when_another_programme_is_followed() -> None:
    with pytest.raises(ValueError, match="do not take off the tendency"):
        OpinionSettings(compat="polis", without_tendency=True)
