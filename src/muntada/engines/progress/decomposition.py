"""The exact decomposition of Theil's T into inequality between and within groups of areas."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.inequality import spread
from muntada.engines.progress.lacks import computable
from muntada.engines.reasons import Reason


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A group: its share of people and of the total, its mean, and its own Theil index.

    `between` is its term of the between-group part (negative for a group below the mean), `within` its
    term of the within-group part. `gap` is its mean minus the overall mean, in the unit of the values.
    """

    group: str
    areas: int
    people_share: float
    value_share: float
    mean: float
    gap: float
    theil: float
    between: float
    within: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """`theil = between + within`; `deviation` is the standard deviation in the unit of the values."""

    theil: float | None
    between: float | None
    within: float | None
    between_share: float | None
    deviation: float | None
    groups: tuple[GroupPart, ...]
    reason: Reason | None


def decomposed(values: ArrayLike, groups: Sequence[str], weights: ArrayLike | None = None) -> Decomposition:
    """Decompose the Theil index of one row of areas by group.

    Areas in the group "" are left out, also of the total, so that the parts add up. NaN is a missing
    value. Raises ValueError if lengths differ.
    """
    given = computable(values).reshape(-1)
    weighted = np.broadcast_to(np.float64(1.0) if weights is None else computable(weights), given.shape)
    names = np.array(groups, dtype=object)
    if names.shape != given.shape:
        raise ValueError("one group is named for each value")
    known = np.where(names == "", np.nan, given)
    whole = spread(known, weighted)
    if whole.theil is None or whole.mean is None:
        lack = whole.reason or whole.reason_relative
        return Decomposition(None, None, None, None, whole.deviation, (), lack)
    counted = ~np.isnan(known) & ~np.isnan(weighted) & (weighted > 0)
    parts = tuple(
        _part(name, known[some], weighted[some] / weighted[counted].sum(), whole.mean)
        for name in sorted({str(name) for name in names[counted]})
        for some in [counted & (names == name)]
    )
    between = max(sum(part.between for part in parts), 0.0)
    within = sum(part.within for part in parts)
    return Decomposition(
        theil=whole.theil,
        between=between,
        within=within,
        between_share=between / (between + within) if between + within > 0 else None,
        deviation=whole.deviation,
        groups=parts,
        reason=None,
    )


def _part(name: str, values: FloatArray, shares: FloatArray, mean: float) -> GroupPart:
    people = float(shares.sum())
    own_mean = float((values * shares).sum() / people)
    to_mean = own_mean / mean
    value_share = people * to_mean
    alone = spread(values, shares).theil  # none for a single area or a group with nothing: no inequality
    theil = alone if alone is not None else 0.0
    return GroupPart(
        group=name,
        areas=len(values),
        people_share=people,
        value_share=value_share,
        mean=own_mean,
        gap=own_mean - mean,
        theil=theil,
        between=value_share * float(np.log(to_mean)) if to_mean > 0 else 0.0,
        within=value_share * theil,
    )
