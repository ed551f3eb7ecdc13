from pathlib import Path

import numpy as np
import pytest

from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.groups import divide, divide_like_polis, divide_like_red_dwarf
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.settings import OpinionSettings

OURS = OpinionSettings()


def heaps(*sizes: int, apart: float = 10.0, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    middles = [(apart * number, (number % 2) * apart) for number in range(len(sizes))]
    return np.vstack(
        [chance.normal(middle, 0.7, (size, 2)) for middle, size in zip(middles, sizes, strict=True)]
    )


def sizes_of(points: np.ndarray, settings: OpinionSettings = OURS) -> list[int]:
    division = divide(points, settings, np.random.default_rng(0))
    assert division is not None
    return sorted(np.bincount(division.labels).tolist())


@pytest.mark.parametrize("sizes", [(20, 30), (10, 20, 30), (12, 13, 14, 15), (9, 9, 9, 9, 9)])
def test_plain_heaps_are_found_and_counted(sizes: tuple[int, ...]) -> None:
    assert sizes_of(heaps(*sizes)) == sorted(sizes)


def test_there_are_no_more_groups_than_allowed() -> None:
    assert len(sizes_of(heaps(9, 9, 9, 9), OpinionSettings(most_groups=3))) <= 3


def test_a_single_outlier_is_not_a_group() -> None:
    points = np.vstack([heaps(20, 20, apart=4.0), [[0.0, 60.0]]])
    division = divide(points, OURS, np.random.default_rng(0))
    assert division is None or np.bincount(division.labels).min() >= 3


def test_nobody_can_be_divided_who_stands_in_one_place() -> None:
    assert divide(np.zeros((20, 2)), OURS, np.random.default_rng(0)) is None
    assert divide_like_polis(np.zeros((20, 2)), OURS) is None
    assert divide_like_red_dwarf(np.zeros((20, 2)), OURS) is None


def test_the_squares_of_a_crowd_give_the_groups_of_its_points() -> None:
    points = heaps(2000, 3000, apart=4.0)
    assert sizes_of(points) == pytest.approx([2000, 3000], abs=30)


def test_the_division_settles_on_the_points_not_on_the_squares() -> None:
    points = heaps(2000, 3000, apart=4.0)
    division = divide(points, OURS, np.random.default_rng(0))
    assert division is not None
    middles = np.array([points[division.labels == number].mean(axis=0) for number in (0, 1)])
    nearest = ((points[:, None] - middles) ** 2).sum(axis=2).argmin(axis=1)
    assert nearest.tolist() == division.labels.tolist()


def test_the_ways_of_others_find_plain_heaps_too() -> None:
    points = heaps(30, 40, apart=8.0)
    for division in (divide_like_polis(points, OURS), divide_like_red_dwarf(points, OURS)):
        assert division is not None
        assert sorted(np.bincount(division.labels).tolist()) == [30, 40]


def test_polis_starts_from_the_first_places_and_red_dwarf_from_the_left_most() -> None:
    points = heaps(25, 25, 25, apart=3.0, seed=4)
    turned = points[::-1]
    ours = divide_like_red_dwarf(points, OURS)
    again = divide_like_red_dwarf(turned, OURS)
    assert ours is not None
    assert again is not None
    assert ours.labels.tolist() == again.labels[::-1].tolist()
    assert ours.silhouettes == pytest.approx(again.silhouettes)


@pytest.mark.shared_data
def test_where_two_numbers_of_groups_are_as_clear_the_seed_does_not_decide(shared_data: Path) -> None:
    """Two and six groups have silhouettes of .392 and .392 to .398 there, after the starts that are drawn."""
    table = read_polis(shared_data / "polis" / "15-per-hour-seattle").table()
    quick = OpinionSettings(chance_rounds=0, redraw_rounds=0, scores=False)
    assert {len(analyse(table, quick, seed).groups) for seed in range(8)} == {2}
