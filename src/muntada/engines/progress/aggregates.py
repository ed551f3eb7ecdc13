"""The value of a group computed from its members, with its coverage by members and by people.

A large member without a value biases the mean: below a set share of people no value is given.
Prefer a published value of the group where there is one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muntada.engines.arrays import FloatArray, IntArray
from muntada.engines.progress.lacks import Lack, Lacks, computable, number, reason
from muntada.engines.reasons import Reason

MIN_SHARE = 0.9
MOST_MISSING = 5


@dataclass(frozen=True, slots=True)
class MissingMember:
    """A member without a value, and its share of the people of the group."""

    area: str
    share: float


@dataclass(frozen=True, slots=True)
class GroupAggregate:
    """A group in one year; `value` is None if there is a reason.

    `members` is the number of members with a weight in that year; `unweighted` members have none and
    are left out of all shares. `missing` lists the largest members without a value.
    """

    group: str
    year: int
    value: float | None
    members: int
    counted: int
    unweighted: int
    share: float
    missing: tuple[MissingMember, ...]
    reason: Reason | None


@dataclass(frozen=True)
class Aggregates:
    """Many series at once: series x groups x years; `members` is groups x years."""

    groups: tuple[str, ...]
    value: FloatArray
    counted: IntArray
    share: FloatArray
    lack: Lacks
    members: IntArray


def aggregates(
    values: ArrayLike,
    weights: ArrayLike,
    areas: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    min_share: float = MIN_SHARE,
) -> Aggregates:
    """Return the weighted means of `values` (series x areas x years) over the members of each group.

    `weights` (areas x years, people) is NaN if unknown. Areas of a group that have no row are ignored.
    The share is that of members with a value among those with a weight.

    Raises ValueError if a weight is negative or infinite, or if shapes do not match.
    """
    inside = [set(members) for members in groups.values()]
    member = np.array([[area in members for area in areas] for members in inside], dtype=np.float64)
    always = member.reshape(len(groups), len(areas), 1)
    years = np.asarray(weights).shape[-1:]
    return dated_aggregates(
        values, weights, tuple(groups), np.broadcast_to(always, (*always.shape[:2], *years)), min_share
    )


def dated_aggregates(
    values: ArrayLike,
    weights: ArrayLike,
    groups: Sequence[str],
    member: ArrayLike,
    min_share: float = MIN_SHARE,
) -> Aggregates:
    """Return the aggregates of groups whose members change.

    `member` (groups x areas x years) is 1 if an area belongs to a group in a year, else 0. Raises the
    errors of `aggregates`.
    """
    cells = computable(values)
    people = computable(weights)
    belongs = np.asarray(member, dtype=np.float64)
    if cells.shape[1:] != people.shape or belongs.shape != (len(groups), *people.shape):
        raise ValueError("values are series x areas x years, weights areas x years, members groups x those")
    if (people < 0).any() or np.isinf(people).any():
        raise ValueError("a weight is negative, infinite or far too large")
    weighed = np.nan_to_num(people)
    known = np.isfinite(cells)
    whole = np.einsum("gay,ay->gy", belongs, weighed)
    part = _over_members(belongs, known * weighed)
    sums = _over_members(belongs, np.where(known, cells, 0.0) * weighed)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole > 0, part / whole, 0.0)
        mean = sums / part
    lack = np.zeros(share.shape, dtype=np.uint8)
    lack[share < min_share] = Lack.TOO_SMALL_A_SHARE
    lack[part == 0] = Lack.NO_VALUE
    lack[np.broadcast_to(whole == 0, share.shape)] = Lack.NO_WEIGHT
    return Aggregates(
        groups=tuple(groups),
        value=np.where(lack == 0, mean, np.nan),
        counted=np.rint(_over_members(belongs, (known & (weighed > 0)).astype(np.float64))).astype(np.int64),
        share=share,
        lack=lack,
        members=np.rint(np.einsum("gay,ay->gy", belongs, weighed > 0)).astype(np.int64),
    )


def _over_members(belongs: FloatArray, cells: FloatArray) -> FloatArray:
    """Return the sums over the members of each group: series x groups x years."""
    # One matrix product per year is many times faster than a single sum over all years.
    return np.asarray(np.matmul(belongs.transpose(2, 0, 1), cells.transpose(2, 1, 0)).transpose(2, 1, 0))


def aggregate(
    values: Mapping[str, float],
    weights: Mapping[str, float],
    members: Sequence[str],
    *,
    group: str = "",
    year: int = 0,
    min_share: float = MIN_SHARE,
) -> GroupAggregate:
    """Return a group in one year, with the largest members without a value."""
    areas = tuple(dict.fromkeys(members))
    cells = np.array([[[values.get(area, np.nan)] for area in areas]]).reshape(1, len(areas), 1)
    people = np.array([[weights.get(area, np.nan)] for area in areas]).reshape(len(areas), 1)
    found = aggregates(cells, people, areas, {group: areas}, min_share)
    whole = float(np.nansum(people))
    missing = sorted(
        _missing(areas, cells[0, :, 0], people[:, 0], whole), key=lambda one: (-one.share, one.area)
    )
    return GroupAggregate(
        group=group,
        year=year,
        value=number(found.value[0, 0, 0]),
        members=int(found.members[0, 0]),
        counted=int(found.counted[0, 0, 0]),
        unweighted=len(areas) - int(found.members[0, 0]),
        share=float(found.share[0, 0, 0]),
        missing=tuple(missing[:MOST_MISSING]),
        reason=reason(found.lack[0, 0, 0]),
    )


def _missing(
    areas: Sequence[str], cells: FloatArray, people: FloatArray, whole: float
) -> Iterator[MissingMember]:
    for area, value, weight in zip(areas, cells, people, strict=True):
        if not np.isfinite(value) and weight > 0:
            yield MissingMember(area, float(weight) / whole)
