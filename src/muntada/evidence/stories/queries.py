"""Data stories and their numbers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.indicators.models import Indicator, Observation
from muntada.evidence.stories.models import Story, StoryPart
from muntada.evidence.stories.rules import FigureRef, figures_in
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere

type StoryCell = tuple[int, str, int, str]


def stories_of(forum: Forum, *, with_drafts: bool) -> QuerySet[Story]:
    """Return the stories of a forum with their number of parts."""
    shown = Story.objects.filter(forum=forum).select_related("symbol__forum")
    if not with_drafts:
        shown = shown.filter(published_at__isnull=False)
    return shown.annotate(count=Count("parts"))


def story_at(forum: Forum, number: int, *, with_drafts: bool) -> Story:
    found = stories_of(forum, with_drafts=with_drafts).filter(symbol__number=number).first()
    if found is None:
        raise NotThere(gettext("There is no story with this number, or it is not published yet."), "story")
    return found


def parts_of(story: Story) -> list[StoryPart]:
    return list(story.parts.select_related("indicator__symbol__forum"))


def part_at(story: Story, position: int) -> StoryPart:
    found = story.parts.select_related("indicator").filter(position=position).first()
    if found is None:
        raise NotThere(gettext("This story has no such part. It may have been moved or removed."), "story")
    return found


@dataclass(frozen=True)
class StoryNumbers:
    """The values of a story's cells in every edition, oldest first."""

    areas: dict[str, Area]
    by_cell: dict[StoryCell, list[Observation]]

    def said(self, indicator: int, area: str, year: int, breakdown: str) -> list[Observation]:
        return self.by_cell.get((indicator, area, year, breakdown), [])

    def newest(self, indicator: int, area: str, year: int, breakdown: str) -> Observation | None:
        standing = [
            one for one in self.said(indicator, area, year, breakdown) if one.vintage.withdrawn_at is None
        ]
        return standing[-1] if standing else None

    def years(self, indicator: int, areas: Sequence[str], breakdowns: Sequence[str]) -> list[int]:
        return sorted(
            {
                year
                for (of, area, year, breakdown) in self.by_cell
                if of == indicator and area in areas and breakdown in breakdowns
            }
        )


def numbers_for(parts: Iterable[StoryPart], named: Iterable[tuple[int, FigureRef]]) -> StoryNumbers:
    """Return the numbers of all parts and figures, in two queries."""
    asked: dict[int, set[str]] = defaultdict(set)
    for part in parts:
        if part.indicator_id:
            asked[part.indicator_id] |= set(part.areas)
    for indicator, reference in named:
        asked[indicator].add(reference.area)
    if not asked:
        return StoryNumbers({}, {})
    condition = Q()
    for indicator, codes in asked.items():
        condition |= Q(vintage__indicator=indicator, area__code__in=codes)
    rows = (
        Observation.objects.filter(condition)
        .select_related("vintage__source", "area")
        .order_by("vintage__edition_year", "vintage__retrieved_date", "vintage", "year")
    )
    by_cell: dict[StoryCell, list[Observation]] = defaultdict(list)
    for one in rows:
        by_cell[one.vintage.indicator_id, one.area.code, one.year, one.breakdown].append(one)
    every = {code for codes in asked.values() for code in codes}
    return StoryNumbers({area.code: area for area in Area.objects.filter(code__in=every)}, dict(by_cell))


def indicators_named(forum_id: int, references: Iterable[FigureRef]) -> dict[int, Indicator]:
    """Return the indicators of figures, by symbol number."""
    wanted = {one.indicator for one in references}
    if not wanted:
        return {}
    found = Indicator.objects.filter(forum_id=forum_id, symbol__number__in=wanted)
    return {one.symbol.number: one for one in found.select_related("symbol__forum")}


def figure_of(numbers: StoryNumbers, indicator: Indicator, reference: FigureRef) -> Observation | None:
    """Return the value of a figure: of its edition, even if withdrawn; else of the newest."""
    cell = (indicator.pk, reference.area, reference.year, reference.breakdown)
    if not reference.edition:
        return numbers.newest(*cell)
    of_edition = [one for one in numbers.said(*cell) if one.vintage.label == reference.edition]
    return of_edition[-1] if of_edition else None


def all_figures_in(parts: Iterable[StoryPart]) -> tuple[FigureRef, ...]:
    """Return the distinct figures of all parts in all languages."""
    return tuple(
        dict.fromkeys(one for part in parts for text in part.texts.values() for one in figures_in(text))
    )


def areas_to_choose(indicator: Indicator) -> QuerySet[Area]:
    """Return the areas with values of an indicator."""
    with_numbers = Observation.objects.filter(vintage__indicator=indicator).order_by().values("area")
    return Area.objects.filter(pk__in=with_numbers)
