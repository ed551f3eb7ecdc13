"""A single series: its latest value and its change.

Formulas and limits are in docs/engines/progress.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SeriesPoint:
    year: int
    value: float


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """The change between two points: absolute; relative and yearly if meaningful."""

    first: SeriesPoint
    last: SeriesPoint

    @property
    def years(self) -> int:
        return self.last.year - self.first.year

    @property
    def absolute(self) -> float:
        return self.last.value - self.first.value

    @property
    def relative(self) -> float | None:
        """Return the change as a share of the first value; None if that is not positive."""
        return self.absolute / self.first.value if self.first.value > 0 else None

    @property
    def yearly(self) -> float:
        return self.absolute / self.years


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap between two parts of a population: difference and ratio."""

    absolute: float
    ratio: float | None


def in_order(points: Iterable[SeriesPoint]) -> tuple[SeriesPoint, ...]:
    """Return the points by year; raises an error if a year has two values."""
    ordered = tuple(sorted(points))
    years = [point.year for point in ordered]
    if len(set(years)) != len(years):
        raise ValueError("two values for one year")
    return ordered


def latest(points: Iterable[SeriesPoint]) -> SeriesPoint | None:
    return max(points, key=lambda point: point.year, default=None)


def change(points: Iterable[SeriesPoint], since: int | None = None) -> SeriesChange | None:
    """Return the change from the first point (at or after `since`) to the last; None for one point."""
    ordered = [point for point in in_order(points) if since is None or point.year >= since]
    return SeriesChange(ordered[0], ordered[-1]) if len(ordered) > 1 else None


def gap(part: float, other: float) -> Gap:
    """Return the gap between `part` and `other`."""
    return Gap(part - other, part / other if other > 0 else None)
