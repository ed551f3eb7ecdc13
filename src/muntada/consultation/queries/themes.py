"""Themes: what several contributions raise, in which of their words, and what the engine suggests."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from muntada.consultation.models import Contribution, Theme
from muntada.consultation.queries.contributions import shown
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere


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
    return shown(Contribution.objects.filter(themes=theme)).order_by("symbol__number")
