"""A composite index: indicators are normalized, weighted and averaged level by level to one number.

The result states the choices made; `doubt.py` measures their effect on the ranks. The steps follow
the OECD and JRC Handbook on Composite Indicators (2008).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.lacks import Lack, computable, number, reason
from muntada.engines.progress.outliers import MOST_DRAWN_IN, treated
from muntada.engines.reasons import Reason

LEAST_KNOWN = 0.5
ROUNDING = 1e-12
LOWEST_GEOMETRIC = 1.0  # a zero would make every product zero


@dataclass(frozen=True, slots=True)
class IndexComponent:
    """An indicator, or a group of parts; `direction` is -1 if less is better; the top has no parent."""

    code: str
    parent: str
    weight: float = 1.0
    direction: int = 1


@dataclass(frozen=True, slots=True)
class IndexChoices:
    """The choices by which an index is made; each is a judgement."""

    treat: bool = True
    impute: bool = True
    normalise: str = "minmax"
    aggregate: str = "arithmetic"


@dataclass(frozen=True, slots=True)
class AreaScore:
    """An area: its rank (1 is best; ties share the better rank), and the score of each part, 0 to 100."""

    area: str
    rank: int | None
    score: float | None
    parts: Mapping[str, float | None]
    known: float
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Index:
    """The areas, best first, those without a score last; and the unusable indicators with reasons."""

    top: str
    areas: tuple[AreaScore, ...]
    left_out: Mapping[str, Reason]
    drawn_in: Mapping[str, int]
    logarithms: tuple[str, ...]
    choices: IndexChoices


@dataclass(frozen=True, slots=True, eq=False)
class IndexColumns:
    """The usable indicators of an index: codes, and values as areas x indicators."""

    areas: tuple[str, ...]
    codes: tuple[str, ...]
    values: FloatArray
    groups: tuple[str, ...]
    left_out: Mapping[str, Reason]


def index_of(
    areas: Sequence[str],
    codes: Sequence[str],
    values: ArrayLike,
    parts: Sequence[IndexComponent],
    *,
    groups: Sequence[str] | None = None,
    choices: IndexChoices = IndexChoices(),
    least_known: float = LEAST_KNOWN,
) -> Index:
    """Compute an index from `values` (areas x codes) along the tree of `parts`.

    NaN is a missing value; with `impute` it becomes the mean of the area's group (of all areas without
    groups). An area with less than `least_known` of the indicators gets no score. A constant indicator,
    or one with fewer than two values, is left out.

    Raises ValueError if the parts are not a tree with one top over exactly the codes, a weight is
    negative or not finite, a direction is not 1 or -1, or shapes do not match.
    """
    top = checked_tree(codes, parts)
    columns = columns_of(areas, codes, values, groups)
    known = (~np.isnan(columns.values)).mean(axis=1) if columns.codes else np.zeros(len(areas))
    prepared, drawn_in, logarithms = prepare(columns, choices)
    made = normalised(prepared, columns.codes, parts, choices.normalise)
    scores = score_parts(columns.codes, made, parts, choices)
    whole = np.where(known >= least_known, scores[top], np.nan)
    ranks = ranks_of(whole)
    rows = [
        AreaScore(
            area=area,
            rank=None if np.isnan(whole[at]) else int(ranks[at]),
            score=number(whole[at]),
            parts={part.code: number(scores[part.code][at]) for part in parts},
            known=float(known[at]),
            reason=reason(Lack.TOO_LITTLE_KNOWN) if np.isnan(whole[at]) else None,
        )
        for at, area in enumerate(areas)
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank, row.area))
    return Index(top, tuple(rows), columns.left_out, drawn_in, logarithms, choices)


def checked_tree(codes: Sequence[str], parts: Sequence[IndexComponent]) -> str:
    """Return the code of the top; raises ValueError if the parts are not a tree."""
    by_code = {part.code: part for part in parts}
    tops = [part.code for part in parts if not part.parent]
    inner = {part.parent for part in parts if part.parent}
    if len(by_code) != len(parts) or len(tops) != 1 or not inner <= by_code.keys():
        raise ValueError("parts are a tree: one top, every parent a part, no part twice")
    if set(codes) != by_code.keys() - inner or len(set(codes)) != len(codes):
        raise ValueError("the indicators are the parts that have no parts of their own")
    for part in parts:
        if not (np.isfinite(part.weight) and part.weight >= 0) or part.direction not in (1, -1):
            raise ValueError("a weight is zero or above, a direction 1 or -1")
        above, steps = part, 0
        while above.parent:
            above, steps = by_code[above.parent], steps + 1
            if steps > len(parts):
                raise ValueError("parts are a tree: none lies above itself")
    return tops[0]


def columns_of(
    areas: Sequence[str], codes: Sequence[str], values: ArrayLike, groups: Sequence[str] | None
) -> IndexColumns:
    """Return the usable indicators, and why the others cannot be used."""
    given = computable(values).reshape(len(areas), len(codes))
    left_out: dict[str, Reason] = {}
    for at, code in enumerate(codes):
        lack = reason(_lack(given[:, at]))
        if lack is not None:
            left_out[code] = lack
    kept = [at for at, code in enumerate(codes) if code not in left_out]
    named = tuple(groups) if groups is not None else ("",) * len(areas)
    if len(named) != len(areas):
        raise ValueError("one group is named for each area")
    return IndexColumns(tuple(areas), tuple(codes[at] for at in kept), given[:, kept], named, left_out)


def _lack(column: FloatArray) -> Lack:
    known = column[~np.isnan(column)]
    if len(known) < 2:  # noqa: PLR2004
        return Lack.ONE_VALUE if len(known) else Lack.NO_VALUE
    if not np.isfinite(known).all():
        return Lack.NOT_FINITE
    # A difference within rounding is no difference.
    return Lack.CONSTANT if np.ptp(known) <= ROUNDING * np.abs(known).max() else Lack.NOTHING


def prepare(
    columns: IndexColumns, choices: IndexChoices
) -> tuple[FloatArray, dict[str, int], tuple[str, ...]]:
    """Return the columns with gaps filled and outliers treated as chosen, and a record of both."""
    values = _imputed(columns) if choices.impute else columns.values
    if not choices.treat or not columns.codes:
        return values, {}, ()
    found = [treated(values[:, at], MOST_DRAWN_IN) for at in range(values.shape[1])]
    named = list(zip(columns.codes, found, strict=True))
    return (
        np.stack([one.values for one in found], axis=1),
        {code: one.drawn_in for code, one in named if one.drawn_in},
        tuple(code for code, one in named if one.is_logarithm),
    )


def _imputed(columns: IndexColumns) -> FloatArray:
    values, names = columns.values.copy(), np.array(columns.groups, dtype=object)
    for column in values.T:
        missing = np.isnan(column)
        known_by_group = {name: column[(names == name) & ~missing] for name in set(columns.groups)}
        everywhere = column[~missing].mean()
        for at in np.flatnonzero(missing):
            alike = known_by_group[columns.groups[at]]
            column[at] = alike.mean() if len(alike) else everywhere
    return values


def normalised(
    values: FloatArray, codes: Sequence[str], parts: Sequence[IndexComponent], way: str
) -> FloatArray:
    """Return scores from 0 to 100, higher is better. Raises KeyError for a way that is not in NORMALISE."""
    direction = {part.code: part.direction for part in parts}
    signs = np.array([direction[code] for code in codes], dtype=np.float64)
    turned = values * signs
    return np.stack([NORMALISE[way](column) for column in turned.T], axis=1) if len(codes) else turned


def _minmax(column: FloatArray) -> FloatArray:
    low, high = np.nanmin(column), np.nanmax(column)
    return np.asarray((column - low) / (high - low) * 100, dtype=np.float64)


def _standard(column: FloatArray) -> FloatArray:
    """Return T-scores: mean 50, standard deviation 10, cut at 0 and 100."""
    unit = column / np.nanmax(np.abs(column))
    scores = 50 + 10 * (unit - np.nanmean(unit)) / np.nanstd(unit)
    return np.asarray(scores.clip(0, 100), dtype=np.float64)


def _by_rank(column: FloatArray) -> FloatArray:
    """Return the share of the other areas below, ties counting half."""
    known = ~np.isnan(column)
    below = (column[known][:, None] > column[known][None, :]).sum(axis=1)
    same = (column[known][:, None] == column[known][None, :]).sum(axis=1) - 1
    scores = np.full(len(column), np.nan)
    scores[known] = 100 * (below + same / 2) / (known.sum() - 1)
    return scores


NORMALISE: dict[str, Callable[[FloatArray], FloatArray]] = {
    "minmax": _minmax,
    "standard": _standard,
    "rank": _by_rank,
}


def score_parts(
    codes: Sequence[str], scores: FloatArray, parts: Sequence[IndexComponent], choices: IndexChoices
) -> dict[str, FloatArray]:
    """Return the score of every part in every area; NaN if all of its parts are missing."""
    found = {code: scores[:, at] for at, code in enumerate(codes)}
    children: dict[str, list[IndexComponent]] = {}
    for part in parts:
        children.setdefault(part.parent, []).append(part)
    empty = np.full(scores.shape[0], np.nan)

    def climb(code: str) -> FloatArray:
        if code not in found:
            below = children.get(code, [])
            rows = [climb(part.code) for part in below]
            weights = np.array([part.weight for part in below], dtype=np.float64)
            found[code] = AGGREGATE[choices.aggregate](np.array(rows), weights) if rows else empty
        return found[code]

    for part in parts:
        climb(part.code)
    return found


def _arithmetic(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted mean of parts x areas over the known values."""
    counted = ~np.isnan(scores) * weights[:, None]
    whole = counted.sum(axis=0)
    sums = (np.nan_to_num(scores) * counted).sum(axis=0)
    return np.where(whole > 0, sums / np.where(whole > 0, whole, 1), np.nan)


def _geometric(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted geometric mean, in which a high score compensates less for a low one."""
    lifted = LOWEST_GEOMETRIC + scores * (1 - LOWEST_GEOMETRIC / 100)
    mean = np.exp(_arithmetic(np.log(lifted), weights))
    return np.asarray((mean - LOWEST_GEOMETRIC) / (1 - LOWEST_GEOMETRIC / 100), dtype=np.float64)


AGGREGATE: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
}


def ranks_of(scores: FloatArray) -> FloatArray:
    """Return ranks, 1 the highest; ties share the better rank; NaN has none."""
    known = ~np.isnan(scores)
    better = (np.where(known, scores, -np.inf)[None, :] > np.where(known, scores, np.inf)[:, None]).sum(
        axis=1
    )
    return np.where(known, better + 1.0, np.nan)


def weighted_anew(parts: Sequence[IndexComponent], factors: FloatArray) -> tuple[IndexComponent, ...]:
    """Return the parts with each weight multiplied by a factor."""
    return tuple(
        replace(part, weight=part.weight * float(factor)) for part, factor in zip(parts, factors, strict=True)
    )
