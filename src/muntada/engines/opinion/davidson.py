"""The axes of many votes from two nearby directions, in few passes over the votes.

The method of Davidson (1975) with the correction of Olsen (1990). The diagonal `D` of `Y'Y` is
known without a pass, and the action of `Y'Y` on the current plane costs one pass. The model `D +
L`, with `L` of rank two, agrees with `Y'Y` on that plane and is solved without the votes. It is
accurate because the off-diagonal part follows few leanings and the noise of many people is small.
The correction of both axes under this model is applied next, in one pass; the best plane among all
applied directions is taken (Rayleigh-Ritz).
"""

from collections.abc import Callable

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.opinion.arrays import AXES

CLOSE = 1e-4  # for a smaller gap between eigenvalues, rounding determines the angle
MOST_DIRECTIONS = 40  # if this many directions do not suffice, the start was not near
WITHIN = 1e-6  # a new direction with no more than this share outside the basis is only rounding
FAINT, APART = 1e-2, 1e-3  # parts of the model that are too small to divide by

type Apply = Callable[[FloatArray], FloatArray]


def excesses(left: FloatArray, values: FloatArray, tolerance: float) -> FloatArray:
    """Return by what factor the angles to the true axes may exceed the tolerance (Davis and Kahan 1970).

    The bound is the residual `left` of `Y'Y` on each axis, divided by the gap to the next eigenvalue.
    """
    gaps = np.minimum.accumulate(values[:AXES] - values[1 : AXES + 1])
    excess: FloatArray = left / (tolerance * np.maximum(gaps, CLOSE * values[0]))
    return excess


def near(
    apply: Apply, spread: FloatArray, start: FloatArray, tolerance: float
) -> tuple[FloatArray, FloatArray, bool]:
    """Find the leading eigenvalues and eigenvectors (rows) near two directions (rows).

    The last value says whether they have converged; if not, the directions were not near. `apply` and
    `spread` are those of `axes.principal_axes`.
    """
    basis, applied = np.empty((0, len(spread))), np.empty((0, len(spread)))
    following = _beyond(basis, start)
    while True:
        basis = np.vstack((basis, following))
        applied = np.vstack((applied, _applied(apply, following)))
        values, axes, images = _best_within(basis, applied)
        left = images - values[:AXES, None] * axes
        excess = excesses(np.linalg.norm(left, axis=1), values, tolerance)
        if excess.max() <= 1 or len(basis) >= MOST_DIRECTIONS:
            break
        missing = _missing(spread, values, axes, images, left)
        following = _beyond(basis, missing[excess > 1])
        if not len(following):
            break
    return values[:AXES], axes, bool(excess.max() <= 1)


def _beyond(basis: FloatArray, directions: FloatArray) -> FloatArray:
    """Orthogonalize directions against the basis and each other; drop those that lie within it."""
    count = len(basis)
    for direction in directions:
        rest = direction / np.linalg.norm(direction)
        for _ in range(AXES):  # a single subtraction leaves rounding errors as large as the part subtracted
            rest = rest - (basis @ rest) @ basis
        length = np.linalg.norm(rest)
        if length > WITHIN:
            basis = np.vstack((basis, rest / length))
    return basis[count:]


def _applied(apply: Apply, directions: FloatArray) -> FloatArray:
    return apply(directions.T).T if len(directions) > 1 else apply(directions[0])[None]


def _best_within(basis: FloatArray, applied: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return eigenvalues within the basis and 0, largest first; the two axes; their images under `Y'Y`."""
    within = basis @ applied.T
    values, mixes = np.linalg.eigh((within + within.T) / 2)
    best = mixes.T[::-1][:AXES]
    return np.append(values[::-1], 0.0), best @ basis, best @ applied


def _missing(
    spread: FloatArray, values: FloatArray, axes: FloatArray, images: FloatArray, left: FloatArray
) -> FloatArray:
    """Solve the model for the correction of each axis, orthogonal to it."""
    beside = images - spread * axes
    weights, mixes = np.linalg.eigh((beside @ axes.T + axes @ beside.T) / 2)
    strong = np.abs(weights) > FAINT * np.abs(weights).max()
    weights, beside = weights[strong], mixes.T[strong] @ beside
    missing = np.empty_like(axes)
    for place, (axis, rest) in enumerate(zip(axes, left, strict=True)):
        gaps = spread - values[place]
        gaps = np.where(np.abs(gaps) < APART * values[0], -APART * values[0], gaps)
        rest_solved, axis_solved = _solved(gaps, beside, weights, np.stack((rest, axis)))
        missing[place] = rest_solved - (axis @ rest_solved) / (axis @ axis_solved) * axis_solved
    return missing


def _solved(diagonal: FloatArray, beside: FloatArray, weights: FloatArray, right: FloatArray) -> FloatArray:
    """Solve with a diagonal plus `beside' 1/weights beside` (Sherman, Morrison, Woodbury)."""
    divided, beside_divided = right / diagonal, beside / diagonal
    inner = np.diag(weights) + beside_divided @ beside.T
    shares = np.linalg.lstsq(inner, beside @ divided.T, rcond=None)[0]
    solved: FloatArray = divided - shares.T @ beside_divided
    return solved
