import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from kinds import rounds
from muntada.engines.opinion.clusters import best_of_starts, k_means, nearest, silhouettes, spread_starts

ONES = np.ones(200)


def cloud(seed: int, people: int = 200) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return chance.standard_normal((people, 2)) + 3 * chance.integers(0, 3, (people, 1))


@given(st.integers(0, 10_000), st.integers(2, 5))
@rounds(30)
def test_k_means_ends_where_scikit_learn_ends_from_the_same_start(seed: int, groups: int) -> None:
    points = cloud(seed)
    centres = k_means(points, ONES, points[:groups])
    reference = KMeans(groups, init=points[:groups], n_init=1, tol=0).fit(points)
    assert centres == pytest.approx(reference.cluster_centers_)
    assert nearest(points, centres).tolist() == reference.labels_.tolist()


def test_several_starts_at_once_end_as_each_by_itself() -> None:
    points = cloud(1)
    starts = np.stack([points[:3], points[3:6], points[6:9]])
    together = k_means(points, ONES, starts)
    assert together == pytest.approx(np.stack([k_means(points, ONES, start) for start in starts]))


def test_a_weight_counts_as_so_many_people() -> None:
    points, weights = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]]), np.array([3.0, 1.0, 2.0])
    centres = k_means(points, weights, np.array([[0.0, 0.0], [5.0, 5.0]]))
    assert centres.tolist() == [[0.25, 0.0], [5.0, 5.0]]


def test_an_empty_group_keeps_its_centre() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0]])
    centres = k_means(points, np.ones(2), np.array([[0.5, 0.0], [9.0, 9.0]]))
    assert centres.tolist() == [[0.5, 0.0], [9.0, 9.0]]


def test_the_best_of_several_starts_finds_three_plain_heaps() -> None:
    chance = np.random.default_rng(0)
    heaps = np.repeat([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]], 20, axis=0) + chance.normal(0, 0.5, (60, 2))
    starts = spread_starts(heaps, np.ones(60), 3, 4, chance)
    centres = best_of_starts(heaps, np.ones(60), starts)
    assert sorted(np.bincount(nearest(heaps, centres)).tolist()) == [20, 20, 20]


@given(st.integers(0, 10_000), st.integers(2, 5))
@rounds(30)
def test_the_silhouette_is_that_of_scikit_learn(seed: int, groups: int) -> None:
    points = np.round(cloud(seed, 60), 1)
    labels = nearest(points, k_means(points, np.ones(60), points[:groups]))
    labels = np.unique(labels, return_inverse=True)[1]
    if labels.max() == 0:
        return
    assert silhouettes(points, np.ones(60), [labels]) == pytest.approx([silhouette_score(points, labels)])


def test_the_silhouette_of_weighted_places_is_that_of_their_people() -> None:
    places = np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 4.0], [5.0, 4.0]])
    labels = np.array([0, 0, 1, 1])
    people, groups = np.repeat(places, [3, 1, 2, 2], axis=0), np.repeat(labels, [3, 1, 2, 2])
    weighted = silhouettes(places, np.array([3.0, 1.0, 2.0, 2.0]), [labels])
    assert weighted == pytest.approx([silhouette_score(people, groups)])


def test_a_group_of_one_counts_as_nothing_and_equal_places_divide_by_nothing() -> None:
    points = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    assert silhouettes(points, np.ones(3), [np.array([0, 0, 1])]) == [0.0]
