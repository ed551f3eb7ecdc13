"""Page objects for trends and turning points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language, gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import AreaKind
from muntada.evidence.assessments.adapter.results import result_of
from muntada.evidence.assessments.adapter.store import StoredRow
from muntada.evidence.assessments.adapter.values import said
from muntada.evidence.assessments.queries import Inputs, areas_named
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.queries.indicators import WORLD
from muntada.foundations.charts import numbers
from muntada.foundations.charts.canvas import ChartWords
from muntada.foundations.charts.turns import ChartNote, Turned, turns_chart

# The significance level of a trend.
CHANCE = 0.05
LETTERS = "ABC"


class Way(StrEnum):
    UP = "up"
    DOWN = "down"
    NONE = "none"
    UNTOLD = "untold"


@dataclass(frozen=True)
class TrendLine:
    """An area: trend, interval of the slope, turns, and reasons for missing results."""

    area: Area
    name: str
    first: int
    last: int
    points: int
    way: Way
    trend: StoredRow
    turns: tuple[StoredRow, ...]
    row: StoredRow
    why: str
    why_unturned: str

    @property
    def is_country(self) -> bool:
        return self.area.kind == AreaKind.COUNTRY


@dataclass(frozen=True)
class TrendChart:
    """The lines of the chart, with letters and slots."""

    line: TrendLine
    letter: str
    slot: int


@dataclass(frozen=True)
class ShownTrends:
    lines: tuple[TrendLine, ...]
    digest: str

    @property
    def named(self) -> list[tuple[str, str]]:
        """Return code and name of every area, for a select field."""
        return [(line.area.code, line.name) for line in self.lines]

    @property
    def counts(self) -> Mapping[str, int]:
        """Count the areas with rising, falling and no trend, and those with a turn."""
        told = [line for line in self.lines if line.is_country] or list(self.lines)
        counted = {way.value: sum(line.way is way for line in told) for way in Way}
        return counted | {"areas": len(told), "turned": sum(bool(line.turns) for line in told)}


def trends_page(inputs: Inputs) -> ShownTrends:
    """Return the trend of every area with values: groups first, then countries by name."""
    result = result_of(inputs, ResultKind.TRENDS)
    areas = areas_named(result.found["areas"])
    lines = [_line(areas[code], row) for code, row in result.found["areas"].items() if code in areas]
    lines.sort(key=lambda line: (line.is_country, 0 if line.is_country else line.area.position, line.name))
    return ShownTrends(tuple(lines), result.digest)


def _line(area: Area, row: StoredRow) -> TrendLine:
    trend, points = row["trend"], row["points"]
    return TrendLine(
        area=area,
        name=area.name_here,
        first=points[0][0],
        last=points[-1][0],
        points=len(points),
        way=_way(trend),
        trend=trend,
        turns=tuple(row["turns"]),
        row=row,
        why=said(trend["reason"]),
        why_unturned=said(row["unturned"]),
    )


def _way(trend: StoredRow) -> Way:
    if trend["chance"] is None:
        return Way.UNTOLD
    if trend["chance"] >= CHANCE or not trend["score"]:
        return Way.NONE
    return Way.UP if trend["score"] > 0 else Way.DOWN


def drawn_of(trends: ShownTrends, codes: Sequence[str]) -> list[TrendChart]:
    """Return the lines of the chart: the requested ones, else the world, else the first."""
    by_code = {line.area.code: line for line in trends.lines}
    chosen = [by_code[code] for code in dict.fromkeys(codes) if code in by_code]
    if not chosen:
        chosen = [line for line in (by_code.get(WORLD), *trends.lines) if line is not None][:1]
    letters = iter(enumerate(LETTERS, start=1))
    drawn = []
    for line in chosen:
        slot, letter = (0, "W") if line.area.code == WORLD else next(letters)
        drawn.append(TrendChart(line, letter, slot))
    return drawn


def chart_of(indicator: Indicator, drawn: Sequence[TrendChart], years: Sequence[int]) -> str:
    """Draw the chosen series with their pieces; `years` are milestones of the forum."""
    language = get_language() or "en"
    lines = [_turned(one) for one in drawn]
    notes = [ChartNote(year, number) for number, year in enumerate(years, start=1)]
    words = ChartWords(
        language, _title(indicator, drawn), " ".join(_described(one, language) for one in drawn)
    )
    return turns_chart(lines, notes, language).on_page(words, f"{indicator.symbol.number}-trends")


def years_between(drawn: Sequence[TrendChart], years: Sequence[int]) -> list[int]:
    """Return the years within the chart."""
    first, last = min(one.line.first for one in drawn), max(one.line.last for one in drawn)
    return [year for year in years if first <= year <= last]


def _turned(one: TrendChart) -> Turned:
    row = one.line.row
    return Turned(
        one.letter,
        one.slot,
        tuple((year, value) for year, value in row["points"]),
        tuple(
            ((piece["first_year"], piece["start"]), (piece["last_year"], piece["end"]))
            for piece in row["pieces"]
        ),
        tuple((turn["year"], turn["earliest"], turn["latest"]) for turn in row["turns"]),
    )


def _title(indicator: Indicator, drawn: Sequence[TrendChart]) -> str:
    return gettext("%(title)s, %(unit)s: %(areas)s in pieces") % {
        "title": indicator.title_here,
        "unit": indicator.unit_here,
        "areas": ", ".join(one.line.name for one in drawn),
    }


def _described(one: TrendChart, language: str) -> str:
    """Describe the line of an area in words."""
    told = [
        gettext("%(slope)s a year from %(first)s to %(last)s")
        % {
            "slope": numbers.signed(piece["slope"], language),
            "first": piece["first_year"],
            "last": piece["last_year"],
        }
        for piece in one.line.row["pieces"]
    ]
    words = {"letter": one.letter, "area": one.line.name, "pieces": "; ".join(told) or one.line.why_unturned}
    return gettext("%(letter)s, %(area)s: %(pieces)s.") % words
