"""The table of a slice by year: hundreds of cells, written here for speed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from muntada.evidence.indicators.adapter.slices import ShownSlice
from muntada.evidence.indicators.rules.slices import MARK_NAMES
from muntada.foundations.charts.numbers import number


@dataclass(frozen=True)
class YearRow:
    """A row of the table: name and rendered cells."""

    letter: str
    name: str
    cells: SafeString


def marks_in(shown: ShownSlice) -> list[str]:
    found = {cell.mark for line in shown.lines for cell in line.cells}
    return [mark for mark in MARK_NAMES if mark in found]


def year_rows(shown: ShownSlice) -> list[YearRow]:
    """Return a row per line, and two for the band."""
    language = get_language() or "en"
    rows = []
    for line in shown.lines:
        cells = {cell.year: (number(cell.value, language), cell.mark) for cell in line.cells}
        rows.append(YearRow(line.letter, line.name, _cells(shown, cells)))
    if shown.band is not None:
        name = shown.band.line.name
        lower = {one.year: (number(one.lower, language), "") for one in shown.band.years}
        upper = {one.year: (number(one.upper, language), "") for one in shown.band.years}
        said = gettext("%(area)s: upper quartile of countries") % {"area": name}
        rows.append(YearRow("", said, _cells(shown, upper)))
        said = gettext("%(area)s: lower quartile of countries") % {"area": name}
        rows.append(YearRow("", said, _cells(shown, lower)))
    return rows


def _cells(shown: ShownSlice, written: Mapping[int, tuple[str, str]]) -> SafeString:
    none = format_html('<td class="num gap"><span class="visually-hidden">{}</span></td>', gettext("no data"))
    return format_html_join(
        "", "{}", ((_cell(*written[year]) if year in written else none,) for year in shown.years)
    )


def _cell(figure: str, mark: str) -> SafeString:
    if not mark:
        return format_html('<td class="num"><bdi>{}</bdi></td>', figure)
    return format_html(
        '<td class="num"><bdi>{}</bdi> <abbr title="{}">{}</abbr></td>', figure, MARK_NAMES[mark], mark
    )
