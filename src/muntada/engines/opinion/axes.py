"""The two axes of the map: principal components of a sparse vote matrix, without filling its gaps.

A missing vote is imputed by the mean of its statement. Centring subtracts that mean, so an imputed
cell becomes zero. The principal components of the imputed matrix are therefore the leading singular
vectors of a sparse matrix `Y` that holds `vote - mean` where there is a vote. They are found by
applying `Y'Y` to about a dozen directions, one pass over the votes each: with the Lanczos method if
nothing is known about them, with the Davidson method if a nearby plane is known.
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.opinion.arrays import AXES
from muntada.engines.opinion.davidson import Apply, excesses, near

EXACT = 1e-10  # radians: the largest error of an axis
ROUNDING = 1e-13
BASIS_LIMIT, KEPT = 160, 12
MOST_PASSES = 4000
FIRST_LOOK, SOON, LONGEST, CAREFUL = 6, 2, 4, 0.7
STRAY = 0.01
TIED = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Unit directions in the space of statements (columns), and the share of variance each explains.

    A direction is all zeros where the votes span fewer dimensions.
    """

    directions: FloatArray
    shares: FloatArray


def principal_axes(
    apply: Apply, spread: FloatArray, tolerance: float = EXACT, start: FloatArray | None = None
) -> Axes:
    """Find the leading eigenvectors of `Y'Y`; their signs are determined by the votes.

    `apply` maps a direction, or two directions as columns, to its product with `Y'Y` in one pass.
    `spread` is the diagonal of `Y'Y`, one entry per statement; a statement with zero spread has no part
    in any axis. `start`, two directions near the axes, saves passes.
    """
    directions, shares = np.zeros((len(spread), AXES)), np.zeros(AXES)
    total = float(spread.sum())
    if total == 0.0:
        return Axes(directions, shares)
    search = _Search(apply, spread, tolerance)
    if start is None or not start.any(axis=0).all():
        values, vectors = search.leading()
    else:
        values, vectors, settled = near(apply, spread, search.strayed(start.T), tolerance)
        if not settled:
            values, vectors = search.leading(vectors.sum(axis=0))
    present = values > len(spread) * np.finfo(np.float64).eps * values[0]
    for axis in np.flatnonzero(present):
        directions[:, axis] = _signed(vectors[axis] / np.linalg.norm(vectors[axis]))
        shares[axis] = values[axis] / total
    return Axes(directions, shares)


class _Search:
    """The Lanczos method with full orthogonalization and restarts.

    Golub and Van Loan, Matrix Computations, chapter 10. The rows of `basis` are orthonormal, and
    `within` is `Y'Y` restricted to them. Each step applies `Y'Y` to the newest row; the part of the
    result outside the basis becomes the next row.
    """

    def __init__(self, apply: Apply, spread: FloatArray, tolerance: float) -> None:
        self.apply, self.scale, self.tolerance = apply, np.sqrt(spread), tolerance
        self.dice = np.random.default_rng(0)
        self.dimensions = int(np.count_nonzero(spread))
        room = min(BASIS_LIMIT, self.dimensions)
        self.basis, self.within, self.size = np.zeros((room, len(spread))), np.zeros((room, room)), 0
        self.next_look, self.last_look = FIRST_LOOK, (0, np.inf)

    def strayed(self, directions: FloatArray) -> FloatArray:
        """Perturb directions (rows) slightly, so that no eigenvector orthogonal to them is missed."""
        return np.array([direction + STRAY * self._fresh() for direction in directions])

    def leading(self, start: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
        spaces, following = 0, self._fresh()
        if start is not None:
            following = self._beyond_basis(start / np.linalg.norm(start) + STRAY * following)[0]
        for passes in range(1, MOST_PASSES + 1):
            self.basis[self.size] = following
            self.size += 1
            following, beyond = self._step()
            if self.size == self.dimensions:
                break
            if beyond <= ROUNDING * self.within.diagonal().max():
                # A space closed under `Y'Y` finds each eigenvalue once; an equal one needs a new space.
                spaces, following, beyond = spaces + 1, self._fresh(), 0.0
                if spaces == AXES:
                    break
            elif passes >= self.next_look and self._settled(passes, beyond):
                break
            if self.size == len(self.basis):
                self._restart()
        values, mixes = self._best(AXES)
        return values, mixes @ self.basis[: self.size]

    def _fresh(self) -> FloatArray:
        """Draw a random direction orthogonal to the basis, longer where the votes differ more."""
        drawn = self.dice.standard_normal(len(self.scale)) * self.scale
        return self._beyond_basis(drawn)[0]

    def _step(self) -> tuple[FloatArray, float]:
        following, beyond, inside = self._beyond_basis(self.apply(self.basis[self.size - 1]))
        self.within[self.size - 1, : self.size] = self.within[: self.size, self.size - 1] = inside
        return following, beyond

    def _beyond_basis(self, vector: FloatArray) -> tuple[FloatArray, float, FloatArray]:
        """Split a vector: direction and length of its part outside the basis, and its part inside."""
        basis = self.basis[: self.size]
        inside = basis @ vector
        vector = vector - inside @ basis
        rest = basis @ vector  # a single subtraction leaves rounding errors as large as the part subtracted
        vector -= rest @ basis
        length = float(np.sqrt(vector @ vector))
        return vector / (length or 1.0), length, inside + rest

    def _settled(self, passes: int, beyond: float) -> bool:
        """Return whether the error bound on the angle to the true axes (Davis, Kahan) is small."""
        values, mixes = self._best(AXES + 1)
        left = beyond * np.abs(mixes[:AXES, -1])
        excess = float(excesses(left, values, self.tolerance).max())
        if excess <= 1:
            return True
        before, excess_before = self.last_look
        shrinks = np.log(excess_before / excess) / (passes - before)
        wait = int(CAREFUL * np.log(excess) / shrinks) if 0 < shrinks < np.inf else SOON
        self.next_look, self.last_look = passes + max(1, min(wait, LONGEST)), (passes, excess)
        return False

    def _best(self, count: int) -> tuple[FloatArray, FloatArray]:
        """Return the largest eigenvalues within the basis, and their eigenvectors as coefficients (rows)."""
        values, mixes = np.linalg.eigh(self.within[: self.size, : self.size])
        return values[::-1][:count], mixes.T[::-1][:count]

    def _restart(self) -> None:
        values, mixes = self._best(KEPT)
        self.basis[: len(values)] = mixes @ self.basis[: self.size]
        self.within[:] = 0.0
        self.size = len(values)
        self.within[range(self.size), range(self.size)] = values


def _signed(direction: FloatArray) -> FloatArray:
    """Flip a direction so that its largest entry is positive; the sum of cubes decides between equals."""
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
