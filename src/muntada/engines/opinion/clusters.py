"""k-means and silhouettes of weighted points in the plane, in plain arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from muntada.engines.opinion.arrays import Floats, Integers

MOST_ROUNDS = 300
CANDIDATES = 8
CHUNK = 256
SAME_PLACE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Points gathered by place: where, how many, and in which cell each point lies."""

    points: Floats
    weights: Floats
    cell_of: Integers


def gather(points: Floats, most: int, grid: int) -> Cells:
    """Gather points in the same place; if more than `most` places remain, those in the same square of a grid.

    Cells are ordered by place, so that nothing later depends on the order of the points.
    """
    low = points.min(axis=0)
    size = float((points.max(axis=0) - low).max()) or 1.0
    cells = _gathered(points, np.round((points - low) / (size * SAME_PLACE)))
    if len(cells.points) <= most:
        return cells
    return _gathered(points, np.minimum(np.floor((points - low) / size * grid), grid - 1))


def _gathered(points: Floats, keys: Floats) -> Cells:
    _, cell_of = np.unique(keys, axis=0, return_inverse=True)
    cell_of = cell_of.reshape(-1)
    weights = np.bincount(cell_of).astype(np.float64)
    sums = [np.bincount(cell_of, weights=points[:, axis]) for axis in (0, 1)]
    return Cells(np.column_stack(sums) / weights[:, None], weights, cell_of)


def nearest(points: Floats, centres: Floats) -> Integers:
    """Give for each point the place of the nearest centre, the first of equally near ones."""
    return np.argmin(_squares(points, centres), axis=-1)


def _squares(points: Floats, centres: Floats) -> Floats:
    """Squared distances, less the part that is the same for all centres: (..., points, centres)."""
    flat = centres.reshape(-1, 2)
    squares = (flat**2).sum(axis=1) - 2 * points @ flat.T
    return np.moveaxis(squares.reshape(len(points), *centres.shape[:-1]), 0, -2)


def k_means(
    points: Floats,
    weights: Floats,
    centres: Floats,
    *,
    rounds: int = MOST_ROUNDS,
    settled: Callable[[Floats], bool] | None = None,
) -> Floats:
    """Lloyd's iteration from one or from several sets of centres (the leading axis) at once.

    It ends when no label changes, or when `settled` says so of the distances by which the centres
    moved. An empty group keeps its centre.
    """
    runs = centres.reshape(-1, *centres.shape[-2:])
    labels = np.empty((0, len(points)), dtype=np.intp)
    for _ in range(rounds):
        before, labels = labels, nearest(points, runs)
        if np.array_equal(before, labels):
            break
        moved = _means(points, weights, labels, runs)
        moves = np.sqrt(((moved - runs) ** 2).sum(axis=-1))
        runs = moved
        if settled is not None and settled(moves):
            break
    return runs.reshape(centres.shape)


def _means(points: Floats, weights: Floats, labels: Integers, centres: Floats) -> Floats:
    runs, groups, _ = centres.shape
    flat = (labels + groups * np.arange(runs)[:, None]).ravel()
    sums = np.empty((runs * groups, 2))
    for axis in (0, 1):
        weighted = np.tile(weights * points[:, axis], runs)
        sums[:, axis] = np.bincount(flat, weights=weighted, minlength=runs * groups)
    masses = np.bincount(flat, weights=np.tile(weights, runs), minlength=runs * groups)
    empty = masses == 0
    sums[empty] = centres.reshape(-1, 2)[empty]
    masses[empty] = 1.0
    return (sums / masses[:, None]).reshape(centres.shape)


def best_of_starts(
    points: Floats, weights: Floats, groups: int, starts: int, chance: np.random.Generator
) -> Floats:
    """Start k-means several times from spread centres and give the centres with the least inertia."""
    centres = np.stack([spread_centres(points, weights, groups, chance) for _ in range(starts)])
    runs = k_means(points, weights, centres)
    inertias = weights @ _squares(points, runs).min(axis=-1).T
    return np.asarray(runs[int(np.argmin(np.round(inertias, 9)))])


def spread_centres(points: Floats, weights: Floats, groups: int, chance: np.random.Generator) -> Floats:
    """Choose centres far apart (greedy k-means++: Arthur and Vassilvitskii 2007), eight candidates a step."""
    chosen = [_drawn(weights, 1, chance)[0]]
    distances = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < groups:
        candidates = _drawn(weights * distances, CANDIDATES, chance)
        gaps = ((points[None, :, :] - points[candidates, None, :]) ** 2).sum(axis=2)
        remaining = np.minimum(distances, gaps)
        best = int(np.argmin(remaining @ weights))
        chosen.append(candidates[best])
        distances = remaining[best]
    return points[chosen]


def _drawn(masses: Floats, count: int, chance: np.random.Generator) -> Integers:
    steps = np.cumsum(masses)
    places = np.searchsorted(steps, chance.random(count) * steps[-1], side="right")
    return np.asarray(np.minimum(places, len(masses) - 1), dtype=np.intp)


def silhouettes(points: Floats, weights: Floats, labelings: Sequence[Integers]) -> list[float]:
    """Mean silhouette of each labelling (Rousseeuw 1987) of weighted points; a group of weight 1 counts 0.

    A point of weight w stands for w people in the same place.
    """
    members = [np.eye(int(labels.max()) + 1)[labels] * weights[:, None] for labels in labelings]
    totals = np.zeros(len(labelings))
    for start in range(0, len(points), CHUNK):
        rows = slice(start, start + CHUNK)
        across = points[rows, None, 0] - points[None, :, 0]
        upward = points[rows, None, 1] - points[None, :, 1]
        distances = np.sqrt(across * across + upward * upward)
        for place, (labels, masses) in enumerate(zip(labelings, members, strict=True)):
            totals[place] += _silhouette_sum(
                distances @ masses, labels[rows], masses.sum(axis=0), weights[rows]
            )
    return [float(total) for total in totals / weights.sum()]


def _silhouette_sum(sums: Floats, labels: Integers, masses: Floats, weights: Floats) -> float:
    rows = np.arange(len(labels))
    own = masses[labels]
    within = sums[rows, labels] / np.maximum(own - 1, 1)
    means = sums / masses
    means[rows, labels] = np.inf
    between = means.min(axis=1)
    largest = np.maximum(within, between)
    usable = (own > 1) & (largest > 0)
    scores = np.zeros(len(labels))
    scores[usable] = (between[usable] - within[usable]) / largest[usable]
    return float(weights @ scores)
