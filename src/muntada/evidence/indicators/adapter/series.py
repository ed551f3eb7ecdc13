"""Adapter of the progress engine for series, charts and gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language, gettext

from muntada.engines.progress.aggregates import MIN_SHARE, GroupAggregate, aggregate
from muntada.engines.progress.files import ReadValue, SeriesFile, read_series
from muntada.engines.progress.series import Gap, SeriesChange, SeriesPoint, change, gap, latest
from muntada.engines.tables import TableFault
from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import LINES_IN_A_CHART, AreaGrouping
from muntada.evidence.indicators.models import Indicator, Observation, Vintage
from muntada.evidence.indicators.queries import areas as in_areas
from muntada.evidence.indicators.queries import indicators as queries
from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.foundations.charts.canvas import ChartWords
from muntada.foundations.charts.lines import ChartLine, line_chart
from muntada.foundations.charts.numbers import number
from muntada.foundations.charts.palette import LETTERS, WORLD_LETTER
from muntada.foundations.errors import Refused

__all__ = ["MIN_SHARE", "Gap", "ReadValue", "SeriesFile", "gap"]

RECENT_YEARS = 6


def read_file(path: Path) -> SeriesFile:
    """Read a file of series, or refuse it with file, line and reason."""
    try:
        return read_series(path)
    except TableFault as fault:
        said = gettext(fault.sentence) % fault.params
        if fault.line is None:
            sentence = gettext("%(file)s: %(fault)s") % {"file": fault.file, "fault": said}
        else:
            where = {"file": fault.file, "line": fault.line, "fault": said}
            sentence = gettext("%(file)s, line %(line)s: %(fault)s") % where
        raise Refused(sentence, "table-fault") from fault


@dataclass(frozen=True)
class AreaLine:
    """The series of a group: letter, points, latest value, total change."""

    area: Area
    slot: int
    letter: str
    points: tuple[SeriesPoint, ...]

    @property
    def latest(self) -> SeriesPoint | None:
        return latest(self.points)

    @property
    def change(self) -> SeriesChange | None:
        return change(self.points)


def lines_of(vintage: Vintage, grouping: AreaGrouping) -> tuple[AreaLine, ...]:
    """Return the world and the groups with values, highest latest value first."""
    areas = list(in_areas.groups_in(grouping))
    numbers = in_areas.numbers_of(vintage, areas)
    lines = []
    slot = 0
    for area in areas:
        is_world = area.code == queries.WORLD
        slot += 0 if is_world else 1
        rows = [one for one in numbers.get(area.pk, ()) if one.breakdown == Breakdown.TOTAL]
        if rows:
            letter = WORLD_LETTER if is_world else LETTERS[slot - 1 : slot]
            lines.append(AreaLine(area, 0 if is_world else slot, letter, _points(rows)))
    return tuple(sorted(lines, key=lambda line: -line.points[-1].value))


def _points(rows: Sequence[Observation]) -> tuple[SeriesPoint, ...]:
    return tuple(SeriesPoint(row.year, row.value) for row in rows)


@dataclass(frozen=True)
class SeriesTableRow:
    line: AreaLine
    cells: tuple[float | None, ...]


@dataclass(frozen=True)
class SeriesTable:
    """The values of a chart as a table; missing years are empty cells."""

    years: tuple[int, ...]
    rows: tuple[SeriesTableRow, ...]


def table_of(lines: Sequence[AreaLine], span: str) -> SeriesTable:
    """Return the table of all years, of recent ones, or of every fifth and the last."""
    every = sorted({point.year for line in lines for point in line.points})
    if span == "recent":
        years = every[-RECENT_YEARS:]
    elif span == "all":
        years = every
    else:
        years = [year for year in every if year % 5 == 0 or year == every[-1]]
    rows = []
    for line in lines:
        values = {point.year: point.value for point in line.points}
        rows.append(SeriesTableRow(line, tuple(values.get(year) for year in years)))
    return SeriesTable(tuple(years), tuple(rows))


@dataclass(frozen=True)
class SexGap:
    """Women and men in a group: the gap in points and as a ratio."""

    area: Area
    year: int
    women: float
    men: float
    gap: Gap


def gaps_by_sex(vintage: Vintage) -> tuple[SexGap, ...]:
    """Return the gap between women and men in the world and main groups, latest common year."""
    areas = list(in_areas.groups_by_sex(vintage))
    numbers = in_areas.numbers_of(vintage, areas)
    gaps = []
    for area in areas:
        parts = {
            part: {row.year: row.value for row in numbers.get(area.pk, ()) if row.breakdown == part}
            for part in (Breakdown.FEMALE, Breakdown.MALE)
        }
        years = parts[Breakdown.FEMALE].keys() & parts[Breakdown.MALE].keys()
        if years:
            year = max(years)
            women, men = parts[Breakdown.FEMALE][year], parts[Breakdown.MALE][year]
            gaps.append(SexGap(area, year, women, men, gap(women, men)))
    return tuple(gaps)


@dataclass(frozen=True)
class EditionRow:
    year: int
    cells: tuple[float | None, ...]

    @property
    def spread(self) -> float:
        """Return the difference between the editions."""
        known = [cell for cell in self.cells if cell is not None]
        return max(known) - min(known)


@dataclass(frozen=True)
class EditionTable:
    """The values of the world in one year by edition."""

    vintages: tuple[Vintage, ...]
    rows: tuple[EditionRow, ...]


def editions_of(world: Sequence[Observation]) -> EditionTable:
    """Return the years with a value of the world in more than one edition."""
    cells: dict[int, dict[Vintage, float]] = {}
    for one in world:
        cells.setdefault(one.year, {})[one.vintage] = one.value
    several = {year: values for year, values in cells.items() if len(values) > 1}
    vintages = tuple(sorted({v for values in several.values() for v in values}, key=_edition_order))
    rows = tuple(
        EditionRow(year, tuple(several[year].get(vintage) for vintage in vintages))
        for year in sorted(several, reverse=True)
    )
    return EditionTable(vintages, rows)


def _edition_order(vintage: Vintage) -> tuple[int, object, int]:
    return vintage.edition_year, vintage.retrieved_date, vintage.pk


@dataclass(frozen=True)
class LargestMissing:
    """A country without a value, and its share of world population."""

    area: Area
    share: float


@dataclass(frozen=True)
class ComputedWorld:
    """The world computed from countries; `missing` lists the largest without a value."""

    found: GroupAggregate
    missing: tuple[LargestMissing, ...]


def computed_world(indicator: Indicator, vintage: Vintage, year: int) -> ComputedWorld | None:
    """Return the world computed from its countries, if weights are known.

    Without a value if the countries with data have too small a share of the people.
    """
    weights = queries.weights_for(indicator)
    if weights is None:
        return None
    people = in_areas.values_in(weights, year)
    found = aggregate(
        in_areas.values_in(vintage, year), people, tuple(people), group=queries.WORLD, year=year
    )
    areas = Area.objects.in_bulk([one.area for one in found.missing], field_name="code")
    missing = tuple(LargestMissing(areas[one.area], one.share) for one in found.missing)
    return ComputedWorld(found, missing)


def chart_of(indicator: Indicator, grouping: AreaGrouping, lines: Sequence[AreaLine]) -> str:
    """Draw the lines for a page; empty if there are none or too many."""
    if not lines or len(lines) > LINES_IN_A_CHART:
        return ""
    language = get_language() or "en"
    drawn = [ChartLine(line.letter, line.slot, tuple(map(_cell, line.points))) for line in lines]
    name = f"{indicator.symbol.number}-{grouping}"
    return line_chart(drawn, language).on_page(_words(indicator, lines, language), name)


def _cell(point: SeriesPoint) -> tuple[int, float]:
    return point.year, point.value


def _words(indicator: Indicator, lines: Sequence[AreaLine], language: str) -> ChartWords:
    """Describe the chart in words."""
    title = gettext("%(title)s, %(unit)s, %(first)s to %(last)s") % {
        "title": indicator.title_here,
        "unit": indicator.unit_here,
        "first": min(line.points[0].year for line in lines),
        "last": max(line.points[-1].year for line in lines),
    }
    said = [
        gettext("%(letter)s, %(area)s: %(from)s in %(first)s, %(to)s in %(last)s.")
        % {
            "letter": line.letter,
            "area": line.area.name_here,
            "from": number(line.points[0].value, language),
            "first": line.points[0].year,
            "to": number(line.points[-1].value, language),
            "last": line.points[-1].year,
        }
        for line in lines
    ]
    return ChartWords(language=language, title=title, description=" ".join(said))
