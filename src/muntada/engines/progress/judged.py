"""The result of a method for each cell of a block."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import BoolArray, FloatArray
from muntada.engines.progress.answers import VerdictNote, Why
from muntada.engines.progress.cells import SeriesCells
from muntada.engines.progress.panel import AnyIntArray

type VerdictCodes = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedCells:
    """For each cell: the index of its verdict in `Method.names` (0: none), the reason, and the figures.

    `observed`, `required` and `ratio` are in the terms of the method (a growth rate, points per year, a
    slope in logit space); `score` is any score it publishes. `points` is the number of values behind
    the verdict.
    """

    verdict: VerdictCodes
    why: VerdictCodes
    notes: VerdictCodes
    observed: FloatArray
    required: FloatArray
    ratio: FloatArray
    score: FloatArray
    points: AnyIntArray
    share_estimated: FloatArray | None = None


def judged(
    verdict: AnyIntArray,
    why: VerdictCodes,
    cells: SeriesCells,
    *,
    points: AnyIntArray,
    observed: FloatArray | None = None,
    required: FloatArray | None = None,
    ratio: FloatArray | None = None,
    score: FloatArray | None = None,
    notes: VerdictCodes | None = None,
) -> JudgedCells:
    """Combine the results of a method; cells without a verdict have no figures."""
    none = why != Why.GIVEN
    nothing = np.full(len(none), np.nan)

    def shown(figures: FloatArray | None) -> FloatArray:
        if figures is None:
            return nothing
        return np.where(none | ~np.isfinite(figures), np.nan, figures)

    kept = common_notes(cells) if notes is None else common_notes(cells) | notes
    return JudgedCells(
        verdict=np.where(none, 0, verdict).astype(np.int8),
        why=why,
        notes=np.where(none, 0, kept).astype(np.int8),
        observed=shown(observed),
        required=shown(required),
        ratio=shown(ratio),
        score=shown(score),
        points=np.where(none, 0, points),
    )


def why_not(cells: SeriesCells, *reasons: tuple[BoolArray, Why]) -> VerdictCodes:
    """Return the first reason that applies to each cell; reasons common to all methods come first."""
    every = (
        (~cells.goals.told, Why.NO_TARGET_ROW),
        (cells.doubled, Why.DOUBLED),
        (cells.points == 0, Why.NO_VALUES),
        (cells.wrong_unit, Why.WRONG_UNIT),
        *reasons,
    )
    why = np.full(len(cells.goals), Why.GIVEN, dtype=np.int8)
    for holds, reason in reversed(every):
        why[holds] = reason
    return why


def common_notes(cells: SeriesCells) -> VerdictCodes:
    notes = np.zeros(len(cells.goals), dtype=np.int8)
    for holds, note in (
        (cells.is_met, VerdictNote.TARGET_MET),
        (cells.outside, VerdictNote.ABOVE_LIMIT),
        (cells.constant, VerdictNote.CONSTANT),
        (cells.base_year > cells.goals.base_year, VerdictNote.BASE_LATER),
    ):
        notes[holds] |= note
    return notes


def ranked(figures: FloatArray, thresholds: tuple[float | FloatArray, ...], first: int = 1) -> AnyIntArray:
    """Return the verdict index: `first` at or above the first threshold, one more below each."""
    number = np.full(len(figures), first)
    for threshold in thresholds:
        number += ~(figures >= threshold)
    return number
