"""First and latest year alone: joined by a slope, or ranked on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from muntada.foundations.charts.canvas import Canvas
from muntada.foundations.charts.letters import shortened
from muntada.foundations.charts.lines import HEIGHT, WIDTH, Plot
from muntada.foundations.charts.numbers import number, tick_label
from muntada.foundations.charts.palette import INK, SOFT_INK
from muntada.foundations.charts.scales import LETTER_HEIGHT, apart, value_ticks

SIDE = 96
SLOPE_TOP, SLOPE_BOTTOM = 14, 30
ROW, DOTS_TOP, DOTS_BOTTOM, INSET = 44, 6, 26, 16
NAME_SIZE = 13


@dataclass(frozen=True)
class Ends:
    """The first and the latest number of one line; `words` say whose they are."""

    words: str
    letter: str
    slot: int
    first: tuple[int, float]
    last: tuple[int, float]


def slope_chart(
    ends: Sequence[Ends], language: str, *, width: float = WIDTH, height: float = HEIGHT
) -> Canvas:
    """Join the first and the latest number of each; where they stand tells their year."""
    canvas = Canvas(width, height, language)
    years = min(one.first[0] for one in ends), max(one.last[0] for one in ends)
    ticks = value_ticks([value for one in ends for _, value in (one.first, one.last)])
    plot = Plot(SIDE, SLOPE_TOP, width - 2 * SIDE, height - SLOPE_TOP - SLOPE_BOTTOM, years, ticks)
    for year in sorted(set(years)):
        x, floor = plot.at(year, ticks[0])
        canvas.rule((x, SLOPE_TOP), (x, floor), "chart-axis", SOFT_INK)
        canvas.text((x, floor + 18), str(year), anchor="middle")
    for one in ends:
        places = [plot.at(*one.first), plot.at(*one.last)]
        if one.first != one.last:
            canvas.line(places, one.slot)
            canvas.dot(places[0], one.slot, is_hollow=True, radius=3.6)
        canvas.dot(places[1], one.slot, radius=3.6)
    moved = [one for one in ends if one.first != one.last]
    _side(canvas, plot, moved, [one.first for one in moved], years[0], language)
    _side(canvas, plot, ends, [one.last for one in ends], years[1], language)
    return canvas


def _side(
    canvas: Canvas,
    plot: Plot,
    ends: Sequence[Ends],
    points: Sequence[tuple[int, float]],
    year: int,
    language: str,
) -> None:
    """Write letters and numbers beside one of the two years."""
    is_first = year == plot.years[0] and plot.years[0] != plot.years[1]
    x = plot.start - 10 if is_first else plot.start + plot.width + 10
    wanted = [plot.at(*point)[1] for point in points]
    for one, point, y in zip(ends, points, apart(wanted, LETTER_HEIGHT, plot.top + plot.height), strict=True):
        own = f" ({point[0]})" if point[0] != year else ""
        words = f"{one.letter} {number(point[1], language)}{own}"
        canvas.text((x, y), words, anchor="end" if is_first else "start", kind="chart-letter", slot=one.slot)


def dots_height(ends: Sequence[Ends]) -> float:
    return DOTS_TOP + ROW * len(ends) + DOTS_BOTTOM


def dots_chart(ends: Sequence[Ends], language: str, *, width: float = WIDTH) -> Canvas:
    """Rank by the latest number; a ring is the first year, a full dot the latest."""
    canvas = Canvas(width, dots_height(ends), language)
    ticks = value_ticks([value for one in ends for _, value in (one.first, one.last)])
    plot = Plot(INSET, DOTS_TOP, width - 2 * INSET, ROW * len(ends), (0, 1), ticks)
    for value in ticks:
        x = _across(plot, value)
        canvas.rule((x, DOTS_TOP), (x, DOTS_TOP + plot.height), "chart-grid")
        canvas.text((x, DOTS_TOP + plot.height + 14), tick_label(value, language), anchor="middle")
    latest = max(one.last[0] for one in ends)
    ranked = sorted(ends, key=lambda one: -one.last[1])
    for place, one in enumerate(ranked):
        _row(canvas, plot, one, place, latest, language)
    return canvas


def _row(canvas: Canvas, plot: Plot, one: Ends, place: int, latest: int, language: str) -> None:
    top = DOTS_TOP + ROW * place
    middle = top + ROW - 13
    first, last = _across(plot, one.first[1]), _across(plot, one.last[1])
    years = f"{one.first[0]}–{one.last[0]}" if one.first != one.last else str(one.last[0])
    own = f" · {years}" if one.last[0] != latest else ""
    figures = number(one.last[1], language)
    if one.first != one.last:
        figures = f"{number(one.first[1], language)} → {figures}"
        if canvas.is_mirrored:
            figures = f"{number(one.last[1], language)} ← {number(one.first[1], language)}"
    room = plot.width - 8.5 * len(figures)
    words = shortened(f"{place + 1}. {one.words}{own}", NAME_SIZE, room)
    canvas.text((plot.start, top + 13), words, kind="chart-name", size=NAME_SIZE, colour=INK)
    canvas.text((plot.start + plot.width, top + 13), figures, anchor="end", kind="chart-figure")
    canvas.rule((plot.start, middle), (plot.start + plot.width, middle), "chart-grid")
    if one.first != one.last:
        canvas.line([(first, middle), (last, middle)], 1, width=3, is_solid=True)
        canvas.dot((first, middle), 1, is_hollow=True)
    canvas.dot((last, middle), 1, radius=5)


def _across(plot: Plot, value: float) -> float:
    low, high = plot.ticks[0], plot.ticks[-1]
    return plot.start + (value - low) / (high - low) * plot.width
