"""How readily each person agrees with anything, and what of the votes is left without it.

The tendency `m_p` of a person is the mean of the votes less the statements' means. Taken off the votes,
`v - c_t - m_p` is as sparse as the votes were, so the axes are found as before.
"""

import numpy as np

from muntada.engines.opinion.arrays import Floats, Integers
from muntada.engines.opinion.kernel import Passes

ROUNDING = 1e-12


def tendencies(loops: Passes, worth: Floats, voted: Integers) -> Floats:
    """Give everybody's tendency; `worth` is what each answer is worth less the mean of its statement."""
    return np.asarray(loops.positions(worth.ravel()) / np.maximum(voted, 1))


def places_without(loops: Passes, worth: Floats, tendency: Floats, directions: Floats) -> Floats:
    """Sum what is left of each person's votes along directions in the space of statements (columns)."""
    kept = np.where(worth.any(axis=1)[:, None], directions, 0.0)
    along = (worth[:, :, None] * directions[:, None, :]).reshape(-1, directions.shape[1])
    taken = np.repeat(kept, worth.shape[1], axis=0)
    return np.asarray(loops.positions(along) - tendency[:, None] * loops.positions(taken))


def apply_without(
    loops: Passes, worth: Floats, tendency: Floats, direction: Floats, weights: Floats | None
) -> Floats:
    """Give what `Y'Y` makes of a direction, `Y` being what is left of the votes."""
    people = places_without(loops, worth, tendency, direction[:, None])[:, 0]
    if weights is not None:
        people = people * weights
    both = np.stack((people, tendency * people), axis=1)
    sums = loops.scatter(both.__getitem__, 2).reshape(*worth.shape, 2)
    kept = worth.any(axis=1)
    made: Floats = np.einsum("ta,ta->t", worth, sums[..., 0]) - kept * sums[..., 1].sum(axis=1)
    return made


def spread_without(loops: Passes, worth: Floats, tendency: Floats, weights: Floats | None) -> Floats:
    """Sum the squares of what is left on each statement; what is only rounding is nothing."""
    times = np.ones_like(tendency) if weights is None else weights
    powers = np.stack((times, times * tendency, times * tendency**2), axis=1)
    sums = loops.scatter(powers.__getitem__, 3).reshape(*worth.shape, 3)
    squares = (worth**2 * sums[..., 0] - 2 * worth * sums[..., 1] + sums[..., 2]).sum(axis=1)
    before = (worth**2 * sums[..., 0]).sum(axis=1)
    return np.where(squares > ROUNDING * np.maximum(before, 1.0), squares, 0.0) * worth.any(axis=1)
