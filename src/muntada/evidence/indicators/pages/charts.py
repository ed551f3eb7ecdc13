"""Charts of a slice, for pages and as files."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from muntada.evidence.indicators.adapter.slices import ShownSlice, SliceLine
from muntada.evidence.indicators.rules.slices import MEASURE_NAMES, SliceForm, ValueMeasure
from muntada.foundations.charts.canvas import Canvas, ChartWords
from muntada.foundations.charts.ends import Ends, dots_chart, slope_chart
from muntada.foundations.charts.lines import HEIGHT, WIDTH, ChartLine, line_chart
from muntada.foundations.charts.lines import ChartBand as DrawnBand
from muntada.foundations.charts.numbers import number
from muntada.foundations.charts.panels import panels
from muntada.foundations.charts.sheets import ROOM, ChartLegendEntry, ChartSheet, as_svg

SHEET_HEIGHT = 360


@dataclass(frozen=True)
class ChartPicture:
    """A chart on a page; small ones have the name of their line."""

    svg: str
    line: SliceLine | None = None


def pictures_of(shown: ShownSlice) -> tuple[ChartPicture, ...]:
    """Draw a slice for a page: one chart, or a small one per line."""
    language = get_language() or "en"
    if not shown.lines:
        return ()
    said = words_of(shown)
    if shown.choices.form is not SliceForm.PANELS:
        canvas = _canvas(shown, language, WIDTH, HEIGHT)
        return (ChartPicture(canvas.on_page(said, _name(shown))),)
    drawn = _panels(shown, language)
    return tuple(
        ChartPicture(
            canvas.on_page(
                ChartWords(language, f"{line.name}: {said.title}", _told(line, language)),
                f"{_name(shown)}-{line.letter}",
                "panel",
            ),
            line,
        )
        for line, canvas in zip(shown.lines, drawn, strict=True)
    )


def file_of(shown: ShownSlice, foot: Sequence[str]) -> str:
    """Draw a slice as an SVG file with title, legend and footer."""
    language = get_language() or "en"
    said = words_of(shown)
    is_panels = shown.choices.form is SliceForm.PANELS
    charts = _panels(shown, language) if is_panels else [_canvas(shown, language, ROOM, SHEET_HEIGHT)]
    has_legend = shown.choices.form in (SliceForm.LINES, SliceForm.SLOPE)
    sheet = ChartSheet(
        said=said,
        lead=" · ".join(_lead(shown)),
        legend=tuple(
            ChartLegendEntry(line.slot, line.letter, line.name, number(line.last.value, language))
            for line in shown.lines
            if has_legend
        ),
        foot=(*notes_of(shown), *foot),
        names=tuple(line.name for line in shown.lines) if is_panels else (),
    )
    return as_svg(sheet, charts)


def _lead(shown: ShownSlice) -> list[str]:
    measure = shown.choices.measure
    said = [shown.unit] if shown.unit else []
    if measure is not ValueMeasure.VALUE:
        said = [shown.indicator.unit_here, str(MEASURE_NAMES[measure])]
    years = shown.years
    return [*filter(None, said), f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])]


def notes_of(shown: ShownSlice) -> list[str]:
    """Return the explanations of marks in the chart."""
    notes = []
    if shown.band is not None:
        sentence = gettext(
            "The band is the middle half of the countries behind %(area)s, between the lower and the upper"
            " quartile; it stands in years in which at least half of them have a number. It says how far"
            " countries lie apart, not how sure the numbers are."
        )
        notes.append(sentence % {"area": shown.band.line.name})
    if shown.choices.form in (SliceForm.DOTS, SliceForm.SLOPE):
        notes.append(gettext("A ring is the first year with a number, a full dot the latest."))
    if shown.choices.form is SliceForm.PANELS:
        notes.append(gettext("All small charts have the same scale."))
        if _behind(shown) is not None:
            notes.append(gettext("The dashed line behind each is the world."))
    return notes


def words_of(shown: ShownSlice) -> ChartWords:
    """Describe the chart in words."""
    language = get_language() or "en"
    return ChartWords(
        language=language,
        title=shown.indicator.title_here,
        description=" ".join(_told(line, language) for line in shown.lines),
    )


def _told(line: SliceLine, language: str) -> str:
    return gettext("%(letter)s, %(area)s: %(from)s in %(first)s, %(to)s in %(last)s.") % {
        "letter": line.letter,
        "area": line.name,
        "from": number(line.first.value, language),
        "first": line.first.year,
        "to": number(line.last.value, language),
        "last": line.last.year,
    }


def _name(shown: ShownSlice) -> str:
    return f"{shown.indicator.symbol.number}-{shown.choices.form}"


def _line(line: SliceLine) -> ChartLine:
    return ChartLine(line.letter, line.slot, tuple((cell.year, cell.value) for cell in line.cells))


def _ends(line: SliceLine) -> Ends:
    first, last = line.first, line.last
    return Ends(line.name, line.letter, line.slot, (first.year, first.value), (last.year, last.value))


def _canvas(shown: ShownSlice, language: str, width: float, height: float) -> Canvas:
    if shown.choices.form is SliceForm.SLOPE:
        return slope_chart([_ends(line) for line in shown.lines], language, width=width, height=height)
    if shown.choices.form is SliceForm.DOTS:
        return dots_chart([_ends(line) for line in shown.lines], language, width=width)
    band = None
    if shown.band is not None:
        points = tuple((one.year, one.lower, one.upper) for one in shown.band.years)
        band = DrawnBand(shown.band.line.slot, points)
    lines = [_line(line) for line in shown.lines]
    return line_chart(lines, language, band=band, width=width, height=height)


def _behind(shown: ShownSlice) -> SliceLine | None:
    return next((line for line in shown.lines if line.slot == 0), None)


def _panels(shown: ShownSlice, language: str) -> list[Canvas]:
    behind = _behind(shown)
    return panels([_line(line) for line in shown.lines], language, _line(behind) if behind else None)
