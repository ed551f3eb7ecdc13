"""Simplify outlines, compute areas, and find the best place for a label inside a shape."""

import heapq
import math
from collections.abc import Sequence

from muntada.foundations.charts.canvas import XY

type Ring = Sequence[XY]

_GRID = 24


def simplified(line: Sequence[XY], least: float) -> list[int]:
    """Return the points to keep, so that each forms a triangle of at least `least` with its neighbours.

    M. Visvalingam and J. D. Whyatt, Line generalisation by repeated elimination of points, 1993. End
    points stay, so that lines still meet. A closed line keeps at least a triangle.
    """
    last = len(line) - 1
    before, after = [one - 1 for one in range(len(line))], [one + 1 for one in range(len(line))]
    sizes = [math.inf] * len(line)
    for one in range(1, last):
        sizes[one] = _triangle(line[one - 1], line[one], line[one + 1])
    waiting = [(sizes[one], one) for one in range(1, last)]
    heapq.heapify(waiting)
    kept = len(line)
    fewest = 4 if line[0] == line[last] else 2
    while waiting and kept > fewest:
        size, one = heapq.heappop(waiting)
        if size != sizes[one]:
            continue
        if size >= least:
            break
        sizes[one] = -1
        kept -= 1
        left, right = before[one], after[one]
        after[left], before[right] = right, left
        for near in (left, right):
            if 0 < near < last:
                # A point never counts less than points dropped before.
                sizes[near] = max(size, _triangle(line[before[near]], line[near], line[after[near]]))
                heapq.heappush(waiting, (sizes[near], near))
    return [one for one, size in enumerate(sizes) if size >= 0]


def _triangle(one: XY, two: XY, three: XY) -> float:
    return abs((two[0] - one[0]) * (three[1] - one[1]) - (three[0] - one[0]) * (two[1] - one[1])) / 2


def area_of(ring: Ring) -> float:
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return abs(sum(one[0] * two[1] - two[0] * one[1] for one, two in pairs)) / 2


def box_of(points: Sequence[XY]) -> tuple[float, float, float, float]:
    across, down = [point[0] for point in points], [point[1] for point in points]
    return min(across), min(down), max(across), max(down)


def roomiest(ring: Ring) -> tuple[XY, float]:
    """Return the point of a fine grid deepest inside a ring, and its depth."""
    left, top, right, bottom = box_of(ring)
    best, depth = ((left + right) / 2, (top + bottom) / 2), 0.0
    for column in range(1, _GRID):
        for row in range(1, _GRID):
            point = (left + (right - left) * column / _GRID, top + (bottom - top) * row / _GRID)
            deep = _depth(point, ring, depth)
            if deep > depth:
                best, depth = point, deep
    return best, depth


def _depth(point: XY, ring: Ring, enough: float) -> float:
    """Return the distance of a point from the ring; 0 outside, or if below `enough`."""
    x, y = point
    is_inside, nearest = False, math.inf
    ax, ay = ring[-1]
    for bx, by in ring:
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            is_inside = not is_inside
        length = (bx - ax) ** 2 + (by - ay) ** 2
        along = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
        nearest = min(nearest, math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
        if nearest <= enough:
            return 0.0
        ax, ay = bx, by
    return nearest if is_inside else 0.0
