"""k-means and silhouettes of weighted points in the plane, on plain arrays."""

from collections.abc import Sequence

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray

MOST_ROUNDS = 300
CANDIDATES = 8
CHUNK = 1 << 15
ROWS, EVEN = 48, 8
MOST_NARROW = 16  # centres


def nearest(points: FloatArray, centres: FloatArray) -> IndexArray:
    """Return the index of the nearest centre of each point; the first of equally near centres."""
    labels = np.empty(len(points), dtype=np.intp)
    for start in range(0, len(points), CHUNK):
        chunk = points[start : start + CHUNK]
        labels[start : start + CHUNK] = _least(_squares(_raised(chunk), centres[None]))
    return labels


def _raised(points: FloatArray) -> FloatArray:
    """Lift points so that squared distances become one matrix product."""
    return np.vstack((points.T, np.ones(len(points))))


def _squares(raised: FloatArray, centres: FloatArray, aside: FloatArray | None = None) -> FloatArray:
    """Return squared distances up to a term common to all centres: sets x centres x points.

    Centres marked in `aside` are infinitely far away.
    """
    factors = np.empty((*centres.shape[:2], 3))
    np.multiply(centres, -2.0, out=factors[..., :2])
    np.add(centres[..., 0] ** 2, centres[..., 1] ** 2, out=factors[..., 2])
    if aside is not None:
        factors[..., 2] += aside
    squares: FloatArray = factors.reshape(-1, 3) @ raised
    return squares.reshape(*centres.shape[:2], -1)


def _least(squares: FloatArray) -> IndexArray:
    """Return the index of the minimum, the first of equals; faster than argmin for few centres."""
    least, count = squares.min(axis=1), squares.shape[1]
    if count > MOST_NARROW:
        return squares.argmin(axis=1)
    labels = np.zeros(least.shape, dtype=np.intp)
    for place in range(count - 1, -1, -1):
        np.putmask(labels, squares[:, place] == least, place)
    return labels


def k_means(
    points: FloatArray,
    weights: FloatArray,
    centres: FloatArray,
    *,
    rounds: int = MOST_ROUNDS,
    tolerance: float = 0.0,
) -> FloatArray:
    """Run Lloyd's iteration from one or several sets of centres (leading axis) at once.

    `points` is (points x 2), `weights` one number per point. A set has converged when the sum of the
    squared moves of its centres is at most `tolerance`. An empty group keeps its centre. Smaller sets
    are padded with NaN centres.
    """
    runs = centres.reshape(-1, *centres.shape[-2:]).copy()
    missing = np.isnan(runs[..., 0])
    runs[missing] = 0.0
    aside = np.where(missing, np.inf, 0.0)
    raised = _raised(points)
    moments = np.ascontiguousarray((weights * raised).T)
    numbers = np.arange(runs.shape[1])[:, None]
    moving = np.arange(len(runs))
    for _ in range(rounds):
        before = runs[moving]
        labels = _least(_squares(raised, before, aside[moving]))
        moved = _middles(labels[:, None, :] == numbers, moments, before)
        runs[moving] = moved
        moves = (moved - before).reshape(len(moving), -1)
        moving = moving[(moves * moves).sum(axis=1) > tolerance]
        if not moving.size:
            break
    runs[missing] = np.nan
    return runs.reshape(centres.shape)


def _middles(members: BoolArray, moments: FloatArray, centres: FloatArray) -> FloatArray:
    """Return the centre of each group, or its former centre if the group is empty."""
    sums = members.astype(np.float64) @ moments
    masses = sums[..., 2:]
    empty = masses == 0
    return np.where(empty, centres, sums[..., :2] / (masses + empty))


def best_of_starts(points: FloatArray, weights: FloatArray, starts: FloatArray) -> FloatArray:
    """Run k-means from each of several starts and return the centres with the smallest inertia."""
    runs = k_means(points, weights, starts)
    inertias = _squares(_raised(points), runs).min(axis=1) @ weights
    return np.asarray(runs[int(np.argmin(np.round(inertias, 9)))])


def spread_starts(
    points: FloatArray, weights: FloatArray, groups: int, starts: int, chance: np.random.Generator
) -> FloatArray:
    """Choose initial centres far apart (greedy k-means++: Arthur and Vassilvitskii 2007).

    Each step tries eight candidates. The first n centres of a start are a start for n centres.
    """
    runs = np.arange(starts)
    chosen = np.empty((starts, groups), dtype=np.intp)
    chosen[:, 0] = _drawn(np.broadcast_to(weights, (starts, len(weights))), 1, chance)[:, 0]
    distances = _gaps(points, chosen[:, :1])[:, 0]
    for group in range(1, groups):
        candidates = _drawn(weights * distances, CANDIDATES, chance)
        remaining = np.minimum(distances[:, None], _gaps(points, candidates))
        best = np.argmin(remaining @ weights, axis=1)
        chosen[:, group] = candidates[runs, best]
        distances = remaining[runs, best]
    return points[chosen]


def _gaps(points: FloatArray, chosen: IndexArray) -> FloatArray:
    """Return squared distances of all points from the chosen ones: starts x chosen x points."""
    across: FloatArray = points[chosen, 0][..., None] - points[:, 0]
    upward = points[chosen, 1][..., None] - points[:, 1]
    across *= across
    upward *= upward
    across += upward
    return across


def _drawn(masses: FloatArray, count: int, chance: np.random.Generator) -> IndexArray:
    """Draw `count` indices from each row with probabilities proportional to `masses`."""
    steps = np.cumsum(masses, axis=1)
    draws = chance.random((len(masses), count)) * steps[:, -1:]
    places = [np.searchsorted(row, drawn, side="right") for row, drawn in zip(steps, draws, strict=True)]
    return np.asarray(np.minimum(places, masses.shape[1] - 1), dtype=np.intp)


def silhouettes(points: FloatArray, weights: FloatArray, labelings: Sequence[IndexArray]) -> list[float]:
    """Return the mean silhouette (Rousseeuw 1987) of each labelling of weighted points.

    A point of weight w stands for w people in the same place. A group of weight 1 counts 0.
    """
    members = [np.eye(int(labels.max()) + 1)[labels] * weights[:, None] for labels in labelings]
    masses = np.hstack(members)
    idle = np.zeros((len(points), -masses.shape[1] % EVEN))  # whole vector lanes are faster
    sums = _distance_sums(points, np.hstack((masses, idle)))
    scores, first = [], 0
    for labels, own in zip(labelings, members, strict=True):
        columns = sums[:, first : first + own.shape[1]]
        scores.append(_silhouette_sum(columns, labels, own.sum(axis=0), weights))
        first += own.shape[1]
    total = float(weights.sum())
    return [score / total for score in scores]


def _distance_sums(points: FloatArray, masses: FloatArray) -> FloatArray:
    """Sum the distances of each point from all points, weighted by each column of `masses`."""
    count, ones = len(points), np.ones(len(points))
    squares = (points * points).sum(axis=1)
    one, other = np.column_stack((-2 * points, squares, ones)), np.vstack((points.T, ones, squares))
    sums, room = np.zeros_like(masses), np.empty(ROWS * count)
    for start in range(0, count, ROWS):
        stop = min(start + ROWS, count)
        distances = room[: (stop - start) * (count - start)].reshape(stop - start, count - start)
        np.matmul(one[start:stop], other[:, start:], out=distances)
        np.maximum(distances, 0.0, out=distances)
        distances[range(stop - start), range(stop - start)] = 0.0
        np.sqrt(distances, out=distances)
        sums[start:stop] += distances @ masses[start:]
        sums[stop:] += distances[:, stop - start :].T @ masses[start:stop]
    return sums


def _silhouette_sum(sums: FloatArray, labels: IndexArray, masses: FloatArray, weights: FloatArray) -> float:
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
