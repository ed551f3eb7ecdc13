"""A drawing that follows the direction of its language: right to left in Arabic.

Positions are distances from the start of the line and from the top, and each text is anchored at
its start, middle or end; mirroring happens in one place. The Content-Security-Policy forbids inline
styles, so presentation attributes are used; classes let the style sheet recolour a drawing for dark
mode and print.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from muntada.foundations.charts import palette

SVG = "http://www.w3.org/2000/svg"
RIGHT_TO_LEFT = frozenset({"ar"})
# Isolates for right-to-left text: the direction of a drawing is left to right.
ISOLATE, END_OF_ISOLATE = "\u2067", "\u2069"

type Anchor = Literal["start", "middle", "end"]
type XY = tuple[float, float]

_OTHER_END: dict[Anchor, Anchor] = {"start": "end", "middle": "middle", "end": "start"}

ET.register_namespace("", SVG)


@dataclass(frozen=True)
class ChartWords:
    """The accessible title and description of a chart, in one language."""

    language: str
    title: str
    description: str


class Canvas:
    """A canvas of a given width and height; later shapes cover earlier ones."""

    def __init__(self, width: float, height: float, language: str) -> None:
        self.width, self.height, self.language = width, height, language
        self.is_mirrored = language in RIGHT_TO_LEFT
        self.body = ET.Element(f"{{{SVG}}}g", {"class": "chart-drawing"})

    def rule(self, start: XY, end: XY, kind: str, colour: str = palette.RULE) -> None:
        self._put(
            "line",
            kind,
            x1=_short(self._x(start[0])),
            y1=_short(start[1]),
            x2=_short(self._x(end[0])),
            y2=_short(end[1]),
            stroke=colour,
        )

    def line(
        self,
        places: Sequence[XY],
        slot: int,
        *,
        kind: str = "chart-line",
        width: float = 2.25,
        is_solid: bool = False,
    ) -> None:
        tone = palette.tone(slot)
        marks = {"stroke": palette.COLOURS[tone], "stroke-width": f"{width:g}", "fill": "none"}
        if not is_solid and (dashes := palette.dashes(slot)):
            marks["stroke-dasharray"] = dashes
        self._put("path", f"{kind} series-{tone}", d=self._path(places), **marks)

    def area(self, places: Sequence[XY], slot: int) -> None:
        """Fill the enclosed area, transparent enough to see lines through it."""
        tone = palette.tone(slot)
        marks = {"fill": palette.COLOURS[tone], "fill-opacity": "0.14"}
        self._put("path", f"chart-band series-{tone}", d=f"{self._path(places)}Z", **marks)

    def dot(self, place: XY, slot: int, *, is_hollow: bool = False, radius: float = 4.5) -> None:
        tone = palette.tone(slot)
        colour = palette.COLOURS[tone]
        self._put(
            "circle",
            f"{'chart-ring' if is_hollow else 'chart-point'} series-{tone}",
            cx=_short(self._x(place[0])),
            cy=_short(place[1]),
            r=f"{radius:g}",
            fill=palette.PAPER if is_hollow else colour,
            stroke=colour,
        )

    def text(
        self,
        place: XY,
        words: str,
        *,
        anchor: Anchor = "start",
        kind: str = "chart-label",
        size: float = 12,
        slot: int | None = None,
        colour: str = palette.SOFT_INK,
    ) -> None:
        marks = {"text-anchor": _OTHER_END[anchor] if self.is_mirrored else anchor, "font-size": f"{size:g}"}
        if slot is not None:
            tone = palette.tone(slot)
            kind, colour = f"{kind} series-{tone}", palette.COLOURS[tone]
        if "chart-letter" in kind or "chart-title" in kind:
            marks["font-weight"] = "600"
        made = self._put(
            "text", kind, x=_short(self._x(place[0])), y=_short(place[1] + size * 0.35), fill=colour, **marks
        )
        made.text = isolated(words)

    def put(self, other: "Canvas", place: XY) -> None:
        """Put another drawing of the same direction on this one."""
        start = self.width - place[0] - other.width if self.is_mirrored else place[0]
        other.body.set("transform", f"translate({_short(start)},{_short(place[1])})")
        self.body.append(other.body)

    def ground(self) -> None:
        """Add a background, for a drawing outside a page."""
        marks = {"width": _short(self.width), "height": _short(self.height), "fill": palette.PAPER}
        self.body.insert(0, ET.Element(f"{{{SVG}}}rect", marks))

    def on_page(self, said: ChartWords, name: str, kind: str = "lines") -> str:
        """Return the drawing for a page, whose style sheet colours it."""
        title, description = f"chart-{name}-title", f"chart-{name}-description"
        root = self._root(said.language, "sans-serif")
        root.set("class", kind)
        root.set("aria-labelledby", title)
        root.set("aria-describedby", description)
        ET.SubElement(root, f"{{{SVG}}}title", {"id": title}).text = said.title
        ET.SubElement(root, f"{{{SVG}}}desc", {"id": description}).text = said.description
        root.append(self.body)
        return ET.tostring(root, encoding="unicode")

    def as_file(self, said: ChartWords, fonts: str) -> str:
        """Return the drawing as a file, with size, background and fonts."""
        self.ground()
        root = self._root(said.language, fonts)
        root.set("width", _short(self.width))
        root.set("height", _short(self.height))
        ET.SubElement(root, f"{{{SVG}}}title").text = said.title
        ET.SubElement(root, f"{{{SVG}}}desc").text = said.description
        root.append(self.body)
        return ET.tostring(root, encoding="unicode")

    def _root(self, language: str, fonts: str) -> ET.Element:
        marks = {
            "viewBox": f"0 0 {_short(self.width)} {_short(self.height)}",
            "role": "img",
            "direction": "ltr",
            "font-family": fonts,
            "lang": language,
        }
        return ET.Element(f"{{{SVG}}}svg", marks)

    def _put(self, tag: str, kind: str, **marks: str) -> ET.Element:
        return ET.SubElement(self.body, f"{{{SVG}}}{tag}", {"class": kind, **marks})

    def _path(self, places: Iterable[XY]) -> str:
        return "M" + "L".join(f"{_short(self._x(x))},{_short(y)}" for x, y in places)

    def _x(self, x: float) -> float:
        return self.width - x if self.is_mirrored else x


def isolated(words: str) -> str:
    """Isolate right-to-left text, including its numbers and brackets."""
    runs_left = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in words)
    return f"{ISOLATE}{words}{END_OF_ISOLATE}" if runs_left else words


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
