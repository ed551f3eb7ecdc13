"""Brings the axes up to date with new votes from where they were, in a few passes over the votes.

The old axes and their images under `Y'Y` span a small space in which the best axes are found (a block Krylov
method with a warm start, and Rayleigh and Ritz: Golub and Van Loan, Matrix Computations, section 10.3). Each
pass brings the images of the newest directions into that space, until what is left over says that the axes
are good enough.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from muntada.engines.opinion.arrays import AXES, Floats

FEWEST_PASSES, MOST_PASSES = 2, 12
GOOD_ENOUGH = 0.5  # degrees
NOTHING_LEFT = 1e-10

type Pass = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Renewal:
    """New axes, with the signs of the old ones.

    `step` is the angle between the old plane and the new one, `doubt` an estimate of the angle that is left
    between the new plane and the exact one, both in degrees. `passes` went over the votes.
    """

    directions: Floats
    step: float
    doubt: float
    passes: int


def renew(over_the_votes: Pass, apart: Floats, axes: Floats, good_enough: float = GOOD_ENOUGH) -> Renewal:
    """Find the axes anew from old ones (statements x 2, 0 for statements that are new).

    `over_the_votes` is the fused pass: it takes a table with a row per code and gives one. `apart` is how far
    each code lies from the mean of its statement.
    """
    stray = np.random.default_rng(0).standard_normal(
        (len(axes), 1)
    )  # sees what stands square to the old axes
    basis = _orthonormal(np.hstack((axes, stray)))
    images = _images(over_the_votes, apart, basis)
    newest, passes = basis.shape[1], 1
    while True:
        values, vectors, rests = _best_within(basis, images)
        block = _orthonormal(images[:, -newest:], basis)
        doubt = _doubt(values, rests) if block.shape[1] else 0.0  # nothing is left to be found
        if (doubt <= good_enough and passes >= FEWEST_PASSES) or passes >= MOST_PASSES or not block.shape[1]:
            break
        basis = np.hstack((basis, block))
        images = np.hstack((images, _images(over_the_votes, apart, block)))
        newest, passes = block.shape[1], passes + 1
    present = values[:AXES] > len(axes) * np.finfo(np.float64).eps * values[0]
    directions = _aligned(vectors[:, :AXES] * present, axes)
    return Renewal(directions, angle(axes, directions), doubt, passes)


def angle(one: Floats, other: Floats) -> float:
    """Give the largest angle between two planes in degrees: 90 between a plane and a line."""
    one, other = _orthonormal(one), _orthonormal(other)
    if one.shape[1] != other.shape[1]:
        return 90.0
    if one.shape[1] == 0:
        return 0.0
    outside = other - one @ (one.T @ other)
    return float(np.degrees(np.arcsin(min(1.0, np.linalg.norm(outside, 2)))))


def _images(over_the_votes: Pass, apart: Floats, directions: Floats) -> Floats:
    """Apply `Y'Y`, where `Y` holds the centred votes, to each direction."""
    table = apart[:, None] * np.repeat(directions, 3, axis=0)
    worth = apart[:, None] * over_the_votes(table)
    return worth.reshape(len(directions), 3, directions.shape[1]).sum(axis=1)


def _best_within(basis: Floats, images: Floats) -> tuple[Floats, Floats, Floats]:
    """Give the three best eigenvalues and eigenvectors within a basis, and what their images leave over."""
    projected = basis.T @ images
    values, mixes = np.linalg.eigh((projected + projected.T) / 2)
    values, mixes = values[::-1][: AXES + 1], mixes[:, ::-1][:, : AXES + 1]
    vectors = basis @ mixes
    rests = images @ mixes - vectors * values
    missing = ((0, 0), (0, AXES + 1 - len(values)))
    return np.pad(values, missing[1]), np.pad(vectors, missing), np.pad(rests, missing)


def _doubt(values: Floats, rests: Floats) -> float:
    """Estimate the angle to the exact plane by what is left over and the gap to the third value.

    The bound of Davis and Kahan, with the third value as large as what it leaves over allows.
    """
    left = float(np.linalg.norm(rests[:, :AXES], 2))
    gap = float(values[AXES - 1] - values[AXES] - np.linalg.norm(rests[:, AXES]))
    return 90.0 if gap <= left else float(np.degrees(np.arcsin(left / gap)))


def _orthonormal(block: Floats, beside: Floats | None = None) -> Floats:
    """Give an orthonormal basis of what a block spans, square to `beside`."""
    sizes = np.linalg.norm(block, axis=0)
    block = block[:, sizes > 0] / sizes[sizes > 0]
    for _ in range(2):  # once leaves rounding errors of the size of what was taken off
        if beside is not None:
            block = block - beside @ (beside.T @ block)
        if block.shape[1]:
            left, spread, _ = np.linalg.svd(block, full_matrices=False)
            block = left[:, spread > NOTHING_LEFT]
    return block


def _aligned(directions: Floats, old: Floats) -> Floats:
    """Turn each axis so that it points to the same side as the old one."""
    turned = (directions * old).sum(axis=0) < 0
    return np.where(turned, -directions, directions)
