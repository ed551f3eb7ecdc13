"""k-means and silhouettes of weighted points in the plane, in plain arrays."""

from collections.abc import Callable, Sequence

import numpy as np

from muntada.engines.opinion.arrays import Floats, Integers

MOST_ROUNDS = 300
CANDIDATES = 8
CHUNK = 1 << 15
ROWS = 128


def nearest(points: Floats, centres: Floats) -> Integers:
    """Give for each point the place of the nearest centre, the first of equally near ones.

    With a leading axis of several sets of centres, the places for each set.
    """
    labels = np.empty((*centres.shape[:-2], len(points)), dtype=np.intp)
    for start in range(0, len(points), CHUNK):
        rows = slice(start, start + CHUNK)
        labels[..., rows] = _nearest_of(_squares(points[rows], centres))[0]
    return labels


def _squares(points: Floats, centres: Floats) -> Floats:
    """Squared distances, less the part that is the same for all centres: (..., centres, points)."""
    flat = centres.reshape(-1, 2)
    squares = (-2 * flat) @ points.T
    squares += (flat**2).sum(axis=1)[:, None]
    return squares.reshape(*centres.shape[:-1], len(points))


def _nearest_of(squares: Floats) -> tuple[Integers, Floats]:
    """Give the place of the least and the least; faster than argmin where there are few centres."""
    least = squares[..., 0, :].copy()
    labels = np.zeros(least.shape, dtype=np.intp)
    for place in range(1, squares.shape[-2]):
        labels[squares[..., place, :] < least] = place
        np.minimum(least, squares[..., place, :], out=least)
    return labels, least


def k_means(
    points: Floats,
    weights: Floats,
    centres: Floats,
    *,
    rounds: int = MOST_ROUNDS,
    settled: Callable[[Floats], bool] | None = None,
) -> Floats:
    """Lloyd's iteration from one or from several sets of centres (the leading axis) at once.

    A set is at its end when no label changes; all are when `settled` says so of the distances by which
    the centres moved. An empty group keeps its centre.
    """
    runs = centres.reshape(-1, *centres.shape[-2:]).copy()
    moments = np.column_stack((weights, weights[:, None] * points)).T.copy()
    moving = np.arange(len(runs))
    labels = np.full((len(runs), len(points)), -1, dtype=np.intp)
    for _ in range(rounds):
        found = nearest(points, runs[moving])
        changed = (found != labels[moving]).any(axis=1)
        moving, found = moving[changed], found[changed]
        if not moving.size:
            break
        labels[moving] = found
        moved = _means(moments, found, runs[moving])
        moves = np.sqrt(((moved - runs[moving]) ** 2).sum(axis=-1))
        runs[moving] = moved
        if settled is not None and settled(moves):
            break
    return runs.reshape(centres.shape)


def _means(moments: Floats, labels: Integers, centres: Floats) -> Floats:
    runs, groups, _ = centres.shape
    flat = (labels + groups * np.arange(runs)[:, None]).ravel()
    masses, across, upward = (
        np.bincount(flat, weights=np.tile(moment, runs), minlength=runs * groups) for moment in moments
    )
    filled = masses > 0
    means = centres.reshape(-1, 2).copy()
    means[filled, 0] = across[filled] / masses[filled]
    means[filled, 1] = upward[filled] / masses[filled]
    return means.reshape(centres.shape)


def best_of_starts(points: Floats, weights: Floats, starts: Floats) -> Floats:
    """Run k-means from each of several starts and give the centres with the least inertia."""
    runs = k_means(points, weights, starts)
    inertias = _nearest_of(_squares(points, runs))[1] @ weights
    return np.asarray(runs[int(np.argmin(np.round(inertias, 9)))])


def spread_starts(
    points: Floats, weights: Floats, groups: int, starts: int, chance: np.random.Generator
) -> Floats:
    """Choose starts of so many centres far apart (greedy k-means++: Arthur and Vassilvitskii 2007).

    Eight candidates a step. The first centres of a start are a start of fewer centres.
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


def _gaps(points: Floats, chosen: Integers) -> Floats:
    """Squared distances of all points from chosen ones: starts x chosen x points."""
    across: Floats = points[chosen, 0][..., None] - points[:, 0]
    upward = points[chosen, 1][..., None] - points[:, 1]
    across *= across
    upward *= upward
    across += upward
    return across


def _drawn(masses: Floats, count: int, chance: np.random.Generator) -> Integers:
    """Draw places with these masses, so many from each row."""
    steps = np.cumsum(masses, axis=1)
    draws = chance.random((len(masses), count)) * steps[:, -1:]
    places = [np.searchsorted(row, drawn, side="right") for row, drawn in zip(steps, draws, strict=True)]
    return np.asarray(np.minimum(places, masses.shape[1] - 1), dtype=np.intp)


def silhouettes(points: Floats, weights: Floats, labelings: Sequence[Integers]) -> list[float]:
    """Mean silhouette of each labelling (Rousseeuw 1987) of weighted points; a group of weight 1 counts 0.

    A point of weight w stands for w people in the same place.
    """
    members = [np.eye(int(labels.max()) + 1)[labels] * weights[:, None] for labels in labelings]
    sums = _distance_sums(points, np.hstack(members))
    scores, first = [], 0
    for labels, masses in zip(labelings, members, strict=True):
        columns = sums[:, first : first + masses.shape[1]]
        scores.append(_silhouette_sum(columns, labels, masses.sum(axis=0), weights))
        first += masses.shape[1]
    total = float(weights.sum())
    return [score / total for score in scores]


def _distance_sums(points: Floats, masses: Floats) -> Floats:
    """Sum each point's distances from all points, by the masses in each column; a pair is measured once."""
    sums = np.zeros_like(masses)
    for start in range(0, len(points), ROWS):
        stop = min(start + ROWS, len(points))
        across = points[start:stop, None, 0] - points[None, start:, 0]
        upward = points[start:stop, None, 1] - points[None, start:, 1]
        across *= across
        upward *= upward
        across += upward
        np.sqrt(across, out=across)
        sums[start:stop] += across @ masses[start:]
        sums[stop:] += across[:, stop - start :].T @ masses[start:stop]
    return sums


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
