"""Series with turning points: values as dots, fitted pieces, turns, and dates of the forum."""

from collections.abc import Sequence
from dataclasses import dataclass

from muntada.foundations.charts.canvas import XY, Canvas
from muntada.foundations.charts.lines import BOTTOM, LEFT, RIGHT, Plot, axes
from muntada.foundations.charts.palette import SOFT_INK
from muntada.foundations.charts.scales import LETTER_HEIGHT, apart, value_ticks

WIDTH, HEIGHT = 474, 290
TOP, TOP_WITH_NOTES = 12, 30


@dataclass(frozen=True)
class Turned:
    """A series: values, fitted pieces, and the year and interval of each turn."""

    letter: str
    slot: int
    points: tuple[XY, ...]
    pieces: tuple[tuple[XY, XY], ...]
    turns: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class ChartNote:
    """A year of the forum, and its number in the list beside the chart."""

    year: int
    number: int


def turns_chart(lines: Sequence[Turned], notes: Sequence[ChartNote], language: str) -> Canvas:
    """Draw series in pieces; a note is a thin numbered line."""
    canvas = Canvas(WIDTH, HEIGHT, language)
    plot = _plot(lines, TOP_WITH_NOTES if notes else TOP)
    axes(canvas, plot, language)
    for note in notes:
        x, _ = plot.at(note.year, plot.ticks[0])
        canvas.rule((x, plot.top - 6), (x, plot.top + plot.height), "chart-note", SOFT_INK)
        canvas.text((x, plot.top - 15), str(note.number), anchor="middle", kind="chart-note-number", size=12)
    for line in lines:
        _series(canvas, plot, line)
    ends = [plot.at(*_end(line))[1] for line in lines]
    for line, place in zip(lines, apart(ends, LETTER_HEIGHT, HEIGHT - BOTTOM - 2), strict=True):
        canvas.text((WIDTH - RIGHT + 8, place), line.letter, kind="chart-letter", size=13, slot=line.slot)
    return canvas


def _plot(lines: Sequence[Turned], top: float) -> Plot:
    years = [int(year) for line in lines for year, _ in line.points]
    # The axis covers the values; a fitted line may leave it slightly.
    values = [value for line in lines for _, value in line.points]
    span = (min(years), max(years))
    size = (WIDTH - LEFT - RIGHT, HEIGHT - top - BOTTOM)
    return Plot(LEFT, top, *size, span, value_ticks(values))


def _series(canvas: Canvas, plot: Plot, line: Turned) -> None:
    for point in line.points:
        canvas.dot(plot.at(*point), line.slot, radius=2)
    for piece in line.pieces:
        canvas.line([plot.at(*point) for point in within(piece, plot.ticks[0], plot.ticks[-1])], line.slot)
    for piece, (year, earliest, latest) in zip(line.pieces, line.turns, strict=False):
        _, y = plot.at(*piece[1])
        start, _ = plot.at(earliest, piece[1][1])
        end, _ = plot.at(latest, piece[1][1])
        if end > start:
            canvas.line([(start, y), (end, y)], line.slot, kind="chart-reach", width=1.2)
        canvas.dot((plot.at(year, piece[1][1])[0], y), line.slot, is_hollow=True, radius=5)


def within(piece: tuple[XY, XY], low: float, high: float) -> tuple[XY, XY]:
    """Clip a line segment to a range of values."""
    (first, start), (last, end) = piece

    def cut(year: float, value: float) -> XY:
        held = min(max(value, low), high)
        if held == value or start == end:
            return year, held
        return first + (last - first) * (held - start) / (end - start), held

    return cut(first, start), cut(last, end)


def _end(line: Turned) -> XY:
    return line.pieces[-1][1] if line.pieces else line.points[-1]
