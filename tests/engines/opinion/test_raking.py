from collections.abc import Mapping, Sequence
from statistics import median_low

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muntada.engines.opinion.raking import DeclaredShares, Raked, check_targets, rake

type Said = Mapping[str, Sequence[str]]
type Targets = Mapping[str, Mapping[str, float]]
NO_CAP = 1e9


def declared(said: Said) -> list[DeclaredShares]:
    """An empty word stands for nothing said."""
    dimensions = []
    for name, words in said.items():
        categories = tuple(sorted(set(words) - {""}))
        places = [categories.index(word) if word else -1 for word in words]
        dimensions.append(DeclaredShares(name, categories, np.array(places, dtype=np.intp)))
    return dimensions


def raked(said: Said, targets: Targets, cap: float = NO_CAP, base: Sequence[float] = ()) -> Raked:
    people = len(next(iter(said.values())))
    return rake(declared(said), targets, np.array(base or [1.0] * people), cap)


def plainly_raked(said: Said, targets: Targets, cap: float) -> list[float]:
    """The same, person by person, without arrays or cells: the referee."""
    people = len(next(iter(said.values())))
    weights = [1.0] * people
    for _ in range(5000):
        before = list(weights)
        for name, shares in targets.items():
            words = [word if word in shares else "" for word in said[name]]
            spoken = {word for word in words if word}
            whole = sum(share for word, share in shares.items() if word in spoken)
            kept = words.count("") / people
            goals = {word: shares[word] / whole * (1 - kept) for word in spoken} | {"": kept}
            total = sum(weights)
            masses = {
                word: sum(w for w, said in zip(weights, words, strict=True) if said == word)
                for word in set(words)
            }
            weights = [w * goals[word] * total / masses[word] for w, word in zip(weights, words, strict=True)]
        limit = cap * median_low(weights)
        weights = [min(w, limit) for w in weights]
        scale = people / sum(weights)
        weights = [w * scale for w in weights]
        if max(abs(one - other) for one, other in zip(weights, before, strict=True)) < 1e-12:
            break
    return weights


def test_in_one_dimension_the_weight_is_the_target_over_the_share() -> None:
    found = raked({"kind": ["a"] * 6 + ["b"] * 2}, {"kind": {"a": 0.5, "b": 0.5}})
    assert found.weights == pytest.approx([2 / 3] * 6 + [2] * 2)
    assert found.weighting.converged
    assert found.weighting.largest_error < 1e-12
    assert found.weighting.effective_size == pytest.approx(64 / (6 * 4 / 9 + 8))
    assert found.weighting.design_effect == pytest.approx(8 / found.weighting.effective_size)
    assert found.weighting.reasons == ()


def test_in_two_dimensions_the_odds_ratio_of_the_table_is_kept() -> None:
    cells = {("a", "x"): 4, ("a", "y"): 2, ("b", "x"): 3, ("b", "y"): 6}
    people = [cell for cell, count in cells.items() for _ in range(count)]
    said = {"kind": [kind for kind, _ in people], "region": [region for _, region in people]}
    found = raked(said, {"kind": {"a": 0.3, "b": 0.7}, "region": {"x": 0.6, "y": 0.4}})
    mass = dict.fromkeys(cells, 0.0)
    for cell, weight in zip(people, found.weights, strict=True):
        mass[cell] += weight / len(people)
    assert mass["a", "x"] + mass["a", "y"] == pytest.approx(0.3, abs=1e-9)
    assert mass["a", "x"] + mass["b", "x"] == pytest.approx(0.6, abs=1e-9)
    odds = mass["a", "x"] * mass["b", "y"] / mass["a", "y"] / mass["b", "x"]
    assert odds == pytest.approx(4 * 6 / 2 / 3)


def test_targets_may_be_any_numbers_in_the_same_proportion() -> None:
    said = {"kind": ["a", "a", "a", "b"]}
    shares, counts = raked(said, {"kind": {"a": 0.5, "b": 0.5}}), raked(said, {"kind": {"a": 40, "b": 40}})
    assert counts.weights == pytest.approx(shares.weights)
    assert [margin.target for margin in counts.weighting.margins] == [0.5, 0.5]


def test_who_is_not_heard_is_named_and_the_other_shares_are_scaled_up() -> None:
    found = raked({"kind": ["a", "a", "a", "b"]}, {"kind": {"a": 0.3, "b": 0.3, "c": 0.4}})
    assert found.weights == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    silent = next(margin for margin in found.weighting.margins if margin.category == "c")
    assert (silent.heard, silent.people, silent.target) == (False, None, 0.4)
    assert (silent.aim, silent.raw, silent.achieved) == (None, None, None)
    assert [margin.aim for margin in found.weighting.margins if margin.heard] == [0.5, 0.5]
    assert str(found.weighting.reasons[0]).startswith(
        "kind, not heard: c. Nobody can be weighted in their place"
    )


def test_who_says_nothing_keeps_a_share_as_a_body_and_is_weighted_by_the_rest() -> None:
    said = {"kind": ["a", "a", "a", "b", "", ""], "region": ["x", "x", "y", "y", "x", "y"]}
    found = raked(said, {"kind": {"a": 0.5, "b": 0.5}, "region": {"x": 0.55, "y": 0.45}})
    assert found.weights[4:].sum() == pytest.approx(2)
    assert found.weights[4] > 1 > found.weights[5]
    achieved = {(one.dimension, one.category): one.achieved for one in found.weighting.margins}
    assert achieved == pytest.approx(
        {("kind", "a"): 0.5, ("kind", "b"): 0.5, ("region", "x"): 0.55, ("region", "y"): 0.45}, abs=1e-8
    )
    assert "kind: 2 people are in no category with a share." in str(found.weighting.reasons[0])


def test_a_category_without_a_target_keeps_its_share() -> None:
    found = raked({"kind": ["a", "a", "b", "press"]}, {"kind": {"a": 1, "b": 1}})
    assert found.weights == pytest.approx([0.75, 0.75, 1.5, 1])


def test_a_rare_voice_is_held_at_five_times_the_middle_weight() -> None:
    found = raked({"kind": ["a"] * 100 + ["b"] * 2}, {"kind": {"a": 0.5, "b": 0.5}}, cap=5)
    assert found.weights[-1] == pytest.approx(5 * found.weights[0])
    assert found.weighting.capped == 2
    rare = found.weighting.margins[1]
    assert rare.achieved == pytest.approx(10 / 110)
    assert found.weighting.largest_error == pytest.approx(0.5 - 10 / 110)
    assert str(found.weighting.reasons[-1]) == (
        "2 people would weigh more than 5 times the median weight and are held there; so the shares are not"
        " met exactly, the largest difference is 41 percentage points."
    )


def test_shares_that_contradict_each_other_are_said_not_to_be_met() -> None:
    said = {"kind": ["a", "a", "b", "b"], "region": ["x", "x", "y", "y"]}
    found = raked(said, {"kind": {"a": 0.9, "b": 0.1}, "region": {"x": 0.4, "y": 0.6}})
    assert found.weighting.largest_error > 0.4
    assert "cannot all be met at once" in str(found.weighting.reasons[-1])
    assert np.isfinite(found.weights).all()


def test_weights_given_beforehand_are_the_start() -> None:
    said = {"kind": ["a", "a", "b"]}
    found = raked(said, {"kind": {"a": 0.5, "b": 0.5}}, base=[3, 1, 1])
    assert found.weights == pytest.approx([3 * 0.375, 0.375, 1.5])


def test_where_nobody_said_anything_all_weigh_the_same() -> None:
    found = raked({"kind": ["", "", ""]}, {"kind": {"a": 0.5, "b": 0.5}})
    assert found.weights.tolist() == [1, 1, 1]
    assert "nobody who voted is in a category with a share" in str(found.weighting.reasons[0])


def test_nobody_at_all_is_no_error() -> None:
    found = raked({"kind": []}, {"kind": {"a": 1.0}})
    assert found.weights.tolist() == []
    assert found.weighting.effective_size == 0


@pytest.mark.parametrize("shares", [{}, {"a": 0.0}, {"a": -1.0}, {"a": float("nan")}, {"a": float("inf")}])
def test_targets_that_make_no_sense_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="kind"):
        check_targets({"kind": shares})


words = st.sampled_from(["a", "b", "c", ""])
regions = st.sampled_from(["x", "y", ""])
people = st.lists(st.tuples(words, regions), min_size=1, max_size=60)
some_share = st.floats(0.05, 1)


@given(
    people, st.tuples(*[some_share] * 3), st.tuples(*[some_share] * 2), st.sampled_from([2.0, 5.0, NO_CAP])
)
def test_a_plain_implementation_on_people_gives_the_same_weights(
    crowd: list[tuple[str, str]], kinds: tuple[float, ...], places: tuple[float, ...], cap: float
) -> None:
    said = {"kind": [kind for kind, _ in crowd], "region": [region for _, region in crowd]}
    targets = {
        "kind": dict(zip("abc", kinds, strict=True)),
        "region": dict(zip("xy", places, strict=True)),
    }
    assume(all(any(word in targets[name] for word in said[name]) for name in said))
    found = raked(said, targets, cap)
    assume(found.weighting.converged)
    assert found.weights == pytest.approx(plainly_raked(said, targets, cap), rel=1e-5, abs=1e-5)


@given(people, st.tuples(*[some_share] * 3), st.tuples(*[some_share] * 2), st.floats(1.5, 20))
def test_weights_stay_within_the_cap_and_average_one(
    crowd: list[tuple[str, str]], kinds: tuple[float, ...], places: tuple[float, ...], cap: float
) -> None:
    said = {"kind": [kind for kind, _ in crowd], "region": [region for _, region in crowd]}
    targets = {
        "kind": dict(zip("abc", kinds, strict=True)),
        "region": dict(zip("xy", places, strict=True)),
    }
    found = raked(said, targets, cap)
    assert found.weights.mean() == pytest.approx(1)
    assert found.weights.max() <= cap * median_low(found.weights.tolist()) * (1 + 1e-9)
    assert found.weighting.effective_size <= len(crowd) * (1 + 1e-12)
    assert found.weighting.design_effect >= 1 - 1e-12


@given(
    st.lists(st.integers(1, 30), min_size=6, max_size=6), st.permutations(range(3)), some_share, some_share
)
def test_where_every_cell_is_filled_all_shares_are_met(
    counts: list[int], order: list[int], one: float, other: float
) -> None:
    cells = [(kind, region) for kind in "abc" for region in "xy"]
    crowd = [cell for cell, count in zip(cells, counts, strict=True) for _ in range(count)]
    said = {"kind": [kind for kind, _ in crowd], "region": [region for _, region in crowd]}
    targets = {"kind": {"abc"[place]: one + place for place in order}, "region": {"x": other, "y": 1.0}}
    found = raked(said, targets)
    assert found.weighting.converged
    assert found.weighting.largest_error < 1e-8
    assert found.weighting.reasons == ()


@pytest.mark.parametrize("sizes", [[40, 25, 15, 12, 8], [70, 15, 8, 5, 2]])
def test_in_a_simulation_raked_shares_err_less_than_raw_ones_with_and_without_the_cap(
    sizes: list[int],
) -> None:
    """Five groups that are a fifth of the whole each, unequal in the sample; 400 people, 200 statements."""
    chance = np.random.default_rng(11)
    truth = 1 / (1 + np.exp(-(chance.normal(0.3, 0.8, 200) + chance.normal(0, 1, (5, 200)))))
    groups = np.repeat(np.arange(5), np.array(sizes) * 4)
    votes = chance.random((len(groups), 200)) < truth[groups]
    said = {"kind": ["abcde"[group] for group in groups]}
    targets = {"kind": dict.fromkeys("abcde", 1.0)}

    def error(weights: np.ndarray) -> float:
        off = weights @ votes / weights.sum() - truth.mean(axis=0)
        return float(np.sqrt((off**2).mean()))

    free, held = raked(said, targets), raked(said, targets, cap=5)
    raw = error(np.ones(len(groups)))
    assert error(free.weights) < 0.7 * raw
    assert error(held.weights) < 0.9 * raw
    assert held.weighting.design_effect <= free.weighting.design_effect
