"""Where a series is heading: what is known, the middle of what is expected, and the interval around it."""

from dataclasses import dataclass

from muntada.foundations.charts.canvas import Canvas
from muntada.foundations.charts.lines import BOTTOM, LEFT, RIGHT, TOP, Plot, axes
from muntada.foundations.charts.palette import SOFT_INK
from muntada.foundations.charts.scales import value_ticks

WIDTH, HEIGHT = 474, 290
KNOWN, AHEAD = 0, 1

type FanPoint = tuple[int, float]


@dataclass(frozen=True)
class Fan:
    """A series, and for each year ahead the middle and the ends of the interval, where there is one."""

    points: tuple[FanPoint, ...]
    ahead: tuple[tuple[int, float, float | None, float | None], ...]
    target: FanPoint


def fan_chart(fan: Fan, language: str, named: str) -> Canvas:
    """Draw the fan towards its target; `named` is written at the target."""
    canvas = Canvas(WIDTH, HEIGHT, language)
    plot = _plot(fan)
    axes(canvas, plot, language)
    sides = [(year, low, high) for year, _, low, high in fan.ahead if low is not None and high is not None]
    if sides:
        start = fan.points[-1]
        upper = [plot.at(*start), *(plot.at(year, high) for year, _, high in sides)]
        lower = [plot.at(*start), *(plot.at(year, low) for year, low, _ in sides)]
        canvas.area([*upper, *reversed(lower)], AHEAD)
    _, y = plot.at(*fan.target)
    canvas.rule((plot.start, y), (plot.start + plot.width, y), "chart-note", SOFT_INK)
    canvas.text((plot.start + 6, y - 9), named, kind="chart-note-number", size=12)
    canvas.line([plot.at(*point) for point in fan.points], KNOWN)
    middle = [fan.points[-1], *((year, value) for year, value, _, _ in fan.ahead)]
    canvas.line([plot.at(*point) for point in middle], AHEAD)
    canvas.dot(plot.at(*fan.points[-1]), KNOWN, radius=3.4)
    canvas.dot(plot.at(*fan.target), AHEAD, is_hollow=True, radius=5)
    return canvas


def _plot(fan: Fan) -> Plot:
    values: list[float] = [value for _, value in fan.points] + [fan.target[1]]
    values += [side for _, *told in fan.ahead for side in told if side is not None]
    years = [year for year, _ in (*fan.points, fan.target)] + [year for year, *_ in fan.ahead]
    size = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
    return Plot(LEFT, TOP, *size, (min(years), max(years)), value_ticks(values))
