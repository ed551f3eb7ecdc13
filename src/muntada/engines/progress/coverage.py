"""Data coverage by target, area and year; "no data" and "too old" are results of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muntada.engines.arrays import FloatArray, IntArray
from muntada.engines.progress.lacks import computable

OLDEST = 5


class KnownState(IntEnum):
    """The state of an area; a higher value means more is known."""

    NO_DATA = 0
    TOO_OLD = 1
    RECENT = 2


@dataclass(frozen=True)
class SeriesCoverage:
    """Series x areas: state, latest year with a value up to `year` (0: none), number of points.

    `by_year` (series x years) counts areas with a value. A value at most `oldest` years before `year`
    is recent.
    """

    series: tuple[str, ...]
    areas: tuple[str, ...]
    year: int
    oldest: int
    state: NDArray[np.uint8]
    latest: IntArray
    points: IntArray
    by_year: IntArray


@dataclass(frozen=True, slots=True)
class TargetCoverage:
    """Coverage of a target: areas by state, and the share of people with recent data.

    The state of an area is the best among the series of the target. `people_share` is None without
    weights. `without_series` are series of the target without any data.
    """

    target: str
    recent: int
    too_old: int
    no_data: int
    areas_share: float
    people_share: float | None
    without_series: tuple[str, ...]
    areas_too_old: tuple[str, ...]
    areas_without: tuple[str, ...]


def coverage(
    series: Sequence[str],
    areas: Sequence[str],
    years: ArrayLike,
    values: ArrayLike,
    *,
    year: int,
    oldest: int = OLDEST,
) -> SeriesCoverage:
    """Return the coverage of `values` (series x areas x years, NaN if missing) as of `year`.

    Later values are ignored; an infinite value counts as missing. Raises ValueError if shapes do not
    match or `oldest` is negative.
    """
    time = np.asarray(years, dtype=np.int64)
    cells = computable(values)
    if cells.shape != (len(series), len(areas), len(time)) or oldest < 0:
        raise ValueError("values are series x areas x years, and no value is younger than itself")
    known = np.isfinite(cells)
    seen = known & (time <= year)
    latest = np.where(seen, time, 0).max(axis=2, initial=0)
    state = np.where(
        latest == 0,
        KnownState.NO_DATA,
        np.where(latest < year - oldest, KnownState.TOO_OLD, KnownState.RECENT),
    )
    return SeriesCoverage(
        tuple(series),
        tuple(areas),
        year,
        oldest,
        state.astype(np.uint8),
        latest,
        seen.sum(axis=2),
        known.sum(axis=1),
    )


def by_target(
    found: SeriesCoverage, targets: Mapping[str, Sequence[str]], weights: ArrayLike | None = None
) -> tuple[TargetCoverage, ...]:
    """Return the coverage of each target over its series; `weights` (people) has one entry per area.

    An area without a weight counts among the areas, not among the people. Raises ValueError if the
    number of weights differs.
    """
    people = None if weights is None else np.asarray(weights, dtype=np.float64)
    if people is not None and people.shape != (len(found.areas),):
        raise ValueError("one weight for each area")
    place = {name: at for at, name in enumerate(found.series)}
    return tuple(_of_target(found, target, named, place, people) for target, named in targets.items())


def _of_target(
    found: SeriesCoverage,
    target: str,
    named: Sequence[str],
    place: Mapping[str, int],
    people: FloatArray | None,
) -> TargetCoverage:
    there = [place[name] for name in named if name in place]
    best = found.state[there].max(axis=0, initial=KnownState.NO_DATA)
    counts = {state: int((best == state).sum()) for state in KnownState}
    return TargetCoverage(
        target=target,
        recent=counts[KnownState.RECENT],
        too_old=counts[KnownState.TOO_OLD],
        no_data=counts[KnownState.NO_DATA],
        areas_share=counts[KnownState.RECENT] / len(best) if len(best) else 0.0,
        people_share=None if people is None else _people_share(best, people),
        without_series=tuple(
            name for name in named if name not in place or not found.points[place[name]].any()
        ),
        areas_too_old=_named(found.areas, best == KnownState.TOO_OLD),
        areas_without=_named(found.areas, best == KnownState.NO_DATA),
    )


def _people_share(best: NDArray[np.uint8], people: FloatArray) -> float | None:
    weighed = np.where(np.isfinite(people) & (people > 0), people, 0.0)
    whole = float(weighed.sum())
    return float(weighed[best == KnownState.RECENT].sum()) / whole if whole else None


def _named(areas: Sequence[str], chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(area for area, one in zip(areas, chosen, strict=True) if one)
