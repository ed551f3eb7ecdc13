"""Classes of values on a map: at most five, with round limits.

Percentages get equal steps, so that maps of two years can be compared. Other values, and
percentages close together, get quintiles with limits rounded to two digits; no class is empty.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

CLASSES = 5
EQUAL_STEPS = (20.0, 40.0, 60.0, 80.0)
HUNDRED = 100.0
# With fewer non-empty equal steps, a map would show too little.
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
    """Keep the limits that have a value on both sides."""
    kept: list[float] = []
    for limit in limits:
        low = kept[-1] if kept else float("-inf")
        if any(low <= value < limit for value in values) and any(value >= limit for value in values):
            kept.append(limit)
    return tuple(kept)
