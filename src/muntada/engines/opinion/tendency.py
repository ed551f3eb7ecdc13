"""Each person's tendency to agree with anything, and the votes without it.

The tendency `m_p` of a person is the mean of that person's votes minus the means of the statements.
The corrected votes `v - c_t - m_p` are as sparse as the original ones, so the axes are found as
before.
"""

import numpy as np

from muntada.engines.arrays import FloatArray, IndexArray
from muntada.engines.opinion.kernel import Passes

ROUNDING = 1e-12


def tendencies(loops: Passes, worth: FloatArray, voted: IndexArray) -> FloatArray:
    """Return the tendency of each person; `worth` is each answer minus the mean of its statement."""
    return np.asarray(loops.positions(worth.ravel()) / np.maximum(voted, 1))


def places_without(
    loops: Passes, worth: FloatArray, tendency: FloatArray, directions: FloatArray
) -> FloatArray:
    """Project the corrected votes of each person on directions in the space of statements (columns)."""
    kept = np.where(worth.any(axis=1)[:, None], directions, 0.0)
    along = (worth[:, :, None] * directions[:, None, :]).reshape(-1, directions.shape[1])
    taken = np.repeat(kept, worth.shape[1], axis=0)
    return np.asarray(loops.positions(along) - tendency[:, None] * loops.positions(taken))


def apply_without(
    loops: Passes, worth: FloatArray, tendency: FloatArray, direction: FloatArray, weights: FloatArray | None
) -> FloatArray:
    """Return the product of `Y'Y` with a direction, where `Y` holds the corrected votes."""
    people = places_without(loops, worth, tendency, direction[:, None])[:, 0]
    if weights is not None:
        people = people * weights
    both = np.stack((people, tendency * people), axis=1)
    sums = loops.scatter(both.__getitem__, 2).reshape(*worth.shape, 2)
    kept = worth.any(axis=1)
    made: FloatArray = np.einsum("ta,ta->t", worth, sums[..., 0]) - kept * sums[..., 1].sum(axis=1)
    return made


def spread_without(
    loops: Passes, worth: FloatArray, tendency: FloatArray, weights: FloatArray | None
) -> FloatArray:
    """Return the sum of squares of the corrected votes of each statement; rounding errors become 0."""
    times = np.ones_like(tendency) if weights is None else weights
    powers = np.stack((times, times * tendency, times * tendency**2), axis=1)
    sums = loops.scatter(powers.__getitem__, 3).reshape(*worth.shape, 3)
    squares = (worth**2 * sums[..., 0] - 2 * worth * sums[..., 1] + sums[..., 2]).sum(axis=1)
    before = (worth**2 * sums[..., 0]).sum(axis=1)
    return np.where(squares > ROUNDING * np.maximum(before, 1.0), squares, 0.0) * worth.any(axis=1)
