import numpy as np
import pytest

from muntada.engines.opinion.grid import gather


def cloud(seed: int, people: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((people, 2))


def test_points_in_the_same_place_are_gathered_whatever_their_order() -> None:
    points = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1e-12], [0.0, 0.0]])
    cells = gather(points, most=10, grid=4)
    assert cells.weights.tolist() == [2, 2]
    assert cells.cell_of.tolist() == [1, 0, 1, 0]
    turned = gather(points[::-1], most=10, grid=4)
    assert turned.points == pytest.approx(cells.points)


def test_too_many_places_are_gathered_in_squares_that_keep_people_and_means() -> None:
    points = cloud(3, 5000)
    cells = gather(points, most=100, grid=16)
    assert len(cells.points) <= 256
    assert cells.weights.sum() == 5000
    assert cells.weights @ cells.points == pytest.approx(points.sum(axis=0))
    members = points[cells.cell_of == 7]
    assert cells.points[7] == pytest.approx(members.mean(axis=0))


def test_all_in_one_place_are_one_cell() -> None:
    assert gather(np.zeros((5, 2)), most=10, grid=4).weights.tolist() == [5]
