"""Read an atlas in TopoJSON: shared borders are joined to polygons in degrees."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from muntada.foundations.charts.canvas import XY
from muntada.foundations.charts.maps.outlines import box_of, simplified

HALF_TURN = 180.0
# A ring with fewer points encloses nothing.
FEWEST = 3

type Polygon = list[list[XY]]
type Rings = Sequence[Sequence[int]]


class Atlas:
    """The countries of an atlas; each border is simplified once."""

    def __init__(self, atlas: Mapping[str, Any], seen: Callable[[XY], XY], least: float) -> None:
        (wide, high), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
        self._whole: list[list[XY]] = []
        self._simple: list[list[XY]] = []
        self._countries: Sequence[Mapping[str, Any]] = atlas["objects"]["countries"]["geometries"]
        for line in atlas["arcs"]:
            x = y = 0
            degrees = []
            for right, up in line:
                x, y = x + right, y + up
                degrees.append((x * wide + west, y * high + south))
            self._whole.append(degrees)
            kept = simplified([seen(one) for one in degrees], least)
            self._simple.append([degrees[one] for one in kept])

    def shapes(self) -> Iterator[tuple[str, Rings]]:
        """Yield every polygon as lines, with the M49 code of its country, or its name if it has none."""
        for country in self._countries:
            own = str(country.get("id") or country["properties"].get("name", ""))
            for rings in country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]:
                yield own, rings

    def polygon(self, rings: Rings) -> Polygon:
        """Return a simplified polygon; a ring that would become too small is not simplified."""
        simple = [_ring(ring, self._simple) for ring in rings]
        return [
            _ring(own, self._whole) if len(ring) < FEWEST else ring
            for own, ring in zip(rings, simple, strict=True)
        ]

    def is_inside(self, rings: Rings, box: Sequence[float]) -> bool:
        west, south, east, north = box_of(_ring(rings[0], self._whole))
        return box[0] <= west and box[1] <= south and east <= box[2] and north <= box[3]


def _ring(ring: Sequence[int], lines: Sequence[Sequence[XY]]) -> list[XY]:
    points: list[XY] = []
    for number in ring:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points.extend(line[1:] if points else line)
    return points[:-1]


def halves(polygon: Polygon) -> list[Polygon]:
    """Split a polygon that crosses the 180th meridian in two."""
    unrolled = [_unrolled(ring) for ring in polygon]
    here = [_west_of(ring, HALF_TURN) for ring in unrolled]
    turned = [[(2 * HALF_TURN - x, y) for x, y in ring] for ring in unrolled]
    beyond = [[(-x, y) for x, y in _west_of(ring, HALF_TURN)] for ring in turned]
    return [[ring for ring in side if ring] for side in (here, beyond) if len(side[0]) >= FEWEST]


def _unrolled(ring: Sequence[XY]) -> list[XY]:
    """Continue beyond 180 degrees where a ring crosses that meridian."""
    if max(x for x, _ in ring) - min(x for x, _ in ring) <= HALF_TURN:
        return list(ring)
    return [(x + 2 * HALF_TURN if x < 0 else x, y) for x, y in ring]


def _west_of(ring: Sequence[XY], meridian: float) -> list[XY]:
    """Cut off the part of a ring east of a meridian."""
    kept: list[XY] = []
    for (ax, ay), (bx, by) in zip((ring[-1], *ring[:-1]), ring, strict=True):
        if (ax > meridian) != (bx > meridian):
            kept.append((meridian, ay + (by - ay) * (meridian - ax) / (bx - ax)))
        if bx <= meridian:
            kept.append((bx, by))
    return kept


def bordering(
    giver: Sequence[Polygon], taker: Sequence[Polygon], latitude: float
) -> tuple[list[Polygon], list[Polygon]]:
    """Move the border of two neighbours to a parallel: what `giver` has south of it goes to `taker`."""
    north = [
        [[(x, -y) for y, x in _west_of([(-y, x) for x, y in ring], -latitude)] for ring in one]
        for one in giver
    ]
    south = [[(x, y) for y, x in _west_of([(y, x) for x, y in one[0]], latitude)] for one in giver]
    whole = dissolved([ring for ring in (*south, *(one[0] for one in taker)) if ring])
    return [[ring for ring in one if ring] for one in north if one[0]], [[ring] for ring in whole]


def dissolved(rings: Sequence[Sequence[XY]]) -> list[list[XY]]:
    """Join rings of the same orientation along their common edges."""
    edges = {pair for ring in rings for pair in zip(ring, (*ring[1:], ring[0]), strict=True)}
    following = {one: two for one, two in edges if (two, one) not in edges}
    joined = []
    while following:
        start = here = min(following)
        ring = []
        while here in following:
            ring.append(here)
            here = following.pop(here)
        if here == start:
            joined.append(ring)
    return joined
