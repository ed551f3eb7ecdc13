"""Make the map shapes of the platform from an atlas: TopoJSON in, one small file out.

Each border is simplified once, so neighbours still meet. Areas too small to see become circles. The
decisions are in docs/decisions/0028-maps.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muntada.foundations.charts.canvas import XY
from muntada.foundations.charts.maps.atlas import Atlas, Polygon, bordering, halves
from muntada.foundations.charts.maps.outlines import area_of, box_of, roomiest
from muntada.foundations.charts.maps.projection import HALF_EQUATOR, project

WIDTH = 4000
SCALE = WIDTH / (2 * HALF_EQUATOR)
EARTH_KM2 = 510_065_600
KM2 = 4 * 3.141592653589793 * SCALE**2 / EARTH_KM2
# A country whose largest island is smaller becomes a circle; smaller islands of others are dropped.
SMALL = 3000 * KM2
LEFT_OUT = 700 * KM2
LEAST_TRIANGLE = 2.0
# The minimum ratio of width to height of a view, to fill a screen.
BROADNESS = 1.45
OCEANIA = "009"
# Areas of Oceania west of this longitude are on the other side of the map; its view shows them in the
# east.
FAR_WEST = -120.0


@dataclass(frozen=True)
class AreaNames:
    """The areas known to the platform: codes by M49 number, and continents."""

    codes: Mapping[str, str]
    continents: Mapping[str, str]
    # The ISO 3166 two-letter codes used for persons and initiatives.
    alpha2: Mapping[str, str]

    def members(self, view: str) -> list[str]:
        return sorted(code for code, continent in self.continents.items() if continent == view)


def made_world(atlas: Mapping[str, Any], places: Mapping[str, Any], names: AreaNames) -> dict[str, Any]:
    """Return the views, the areas with their shapes or circles, and the shapes that are nobody's."""
    top = _down(0, places["views"]["001"][3])
    by_code = {
        code: [_seen(one, top) for polygon in polygons for one in halves(polygon)]
        for code, polygons in _by_code(atlas, places, names, top).items()
    }
    areas = {}
    nobodys = [_path(polygon) for polygon in by_code.pop("", [])]
    circles = {code: _placed(place, top) for code, place in places["places"].items()}
    for code in sorted({*(one for one, polygons in by_code.items() if polygons), *circles}):
        if code not in places["not_drawn"]:
            areas[code] = {"iso2": names.alpha2.get(code, "")} | _area(
                by_code.get(code, []), circles.get(code)
            )
            if (
                names.continents.get(code) == OCEANIA
                and areas[code]["at"][0] < _placed((FAR_WEST, 0), top)[0]
            ):
                areas[code]["east"] = _around(areas[code]["at"][1], top)
    return {
        "views": {
            name: {
                "box": _view(box, top),
                "members": places["members"].get(name) or names.members(name),
            }
            for name, box in places["views"].items()
        },
        "areas": areas,
        "nobodys": nobodys,
        "not_drawn": places["not_drawn"],
    }


def _by_code(
    atlas: Mapping[str, Any], places: Mapping[str, Any], names: AreaNames, top: float
) -> dict[str, list[Polygon]]:
    """Return the polygons of each area in degrees; the empty code holds shapes of no area."""
    shapes = Atlas(atlas, lambda one: _placed(one, top), LEAST_TRIANGLE)
    found: dict[str, list[Polygon]] = defaultdict(list)
    for own, rings in shapes.shapes():
        carved = ((code, one["box"]) for code, one in places["carved"].items() if one["from"] == own)
        inside = (code for code, box in carved if shapes.is_inside(rings, box))
        found[next(inside, names.codes.get(own, ""))].append(shapes.polygon(rings))
    for code, one in places["moved"].items():
        giver = names.codes[one["from"]]
        found[giver], found[code] = bordering(found[giver], found[code], one["south_of"])
    return found


def _seen(polygon: Polygon, top: float) -> Polygon:
    return [[_placed(one, top) for one in ring] for ring in polygon]


def _area(polygons: Sequence[Polygon], place: XY | None) -> dict[str, Any]:
    largest = max(polygons, key=lambda one: area_of(one[0]), default=None)
    if largest is None or area_of(largest[0]) < SMALL:
        at = place or roomiest(largest[0] if largest else [])[0]
        return {"at": _rounded(at)}
    at, room = roomiest(largest[0])
    seen = [one for one in polygons if one is largest or area_of(one[0]) >= LEFT_OUT]
    box = box_of([point for polygon in seen for point in polygon[0]])
    return {
        "at": _rounded(at),
        "room": round(room),
        "box": [*_rounded(box[:2]), *_rounded(box[2:])],
        "d": "".join(_path(polygon) for polygon in seen),
    }


def _path(polygon: Polygon) -> str:
    """Write a polygon as relative integer steps; holes too small to see are filled."""
    return "".join(
        _written(list(_steps(ring))) for ring in polygon if ring is polygon[0] or area_of(ring) >= LEFT_OUT
    )


def _steps(ring: Sequence[XY]) -> Iterator[tuple[int, int]]:
    before = (0, 0)
    for point in ring:
        here = (round(point[0]), round(point[1]))
        if here != before:
            yield here[0] - before[0], here[1] - before[1]
        before = here


def _written(steps: Sequence[tuple[int, int]]) -> str:
    (x, y), *others = steps
    # A minus sign parts two numbers as well as a space does.
    numbers = "".join(f" {number}" if number >= 0 else str(number) for step in others for number in step)
    return f"M{x} {y}l{numbers.removeprefix(' ')}z"


def _placed(place: Sequence[float], top: float) -> XY:
    x, y = project(place[0], place[1])
    return x * SCALE + WIDTH / 2, top - y * SCALE


def _down(longitude: float, latitude: float) -> float:
    return project(longitude, latitude)[1] * SCALE


def _rounded(point: Sequence[float]) -> list[int]:
    return [round(point[0]), round(point[1])]


def _around(y: float, top: float) -> int:
    """Return the length of the parallel at this height: once around the globe."""
    low, high = -90.0, 90.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if top - _down(0, middle) > y else (low, middle)
    return round(2 * project(180, low)[0] * SCALE)


def _view(box: Sequence[float], top: float) -> list[int]:
    """Return left, top, width and height for a range of longitudes and latitudes."""
    west, south, east, north = box
    middle = max(south, min(north, 0.0))
    sides = [_placed((side, at), top)[0] for side in (west, east) for at in (south, middle, north)]
    left, right = min(sides), max(sides)
    upper, lower = _placed((0, north), top)[1], _placed((0, south), top)[1]
    more = max(0.0, BROADNESS * (lower - upper) - (right - left)) / 2
    return [round(left - more), round(upper), round(right - left + 2 * more), round(lower - upper)]
