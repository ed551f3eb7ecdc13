"""Into which classes a map divides values: five at most, with limits that can be read.

Shares of a hundred are divided in equal steps, so that maps of two years can be compared. Other values, and
shares that lie close together, are divided so that about as many areas fall into each class (fifths); the
limits are rounded to two digits, and none of these classes is empty.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

CLASSES = 5
EQUAL_STEPS = (20.0, 40.0, 60.0, 80.0)
HUNDRED = 100.0
# So many of the equal steps must hold a value, else a map of them would say too little.
FEWEST_STEPS = 3


@dataclass(frozen=True)
class Classes:
    """The classes of a map: a value belongs to the first whose end lies above it."""

    limits: tuple[float, ...]
    in_steps: bool

    @property
    def count(self) -> int:
        return len(self.limits) + 1

    def class_of(self, value: float) -> int:
        """Return the number of a value's class, counted from 1."""
        return bisect_right(self.limits, value) + 1

    def range_of(self, number: int) -> tuple[float | None, float | None]:
        """Return where a class begins and where it ends; the first and the last are open."""
        ends = (None, *self.limits, None)
        return ends[number - 1], ends[number]


def classes_of(values: Sequence[float], *, is_share: bool) -> Classes:
    """Divide values into at most five classes."""
    if is_share and values and min(values) >= 0 and max(values) <= HUNDRED:
        steps = _filled(EQUAL_STEPS, values)
        if len(steps) + 1 >= FEWEST_STEPS:
            return Classes(EQUAL_STEPS, in_steps=True)
    ordered = sorted(values)
    fifths = (
        {_rounded(ordered[len(ordered) * part // CLASSES]) for part in range(1, CLASSES)}
        if ordered
        else set()
    )
    return Classes(_filled(sorted(fifths), ordered), in_steps=False)


def _rounded(value: float) -> float:
    if value == 0:
        return 0.0
    return round(value, 1 - floor(log10(abs(value))))


def _filled(limits: Sequence[float], values: Sequence[float]) -> tuple[float, ...]:
    """Keep the limits that have a value on their lower side, since the limit before, and one above."""
    kept: list[float] = []
    for limit in limits:
        low = kept[-1] if kept else float("-inf")
        if any(low <= value < limit for value in values) and any(value >= limit for value in values):
            kept.append(limit)
    return tuple(kept)
