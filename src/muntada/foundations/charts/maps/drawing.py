"""Draw maps: classes by lightness and number, or counts as circles; never by colour alone.

Presentation attributes are used, so that a drawing can be saved; classes let the style sheet
recolour it for dark mode and print. A map is never mirrored.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from muntada.foundations.charts.maps.world import AreaShape, MapView, World

# From the lowest class to the highest; the style sheet has the colours of dark mode.
TONES = ("#dbeaf2", "#a8cfe2", "#68a6c6", "#2b759d", "#0a415e")
INK_ON = ("#12212b", "#12212b", "#12212b", "#ffffff", "#ffffff")
BORDER, SEA, NO_DATA, HATCH, NOBODYS = "#5f727e", "#f1f5f7", "#ffffff", "#8b9aa4", "#c3ccd1"
# The tones for a number of classes, as far apart as possible.
_TONES_OF = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
_DIGIT = 13.5
_DOT = 5.0


@dataclass(frozen=True)
class MapWords:
    """The accessible words of a map, and those for shapes that belong to no area."""

    language: str
    title: str
    description: str
    nobodys: str


@dataclass(frozen=True)
class MapArea:
    """The class of an area (None without a value), and its label."""

    number: int | None
    words: str


def tone_of(number: int, count: int) -> int:
    """Return the tone of a class, given the number of classes."""
    return _TONES_OF[count][number - 1]


def choropleth(
    world: World, view: MapView, told: Mapping[str, MapArea], *, count: int, words: MapWords, name: str
) -> str:
    """Draw every area in the tone of its class, numbered where there is space."""
    groups: dict[int | None, list[str]] = defaultdict(list)
    dots: dict[int | None, list[str]] = defaultdict(list)
    numbers: dict[int, list[str]] = defaultdict(list)
    unknown = MapArea(None, "")
    for shape in world.outlines(view):
        one = told.get(shape.code, unknown)
        groups[one.number].append(f'<path d="{shape.path}">{_title(one.words)}</path>')
        if one.number and shape.room >= _DIGIT * view.unit * 0.75:
            numbers[one.number].append(_number(view, shape, one.number))
    for shape in world.places(view):
        one = told.get(shape.code, unknown)
        x, y = view.place_of(shape)
        dots[one.number].append(
            f'<circle cx="{x:.5g}" cy="{y:.5g}" r="{_DOT * view.unit:.3g}">{_title(one.words)}</circle>'
        )
    # Small states with values are drawn above those without.
    order: list[int | None] = [None, *range(1, count + 1)]
    layers = [_layer(number, count, groups[number], name) for number in order if groups[number]]
    layers.append(_nobodys(world, words, name))
    layers += [_layer(number, count, dots[number], name) for number in order if dots[number]]
    layers += [_numbers(tone_of(number, count), some) for number, some in numbers.items()]
    return _framed(view, words, name, "".join(layers), "img")


def _number(view: MapView, shape: AreaShape, number: int) -> str:
    x, y = view.place_of(shape)
    return f'<text x="{x:.5g}" y="{y:.5g}" dy="0.36em">{number}</text>'


def _numbers(tone: int, drawn: Sequence[str]) -> str:
    marks = f'fill="{INK_ON[tone]}" stroke="none" font-weight="600"'
    return f'<g class="class-number on-tone-{tone + 1}" {marks}>{"".join(drawn)}</g>'


def _layer(number: int | None, count: int, drawn: Sequence[str], name: str) -> str:
    if number is None:
        return f'<g class="no-data" fill="url(#{name}-hatch)">{"".join(drawn)}</g>'
    tone = tone_of(number, count)
    return f'<g class="tone-{tone + 1}" fill="{TONES[tone]}">{"".join(drawn)}</g>'


def _nobodys(world: World, words: MapWords, name: str) -> str:
    drawn = "".join(f'<path d="{path}"/>' for path in world.nobodys)
    return f'<g class="nobodys" fill="url(#{name}-cross)">{_title(words.nobodys)}{drawn}</g>'


@dataclass(frozen=True)
class CircleCount:
    """The count of an area, its link and its label."""

    count: int
    url: str
    words: str


SMALLEST, ONE, LARGEST = 9.0, 12.0, 34.0


def radius_of(count: int, most: int) -> float:
    """Return the radius of a circle with an area proportional to the count, with a minimum."""
    return max(SMALLEST, min(ONE, LARGEST / math.sqrt(most)) * math.sqrt(count))


def circles(
    world: World, view: MapView, counted: Mapping[str, CircleCount], *, words: MapWords, name: str
) -> str:
    """Draw a circle with the count on each area that has one, with its link."""
    land = "".join(f'<path d="{one.path}"/>' for one in world.outlines(view))
    land += "".join(f'<path d="{path}"/>' for path in world.nobodys)
    most = max((one.count for one in counted.values()), default=1)
    links = []
    # The largest first, so that smaller ones lie above.
    for code, one in sorted(counted.items(), key=lambda pair: (-pair[1].count, pair[0])):
        shape = world.shapes[code]
        x, y = view.place_of(shape)
        if view.sees((x, y, x, y)):
            radius = radius_of(one.count, most)
            size = min(_DIGIT * 1.15, radius * 2.4 / len(str(one.count)))
            links.append(
                f'<a href="{escape(one.url)}" aria-label="{escape(one.words)}">{_title(one.words)}'
                f'<circle cx="{x:.5g}" cy="{y:.5g}" r="{radius * view.unit:.3g}"/>'
                f'<text x="{x:.5g}" y="{y + size * view.unit * 0.36:.5g}"'
                f' font-size="{size * view.unit:.3g}" fill="{SEA}" stroke="none">{one.count}</text></a>'
            )
    body = (
        f'<g class="land" fill="{TONES[0]}">{land}</g>'
        f'<g class="counts" fill="{TONES[4]}" fill-opacity="0.88">{"".join(links)}</g>'
    )
    return _framed(view, words, name, body, "group")


def _framed(view: MapView, words: MapWords, name: str, body: str, role: str) -> str:
    left, top, width, height = view.box
    unit = view.unit
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="world-map view-{view.name}"'
        f' viewBox="{left} {top} {width} {height}" preserveAspectRatio="xMidYMid slice"'
        f' role="{role}" aria-labelledby="{name}-title" aria-describedby="{name}-description" direction="ltr"'
        f' lang="{words.language}" font-family="sans-serif" font-size="{_DIGIT * unit:.4g}"'
        ' text-anchor="middle"'
        f' stroke="{BORDER}" stroke-width="{0.7 * unit:.3g}" stroke-linejoin="round" fill-rule="evenodd">'
        f'<title id="{name}-title">{escape(words.title)}</title>'
        f'<desc id="{name}-description">{escape(words.description)}</desc>'
        f"<defs>{patterns(name, unit)}</defs>"
        f'<rect class="sea" x="{left}" y="{top}" width="{width}" height="{height}"'
        f' fill="{SEA}" stroke="none"/>'
        f"{body}</svg>"
    )


def patterns(name: str, unit: float) -> str:
    """Return the hatching of areas without data, and the cross-hatching of shapes that belong to no area."""
    size = 6 * unit
    return "".join(
        f'<pattern id="{name}-{kind}" class="{kind}" width="{size:.4g}" height="{size:.4g}"'
        f' patternUnits="userSpaceOnUse">'
        f'<rect width="{size:.4g}" height="{size:.4g}" fill="{ground}" stroke="none"/>'
        f'<path d="{_strokes(strokes, size)}" fill="none" stroke="{HATCH}" stroke-width="{unit:.3g}"/>'
        "</pattern>"
        for kind, ground, strokes in (("hatch", NO_DATA, (0,)), ("cross", NOBODYS, (0, 1)))
    )


def _strokes(directions: Iterable[int], size: float) -> str:
    return "".join(
        f"M0 {size:.4g}L{size:.4g} 0" if one == 0 else f"M0 0L{size:.4g} {size:.4g}" for one in directions
    )


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""
