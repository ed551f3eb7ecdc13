"""Themes: what several contributions raise, in which of their words, and what the engine suggests."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext

from muntada.consultation.models import Contribution, Passage, Theme, ThemeRun, ThemeSuggestion
from muntada.consultation.queries.contributions import shown
from muntada.consultation.rules.contributions import CameBy, ShownAs
from muntada.consultation.rules.maps import SMALLEST_GROUP_SHOWN
from muntada.consultation.rules.themes import SuggestionState
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import Facts, Scheme, shown_first
from muntada.foundations.errors import NotThere


@dataclass(frozen=True)
class DemandRow:
    """How many contributions of a group raise a theme, of how many that the group made in the forum."""

    title: str
    raised: int
    said: int


@dataclass(frozen=True)
class Demand:
    """Who raises a theme, by one scheme; `unknown` is whoever did not say, or is too few to be shown."""

    scheme: Scheme
    rows: tuple[DemandRow, ...]
    not_heard: tuple[str, ...]
    unknown: int

    @property
    def most(self) -> int:
        return max((row.raised for row in self.rows), default=0)


@dataclass(frozen=True)
class Suggested:
    """A part that belongs to a suggestion, as a moderator sees it."""

    place: int
    contribution: Contribution
    text: str
    words: tuple[str, ...]


def themes_of(forum: Forum) -> QuerySet[Theme]:
    return (
        Theme.objects.filter(forum=forum)
        .select_related("symbol__forum")
        .annotate(size=Count("contributions"))
        .order_by("-size", "symbol__number")
    )


def theme_at(forum: Forum, number: int) -> Theme:
    found = themes_of(forum).filter(symbol__number=number).first()
    if found is None:
        raise NotThere(
            gettext("There is no theme of this number. Please check it, or use the search."), "theme"
        )
    return found


def contributions_in(theme: Theme) -> QuerySet[Contribution]:
    """Return the contributions that raise a theme, each with the passages that do."""
    raising = Passage.objects.filter(theme=theme, unassigned_at=None)
    rows = shown(Contribution.objects.filter(themes=theme))
    return rows.prefetch_related(Prefetch("passages", raising, to_attr="raising")).order_by("symbol__number")


def taken_out_of(theme: Theme) -> list[Passage]:
    """Return the passages that were taken out of a theme, the last first, to be put back."""
    rows = Passage.objects.filter(theme=theme, unassigned_at__isnull=False)
    return list(rows.select_related("contribution__symbol__forum").order_by("-unassigned_at", "-pk"))


def passage_at(theme: Theme, pk: int) -> Passage:
    rows = Passage.objects.filter(theme=theme, pk=pk)
    found = rows.select_related("theme__symbol", "contribution__symbol").first()
    if found is None:
        raise NotThere(gettext("There is no such passage in this theme."), "passage")
    return found


def passages_of(contribution: Contribution) -> list[Passage]:
    """Return what of a contribution raises which theme."""
    rows = Passage.objects.filter(contribution=contribution, unassigned_at=None)
    return list(rows.select_related("theme__symbol__forum").order_by("theme__symbol__number", "pk"))


def demand_for(theme: Theme) -> list[Demand]:
    """Count who raises a theme by stakeholder group, region and country category."""
    raising = _facts(Contribution.objects.filter(themes=theme, withdrawn_at=None))
    said = _facts(Contribution.objects.filter(call__forum=theme.forum_id, withdrawn_at=None))
    return [_demand(scheme, raising, said) for scheme in shown_first()]


def _facts(rows: QuerySet[Contribution]) -> list[tuple[Facts, bool]]:
    """Return the facts of each voice, and whether its page says who spoke; of a joint text, those of both."""
    columns = ("kind", "country", "is_headquarters", "shown_as")
    alone = rows.exclude(came_by=CameBy.MERGE).order_by().values_list(*columns)
    joint = rows.filter(came_by=CameBy.MERGE).order_by()
    merged = [
        joint.values_list(*(f"merge_made__{side}__{column}" for column in columns))
        for side in ("first", "second")
    ]
    return [
        (Facts(kind, country, is_headquarters), shown_as != ShownAs.NOBODY)
        for kind, country, is_headquarters, shown_as in (*alone, *merged[0], *merged[1])
    ]


def _demand(
    scheme: Scheme, raising: Iterable[tuple[Facts, bool]], said: Iterable[tuple[Facts, bool]]
) -> Demand:
    raised, unknown = _counted(scheme, raising)
    of_all, _ = _counted(scheme, said)
    rows = [
        DemandRow(group.title_here, raised[group.code], max(of_all[group.code], raised[group.code]))
        for group in scheme.groups
        if raised[group.code]
    ]
    silent = tuple(group.title_here for group in scheme.own_groups if not raised[group.code])
    return Demand(scheme, tuple(rows), silent, unknown)


def _counted(scheme: Scheme, voices: Iterable[tuple[Facts, bool]]) -> tuple[Counter[str], int]:
    """Count by group. Whoever asked not to be named is counted where the group is large enough only."""
    named: Counter[str] = Counter()
    unnamed: Counter[str] = Counter()
    for facts, is_named in voices:
        (named if is_named else unnamed)[scheme.group_of(facts)] += 1
    unknown = named.pop("", 0) + unnamed.pop("", 0)
    for group, count in unnamed.items():
        if named[group] + count >= SMALLEST_GROUP_SHOWN:
            named[group] += count
        else:
            unknown += count
    return named, unknown


def last_run_of(forum: Forum) -> ThemeRun | None:
    return ThemeRun.objects.filter(forum=forum).first()


def suggestions_of(forum: Forum) -> QuerySet[ThemeSuggestion]:
    """Return what waits for somebody's decision, the matter of most contributions first."""
    rows = ThemeSuggestion.objects.filter(forum=forum, state=SuggestionState.OPEN)
    return rows.annotate(size=Count("contributions")).order_by("-size", "pk")


def suggestion_at(forum: Forum, pk: int) -> ThemeSuggestion:
    found = ThemeSuggestion.objects.filter(forum=forum, pk=pk).select_related("theme__symbol__forum").first()
    if found is None:
        sentence = gettext("There is no such suggestion any more. Please look at the list again.")
        raise NotThere(sentence, "suggestion")
    return found


def suggested_in(suggestion: ThemeSuggestion) -> list[Suggested]:
    """Return the parts of a suggestion whose contributions still stand, the best first."""
    rows = Contribution.objects.filter(
        pk__in={one["contribution"] for one in suggestion.passages},
        withdrawn_at=None,
        consent_to_publish=True,
    )
    standing = {one.pk: one for one in shown(rows)}
    return [
        Suggested(place, standing[one["contribution"]], one["text"], tuple(one["words"]))
        for place, one in enumerate(suggestion.passages)
        if one["contribution"] in standing
    ]


def likely_theme(forum: Forum, contributions: Sequence[int]) -> Theme | None:
    """Return the theme that holds most of these contributions already, if any holds some."""
    rows: QuerySet[Any] = Theme.objects.filter(forum=forum, contributions__in=contributions)
    shared = rows.annotate(shared=Count("contributions")).order_by("-shared", "symbol__number")
    found: Theme | None = shared.select_related("symbol__forum").first()
    return found
