"""Cluster rows: Ward's tree on a sample, cut where the silhouette is best, then refined."""

from dataclasses import dataclass
from math import isqrt

import numpy as np
import scipy
from numpy.typing import NDArray

from muntada.engines.arrays import FloatArray
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.vectors import of_length_one

SAMPLE = 2_000
MOST_MOVES = 20
CLEAR_ENOUGH = 0.9  # of the best silhouette: people grasp few themes more easily than many
NOWHERE = -1

type Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The cluster of each row (-1: none), and its similarity to the centre."""

    labels: Labels
    likeness: FloatArray


def clusters(rows: FloatArray, weights: FloatArray, settings: ThemeSettings, seed: int) -> Clusters:
    """Cluster rows of length one; rows of length zero are left out."""
    placed = np.flatnonzero(np.abs(rows).sum(axis=1) > 0)
    nobody = Clusters(np.full(len(rows), NOWHERE, dtype=np.intp), np.zeros(len(rows)))
    if len(placed) < max(2, settings.smallest_group):
        return nobody
    own, own_weights = rows[placed], weights[placed]
    middles = _first_middles(own, settings, seed)
    middles = _at_rest(own, own_weights, middles, settings)
    if len(middles) == 0:
        return nobody
    likeness = own @ middles.T
    nearest = likeness.argmax(axis=1)
    best = likeness.max(axis=1)
    labels = np.where(best >= settings.belongs, nearest, NOWHERE)
    nobody.labels[placed], nobody.likeness[placed] = labels, np.clip(best, 0, 1)
    return nobody


def _first_middles(rows: FloatArray, settings: ThemeSettings, seed: int) -> FloatArray:
    dice = np.random.default_rng(seed)
    sample = rows
    if len(rows) > SAMPLE:
        sample = rows[np.sort(dice.choice(len(rows), SAMPLE, replace=False))]
    tree = scipy.cluster.hierarchy.linkage(sample, method="ward")
    if settings.groups:
        return _middles(sample, _cut(tree, min(settings.groups, len(sample))))
    most = min(settings.most_groups, len(sample) // settings.smallest_group, isqrt(len(rows)))
    fewest = min(settings.fewest_groups, most)
    cuts = [_middles(sample, _cut(tree, number)) for number in range(max(2, fewest), most + 1)]
    clarities = [_clarity(sample, middles) for middles in cuts]
    if not cuts:
        return _middles(sample, np.ones(len(sample), dtype=np.intp))
    enough = CLEAR_ENOUGH * max(clarities)
    return next(middles for middles, clarity in zip(cuts, clarities, strict=True) if clarity >= enough)


def _cut(tree: FloatArray, number: int) -> Labels:
    return scipy.cluster.hierarchy.fcluster(tree, number, "maxclust").astype(np.intp)


def _middles(rows: FloatArray, labels: Labels) -> FloatArray:
    return of_length_one(np.array([rows[labels == label].sum(axis=0) for label in np.unique(labels)]))


def _clarity(rows: FloatArray, middles: FloatArray) -> float:
    """Return the mean simplified silhouette: how much nearer the own centre is than the next."""
    distances = np.sort(1 - rows @ middles.T, axis=1)[:, :2]
    own, next_one = distances[:, 0], distances[:, 1]
    return float(np.mean((next_one - own) / np.maximum(next_one, np.finfo(np.float64).tiny)))


def _at_rest(
    rows: FloatArray, weights: FloatArray, middles: FloatArray, settings: ThemeSettings
) -> FloatArray:
    """Move the centres until no row changes cluster; a cluster that becomes too small is dropped."""
    labels = np.full(len(rows), NOWHERE)
    for _ in range(MOST_MOVES):
        likeness = rows @ middles.T
        moved = np.where(likeness.max(axis=1) >= settings.belongs, likeness.argmax(axis=1), NOWHERE)
        sizes = np.bincount(moved[moved >= 0], weights=weights[moved >= 0], minlength=len(middles))
        kept = sizes >= settings.smallest_group
        if kept.all() and (moved == labels).all():
            break
        if not kept.any():
            return middles[:0]
        labels = moved if kept.all() else np.full(len(rows), NOWHERE)
        heavy = rows * weights[:, None]
        middles = of_length_one(
            np.array([heavy[moved == place].sum(axis=0) for place in np.flatnonzero(kept)])
        )
    return middles
