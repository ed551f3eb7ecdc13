"""A story as its page shows it: series with their editions, gaps, and the charts with the milestones as notes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.utils import translation
from django.utils.translation import gettext

from muntada.engines.progress.series import Gap, gap
from muntada.evidence import drawings
from muntada.evidence.drawings import ChartWords, Line
from muntada.evidence.models import Area, Observation, Story, StoryPart, Vintage
from muntada.evidence.queries import stories as queries
from muntada.evidence.queries.indicators import WORLD
from muntada.evidence.queries.stories import Numbers
from muntada.evidence.rules.observations import Breakdown, breakdown_name
from muntada.evidence.rules.stories import FigureRef, Shape, figures_in
from muntada.forums.models import Milestone
from muntada.foundations.languages import LANGUAGE_CODES

LETTERS = "ABCDEFGHIJ"
WORLD_LETTER = "W"
PAIR = 2


@dataclass(frozen=True)
class Series:
    """One area and part of the people over the years; of each year the number of the newest edition."""

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
    """Two parts of the people in one area and year, by the same edition, and how far apart they are."""

    area: Area
    first: Observation
    second: Observation
    gap: Gap

    @property
    def vintage(self) -> Vintage:
        return self.first.vintage


@dataclass(frozen=True)
class Said:
    """What one edition says of a cell, and how that differs from the edition before."""

    observation: Observation
    change: float | None

    @property
    def part_name(self) -> str:
        return breakdown_name(self.observation.breakdown)


@dataclass(frozen=True)
class Figure:
    """A number in the text, under its number in the list of figures."""

    place: int
    reference: FigureRef
    observation: Observation | None

    @property
    def part_name(self) -> str:
        return breakdown_name(self.reference.breakdown)


@dataclass(frozen=True)
class ToldPart:
    """A part of a story with its numbers."""

    part: StoryPart
    years: tuple[int, ...] = ()
    series: tuple[Series, ...] = ()
    gaps: tuple[PartGap, ...] = ()
    said: tuple[Said, ...] = ()

    @property
    def by_height(self) -> list[Series]:
        """Return the series that have a number, the highest latest one first: the order of the legend."""
        drawn = [one for one in self.series if one.latest is not None]
        return sorted(drawn, key=lambda one: -(one.latest.value if one.latest else 0))

    @property
    def without(self) -> list[Series]:
        return [one for one in self.series if one.latest is None]

    @property
    def pair_names(self) -> tuple[str, ...]:
        return tuple(breakdown_name(one) for one in self.part.breakdowns)

    @property
    def has_unverified(self) -> bool:
        shown = [cell for one in self.series for cell in one.cells if cell is not None]
        return any(one.status == "unverified" for one in (*shown, *(said.observation for said in self.said)))


@dataclass(frozen=True)
class Told:
    """A whole story: its parts, and every figure of its texts in the order in which they come."""

    parts: tuple[ToldPart, ...]
    figures: Mapping[FigureRef, Figure]


def tell(story: Story, language: str) -> Told:
    """Return a story in one language with all its numbers; the count of queries does not grow with it."""
    parts = queries.parts_of(story, language)
    named = tuple(dict.fromkeys(one for part in parts for one in figures_in(part.text_here)))
    indicators = queries.indicators_named(story.forum_id, named)
    pairs = [(indicators[one.indicator].pk, one) for one in named if one.indicator in indicators]
    numbers = queries.numbers_for(parts, pairs)
    figures = {}
    for place, one in enumerate(named, start=1):
        indicator = indicators.get(one.indicator)
        found = queries.figure_of(numbers, indicator, one) if indicator else None
        figures[one] = Figure(place, one, found)
    return Told(tuple(_told(part, numbers) for part in parts), figures)


def _told(part: StoryPart, numbers: Numbers) -> ToldPart:
    if part.indicator_id is None or part.shape == Shape.TEXT:
        return ToldPart(part)
    if part.shape == Shape.EDITIONS:
        return ToldPart(part, said=_said(part, numbers))
    years = _years(part, numbers)
    gaps = _gaps(part, numbers, years) if len(part.breakdowns) == PAIR else ()
    return ToldPart(part, years=tuple(years), series=_series(part, numbers, years), gaps=gaps)


def _years(part: StoryPart, numbers: Numbers) -> list[int]:
    known = numbers.years(part.indicator_id or 0, part.areas, part.breakdowns)
    return [year for year in known if part.slice.holds(year)]


def _series(part: StoryPart, numbers: Numbers, years: Sequence[int]) -> tuple[Series, ...]:
    asked = [(area, breakdown) for area in part.areas for breakdown in part.breakdowns]
    world = (WORLD, Breakdown.TOTAL.value)
    others = [one for one in asked if one != world]
    # The slot of the world is the first in every chart of the house.
    slots = {one: place for place, one in enumerate([world, *others] if world in asked else others)}
    letters = iter(LETTERS)
    return tuple(
        Series(
            area=numbers.areas.get(area),
            code=area,
            breakdown=breakdown,
            slot=slots[area, breakdown],
            letter=WORLD_LETTER if (area, breakdown) == world else next(letters),
            cells=tuple(numbers.newest(part.indicator_id or 0, area, year, breakdown) for year in years),
        )
        for area, breakdown in asked
    )


def _gaps(part: StoryPart, numbers: Numbers, years: Sequence[int]) -> tuple[PartGap, ...]:
    """Return the gaps of every area and year in which one edition tells both parts of the people apart."""
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


def _said(part: StoryPart, numbers: Numbers) -> tuple[Said, ...]:
    said = []
    for area in part.areas:
        for breakdown in part.breakdowns:
            for year in _years(part, numbers):
                before: float | None = None
                for one in numbers.said(part.indicator_id or 0, area, year, breakdown):
                    said.append(Said(one, None if before is None else one.value - before))
                    before = one.value if one.vintage.withdrawn_at is None else before
    return tuple(said)


def charts_of(part: StoryPart, milestones: Sequence[Milestone]) -> tuple[str, dict[str, str]] | None:
    """Return the digest of what a part is drawn from, and the chart by language; none where nothing changed."""
    numbers = queries.numbers_for([part], ())
    told = _told(part, numbers)
    drawn = [one for one in told.series if one.points]
    years = {year for one in drawn for year, _ in one.points}
    notes = [one.on_date.year for one in milestones]
    facts = [
        drawings.VERSION,
        part.titles,
        notes,
        [[one.code, one.breakdown, one.slot, *one.points] for one in drawn],
    ]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    if digest == part.drawn_from:
        return None
    if len(years) < PAIR:
        return digest, {}
    lines = [Line(one.letter, one.slot, one.points) for one in drawn]
    words = {language: _words(part, drawn, language) for language in LANGUAGE_CODES}
    svgs = drawings.line_charts(lines, words, name=f"story-{part.pk}")
    return digest, {language: _noted(svg, notes, min(years), max(years)) for language, svg in svgs.items()}


def _words(part: StoryPart, drawn: Sequence[Series], language: str) -> ChartWords:
    """Say in words what the chart shows, for those who do not see it."""
    with translation.override(language):
        said = [
            gettext("%(letter)s, %(area)s: %(from)s in %(first)s, %(to)s in %(last)s.")
            % {
                "letter": one.letter,
                "area": one.name,
                "from": drawings.figure(one.points[0][1], language),
                "first": one.points[0][0],
                "to": drawings.figure(one.points[-1][1], language),
                "last": one.points[-1][0],
            }
            for one in drawn
        ]
        return ChartWords(language=language, title=part.title_here, description=" ".join(said))


def note_places(notes: Sequence[int], first: int, last: int) -> list[tuple[int, list[int]]]:
    """Return the years in which something is noted inside a chart, with the numbers of the notes."""
    places: dict[int, list[int]] = {}
    for place, year in enumerate(notes, start=1):
        if first <= year <= last:
            places.setdefault(year, []).append(place)
    return sorted(places.items())


def _noted(svg: str, notes: Sequence[int], first: int, last: int) -> str:
    """Draw a thin line at each milestone, with the number under which it is told beside the chart."""
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing, not a stranger's file
    group = ET.SubElement(root, f"{{{drawings.SVG}}}g", {"class": "chart-notes", "aria-hidden": "true"})
    for year, places in note_places(notes, first, last):
        x = round(drawings.LEFT + drawings.WIDTH * (year - first) / (last - first), 1)
        ET.SubElement(
            group,
            f"{{{drawings.SVG}}}line",
            {
                "class": "chart-note",
                "x1": f"{x:g}",
                "x2": f"{x:g}",
                "y1": f"{drawings.TOP}",
                "y2": f"{drawings.TOP + drawings.HEIGHT}",
                "stroke": "#8a6d3b",
                "stroke-dasharray": "2,3",
            },
        )
        label = ET.SubElement(
            group,
            f"{{{drawings.SVG}}}text",
            {
                "class": "chart-note-label",
                "x": f"{x:g}",
                "y": f"{drawings.TOP - 1}",
                "font-size": "11",
                "text-anchor": "middle",
            },
        )
        label.text = "·".join(str(place) for place in places)
    return ET.tostring(root, encoding="unicode")
