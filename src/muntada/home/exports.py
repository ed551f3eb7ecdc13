"""The figures of an action line as a table."""

from collections.abc import Iterable, Iterator

from muntada.evidence.lines.pages import IndicatorFacts
from muntada.forums.models import Line
from muntada.foundations.sheets import SpreadsheetRow

FIGURE_COLUMNS = (
    "line",
    "indicator",
    "code",
    "what",
    "area",
    "breakdown",
    "year",
    "value",
    "unit",
    "source",
    "edition",
    "status",
)


def figure_rows(line: Line, facts: Iterable[IndicatorFacts]) -> Iterator[SpreadsheetRow]:
    """Yield a row per figure of a line, with its edition."""
    for of in facts:
        for what, one in of.figures:
            yield {
                "line": line.code,
                "indicator": str(of.indicator.symbol),
                "code": of.indicator.code,
                "what": what,
                "area": one.area.code,
                "breakdown": one.breakdown,
                "year": one.year,
                "value": one.value,
                "unit": of.indicator.unit_here,
                "source": str(one.vintage.source or ""),
                "edition": one.vintage.label,
                "status": one.status,
            }
