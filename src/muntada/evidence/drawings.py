"""Charts as SVG: the specification goes to Vega-Lite, its drawing is stripped to what a page may carry.

The page's Content-Security-Policy forbids inline styles, so everything stands in presentation attributes;
classes let the style sheet recolour a chart for dark mode and print. A line is told apart by its letter and
its dashes, never by colour alone. Words come in by language; nothing else differs, so one drawing serves all.
"""

import math
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import vl_convert
from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal

VERSION = 3
WIDTH, HEIGHT = 400, 240
LEFT, TOP, RIGHT, BOTTOM = 50, 10, 24, 26
LETTER_HEIGHT = 15
TICKS = 5
YEAR_TICKS = 7
SPARK_WIDTH, SPARK_HEIGHT = 120, 32

SVG = "http://www.w3.org/2000/svg"
# The first is the world's. Used where no style sheet speaks, as in a downloaded file.
COLOURS = (
    "#17232c",
    "#0b4f6c",
    "#b2610c",
    "#5b3a8c",
    "#1f6b3f",
    "#a3264f",
    "#7a5d00",
    "#1c7c86",
    "#55606a",
)
DASHES: tuple[tuple[int, ...], ...] = (
    (),
    (6, 3),
    (2, 2),
    (9, 3, 2, 3),
    (12, 4),
    (4, 4),
    (1, 3),
    (12, 3, 3, 3),
    (6, 2, 1, 2),
)
_KEPT = frozenset(
    {
        "d",
        "transform",
        "x2",
        "y2",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "fill",
        "text-anchor",
        "font-size",
        "font-weight",
    }
)
_NUMBER = re.compile(r"-?\d+\.\d+")

ET.register_namespace("", SVG)


@dataclass(frozen=True)
class Line:
    """One series of a chart: the letter beside its end, the slot of its colour and dashes, its points."""

    letter: str
    slot: int
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class ChartWords:
    """What a chart says in one language to those who do not see it."""

    language: str
    title: str
    description: str


def number(value: float, language: str) -> str:
    """Write a number as its language does, with as many digits as can be read."""
    locale = Locale.parse(language, sep="-")
    size = abs(value)
    if size >= 1_000_000:  # noqa: PLR2004
        return str(format_compact_decimal(value, locale=locale, fraction_digits=2))
    pattern = "#,##0" if size >= 1000 else "0.0" if size >= 1 or size == 0 else "0.00"  # noqa: PLR2004
    return str(format_decimal(value, format=pattern, locale=locale))


def figure(value: float, language: str) -> str:
    """Write a figure with the digits its source printed, where they are two at most; else as a number."""
    if abs(value) >= 1000 or value != round(value, 2):  # noqa: PLR2004
        return number(value, language)
    return str(format_decimal(value, format="0.##", locale=Locale.parse(language, sep="-")))


def difference(value: float, language: str) -> str:
    """Write the size of a difference, to one digit wherever that says anything."""
    if 0.1 <= value < 1:  # noqa: PLR2004
        return str(format_decimal(value, format="0.0", locale=Locale.parse(language, sep="-")))
    return number(value, language)


def tick_label(value: float, language: str) -> str:
    locale = Locale.parse(language, sep="-")
    if abs(value) >= 1_000_000:  # noqa: PLR2004
        return str(format_compact_decimal(value, locale=locale, fraction_digits=1))
    return str(format_decimal(value, format="#,##0.###", locale=locale))


def line_charts(lines: Sequence[Line], words: Mapping[str, ChartWords], name: str) -> dict[str, str]:
    """Draw the lines once and write the drawing down in every language."""
    scale = value_ticks([value for line in lines for _, value in line.points])
    drawn = vl_convert.vegalite_to_svg(_specification(lines, scale), vl_version="6.4")
    body = _stripped(ET.fromstring(drawn))  # noqa: S314 - our own drawing, not a stranger's file
    return {language: _written(body, said, scale, name) for language, said in words.items()}


def value_ticks(values: Sequence[float]) -> tuple[float, ...]:
    """Return round numbers from zero (or below) that hold all values."""
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        high = low + 1
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(round_one for round_one in (1, 2, 2.5, 5, 10) if round_one * power >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step - 1e-9)
    digits = 6 - math.floor(math.log10(step))
    return tuple(round(place * step, digits) for place in range(first, last + 1))


def year_ticks(first: int, last: int) -> tuple[int, ...]:
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100) if (last - first) / one < YEAR_TICKS)
    return tuple(range(-(-first // step) * step, last + 1, step))


def letter_places(ends: Sequence[float]) -> list[float]:
    """Move letters apart so that none covers another; given and returned as distances from the top."""
    order = sorted(range(len(ends)), key=lambda one: ends[one])
    places = [0.0] * len(ends)
    before = -math.inf
    for one in order:
        places[one] = before = max(ends[one], before + LETTER_HEIGHT)
    below = math.inf
    for one in reversed(order):
        places[one] = below = min(places[one], below - LETTER_HEIGHT, HEIGHT - 2)
    return places


def sparkline(points: Sequence[tuple[int, float]]) -> str:
    """Return a series as the path of one small line, the lowest value at the bottom."""
    if len(points) < 2:  # noqa: PLR2004
        return ""
    (first, _), (last, _) = points[0], points[-1]
    low, high = min(value for _, value in points), max(value for _, value in points)
    height = (high - low) or 1
    places = (
        f"{(year - first) / (last - first) * (SPARK_WIDTH - 4) + 2:.1f},"
        f"{(1 - (value - low) / height) * (SPARK_HEIGHT - 6) + 3:.1f}"
        for year, value in points
    )
    return f"M{'L'.join(places)}"


def _specification(lines: Sequence[Line], scale: Sequence[float]) -> dict[str, Any]:
    """Return the chart in Vega-Lite."""
    years = [year for line in lines for year, _ in line.points]
    first, last = min(years), max(years)
    domain = [first, last] if first < last else [first - 1, last + 1]
    slots = sorted({line.slot for line in lines})
    by_slot = {"field": "slot", "type": "nominal", "legend": None}
    colour = {**by_slot, "scale": {"domain": slots, "range": [COLOURS[slot] for slot in slots]}}
    dashes = {**by_slot, "scale": {"domain": slots, "range": [[*DASHES[slot]] or [1, 0] for slot in slots]}}
    rows = [{"slot": line.slot, "x": year, "y": value} for line in lines for year, value in line.points]
    lone = [row for line in lines if len(line.points) == 1 for row in rows if row["slot"] == line.slot]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "autosize": "none",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": {"left": LEFT, "top": TOP, "right": RIGHT, "bottom": BOTTOM},
        "config": {"background": None, "view": {"stroke": None}, "axis": {"labelFontSize": 12}},
        "encoding": {
            "x": {
                "field": "x",
                "type": "quantitative",
                "scale": {"domain": domain, "nice": False},
                "axis": {
                    "values": [*year_ticks(first, last)],
                    "format": "d",
                    "title": None,
                    "grid": False,
                    "labelFlush": False,
                    "labelOverlap": False,
                },
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "scale": {"domain": [scale[0], scale[-1]], "nice": False},
                "axis": {
                    "values": [*scale],
                    "title": None,
                    "domain": False,
                    "ticks": False,
                    "labelPadding": 6,
                    "labelOverlap": False,
                },
            },
            "color": colour,
        },
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "line", "strokeWidth": 2.25},
                "encoding": {"strokeDash": dashes},
            },
            {"data": {"values": lone}, "mark": {"type": "circle", "size": 36, "opacity": 1}},
            {
                "data": {"values": _letters(lines, scale)},
                "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 13},
                "encoding": {
                    "text": {"field": "letter"},
                    "x": {"value": WIDTH + 8},
                },
            },
        ],
    }


def _letters(lines: Sequence[Line], scale: Sequence[float]) -> list[dict[str, Any]]:
    span = scale[-1] - scale[0]
    ends = [HEIGHT * (1 - (line.points[-1][1] - scale[0]) / span) for line in lines]
    return [
        {"letter": line.letter, "slot": line.slot, "y": scale[0] + span * (1 - place / HEIGHT)}
        for line, place in zip(lines, letter_places(ends), strict=True)
    ]


_KINDS = {
    "role-axis-grid": "chart-grid",
    "role-axis-tick": "chart-axis",
    "role-axis-domain": "chart-axis",
    "role-axis-label": "chart-label",
    "mark-line role-mark": "chart-line",
    "mark-symbol role-mark": "chart-point",
    "mark-text role-mark": "chart-letter",
}


def _stripped(drawing: ET.Element) -> ET.Element:
    """Keep shapes and words; name them by class; drop styles, roles and empty frames."""
    root = ET.Element(f"{{{SVG}}}g", {"class": "chart-drawing"})
    for child in drawing:
        _copy(child, root, "")
    return root


def _copy(source: ET.Element, parent: ET.Element, kind: str) -> None:
    words = source.get("class", "")
    if words in {"background", "foreground"}:
        return
    kind = next((ours for theirs, ours in _KINDS.items() if theirs in words), kind)
    target = ET.Element(source.tag, {name: _short(value) for name, value in source.items() if name in _KEPT})
    target.text = source.text
    if source.tag == f"{{{SVG}}}g":
        for child in source:
            _copy(child, target, kind)
        if len(target) == 1 and not target.attrib:
            parent.append(target[0])
        elif len(target):
            parent.append(target)
    else:
        _name(target, kind)
        parent.append(target)


def _name(shape: ET.Element, kind: str) -> None:
    """Give a shape its class, so that the style sheet can recolour it."""
    colour = shape.get("stroke") or shape.get("fill") or ""
    if colour in COLOURS and kind in {"chart-line", "chart-point", "chart-letter"}:
        shape.set("class", f"{kind} series-{COLOURS.index(colour)}")
    else:
        shape.set("class", kind)
    if kind == "chart-letter":
        shape.set("font-weight", "600")
    if shape.get("stroke-dasharray") == "1,0":
        del shape.attrib["stroke-dasharray"]


def _short(value: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)


def _written(body: ET.Element, said: ChartWords, scale: Sequence[float], name: str) -> str:
    """Write the drawing down with the words and numbers of one language."""
    title, description = f"chart-{name}-title", f"chart-{name}-description"
    root = ET.Element(
        f"{{{SVG}}}svg",
        {
            "class": "lines",
            "viewBox": f"0 0 {LEFT + WIDTH + RIGHT} {TOP + HEIGHT + BOTTOM}",
            "role": "img",
            "aria-labelledby": title,
            "aria-describedby": description,
            "direction": "ltr",
            "font-family": "sans-serif",
            "lang": said.language,
        },
    )
    ET.SubElement(root, f"{{{SVG}}}title", {"id": title}).text = said.title
    ET.SubElement(root, f"{{{SVG}}}desc", {"id": description}).text = said.description
    drawn = deepcopy(body)
    # The labels of values end at the axis; those of years stand in the middle of their ticks.
    labels = [text for text in drawn.iter(f"{{{SVG}}}text") if text.get("text-anchor") == "end"]
    for text, value in zip(labels, scale, strict=True):
        text.text = tick_label(value, said.language)
    root.append(drawn)
    return ET.tostring(root, encoding="unicode")
