"""What is known: for each target, area and year. "No data" and "too old" are results like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muntada.engines.progress.lacks import Counts, Floats, computable

OLDEST = 5


class State(IntEnum):
    """What is known of an area: the higher, the more."""

    NO_DATA = 0
    TOO_OLD = 1
    RECENT = 2


@dataclass(frozen=True)
class Coverage:
    """Series x areas: the state, the latest year with a value up to the year asked for (0: none), the points.

    `by_year` (series x years) counts areas with a value. `year` is the one asked for, `oldest` how many years
    a value may lie back and still be recent.
    """

    series: tuple[str, ...]
    areas: tuple[str, ...]
    year: int
    oldest: int
    state: NDArray[np.uint8]
    latest: Counts
    points: Counts
    by_year: Counts


@dataclass(frozen=True, slots=True)
class TargetCoverage:
    """How far a target can be judged: areas by state, and the share of the people with recent data.

    An area stands as high as the best known of the target's series. `people_share` is empty without weights.
    `without_series` are series the target asks for of which nothing is there at all.
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
) -> Coverage:
    """Return what `values` (series x areas x years, NaN for none) say as of `year`, later ones set aside.

    An infinite value is none. Raises ValueError where the shapes do not fit or `oldest` is negative.
    """
    time = np.asarray(years, dtype=np.int64)
    cells = computable(values)
    if cells.shape != (len(series), len(areas), len(time)) or oldest < 0:
        raise ValueError("values are series x areas x years, and no value is younger than itself")
    known = np.isfinite(cells)
    seen = known & (time <= year)
    latest = np.where(seen, time, 0).max(axis=2, initial=0)
    state = np.where(
        latest == 0, State.NO_DATA, np.where(latest < year - oldest, State.TOO_OLD, State.RECENT)
    )
    return Coverage(
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
    found: Coverage, targets: Mapping[str, Sequence[str]], weights: ArrayLike | None = None
) -> tuple[TargetCoverage, ...]:
    """Return for each target, named with its series, what is known; `weights` (people) has one for each area.

    An area without a weight counts among the areas, not among the people. Raises ValueError where the number
    of weights is another.
    """
    people = None if weights is None else np.asarray(weights, dtype=np.float64)
    if people is not None and people.shape != (len(found.areas),):
        raise ValueError("one weight for each area")
    place = {name: at for at, name in enumerate(found.series)}
    return tuple(_of_target(found, target, named, place, people) for target, named in targets.items())


def _of_target(
    found: Coverage,
    target: str,
    named: Sequence[str],
    place: Mapping[str, int],
    people: Floats | None,
) -> TargetCoverage:
    there = [place[name] for name in named if name in place]
    best = found.state[there].max(axis=0, initial=State.NO_DATA)
    counts = {state: int((best == state).sum()) for state in State}
    return TargetCoverage(
        target=target,
        recent=counts[State.RECENT],
        too_old=counts[State.TOO_OLD],
        no_data=counts[State.NO_DATA],
        areas_share=counts[State.RECENT] / len(best) if len(best) else 0.0,
        people_share=None if people is None else _people_share(best, people),
        without_series=tuple(
            name for name in named if name not in place or not found.points[place[name]].any()
        ),
        areas_too_old=_named(found.areas, best == State.TOO_OLD),
        areas_without=_named(found.areas, best == State.NO_DATA),
    )


def _people_share(best: NDArray[np.uint8], people: Floats) -> float | None:
    weighed = np.where(np.isfinite(people) & (people > 0), people, 0.0)
    whole = float(weighed.sum())
    return float(weighed[best == State.RECENT].sum()) / whole if whole else None


def _named(areas: Sequence[str], chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(area for area, one in zip(areas, chosen, strict=True) if one)
