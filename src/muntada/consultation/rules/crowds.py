"""Where people are on an opinion map, told so that nobody is: several close together are one crowd.

A place is computed from somebody's votes, so exact places tell how each voted. The rounded middle of several
people does not.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log2

from muntada.consultation.rules.maps import SMALLEST_GROUP_SHOWN

type Point = tuple[float, float]
type Placed = tuple[float, float, int | None]

# More marks than this say no more; crowds grow instead.
MOST_CROWDS = 300
# Middles stand on a grid so fine that it is not seen.
STEPS = 32


@dataclass(frozen=True)
class Crowd:
    """At least a few people of one group, around a place."""

    x: float
    y: float
    people: int
    group: int | None


def crowds(points: Sequence[Placed], smallest: int = SMALLEST_GROUP_SHOWN) -> list[Crowd]:
    """Divide the people of each group in halves, again and again, while both have enough.

    Where fewer than `smallest` are in no group, they are nowhere.
    """
    size = max(smallest, ceil(len(points) / MOST_CROWDS))
    step = _step(points)
    by_group: dict[int | None, list[Point]] = defaultdict(list)
    for x, y, group in points:
        by_group[group].append((x, y))
    found = [
        Crowd(_middle(part, 0, step), _middle(part, 1, step), len(part), group)
        for group, places in by_group.items()
        if len(places) >= smallest
        for part in _halved(places, size)
    ]
    return sorted(found, key=lambda one: (-1 if one.group is None else one.group, one.x, one.y, one.people))


def _halved(places: list[Point], size: int) -> list[list[Point]]:
    """Divide across the longer side, in the middle of the row of people."""
    if len(places) < 2 * size:
        return [places]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    turned = max(ys) - min(ys) > max(xs) - min(xs)
    row = sorted(places, key=lambda place: place[::-1] if turned else place)
    half = len(row) // 2
    return _halved(row[:half], size) + _halved(row[half:], size)


def _middle(places: Sequence[Point], axis: int, step: float) -> float:
    return step * round(sum(place[axis] for place in places) / len(places) / step)


def _step(points: Sequence[Placed]) -> float:
    """Return the distance of the grid: a power of two, so it hardly tells who is outermost."""
    farthest = max((max(abs(x), abs(y)) for x, y, _ in points), default=0.0)
    return 2.0 ** floor(log2(farthest / STEPS)) if farthest > 0 else 1.0
