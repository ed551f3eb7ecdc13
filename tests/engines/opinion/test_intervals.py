import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.opinion.intervals import Estimate, design_effect, effective_size, estimates, wilson


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(np.array([0.8]), np.array([10]))
    assert (low[0], high[0]) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)


def test_without_votes_everything_is_possible() -> None:
    assert estimates(np.array([0.0]), np.array([0])) == [Estimate(0.0, 0.0, 1.0)]


def test_when_all_agree_the_interval_does_not_shrink_to_a_point() -> None:
    low, high = wilson(np.array([1.0]), np.array([10]))
    assert (low[0], high[0]) == pytest.approx((0.7224672, 1.0), abs=1e-6)


def test_the_interval_holds_what_it_promises() -> None:
    chance = np.random.default_rng(3)
    seen = chance.binomial(40, 0.3, 4000) / 40
    low, high = wilson(seen, 40)
    assert np.mean((low <= 0.3) & (high >= 0.3)) == pytest.approx(0.95, abs=0.02)


@given(st.floats(0, 1), st.floats(0, 1e6))
def test_a_share_lies_within_its_interval(share: float, size: float) -> None:
    low, high = wilson(share, size)
    assert 0 <= low <= share <= high <= 1


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20))
def test_unequal_weights_are_worth_fewer_people(weights: list[float]) -> None:
    row = np.array(weights)
    assert 1 - 1e-9 <= effective_size(row) <= len(row) + 1e-9
    assert design_effect(row) == pytest.approx(np.mean(row**2) / np.mean(row) ** 2)


def test_equal_weights_are_worth_themselves() -> None:
    assert effective_size(np.full(7, 3.0)) == pytest.approx(7)
    assert effective_size(np.array([1.0, 1.0, 0.0])) == pytest.approx(2)
    assert (effective_size(np.zeros(0)), design_effect(np.zeros(0))) == (0, 1)
