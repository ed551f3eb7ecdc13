"""Lines over years, with the band of one of them: the chart of a series by groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from muntada.foundations.charts.canvas import XY, Canvas
from muntada.foundations.charts.numbers import tick_label
from muntada.foundations.charts.palette import SOFT_INK
from muntada.foundations.charts.scales import LETTER_HEIGHT, apart, value_ticks, year_ticks

WIDTH, HEIGHT = 474, 276
LEFT, TOP, RIGHT, BOTTOM = 50, 10, 24, 26


@dataclass(frozen=True)
class ChartLine:
    """A series of a chart: the letter at its end, the slot of its colour and dashes, its points."""

    letter: str
    slot: int
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class ChartBand:
    """The range of a share of the countries of a group; `slot` is that of the group's line."""

    slot: int
    points: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True)
class Plot:
    """The plotting area of a chart: converts years and values to positions."""

    start: float
    top: float
    width: float
    height: float
    years: tuple[int, int]
    ticks: tuple[float, ...]

    def at(self, year: float, value: float) -> XY:
        first, last = self.years
        across = (year - first) / (last - first) if last > first else 0.5
        low, high = self.ticks[0], self.ticks[-1]
        return (
            self.start + across * self.width,
            self.top + (1 - (value - low) / (high - low)) * self.height,
        )


def line_chart(
    lines: Sequence[ChartLine],
    language: str,
    *,
    band: ChartBand | None = None,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> Canvas:
    """Draw lines over years; a line of one year is a point."""
    canvas = Canvas(width, height, language)
    plot = plot_of(lines, band, width - LEFT - RIGHT, height - TOP - BOTTOM)
    axes(canvas, plot, language)
    if band is not None:
        for piece in _unbroken(band.points):
            low = [plot.at(year, lower) for year, lower, _ in piece]
            canvas.area([*(plot.at(year, upper) for year, _, upper in piece), *reversed(low)], band.slot)
    for line in lines:
        places = [plot.at(year, value) for year, value in line.points]
        if len(places) == 1:
            canvas.dot(places[0], line.slot, radius=3.4)
        else:
            canvas.line(places, line.slot)
    ends = [plot.at(*line.points[-1])[1] for line in lines]
    for line, place in zip(lines, apart(ends, LETTER_HEIGHT, height - BOTTOM - 2), strict=True):
        canvas.text((width - RIGHT + 8, place), line.letter, kind="chart-letter", size=13, slot=line.slot)
    return canvas


def plot_of(lines: Sequence[ChartLine], band: ChartBand | None, width: float, height: float) -> Plot:
    years = [year for line in lines for year, _ in line.points]
    values = [value for line in lines for _, value in line.points]
    if band is not None:
        values += [value for _, lower, upper in band.points for value in (lower, upper)]
    return Plot(LEFT, TOP, width, height, (min(years), max(years)), value_ticks(values))


def axes(canvas: Canvas, plot: Plot, language: str) -> None:
    """Draw a grid line at each round number, and the years below."""
    floor = plot.top + plot.height
    for value in plot.ticks:
        _, y = plot.at(plot.years[0], value)
        canvas.rule((plot.start, y), (plot.start + plot.width, y), "chart-grid")
        canvas.text((plot.start - 6, y), tick_label(value, language), anchor="end")
    canvas.rule((plot.start, floor), (plot.start + plot.width, floor), "chart-axis", SOFT_INK)
    for year in year_ticks(*plot.years):
        x, _ = plot.at(year, plot.ticks[0])
        canvas.rule((x, floor), (x, floor + 5), "chart-axis", SOFT_INK)
        canvas.text((x, floor + 15), str(year), anchor="middle")


def _unbroken(points: Sequence[tuple[int, float, float]]) -> list[list[tuple[int, float, float]]]:
    """Return the parts of a band without missing years."""
    pieces: list[list[tuple[int, float, float]]] = []
    for point in points:
        if pieces and pieces[-1][-1][0] == point[0] - 1:
            pieces[-1].append(point)
        else:
            pieces.append([point])
    return [piece for piece in pieces if len(piece) > 1]
