"""Structural breaks: exact dynamic programming for the pieces, BIC for their number, all series at once.

A piece has its own level or straight line; pieces need not meet. Formulas, sources and limits are
in docs/engines/progress-divides.md.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray, IntArray
from muntada.engines.progress.lacks import Lack, Lacks, computable

LEVELS, LINES = 1, 2  # fitted parameters of a piece: a level, or level and slope
LEAST_IN_A_PIECE = 5
MOST_BREAKS = 2
CELLS_IN_A_BLOCK = 200_000
# The decrease of BIC required for a break: "strong" evidence on Kass and Raftery's scale (1995). BIC
# alone finds a break in every sixth short series of pure noise.
NEEDED = 6.0
# Residuals below this are rounding: a piece cannot fit better than to a millionth of the spread.
FINEST = 1e-12


@dataclass(frozen=True)
class Breaks:
    """The pieces of many series; each array has the shape of the values without the years.

    `count` is the number of breaks chosen by BIC, 0 if its decrease is below `needed`. `years` (... x
    most) holds, in ascending order, the last year before each break, padded with 0. `bic` (... x most +
    1) and `unexplained` (residual sums of squares, in squared units of the values) are those of the
    best pieces for each number of breaks; NaN if there are too few points.
    """

    points: IntArray
    count: IntArray
    years: IntArray
    bic: FloatArray
    unexplained: FloatArray
    lack: Lacks


def breaks(
    years: ArrayLike,
    values: ArrayLike,
    *,
    numbers: int = LINES,
    least: int = LEAST_IN_A_PIECE,
    most: int = MOST_BREAKS,
    needed: float = NEEDED,
) -> Breaks:
    """Return the best pieces of all series; the last axis is years, NaN a missing value.

    `numbers` is LEVELS or LINES, `least` the minimum number of points in a piece, `most` the maximum
    number of breaks, `needed` the required decrease of BIC against one piece (0: BIC alone decides).
    BIC is n ln(RSS / n) + k ln n, where k counts fitted parameters, breaks and the variance.

    Raises ValueError if the years do not ascend or do not match the values, or if `least` points
    determine a piece exactly.
    """
    time = np.asarray(years, dtype=np.float64)
    given = computable(values)
    if given.shape[-1:] != time.shape or (np.diff(time) <= 0).any():
        raise ValueError("years ascend, and there is one for each value of a series")
    if numbers not in (LEVELS, LINES) or least <= numbers or most < 0:
        raise ValueError("a piece is a level or a line, and has more points than numbers are fitted")
    shape = given.shape[:-1]
    rows = given.reshape(math.prod(shape), len(time))
    found = _empty(len(rows), most)
    known = ~np.isnan(rows)
    found.points[:] = known.sum(axis=1)
    found.lack[:] = _lacks(rows, known, found.points, 2 * least)
    for points in np.unique(found.points[found.lack == 0]):
        chosen = np.flatnonzero((found.lack == 0) & (found.points == points))
        for some in _blocks(chosen, int(points)):
            mask = known[some]
            moments = np.broadcast_to(time, mask.shape)[mask].reshape(-1, points)
            pieces = _Pieces(moments, rows[some][mask].reshape(-1, points), numbers)
            _choose(found, some, pieces, least, needed)
    return Breaks(
        found.points.reshape(shape),
        found.count.reshape(shape),
        found.years.reshape(*shape, most),
        found.bic.reshape(*shape, most + 1),
        found.unexplained.reshape(*shape, most + 1),
        found.lack.reshape(shape),
    )


def _empty(count: int, most: int) -> Breaks:
    return Breaks(
        points=np.zeros(count, dtype=np.int64),
        count=np.zeros(count, dtype=np.int64),
        years=np.zeros((count, most), dtype=np.int64),
        bic=np.full((count, most + 1), np.nan),
        unexplained=np.full((count, most + 1), np.nan),
        lack=np.zeros(count, dtype=np.uint8),
    )


def _lacks(rows: FloatArray, known: np.ndarray, points: IntArray, needed: int) -> Lacks:
    lowest = np.where(known, rows, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(known, rows, -np.inf).max(axis=1, initial=-np.inf)
    lack = np.zeros(len(rows), dtype=np.uint8)
    lack[lowest == highest] = Lack.CONSTANT
    lack[points < needed] = Lack.TOO_FEW_POINTS
    lack[points == 0] = Lack.NO_VALUE
    lack[(known & ~np.isfinite(rows)).any(axis=1)] = Lack.NOT_FINITE
    return lack


def _blocks(chosen: IntArray, points: int) -> Iterator[IntArray]:
    step = max(1, CELLS_IN_A_BLOCK // points**2)
    for first in range(0, len(chosen), step):
        yield chosen[first : first + step]


class _Pieces:
    """The residual sums of squares of single pieces, from running sums (points x series)."""

    def __init__(self, time: FloatArray, values: FloatArray, numbers: int) -> None:
        self.years = time
        self.numbers = numbers
        self.points = time.shape[1]
        # Centred and scaled, so that running sums keep their precision.
        self.scale = np.abs(values).max(axis=1)
        unit = values / self.scale[:, None]
        unit = unit - unit.mean(axis=1, keepdims=True)
        moments = time - time.mean(axis=1, keepdims=True)
        self.squares = (unit**2).sum(axis=1)
        self.of_y, self.of_yy = _running(unit), _running(unit**2)
        if numbers == LINES:
            self.of_t, self.of_tt, self.of_ty = (
                _running(moments),
                _running(moments**2),
                _running(moments * unit),
            )

    def unexplained(self, first: int, end: int) -> FloatArray:
        """Return the residual of the best piece over points first .. end - 1, for each series."""
        size = end - first
        y = self.of_y[end] - self.of_y[first]
        rest = self.of_yy[end] - self.of_yy[first] - y * y / size
        if self.numbers == LINES:
            t = self.of_t[end] - self.of_t[first]
            tt = self.of_tt[end] - self.of_tt[first] - t * t / size
            ty = self.of_ty[end] - self.of_ty[first] - t * y / size
            rest -= ty * ty / tt
        return np.asarray(np.maximum(rest, 0.0), dtype=np.float64)


def _running(array: FloatArray) -> FloatArray:
    sums = np.zeros((array.shape[1] + 1, array.shape[0]))
    np.cumsum(array.T, axis=0, out=sums[1:])
    return sums


def _choose(found: Breaks, some: IntArray, pieces: _Pieces, least: int, needed: float) -> None:
    points, most = pieces.points, found.years.shape[1]
    totals, ends = _best(pieces, least, most)
    floor = FINEST * pieces.squares
    fitted = np.maximum(totals, floor)
    counts = np.arange(len(totals))[:, None]
    weights = pieces.numbers * (counts + 1) + counts + 1
    bic = points * np.log(fitted * pieces.scale**2 / points) + weights * np.log(points)
    found.unexplained[some, : len(totals)] = (totals * pieces.scale**2).T
    found.bic[some, : len(totals)] = bic.T
    chosen = np.where(bic[0] - bic.min(axis=0) >= needed, bic.argmin(axis=0), 0)
    found.count[some] = chosen
    for count in range(1, len(totals)):
        inside = np.flatnonzero(chosen == count)
        for place in range(count):
            last = ends[count][place][inside] - 1
            found.years[some[inside], place] = pieces.years[inside, last]


def _best(pieces: _Pieces, least: int, most: int) -> tuple[FloatArray, list[list[IntArray]]]:
    """Return the smallest residual for each number of breaks, and where the preceding pieces end.

    Bellman: the best m breaks up to a point are the best m - 1 up to an earlier point, plus one piece.
    """
    points = pieces.points
    most = min(most, points // least - 1)
    best = {end: pieces.unexplained(0, end) for end in range(least, points + 1)}
    cut: dict[int, list[IntArray]] = {end: [] for end in best}
    totals, ends = [best[points]], [cut[points]]
    for pieces_before in range(1, most + 1):
        after: dict[int, FloatArray] = {}
        cut_after: dict[int, list[IntArray]] = {}
        only_whole = pieces_before == most
        first_end = (pieces_before + 1) * least
        for end in [points] if only_whole else range(first_end, points + 1):
            starts = range(pieces_before * least, end - least + 1)
            choices = np.stack([best[start] + pieces.unexplained(start, end) for start in starts])
            which = choices.argmin(axis=0)
            after[end] = np.take_along_axis(choices, which[None], axis=0)[0]
            cut_after[end] = _joined(cut, starts, which)
        best, cut = after, cut_after
        totals.append(best[points])
        ends.append(cut[points])
    return np.stack(totals), ends


def _joined(cut: dict[int, list[IntArray]], starts: range, which: IntArray) -> list[IntArray]:
    """Return the breaks up to the chosen start, and the start."""
    earlier = []
    for place in range(len(cut[starts[0]])):
        table = np.stack([cut[start][place] for start in starts])
        earlier.append(np.take_along_axis(table, which[None], axis=0)[0])
    return [*earlier, starts[0] + which]
