"""A chart as a file: title, legend, source and edition."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from muntada.foundations.charts.canvas import Canvas, ChartWords
from muntada.foundations.charts.letters import shortened, width_of, wrapped
from muntada.foundations.charts.palette import INK, RULE, SOFT_INK
from muntada.foundations.typesetting import draw_png

WIDTH, MARGIN = 760, 32
ROOM = WIDTH - 2 * MARGIN
TITLE_SIZE, LEAD_SIZE, FOOT_SIZE, NAME_SIZE = 21, 14, 11.5, 13
LEGEND_ROW, GAP = 22, 18
# The width of the stroke, letter and number beside a name in the legend.
AROUND_NAME = 130
# Fonts installed with the platform come before those of the machine, so that a PNG is the same
# everywhere.
FONTS: Mapping[str, str] = {"ar": "Noto Sans Arabic, Amiri, sans-serif"}
OTHER_FONTS = "Noto Sans, Noto Sans CJK SC, sans-serif"
PRINT_FONTS: Mapping[str, str] = {"ar": "Amiri"}
_PACKAGES = ("fontpkg_noto_sans", "fontpkg_amiri", "manimgx_fonts_cjk")
# Cached pictures; a PNG has about 50 kB.
PICTURES_KEPT = 64
# Twice the resolution of the drawing.
DOTS_PER_INCH = 2 * 96


@dataclass(frozen=True)
class ChartLegendEntry:
    """One line of a legend."""

    slot: int
    letter: str
    words: str
    figure: str


@dataclass(frozen=True)
class ChartSheet:
    """The text around the charts; `names` are the titles of small multiples."""

    said: ChartWords
    lead: str
    legend: tuple[ChartLegendEntry, ...]
    foot: tuple[str, ...]
    names: tuple[str, ...] = ()


def as_svg(sheet: ChartSheet, charts: Sequence[Canvas]) -> str:
    """Combine title, charts, legend and sources."""
    language = sheet.said.language
    title, lead = wrapped(sheet.said.title, TITLE_SIZE, ROOM), wrapped(sheet.lead, LEAD_SIZE, ROOM)
    foot = [line for words in sheet.foot for line in wrapped(words, FOOT_SIZE, ROOM)]
    top = MARGIN + 27 * len(title) + 20 * len(lead) + GAP
    drawn = _charts_height(charts, named=bool(sheet.names))
    across = _columns(sheet.legend)
    rows = -(-len(sheet.legend) // across)
    below = top + drawn + GAP
    end = below + rows * LEGEND_ROW + (GAP if rows else 0)
    paper = Canvas(WIDTH, end + 16 * len(foot) + MARGIN, language)
    for place, words in enumerate(title):
        at = (MARGIN, MARGIN + 10 + 27 * place)
        paper.text(at, words, kind="chart-title", size=TITLE_SIZE, colour=INK)
    for place, words in enumerate(lead):
        paper.text((MARGIN, MARGIN + 27 * len(title) + 8 + 20 * place), words, size=LEAD_SIZE)
    _put_charts(paper, charts, sheet.names, top)
    _put_legend(paper, sheet.legend, below, across)
    paper.rule((MARGIN, end - 8), (WIDTH - MARGIN, end - 8), "chart-grid", RULE)
    for place, words in enumerate(foot):
        paper.text((MARGIN, end + 8 + 16 * place), words, size=FOOT_SIZE, colour=SOFT_INK)
    return paper.as_file(sheet.said, FONTS.get(language, OTHER_FONTS))


def _in_a_row(charts: Sequence[Canvas]) -> int:
    return max(1, int((ROOM + 4) // charts[0].width))


def _charts_height(charts: Sequence[Canvas], *, named: bool) -> float:
    rows = -(-len(charts) // _in_a_row(charts))
    return rows * (charts[0].height + (LEGEND_ROW if named else 0))


def _put_charts(paper: Canvas, charts: Sequence[Canvas], names: Sequence[str], top: float) -> None:
    across = _in_a_row(charts)
    for place, chart in enumerate(charts):
        row, column = divmod(place, across)
        x = MARGIN + column * chart.width
        y = top + row * (chart.height + (LEGEND_ROW if names else 0))
        if names:
            words = shortened(names[place], NAME_SIZE, chart.width - 14)
            paper.text((x, y + 10), words, kind="chart-title", size=NAME_SIZE, colour=INK)
            y += LEGEND_ROW
        paper.put(chart, (x, y))


def _columns(legend: Sequence[ChartLegendEntry]) -> int:
    """Return 2 if every name fits in half of the width."""
    room = ROOM / 2 - AROUND_NAME
    return 2 if all(width_of(entry.words, NAME_SIZE) <= room for entry in legend) else 1


def _put_legend(paper: Canvas, legend: Sequence[ChartLegendEntry], top: float, across: int) -> None:
    room = ROOM / across
    for place, entry in enumerate(legend):
        row, column = divmod(place, across)
        x, y = MARGIN + column * room, top + row * LEGEND_ROW + 6
        paper.line([(x, y), (x + 32, y)], entry.slot)
        paper.text((x + 40, y), entry.letter, kind="chart-letter", size=NAME_SIZE, slot=entry.slot)
        words = shortened(entry.words, NAME_SIZE, room - AROUND_NAME)
        paper.text((x + 58, y), words, size=NAME_SIZE, colour=INK)
        paper.text((x + room - 16, y), entry.figure, anchor="end", size=NAME_SIZE, colour=INK)


def as_png(svg: str, language: str) -> bytes:
    """Render a file with our fonts, and those of the machine for other scripts such as Chinese."""
    fonts = FONTS.get(language, OTHER_FONTS)
    return _png(svg.replace(html.escape(fonts), PRINT_FONTS.get(language, fonts), 1))


@lru_cache(maxsize=PICTURES_KEPT)
def _png(svg: str) -> bytes:
    return draw_png(svg, fonts=_font_folders(), dots_per_inch=DOTS_PER_INCH)


@lru_cache(maxsize=1)
def _font_folders() -> tuple[str, ...]:
    found = [find_spec(package) for package in _PACKAGES]
    origins = [Path(spec.origin).parent for spec in found if spec and spec.origin]
    files = (
        file for folder in origins for kind in ("*.ttf", "*.otf", "*.ttc") for file in folder.rglob(kind)
    )
    return tuple(sorted({str(file.parent) for file in files}))
