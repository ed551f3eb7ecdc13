import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.opinion.intervals import wilson
from muntada.engines.opinion.pooling import over_groups, pool


def logistic(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-odds)))


def counts(*rows: list[int]) -> np.ndarray:
    return np.array(rows, dtype=np.intp)


def test_a_group_that_saw_nothing_says_what_the_statement_says() -> None:
    pooled = pool(counts([30, 10], [0, 0]), counts([5, 20], [0, 0]), counts([40, 40], [0, 0]))
    assert pooled.agree[1] == pytest.approx([31 / 42, 11 / 42])
    assert pooled.disagree[1] == pytest.approx([6 / 42, 21 / 42])


def test_many_votes_outweigh_the_prior_and_few_lean_on_it() -> None:
    agree, seen = counts([500, 500], [0, 3]), counts([1000, 1000], [3, 3])
    pooled = pool(agree, seen - agree, seen)
    assert pooled.agree[0] == pytest.approx([0.5, 0.5], abs=0.01)
    assert 0.0 < pooled.agree[1, 0] < 0.5 < pooled.agree[1, 1] < 1.0


def test_a_group_that_strays_from_the_others_has_the_weaker_prior() -> None:
    chance = np.random.default_rng(5)
    seen = np.full((3, 60), 30)
    usual = chance.uniform(0.2, 0.8, 60)
    agree = np.stack([chance.binomial(30, usual), chance.binomial(30, usual), chance.binomial(30, 1 - usual)])
    strength = pool(agree, seen - agree, seen).strength
    assert strength[2] < strength[:2].min()
    assert 1 <= strength.min() <= strength.max() <= 200


def test_the_strength_is_that_of_the_moments() -> None:
    """Votes drawn from a beta-binomial of strength 9 around a mean that the other, large group knows."""
    chance = np.random.default_rng(8)
    usual = chance.uniform(0.25, 0.75, 4000)
    own = chance.beta(9 * usual, 9 * (1 - usual))
    seen = np.stack([np.full(4000, 4000), np.full(4000, 12)])
    agree = np.stack([chance.binomial(4000, usual), chance.binomial(12, own)])
    assert pool(agree, seen - agree, seen).strength[1] == pytest.approx(9, rel=0.1)


def test_the_mean_over_groups_follows_the_targets() -> None:
    shares, votes, own = np.array([[0.8], [0.2]]), np.array([[99.0], [9.0]]), np.zeros((2, 1))
    mean, size = over_groups(shares, votes, own, np.array([3.0, 1.0]))
    assert mean == pytest.approx([0.65])
    variance = 0.75**2 * 0.16 / 100 + 0.25**2 * 0.16 / 10
    assert size == pytest.approx([0.65 * 0.35 / variance - 1])


def test_what_the_prior_lends_does_not_average_out() -> None:
    shares, votes, targets = np.full((4, 1), 0.5), np.full((4, 1), 24.0), np.ones(4)
    said_themselves = over_groups(shares, votes, np.zeros((4, 1)), targets)[1]
    lent = over_groups(shares, votes, np.ones((4, 1)), targets)[1]
    assert said_themselves == pytest.approx([4 * 25 - 1])
    assert lent == pytest.approx([24])


def test_one_group_alone_keeps_its_votes() -> None:
    shares, votes, lent = np.array([[0.3, 0.9]]), np.array([[20.0, 5.0]]), np.array([[0.1, 0.4]])
    mean, size = over_groups(shares, votes, lent, np.array([1.0]))
    assert (mean.tolist(), size.tolist()) == (pytest.approx([0.3, 0.9]), pytest.approx([20, 5]))


votes_of_a_cell = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
tables = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(votes_of_a_cell, min_size=columns, max_size=columns), min_size=1, max_size=4
    )
)


@given(tables)
def test_shares_stay_shares_and_lie_between_the_votes_and_the_prior(
    table: list[list[tuple[int, int, int]]],
) -> None:
    cells = np.array(table)
    agree, disagree, seen = cells[..., 0], cells[..., 1], cells.sum(axis=-1)
    pooled = pool(agree, disagree, seen)
    assert np.all(pooled.agree >= 0)
    assert np.all(pooled.agree + pooled.disagree <= 1 + 1e-12)
    assert np.all(pooled.votes - seen >= 0.5)
    for mine, count in ((pooled.agree, agree), (pooled.disagree, disagree)):
        strength = pooled.strength[:, None]
        prior = (mine * (seen + strength) - count) / strength
        assert np.all((prior > -1e-9) & (prior < 1 + 1e-9))


@given(tables)
def test_to_agree_and_to_disagree_are_treated_alike(table: list[list[tuple[int, int, int]]]) -> None:
    cells = np.array(table)
    agree, disagree, seen = cells[..., 0], cells[..., 1], cells.sum(axis=-1)
    one, other = pool(agree, disagree, seen), pool(disagree, agree, seen)
    assert one.agree == pytest.approx(other.disagree)
    assert one.strength == pytest.approx(other.strength)


@pytest.mark.parametrize("sizes", [[40, 25, 15, 12, 8], [70, 15, 8, 5, 2]])
def test_in_a_simulation_pooling_errs_less_than_raw_shares_and_for_the_smallest_group_too(
    sizes: list[int],
) -> None:
    """Five groups of equal weight in the whole, unequal in the sample; about forty votes a person."""
    errors = np.array([simulated_errors(sizes, seed) for seed in range(4)])
    raw, pooled, raw_smallest, pooled_smallest = np.sqrt((errors**2).mean(axis=0))
    assert pooled < 0.8 * raw
    assert pooled_smallest < 0.95 * raw_smallest
    assert pooled < 0.05


@pytest.mark.parametrize("sizes", [[40, 25, 15, 12, 8], [70, 15, 8, 5, 2]])
def test_in_a_simulation_the_intervals_hold_nearly_what_they_promise(sizes: list[int]) -> None:
    held, held_by_groups = [], []
    for seed in range(4):
        agree, seen, truth = simulated(sizes, seed)
        pooled = pool(agree, seen - agree, seen)
        low, high = wilson(pooled.agree, pooled.votes)
        held_by_groups.append(np.mean((low <= truth) & (truth <= high)))
        low, high = wilson(*over_groups(pooled.agree, pooled.votes, pooled.lent, np.ones(len(sizes))))
        held.append(np.mean((low <= truth.mean(axis=0)) & (truth.mean(axis=0) <= high)))
    assert 0.9 < np.mean(held) < 0.99
    assert 0.9 < np.mean(held_by_groups) < 0.99


def simulated_errors(sizes: list[int], seed: int) -> tuple[float, ...]:
    """Root mean square errors: of the whole without and with pooling, of the smallest group likewise."""
    agree, seen, truth = simulated(sizes, seed)
    pooled = pool(agree, seen - agree, seen)
    whole, _ = over_groups(pooled.agree, pooled.votes, pooled.lent, np.ones(len(sizes)))
    off = (
        agree.sum(axis=0) / seen.sum(axis=0) - truth.mean(axis=0),
        whole - truth.mean(axis=0),
        agree[-1] / np.maximum(seen[-1], 1) - truth[-1],
        pooled.agree[-1] - truth[-1],
    )
    return tuple(float(np.sqrt((one**2).mean())) for one in off)


def simulated(sizes: list[int], seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Agreeing votes, all votes and the true shares, of groups (rows) on statements (columns)."""
    chance = np.random.default_rng(seed)
    groups, statements, per_hundred = len(sizes), 150, 12
    leaning, loading = chance.normal(0, 1, (groups, 2)), chance.normal(0, 0.8, (statements, 2))
    level = chance.normal(0.3, 0.8, statements)
    scatter = chance.normal(0, 0.7, (3000, 2))
    truth = np.stack([logistic(level + (own + scatter) @ loading.T).mean(axis=0) for own in leaning])
    agree, seen = np.zeros((groups, statements), dtype=np.intp), np.zeros((groups, statements), dtype=np.intp)
    for group, size in enumerate(sizes):
        places = leaning[group] + chance.normal(0, 0.7, (size * per_hundred, 2))
        shown = chance.random((len(places), statements)) < 40 / statements
        says = chance.random(shown.shape) < logistic(level + places @ loading.T)
        agree[group], seen[group] = (says & shown).sum(axis=0), shown.sum(axis=0)
    return agree, seen, truth
