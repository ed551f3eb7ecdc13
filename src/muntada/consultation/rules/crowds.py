"""Where people are on an opinion map, told so that nobody is: in squares that hold a few people each.

A place is computed from somebody's votes, so exact places tell how each voted. Squares say where many are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log2, sqrt

from muntada.consultation.rules.maps import SMALLEST_GROUP_SHOWN

type Placed = tuple[float, float, int | None]

FEWEST_ACROSS, MOST_ACROSS = 4, 32


@dataclass(frozen=True)
class Crowd:
    """At least a few people of one group somewhere in a square around a place."""

    x: float
    y: float
    side: float
    people: int
    group: int | None


def crowds(points: Sequence[Placed], smallest: int = SMALLEST_GROUP_SHOWN) -> list[Crowd]:
    """Bring people of a group together by squares; where those are too few, by squares twice as wide.

    Fewer than `smallest` of a group may be left over; they are nowhere.
    """
    side = _finest(points)
    waiting: dict[tuple[int | None, int, int], int] = defaultdict(int)
    for x, y, group in points:
        waiting[group, floor(x / side), floor(y / side)] += 1
    found: list[Crowd] = []
    while waiting:
        full = {square: people for square, people in waiting.items() if people >= smallest}
        found += [
            Crowd((across + 0.5) * side, (up + 0.5) * side, side, people, group)
            for (group, across, up), people in full.items()
        ]
        left = {square: people for square, people in waiting.items() if square not in full}
        waiting = defaultdict(int)
        if all(across in (-1, 0) and up in (-1, 0) for _, across, up in left):
            # The four squares around the origin are parts of no wider one.
            found += _around_the_origin(left, 2 * side, smallest)
        else:
            for (group, across, up), people in left.items():
                waiting[group, across // 2, up // 2] += people
        side *= 2
    return sorted(found, key=lambda one: (-1 if one.group is None else one.group, one.x, one.y, one.side))


def _around_the_origin(
    left: Mapping[tuple[int | None, int, int], int], side: float, smallest: int
) -> list[Crowd]:
    people: dict[int | None, int] = defaultdict(int)
    for (group, _, _), count in left.items():
        people[group] += count
    return [Crowd(0.0, 0.0, side, count, group) for group, count in people.items() if count >= smallest]


def _finest(points: Sequence[Placed]) -> float:
    """Return the side of the smallest squares: a power of two, so it hardly tells who is outermost."""
    farthest = max((max(abs(x), abs(y)) for x, y, _ in points), default=0.0)
    across = min(max(sqrt(len(points) / SMALLEST_GROUP_SHOWN), FEWEST_ACROSS), MOST_ACROSS)
    return 2.0 ** ceil(log2(2 * farthest / across)) if farthest > 0 else 1.0
