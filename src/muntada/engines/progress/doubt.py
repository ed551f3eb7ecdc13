"""Uncertainty of the ranks of an index: Monte Carlo over the choices that could also have been made.

The draws vary weights, outliers, gaps, normalization and aggregation (Saisana, Saltelli and
Tarantola 2005).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.composite import (
    AGGREGATE,
    LEAST_KNOWN,
    NORMALISE,
    IndexChoices,
    IndexComponent,
    checked_tree,
    columns_of,
    index_of,
    normalised,
    prepare,
    ranks_of,
    score_parts,
    weighted_anew,
)

DRAWS = 1000
WEIGHTS_APART = 0.25
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class RankDoubt:
    """An area: its rank as chosen, and the median and interval of its ranks over all draws."""

    area: str
    rank: int
    median: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """The areas in order of their ranks as chosen.

    `shifts` is, for each option of a choice, the mean change of rank of an area when it is taken.
    Choices whose options differ most matter most.
    """

    areas: tuple[RankDoubt, ...]
    shifts: Mapping[str, float]
    draws: int
    seed: int
    level: float
    weights_apart: float


def rank_doubt(
    areas: Sequence[str],
    codes: Sequence[str],
    values: ArrayLike,
    parts: Sequence[IndexComponent],
    *,
    seed: int,
    groups: Sequence[str] | None = None,
    choices: IndexChoices = IndexChoices(),  # noqa: B008 - frozen
    draws: int = DRAWS,
    weights_apart: float = WEIGHTS_APART,
    level: float = LEVEL,
    least_known: float = LEAST_KNOWN,
) -> Doubt:
    """Return an interval for the rank of each area over the alternative choices.

    Every draw takes a random option of each choice and multiplies every weight by a uniform number
    between 1 - `weights_apart` and 1 + `weights_apart`. The interval holds `level` of the draws. Other
    arguments and errors are those of `index_of`. Also raises ValueError if `draws` is below 1, or if
    `level` or `weights_apart` is outside 0 to 1.
    """
    if draws < 1 or not 0 <= weights_apart < 1 or not 0 < level < 1:
        raise ValueError("at least one draw, and shares between 0 and 1")
    nominal = index_of(areas, codes, values, parts, groups=groups, choices=choices, least_known=least_known)
    ranked = {row.area: row.rank for row in nominal.areas if row.rank is not None}
    if not ranked:
        return Doubt((), {}, draws, seed, level, weights_apart)
    top = checked_tree(codes, parts)
    columns = columns_of(areas, codes, values, groups)
    # Draws are counted only over the areas that have a rank.
    kept = np.array([area in ranked for area in areas])
    options = [IndexChoices(*drawn) for drawn in product((True, False), (True, False), NORMALISE, AGGREGATE)]
    scores = {
        one: normalised(prepare(columns, one)[0], columns.codes, parts, one.normalise) for one in options
    }
    dice = np.random.default_rng(seed)
    picked = dice.integers(0, len(options), draws)
    factors = dice.uniform(1 - weights_apart, 1 + weights_apart, (draws, len(parts)))
    ranks = np.empty((draws, int(kept.sum())))
    for draw in range(draws):
        one = options[picked[draw]]
        made = score_parts(columns.codes, scores[one], weighted_anew(parts, factors[draw]), one)
        ranks[draw] = ranks_of(np.where(kept, made[top], np.nan))[kept]
    # An area without a score in a draw (gaps left, and no weight on the rest) ranks behind all others.
    ranks[np.isnan(ranks)] = kept.sum()
    named = [area for area in areas if area in ranked]
    chosen = np.array([ranked[area] for area in named], dtype=np.float64)
    found = _told(named, chosen, ranks, level)
    return Doubt(found, _shifts(options, picked, np.abs(ranks - chosen)), draws, seed, level, weights_apart)


def _told(named: Sequence[str], chosen: FloatArray, ranks: FloatArray, level: float) -> tuple[RankDoubt, ...]:
    tail = (1 - level) / 2
    low = np.quantile(ranks, tail, axis=0, method="lower")
    high = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    middle = np.median(ranks, axis=0)
    told = [
        RankDoubt(area, int(chosen[at]), float(middle[at]), int(low[at]), int(high[at]))
        for at, area in enumerate(named)
    ]
    return tuple(sorted(told, key=lambda one: (one.rank, one.area)))


def _shifts(options: Sequence[IndexChoices], picked: np.ndarray, moved: FloatArray) -> dict[str, float]:
    shifts: dict[str, float] = {}
    for choice in fields(IndexChoices):
        for option in dict.fromkeys(getattr(one, choice.name) for one in options):
            taken = np.array([getattr(options[number], choice.name) == option for number in picked])
            if taken.any():
                shifts[f"{choice.name}: {option}"] = float(np.mean(moved[taken]))
    return shifts
