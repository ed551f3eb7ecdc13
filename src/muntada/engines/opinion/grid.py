"""Collect points of the plane in cells, so that a million points cost as much as a thousand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import FloatArray

CHUNK = 1 << 16
FINEST = 128  # cells per side: their numbers fit into two bytes
SAME_PLACE = 1e-9
ALL_PLACES = 20_000  # above this number of points, identical points are not searched for


@dataclass(frozen=True, slots=True, eq=False)
class GridCells:
    """Points collected by place: the mean of each cell, its number of points, and the cell of each point."""

    points: FloatArray
    weights: FloatArray
    cell_of: NDArray[np.integer]


def gather(points: FloatArray, most: int, grid: int) -> GridCells:
    """Collect identical points; if more than `most` places remain, collect points by squares of a grid.

    Cells are ordered by place, so that later results do not depend on the order of the points.
    """
    low, size = _frame(points)
    if len(points) <= ALL_PLACES:
        places, cell_of = np.unique(place_numbers(points, low, size), return_inverse=True)
        if len(places) <= most:
            return _cells(points, cell_of.reshape(-1), len(places))
    return in_squares(points, grid)


def in_squares(points: FloatArray, grid: int) -> GridCells:
    """Collect the points in each square of a grid; empty squares are left out."""
    low, size = _frame(points)
    square_of = np.empty(len(points), dtype=np.uint16)
    counts = np.zeros(grid * grid)
    for start in range(0, len(points), CHUNK):
        squares = square_numbers(points[start : start + CHUNK], low, size, grid)
        square_of[start : start + CHUNK] = squares
        counts += np.bincount(squares, minlength=grid * grid)
    occupied = np.flatnonzero(counts)
    number = np.zeros(grid * grid, dtype=np.uint16)
    number[occupied] = np.arange(len(occupied))
    return _cells(points, number[square_of], len(occupied))


def place_numbers(points: FloatArray, low: FloatArray, size: float) -> NDArray[np.int64]:
    """Number places so that points equal up to rounding get the same number."""
    steps = np.round((points - low) / (size * SAME_PLACE)).astype(np.int64)
    return np.asarray((steps[:, 0] << 31) + steps[:, 1])


def square_numbers(points: FloatArray, low: FloatArray, size: float, grid: int) -> NDArray[np.intp]:
    """Return the number of the square of each point, row by row from the lower left corner."""
    steps = ((points - low) * (grid / size)).astype(np.intp)
    np.minimum(steps, grid - 1, out=steps)
    return np.asarray(steps[:, 0] * grid + steps[:, 1])


def _cells(points: FloatArray, cell_of: NDArray[np.integer], count: int) -> GridCells:
    sums, weights = np.zeros((count, 2)), np.zeros(count)
    for start in range(0, len(points), CHUNK):
        chunk, cells = points[start : start + CHUNK], cell_of[start : start + CHUNK].astype(np.intp)
        weights += np.bincount(cells, minlength=count)
        for axis in (0, 1):
            sums[:, axis] += np.bincount(cells, weights=chunk[:, axis], minlength=count)
    return GridCells(sums / weights[:, None], weights, cell_of)


def _frame(points: FloatArray) -> tuple[FloatArray, float]:
    columns = points.T  # one column at a time: a minimum over rows of two takes twenty times as long
    low = np.array([column.min() for column in columns])
    return low, max(float(column.max() - least) for column, least in zip(columns, low, strict=True)) or 1.0
