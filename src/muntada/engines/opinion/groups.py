"""Divide people in the plane into groups: by our method, or like Polis or red-dwarf."""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import FloatArray, IndexArray
from muntada.engines.opinion.clusters import best_of_starts, k_means, nearest, silhouettes, spread_starts
from muntada.engines.opinion.grid import FINEST, GridCells, gather, in_squares
from muntada.engines.opinion.settings import OpinionSettings

MOST_CELLS, GRID = 1000, 64
AS_CLEAR = 0.01  # silhouettes this close count as equal: the number of groups must not depend on chance
CROWD = 50_000  # with more people than this, the division is computed on the finest grid
MOST_OF_OTHERS = 5
BASE_CLUSTERS, BASE_ROUNDS, GROUP_ROUNDS, BASE_MOVE = 100, 100, 20, 0.01
RED_DWARF_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """A division of points into groups numbered from 0, and the silhouette of each number of groups tried."""

    labels: IndexArray
    silhouettes: dict[int, float]

    @property
    def best(self) -> float:
        return max(self.silhouettes.values())


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The best division of the cells: the centres of its groups, and the silhouette of each number tried."""

    centres: FloatArray
    labels: IndexArray
    silhouettes: dict[int, float]

    @property
    def best(self) -> float:
        return max(self.silhouettes.values())


def divide(points: FloatArray, settings: OpinionSettings, chance: np.random.Generator) -> Division | None:
    """Divide into the fewest groups with about the best silhouette; None if a group would be too small.

    The number is chosen on at most 1,000 places or squares of a grid, weighted by their people. The
    division itself is computed on the points, or for many people on the squares of the finest grid.
    """
    cells = gather(points, MOST_CELLS, GRID)
    found = outline(cells, settings, chance)
    if found is None:
        return None
    labels = found.labels[cells.cell_of]
    if len(cells.points) < len(points):
        labels = _settled(points, found.centres, labels, settings.smallest_group)
    return Division(labels, found.silhouettes)


def outline(cells: GridCells, settings: OpinionSettings, chance: np.random.Generator) -> Outline | None:
    """Divide cells into the smallest number of large enough groups whose silhouette is close to the best."""
    most = int(min(settings.most_groups, len(cells.points), cells.weights.sum() - 1))
    if most < 2:  # noqa: PLR2004 - nothing to divide
        return None
    starts = spread_starts(cells.points, cells.weights, most, settings.starts, chance)
    found: dict[int, tuple[FloatArray, IndexArray]] = {}
    for groups in range(2, most + 1):
        centres = best_of_starts(cells.points, cells.weights, starts[:, :groups])
        labels = nearest(cells.points, centres)
        if np.bincount(labels, cells.weights, minlength=groups).min() >= settings.smallest_group:
            found[groups] = centres, labels
    if not found:
        return None
    scores = silhouettes(cells.points, cells.weights, [labels for _, labels in found.values()])
    by_groups = dict(zip(found, scores, strict=True))
    clear = max(by_groups.values()) - AS_CLEAR
    centres, labels = found[min(groups for groups, score in by_groups.items() if score >= clear)]
    return Outline(centres, labels, by_groups)


def _settled(points: FloatArray, centres: FloatArray, labels: IndexArray, smallest: int) -> IndexArray:
    if len(points) <= CROWD:
        settled = nearest(points, k_means(points, np.ones(len(points)), centres))
    else:
        squares = in_squares(points, FINEST)
        settled = nearest(points, k_means(squares.points, squares.weights, centres))
    large_enough = np.bincount(settled, minlength=len(centres)).min() >= smallest
    return settled if large_enough else labels


def divide_like_red_dwarf(points: FloatArray, settings: OpinionSettings) -> Division | None:
    """Run k-means on all points from the left-most distinct ones, as red-dwarf 0.4 does."""
    distinct = _left_most(points)
    weights = np.ones(len(points))
    limit = RED_DWARF_TOLERANCE * float(points.var(axis=0).mean())
    most = min(settings.most_groups, MOST_OF_OTHERS, len(distinct), len(points) - 1)
    if most < 2:  # noqa: PLR2004 - nothing to divide
        return None
    starts = np.full((most - 1, most, 2), np.nan)
    for place in range(len(starts)):
        starts[place, : place + 2] = distinct[: place + 2]
    ends = k_means(points, weights, starts, tolerance=limit)
    labelings = [_without_gaps(nearest(points, end[: place + 2])) for place, end in enumerate(ends)]
    return _best_division(points, weights, labelings, later_wins=False)


def divide_like_polis(points: FloatArray, settings: OpinionSettings) -> Division | None:
    """Run k-means on up to 100 base clusters, as Polis does on its first run; points in order of first votes.

    The number of groups is chosen by the silhouette of the base clusters without weights.
    """
    base_of = _like_polis(points, np.ones(len(points)), BASE_CLUSTERS, BASE_ROUNDS)
    weights = np.bincount(base_of).astype(np.float64)
    sums = [np.bincount(base_of, weights=points[:, axis]) for axis in (0, 1)]
    bases = np.column_stack(sums) / weights[:, None]
    most = min(settings.most_groups, MOST_OF_OTHERS, 2 + len(bases) // 12, len(bases))
    labelings = [_like_polis(bases, weights, groups, GROUP_ROUNDS) for groups in range(2, most + 1)]
    division = _best_division(bases, np.ones(len(bases)), labelings, later_wins=True)
    return division and Division(division.labels[base_of], division.silhouettes)


def _like_polis(points: FloatArray, weights: FloatArray, groups: int, rounds: int) -> IndexArray:
    """Run k-means from the first distinct points; an empty group is dropped, the last of equals wins.

    The iteration ends when no centre moves far; centres of two rounds are paired in order of their
    places.
    """
    centres = _first_distinct(points, groups)
    for _ in range(rounds):
        labels = _without_gaps(len(centres) - 1 - nearest(points, centres[::-1]))
        masses = np.bincount(labels, weights=weights)
        sums = [np.bincount(labels, weights=weights * points[:, axis]) for axis in (0, 1)]
        before, centres = centres, np.column_stack(sums) / masses[:, None]
        if len(before) == len(centres):
            moves = np.linalg.norm(_by_place(centres) - _by_place(before), axis=1)
            if moves.max() < BASE_MOVE:
                break
    return labels


def _by_place(centres: FloatArray) -> FloatArray:
    return centres[np.lexsort(centres.T[::-1])]


def _best_division(
    points: FloatArray, weights: FloatArray, labelings: list[IndexArray], *, later_wins: bool
) -> Division | None:
    labelings = [labels for labels in labelings if labels.max() > 0]
    if not labelings:
        return None
    scores = silhouettes(points, weights, labelings)
    best = max(range(len(scores)), key=lambda place: (scores[place], place if later_wins else -place))
    return Division(
        labelings[best],
        {int(labels.max()) + 1: score for labels, score in zip(labelings, scores, strict=True)},
    )


def _left_most(points: FloatArray) -> FloatArray:
    """Return the distinct points from left to right, and from bottom to top where they share a column."""
    in_order = points[np.lexsort((points[:, 1], points[:, 0]))]
    is_new = np.append(True, (in_order[1:] != in_order[:-1]).any(axis=1))
    different: FloatArray = in_order[is_new]
    return different


def _first_distinct(points: FloatArray, most: int) -> FloatArray:
    _, first = np.unique(points, axis=0, return_index=True)
    return points[np.sort(first)[:most]]


def _without_gaps(labels: IndexArray) -> IndexArray:
    return np.unique(labels, return_inverse=True)[1].reshape(-1)
