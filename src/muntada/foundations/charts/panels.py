"""Small multiples: one chart per line on a common scale, with the world's line behind."""

from collections.abc import Sequence

from muntada.foundations.charts.canvas import Canvas
from muntada.foundations.charts.lines import ChartLine, Plot
from muntada.foundations.charts.numbers import tick_label
from muntada.foundations.charts.palette import SOFT_INK
from muntada.foundations.charts.scales import value_ticks

WIDTH, HEIGHT = 232, 140
LEFT, TOP, RIGHT, BOTTOM = 42, 12, 12, 24
# The slot of each chart's own line, and of the dashed line of the world.
OWN, GREY = 1, 8
MOST_STEPS = 3


def panels(lines: Sequence[ChartLine], language: str, behind: ChartLine | None = None) -> list[Canvas]:
    """Draw each line on a scale that holds all of them."""
    every = [*lines, *((behind,) if behind else ())]
    years = [year for line in every for year, _ in line.points]
    ticks = value_ticks([value for line in every for _, value in line.points])
    span = min(years), max(years)
    return [_panel(line, language, ticks, span, behind) for line in lines]


def _panel(
    line: ChartLine, language: str, ticks: tuple[float, ...], years: tuple[int, int], behind: ChartLine | None
) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, language)
    plot = Plot(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM, years, ticks)
    floor = TOP + plot.height
    for value in _few(ticks):
        _, y = plot.at(years[0], value)
        canvas.rule((LEFT, y), (WIDTH - RIGHT, y), "chart-grid")
        canvas.text((LEFT - 5, y), tick_label(value, language), anchor="end", size=11)
    canvas.rule((LEFT, floor), (WIDTH - RIGHT, floor), "chart-axis", SOFT_INK)
    if years[0] == years[1]:
        canvas.text((plot.at(years[0], ticks[0])[0], floor + 14), str(years[0]), anchor="middle", size=11)
    else:
        canvas.text((LEFT, floor + 14), str(years[0]), size=11)
        canvas.text((WIDTH - RIGHT, floor + 14), str(years[1]), anchor="end", size=11)
    if behind is not None and behind.slot != line.slot:
        canvas.line([plot.at(*point) for point in behind.points], GREY, width=1.4)
    places = [plot.at(*point) for point in line.points]
    if len(places) > 1:
        canvas.line(places, OWN, width=2.4, is_solid=True)
    canvas.dot(places[-1], OWN, radius=3)
    return canvas


def _few(ticks: tuple[float, ...]) -> tuple[float, ...]:
    """Return the lowest and highest tick, with one or two between if evenly spaced."""
    steps = len(ticks) - 1
    step = next((one for one in (1, 2, 3) if steps % one == 0 and steps // one <= MOST_STEPS), steps)
    return ticks[::step]
