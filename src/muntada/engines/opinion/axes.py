"""The two axes along which votes differ most: principal components without ever filling the gaps.

A vote that was not given is imputed by the statement's mean and the mean is taken off: nothing is left of
it. So the principal components of the imputed matrix are the leading singular vectors of a matrix as sparse
as the votes, with `vote - mean` where there is a vote and nothing elsewhere.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from muntada.engines.opinion.arrays import Floats

AXES = 2
EXACT = 1e-13
BLOCK = 4
BASIS_LIMIT = 160
MOST_ROUNDS = 30
TIED = 1e-9
NOTHING_LEFT = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Unit directions in the space of statements (columns), and the part of all variance each explains.

    Where the votes span fewer dimensions, the direction is all zeros.
    """

    directions: Floats
    shares: Floats


def principal_axes(centred: sparse.csr_array, tolerance: float = EXACT) -> Axes:
    """Find the leading right singular vectors of the centred votes, with signs that the votes decide."""
    directions, shares = np.zeros((centred.shape[1], AXES)), np.zeros(AXES)
    total = float(centred.data @ centred.data)
    if total == 0.0:
        return Axes(directions, shares)
    divisive = np.unique(
        centred.indices[centred.data != 0]
    )  # on the others nobody differs: they stay at zero
    votes = centred[:, divisive]
    tall = votes.shape[0] >= votes.shape[1]
    values, vectors = _leading(votes if tall else votes.T.tocsr(), tolerance)
    present = values > max(votes.shape) * np.finfo(np.float64).eps * values[0]
    if not tall:
        vectors = votes.T @ vectors
    for axis in np.flatnonzero(present):
        directions[divisive, axis] = _signed(vectors[:, axis] / np.linalg.norm(vectors[:, axis]))
        shares[axis] = values[axis] / total
    return Axes(directions, shares)


def _leading(operator: sparse.csr_array, tolerance: float) -> tuple[Floats, Floats]:
    """Give the largest eigenvalues of `operator.T @ operator` and their vectors, by a block Krylov method.

    Golub and Van Loan, Matrix Computations, section 10.3; a block of four finds equal eigenvalues too.
    It ends when the residuals are below `tolerance`, or when the basis spans everything that can be
    reached.
    """
    transposed = operator.T.tocsr()
    size = operator.shape[1]
    block = np.random.default_rng(0).standard_normal((size, min(BLOCK, size)))
    for _ in range(MOST_ROUNDS):
        basis = np.empty((size, 0))
        images = np.empty((size, 0))
        block = _orthonormal(block, basis)
        while True:
            basis = np.hstack((basis, block))
            images = np.hstack((images, transposed @ (operator @ block)))
            values, vectors, residual = _best_within(basis, images)
            if residual <= tolerance * values[0]:
                return values[:AXES], vectors[:, :AXES]
            block = _orthonormal(images[:, -block.shape[1] :], basis)
            if block.shape[1] == 0:
                return values[:AXES], vectors[:, :AXES]
            if basis.shape[1] >= BASIS_LIMIT:
                block = vectors
                break
    return values[:AXES], vectors[:, :AXES]


def _best_within(basis: Floats, images: Floats) -> tuple[Floats, Floats, float]:
    """Give the best eigenpairs within a basis (Rayleigh and Ritz), and how far they are from true ones."""
    projected = basis.T @ images
    values, coefficients = np.linalg.eigh((projected + projected.T) / 2)
    values, coefficients = values[::-1][:BLOCK], coefficients[:, ::-1][:, :BLOCK]
    vectors = basis @ coefficients
    residuals = images @ coefficients[:, :AXES] - vectors[:, :AXES] * values[:AXES]
    padded = np.zeros(max(AXES, len(values)))
    padded[: len(values)] = values
    return padded, vectors, float(np.linalg.norm(residuals, axis=0).max())


def _orthonormal(block: Floats, basis: Floats) -> Floats:
    """Take off what the basis holds already, and give an orthonormal basis of what is left."""
    sizes = np.linalg.norm(block, axis=0)
    block = block[:, sizes > 0] / sizes[sizes > 0]
    for _ in range(2):  # once leaves rounding errors of the size of what was taken off
        block = block - basis @ (basis.T @ block)
        if block.shape[1]:
            left, spread, _ = np.linalg.svd(block, full_matrices=False)
            block = left[:, spread > NOTHING_LEFT]
    return block


def _signed(direction: Floats) -> Floats:
    """Turn a direction so that its largest entry is positive; between equals the sum of cubes decides."""
    sizes = np.abs(direction)
    largest = direction[sizes >= sizes.max() * (1 - TIED)]
    cubes = float((direction**3).sum())
    if largest.min() > 0 or largest.max() < 0:
        turned = largest[0] < 0
    elif abs(cubes) > TIED:
        turned = cubes < 0
    else:
        turned = largest[0] < 0
    return -direction if turned else direction
