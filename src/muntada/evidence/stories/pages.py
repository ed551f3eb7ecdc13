"""Page objects of a story: series with editions, gaps, charts with milestones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.indicators.adapter.series import Gap, gap
from muntada.evidence.indicators.models import Observation, Vintage
from muntada.evidence.indicators.queries.indicators import WORLD
from muntada.evidence.indicators.rules.observations import Breakdown, breakdown_name
from muntada.evidence.stories import queries
from muntada.evidence.stories.models import Story, StoryPart
from muntada.evidence.stories.queries import StoryNumbers
from muntada.evidence.stories.rules import FigureRef, StoryShape, figures_in
from muntada.forums.models import Milestone
from muntada.foundations.charts.canvas import Anchor, ChartWords
from muntada.foundations.charts.lines import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    ChartLine,
    line_chart,
    plot_of,
)
from muntada.foundations.charts.numbers import figure
from muntada.foundations.charts.palette import LETTERS, WORLD_LETTER

PAIR = 2


@dataclass(frozen=True)
class StorySeries:
    """An area and breakdown over the years, each year from its newest edition."""

    area: Area | None
    code: str
    breakdown: str
    slot: int
    letter: str
    cells: tuple[Observation | None, ...]

    @property
    def area_name(self) -> str:
        return self.area.name_here if self.area else self.code

    @property
    def part_name(self) -> str:
        return "" if self.breakdown == Breakdown.TOTAL else breakdown_name(self.breakdown)

    @property
    def name(self) -> str:
        return f"{self.area_name}, {self.part_name}" if self.part_name else self.area_name

    @property
    def points(self) -> tuple[tuple[int, float], ...]:
        return tuple((one.year, one.value) for one in self.cells if one is not None)

    @property
    def latest(self) -> Observation | None:
        return next((one for one in reversed(self.cells) if one is not None), None)


@dataclass(frozen=True)
class PartGap:
    """Two breakdowns in one area and year of the same edition, and their gap."""

    area: Area
    first: Observation
    second: Observation
    gap: Gap

    @property
    def vintage(self) -> Vintage:
        return self.first.vintage


@dataclass(frozen=True)
class CellEdition:
    """The value of a cell in an edition, and its difference from the preceding one."""

    observation: Observation
    change: float | None

    @property
    def part_name(self) -> str:
        return breakdown_name(self.observation.breakdown)


@dataclass(frozen=True)
class StoryFigure:
    """A number in the text, with its index in the list of figures."""

    place: int
    reference: FigureRef
    observation: Observation | None

    @property
    def part_name(self) -> str:
        return breakdown_name(self.reference.breakdown)

    @property
    def editions_path(self) -> str:
        """Where all editions of its area and year are listed, below the indicators of the forum."""
        if self.observation is None:
            return ""
        cell = urlencode({"area": self.observation.area.code, "year": self.observation.year})
        return f"{self.reference.indicator}/editions?{cell}"


@dataclass(frozen=True)
class ToldPart:
    """A part of a story with its numbers."""

    part: StoryPart
    chart: str = ""
    years: tuple[int, ...] = ()
    series: tuple[StorySeries, ...] = ()
    gaps: tuple[PartGap, ...] = ()
    said: tuple[CellEdition, ...] = ()

    @property
    def by_height(self) -> list[StorySeries]:
        """Return the series with values, highest latest value first: the order of the legend."""
        drawn = [one for one in self.series if one.latest is not None]
        return sorted(drawn, key=lambda one: -(one.latest.value if one.latest else 0))

    @property
    def without(self) -> list[StorySeries]:
        return [one for one in self.series if one.latest is None]

    @property
    def pair_names(self) -> tuple[str, ...]:
        return tuple(breakdown_name(one) for one in self.part.breakdowns)

    @property
    def has_unverified(self) -> bool:
        shown = [cell for one in self.series for cell in one.cells if cell is not None]
        return any(one.status == "unverified" for one in (*shown, *(said.observation for said in self.said)))


@dataclass(frozen=True)
class StoryPage:
    """A story: its parts, and all figures of its texts in order."""

    parts: tuple[ToldPart, ...]
    figures: Mapping[FigureRef, StoryFigure]

    @property
    def numbers(self) -> Iterator[tuple[int, int, Observation]]:
        """Yield every number shown, with the index of its part and the number of its indicator.

        Figures of texts are last, without a part.
        """
        for place, told in enumerate(self.parts, start=1):
            indicator = told.part.indicator
            if indicator is None:
                continue
            shown = [cell for one in told.series for cell in one.cells if cell is not None]
            for one in (*shown, *(said.observation for said in told.said)):
                yield place, indicator.symbol.number, one
        for said in self.figures.values():
            if said.observation is not None:
                yield 0, said.reference.indicator, said.observation


def story_page_of(story: Story, milestones: Sequence[Milestone], language: str) -> StoryPage:
    """Return a story in one language with all numbers, in a constant number of queries."""
    parts = queries.parts_of(story)
    named = tuple(dict.fromkeys(one for part in parts for one in figures_in(part.text_here)))
    indicators = queries.indicators_named(story.forum_id, named)
    pairs = [(indicators[one.indicator].pk, one) for one in named if one.indicator in indicators]
    numbers = queries.numbers_for(parts, pairs)
    figures = {}
    for place, one in enumerate(named, start=1):
        indicator = indicators.get(one.indicator)
        found = queries.figure_of(numbers, indicator, one) if indicator else None
        figures[one] = StoryFigure(place, one, found)
    notes = [one.on_date.year for one in milestones]
    return StoryPage(tuple(_told(part, numbers, notes, language) for part in parts), figures)


def _told(part: StoryPart, numbers: StoryNumbers, notes: Sequence[int], language: str) -> ToldPart:
    if part.indicator_id is None or part.shape == StoryShape.TEXT:
        return ToldPart(part)
    if part.shape == StoryShape.EDITIONS:
        return ToldPart(part, said=_said(part, numbers))
    years = _years(part, numbers)
    series = _series(part, numbers, years)
    return ToldPart(
        part,
        chart=_chart(part, [one for one in series if one.points], notes, language),
        years=tuple(years),
        series=series,
        gaps=_gaps(part, numbers, years) if len(part.breakdowns) == PAIR else (),
    )


def _years(part: StoryPart, numbers: StoryNumbers) -> list[int]:
    known = numbers.years(part.indicator_id or 0, part.areas, part.breakdowns)
    return [year for year in known if part.slice.holds(year)]


def _series(part: StoryPart, numbers: StoryNumbers, years: Sequence[int]) -> tuple[StorySeries, ...]:
    asked = [(area, breakdown) for area in part.areas for breakdown in part.breakdowns]
    world = (WORLD, Breakdown.TOTAL.value)
    others = [one for one in asked if one != world]
    # The world always has the first slot.
    slots = {one: place for place, one in enumerate([world, *others] if world in asked else others)}
    letters = iter(LETTERS)
    return tuple(
        StorySeries(
            area=numbers.areas.get(area),
            code=area,
            breakdown=breakdown,
            slot=slots[area, breakdown],
            letter=WORLD_LETTER if (area, breakdown) == world else next(letters),
            cells=tuple(numbers.newest(part.indicator_id or 0, area, year, breakdown) for year in years),
        )
        for area, breakdown in asked
    )


def _gaps(part: StoryPart, numbers: StoryNumbers, years: Sequence[int]) -> tuple[PartGap, ...]:
    """Return the gaps of every area and year with both breakdowns in one edition."""
    of, (first, second) = part.indicator_id or 0, part.breakdowns
    gaps = []
    for area in part.areas:
        for year in years:
            theirs = {one.vintage_id: one for one in numbers.said(of, area, year, second)}
            both = [
                (one, theirs[one.vintage_id])
                for one in numbers.said(of, area, year, first)
                if one.vintage_id in theirs and one.vintage.withdrawn_at is None
            ]
            if both:
                one, other = both[-1]
                gaps.append(PartGap(numbers.areas[area], one, other, gap(one.value, other.value)))
    return tuple(gaps)


def _said(part: StoryPart, numbers: StoryNumbers) -> tuple[CellEdition, ...]:
    said = []
    for area in part.areas:
        for breakdown in part.breakdowns:
            for year in _years(part, numbers):
                before: float | None = None
                for one in numbers.said(part.indicator_id or 0, area, year, breakdown):
                    said.append(CellEdition(one, None if before is None else one.value - before))
                    before = one.value if one.vintage.withdrawn_at is None else before
    return tuple(said)


def _chart(part: StoryPart, drawn: Sequence[StorySeries], notes: Sequence[int], language: str) -> str:
    """Draw the series with a line at each milestone; None for a single year."""
    lines = [ChartLine(one.letter, one.slot, one.points) for one in drawn]
    years = {year for line in lines for year, _ in line.points}
    if len(years) < PAIR:
        return ""
    canvas = line_chart(lines, language)
    plot = plot_of(lines, None, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
    for year, places in note_places(notes, min(years), max(years)):
        across, floor = plot.at(year, plot.ticks[0])
        canvas.rule((across, TOP), (across, floor), "chart-note")
        # The letters of the lines are beside the last year.
        anchor: Anchor = "end" if year == max(years) else "start"
        label = "·".join(map(str, places))
        beside = across - 4 if anchor == "end" else across + 4
        canvas.text((beside, TOP + 8), label, anchor=anchor, kind="chart-note-label", size=11)
    return canvas.on_page(_words(part, drawn, language), f"story-{part.pk}")


def _words(part: StoryPart, drawn: Sequence[StorySeries], language: str) -> ChartWords:
    """Describe the chart in words."""
    said = [
        gettext("%(letter)s, %(area)s: %(from)s in %(first)s, %(to)s in %(last)s.")
        % {
            "letter": one.letter,
            "area": one.name,
            "from": figure(one.points[0][1], language),
            "first": one.points[0][0],
            "to": figure(one.points[-1][1], language),
            "last": one.points[-1][0],
        }
        for one in drawn
    ]
    return ChartWords(language=language, title=part.title_here, description=" ".join(said))


def note_places(notes: Sequence[int], first: int, last: int) -> list[tuple[int, list[int]]]:
    """Return the years of notes inside a chart, with note numbers."""
    places: dict[int, list[int]] = {}
    for place, year in enumerate(notes, start=1):
        if first <= year <= last:
            places.setdefault(year, []).append(place)
    return sorted(places.items())
