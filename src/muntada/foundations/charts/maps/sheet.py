"""A map as a file: title, classes, source and notice."""

from collections.abc import Sequence
from dataclasses import dataclass

from muntada.foundations.charts.canvas import Canvas, ChartWords
from muntada.foundations.charts.letters import wrapped
from muntada.foundations.charts.maps import drawing
from muntada.foundations.charts.palette import INK, SOFT_INK
from muntada.foundations.charts.sheets import FONTS, OTHER_FONTS

WIDTH, MARGIN = 1000, 30
ROOM = WIDTH - 2 * MARGIN
TITLE, LEGEND, FOOT = 22.0, 14.0, 12.0
IN_A_ROW, SWATCH = 3, (36, 22)
_OPENING = '<svg xmlns="http://www.w3.org/2000/svg"'


@dataclass(frozen=True)
class Swatch:
    """A class in the legend: its number and tone, or neither where there are no data."""

    words: str
    number: int | None = None
    tone: int | None = None


def as_svg(said: ChartWords, svg: str, ratio: float, legend: Sequence[Swatch], foot: Sequence[str]) -> str:
    """Combine title, map, legend and footer on one sheet. `ratio` is height to width."""
    title = wrapped(said.title, TITLE, ROOM)
    lines = [line for words in foot for line in wrapped(words, FOOT, ROOM)]
    top = MARGIN + len(title) * TITLE * 1.3 + 6
    below = top + ROOM * ratio + 20
    rows = -(-len(legend) // IN_A_ROW)
    end = below + rows * 32 + 14
    canvas = Canvas(WIDTH, end + len(lines) * FOOT * 1.5 + MARGIN - FOOT, said.language)
    for place, words in enumerate(title):
        at = (MARGIN, MARGIN + (place + 0.5) * TITLE * 1.3)
        canvas.text(at, words, kind="chart-title", size=TITLE, colour=INK)
    swatches = ""
    for place, one in enumerate(legend):
        row, column = divmod(place, IN_A_ROW)
        x, y = MARGIN + column * ROOM / IN_A_ROW, below + row * 32
        canvas.text((x + SWATCH[0] + 10, y + SWATCH[1] / 2), one.words, size=LEGEND, colour=INK)
        swatches += _swatch(one, WIDTH - x - SWATCH[0] if canvas.is_mirrored else x, y)
    for place, words in enumerate(lines):
        canvas.text((MARGIN, end + place * FOOT * 1.5), words, size=FOOT, colour=SOFT_INK)
    fonts = FONTS.get(said.language, OTHER_FONTS)
    placed = f'{_OPENING} x="{MARGIN}" y="{top:.0f}" width="{ROOM}" height="{ROOM * ratio:.0f}"'
    drawn = svg.replace(_OPENING, placed, 1).replace(' font-family="sans-serif"', "", 1)
    return canvas.as_file(said, fonts).removesuffix("</svg>") + drawn + swatches + "</svg>"


def _swatch(one: Swatch, x: float, y: float) -> str:
    wide, high = SWATCH
    fill = "none" if one.tone is None else drawing.TONES[one.tone - 1]
    marks = f'fill="{fill}" stroke="{drawing.BORDER}"'
    drawn = f'<rect x="{x:.0f}" y="{y:.0f}" width="{wide}" height="{high}" {marks}/>'
    if one.tone is None:
        strokes = "".join(
            f"M{x + step:.0f} {y + high:.0f}L{x + step + min(high, wide - step):.0f}"
            f" {y + high - min(high, wide - step):.0f}"
            for step in range(0, wide, 6)
        )
        return drawn + f'<path d="{strokes}" stroke="{drawing.HATCH}"/>'
    return drawn + (
        f'<text x="{x + wide / 2:.0f}" y="{y + 16:.0f}" text-anchor="middle" font-size="13" font-weight="600"'
        f' fill="{drawing.INK_ON[one.tone - 1]}">{one.number}</text>'
    )
