"""The OECD's distance to target: in standard deviations, with a test for a trend."""

import numpy as np
import scipy

from muntada.engines.arrays import BoolArray, FloatArray
from muntada.engines.progress.answers import Why
from muntada.engines.progress.cells import SeriesCells, from_base
from muntada.engines.progress.judged import JudgedCells, judged, why_not
from muntada.engines.progress.methods import OECD
from muntada.engines.progress.panel import AnyIntArray


def oecd(cells: SeriesCells, spread: FloatArray) -> JudgedCells:
    """Judge the trend by Spearman's rank correlation with the years.

    `spread` is the standard deviation of the latest values over the areas of the series; the score is the
    distance to the target in it, 0 where the target is met.
    """
    goals = cells.goals
    used = from_base(cells)
    correlation, points = spearman(cells.values, used)
    trend = goals.direction * correlation
    shown = np.abs(correlation) >= _least_correlation(points)
    with np.errstate(all="ignore"):
        missing = goals.direction * (goals.target - cells.current_value)
        score = np.maximum(missing, 0.0) / np.where(spread > 0, spread, np.nan)
    why = why_not(
        cells,
        (np.isnan(goals.target), Why.NO_TARGET),
        (goals.direction == 0, Why.PARITY),
        (cells.base < 0, Why.NO_BASE),
        (~cells.is_met & (points < OECD.thresholds["points"]), Why.FEW_POINTS),
    )
    number = np.where(shown & (trend > 0), 2, np.where(shown & (trend < 0), 4, 3))
    return judged(
        np.where(cells.is_met, 1, number),
        why,
        cells,
        points=points,
        observed=correlation,
        score=score,
    )


def spearman(values: FloatArray, used: BoolArray) -> tuple[FloatArray, AnyIntArray]:
    """Return Spearman's correlation of values with years per column (ties at mean rank), and n.

    NaN with fewer than two points or equal values.
    """
    rows, cells = values.shape
    points = used.sum(axis=0)
    place = np.cumsum(used, axis=0, dtype=np.int16)
    told = np.where(used, values, np.nan)
    # Twice the centred rank of each value: the number of lower values minus the number of higher ones.
    ranks = np.zeros((rows, cells), dtype=np.int16)
    for row in range(rows - 1):
        with np.errstate(invalid="ignore"):
            above = (told[row + 1 :] > told[row]).view(np.int8) - (told[row + 1 :] < told[row]).view(np.int8)
        ranks[row + 1 :] += above
        ranks[row] -= above.sum(axis=0, dtype=np.int16)
    agreement, spread = np.zeros(cells), np.zeros(cells)
    for row in range(rows):
        middle = 2.0 * place[row] - points - 1.0
        agreement += np.where(used[row], middle * ranks[row], 0.0)
        spread += ranks[row].astype(np.float64) ** 2
    with np.errstate(all="ignore"):
        all_ranks = points * (points.astype(np.float64) ** 2 - 1.0) / 3.0
        correlation = agreement / np.sqrt(all_ranks * spread)
    return correlation, points


def _least_correlation(points: AnyIntArray) -> FloatArray:
    """Return the smallest correlation that is significant by the t distribution."""
    freedom = np.arange(1, max(2, int(points.max(initial=0))), dtype=np.float64)
    critical = scipy.special.stdtrit(freedom, 1.0 - OECD.thresholds["error"] / 2.0)
    least = critical / np.sqrt(freedom + critical**2)
    table = np.concatenate([[np.inf, np.inf, np.inf], least])
    return np.asarray(table[np.minimum(points, len(table) - 1)])
