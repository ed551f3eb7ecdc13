"""Themes, passages and suggestions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext

from muntada.consultation.balance.queries import said_among, said_in
from muntada.consultation.balance.rules import HeardCount, balance_of
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.queries.contributions import shown
from muntada.consultation.themes.models import Passage, Theme, ThemeRun, ThemeSuggestion
from muntada.consultation.themes.rules import SuggestionState
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import Scheme, shown_first
from muntada.foundations.errors import NotThere


@dataclass(frozen=True)
class ThemeDemandRow:
    """Contributions of a group that raise a theme, and all of the group."""

    title: str
    raised: int
    said: int


@dataclass(frozen=True)
class ThemeDemand:
    """Demand for a theme by one scheme; `untold` are in no group shown.

    The contributions of a theme are public, and themes overlap: two that differ in one contribution
    would reveal where its author is from. So only organizations shown are counted by group.
    """

    scheme: Scheme
    rows: tuple[ThemeDemandRow, ...]
    silent: tuple[str, ...]
    untold: int

    @property
    def most(self) -> int:
        return max((row.raised for row in self.rows), default=0)


@dataclass(frozen=True)
class Suggested:
    """A passage of a suggestion, for a moderator."""

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
    """Return the contributions of a theme with their passages."""
    raising = Passage.objects.filter(theme=theme, unassigned_at=None)
    rows = shown(Contribution.objects.filter(themes=theme))
    return rows.prefetch_related(Prefetch("passages", raising, to_attr="raising")).order_by("symbol__number")


def taken_out_of(theme: Theme) -> list[Passage]:
    """Return removed passages, latest first."""
    rows = Passage.objects.filter(theme=theme, unassigned_at__isnull=False)
    return list(rows.select_related("contribution__symbol__forum").order_by("-unassigned_at", "-pk"))


def passage_at(theme: Theme, pk: int) -> Passage:
    rows = Passage.objects.filter(theme=theme, pk=pk)
    found = rows.select_related("theme__symbol", "contribution__symbol").first()
    if found is None:
        raise NotThere(gettext("There is no such passage in this theme."), "passage")
    return found


def passages_of(contribution: Contribution) -> list[Passage]:
    """Return the passages of a contribution with themes."""
    rows = Passage.objects.filter(contribution=contribution, unassigned_at=None)
    return list(rows.select_related("theme__symbol__forum").order_by("theme__symbol__number", "pk"))


def demand_for(theme: Theme) -> list[ThemeDemand]:
    """Count demand for a theme by stakeholder group, region and country category."""
    raising, said = said_among(_voices_in(theme)), said_in(theme.forum)
    return [_demand(scheme, raising, said) for scheme in shown_first()]


def _voices_in(theme: Theme) -> set[int]:
    """Return the contributions of a theme, with originals instead of joint texts."""
    columns = ("pk", "merge_made__first", "merge_made__second")
    rows = Contribution.objects.filter(themes=theme, withdrawn_at=None).order_by().values_list(*columns)
    return {one for row in rows for one in row if one is not None}


def _demand(scheme: Scheme, raising: Iterable[HeardCount], said: Iterable[HeardCount]) -> ThemeDemand:
    raised = balance_of(scheme, raising, everybody=False)
    of_all = balance_of(scheme, said, everybody=False)
    rows = tuple(
        ThemeDemandRow(
            scheme.title_of(cell.code) if cell.code else gettext("Not known"),
            cell.count,
            of_all.cell(cell.code).count,
        )
        for cell in raised.cells
        if cell.count
    )
    silent = tuple(one.title_here for one in scheme.own_groups if not raised.cell(one.code).count)
    return ThemeDemand(scheme, rows, silent, raised.untold)


def last_run_of(forum: Forum) -> ThemeRun | None:
    return ThemeRun.objects.filter(forum=forum).select_related("job__forum").first()


def suggestions_of(forum: Forum) -> QuerySet[ThemeSuggestion]:
    """Return open suggestions, largest first."""
    rows = ThemeSuggestion.objects.filter(forum=forum, state=SuggestionState.OPEN)
    return rows.annotate(size=Count("contributions")).order_by("-size", "pk")


def suggestion_at(forum: Forum, pk: int) -> ThemeSuggestion:
    found = ThemeSuggestion.objects.filter(forum=forum, pk=pk).select_related("theme__symbol__forum").first()
    if found is None:
        sentence = gettext("There is no such suggestion any more. Please look at the list again.")
        raise NotThere(sentence, "suggestion")
    return found


def suggested_in(suggestion: ThemeSuggestion) -> list[Suggested]:
    """Return the passages of a suggestion that were not withdrawn, best first."""
    passages = suggestion.suggested_passages
    rows = Contribution.objects.filter(
        pk__in={one.contribution for one in passages},
        withdrawn_at=None,
        consent_to_publish=True,
    )
    standing = {one.pk: one for one in shown(rows)}
    return [
        Suggested(place, standing[one.contribution], one.text, one.words)
        for place, one in enumerate(passages)
        if one.contribution in standing
    ]


def likely_theme(forum: Forum, contributions: Sequence[int]) -> Theme | None:
    """Return the theme with most of these contributions, if any."""
    rows: QuerySet[Any] = Theme.objects.filter(forum=forum, contributions__in=contributions)
    shared = rows.annotate(shared=Count("contributions")).order_by("-shared", "symbol__number")
    found: Theme | None = shared.select_related("symbol__forum").first()
    return found
