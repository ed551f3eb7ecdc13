"""Rows as a matrix, the linear relaxation, and reduced-cost fixing.

For any prices y >= 0 of the rows A x <= b, no choice scores more than y b + sum of max(0, c - A'y) (weak
duality). A choice that takes request j against the sign of its reduced score c_j - (A'y)_j scores at least
|c_j - (A'y)_j| less (L. A. Wolsey, *Integer Programming*, 2nd ed. 2020, chapter 7). A known score therefore
leaves open only requests with small reduced scores.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from muntada.engines.arrays import IndexArray
from muntada.engines.selection.rows import ConditionRow

SOLVED, INFEASIBLE = 0, 2  # status codes of scipy
SAFE = 1e-6  # margin for floating-point rounding, relative to integers

type Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxation of one part: an upper bound, and the reduced score of each request."""

    bound: float
    reduced: Vector
    values: Vector

    def open_requests(self, score: int) -> IndexArray:
        """Return the requests that can still differ in choices with at least this score, most open first."""
        distance = np.abs(self.reduced)
        order = np.argsort(distance, kind="stable")
        return order[distance[order] <= self.bound - score + SAFE]

    @property
    def start(self) -> NDArray[np.bool_]:
        """Return the choice that the prices alone suggest."""
        taken: NDArray[np.bool_] = self.reduced > 0
        return taken


@dataclass(frozen=True, slots=True)
class ConstraintMatrix:
    """A x <= b with one line per bound of each row; integers only."""

    rows: tuple[tuple[dict[int, int], int], ...]
    coefficients: Any  # csr_array of shape (lines, requests)
    limits: Vector


def matrix_of(rows: Sequence[ConditionRow], requests: int) -> ConstraintMatrix:
    lines: list[tuple[dict[int, int], int]] = []
    for row in rows:
        if row.most is not None:
            lines.append(reduced_line(row.weights, row.most))
        if row.least is not None:
            lines.append(reduced_line({one: -weight for one, weight in row.weights.items()}, -row.least))
    data = np.array([weight for weights, _ in lines for weight in weights.values()], dtype=float)
    columns = np.array([number for weights, _ in lines for number in weights], dtype=int)
    ends = np.cumsum([0, *(len(weights) for weights, _ in lines)])
    coefficients: Any = csr_array((data, columns, ends), shape=(len(lines), requests))
    return ConstraintMatrix(tuple(lines), coefficients, np.array([most for _, most in lines], dtype=float))


def reduced_line(weights: dict[int, int], most: int) -> tuple[dict[int, int], int]:
    """Return the same constraint in the smallest integers."""
    common = gcd(*weights.values()) or 1
    return {number: weight // common for number, weight in weights.items()}, most // common


def relaxed(matrix: ConstraintMatrix, profits: Vector, inside: Collection[int] = ()) -> Relaxed | None:
    """Return the relaxation with `inside` fixed; None if it is infeasible."""
    if not len(profits):
        return None if (matrix.limits < 0).any() else Relaxed(0.0, profits, profits)
    lowest, highest = np.zeros(len(profits)), np.ones(len(profits))
    lowest[list(inside)] = 1
    prices, values = np.zeros(len(matrix.limits)), highest
    if len(prices):
        answer = linprog(
            -profits,
            A_ub=matrix.coefficients,
            b_ub=matrix.limits,
            bounds=np.column_stack([lowest, highest]).tolist(),
            method="highs",
        )
        if answer.status == INFEASIBLE:
            return None
        if answer.status == SOLVED:  # otherwise prices of zero: a valid but weak bound
            prices = np.maximum(-np.asarray(answer.ineqlin.marginals), 0)
            values = np.asarray(answer.x)
    reduced = profits - matrix.coefficients.T @ prices
    gains = np.where(lowest > 0, reduced, np.maximum(reduced, 0))
    bound = float(prices @ matrix.limits + gains.sum())
    return Relaxed(bound, np.where(lowest > 0, np.inf, reduced), values)  # fixed requests are not open
