"""Returns with versions and chapters."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from muntada.forums.models import Forum, Line
from muntada.foundations.errors import NotThere
from muntada.record.models import Symbol
from muntada.review.returns.models import Return, ReturnVersion
from muntada.review.returns.rules import CHAPTER_NAMES


def return_of(forum: Forum, line: Line) -> Return | None:
    """Return the return of a line, published or not."""
    kept = Return.objects.filter(forum=forum, line=line)
    return kept.select_related("symbol__forum", "forum", "line", "saved_by").first()


def return_at(forum: Forum, number: int) -> Return:
    kept = Return.objects.filter(forum=forum, symbol__number=number)
    found = kept.select_related("symbol__forum", "forum", "line").first()
    if found is None:
        raise NotThere(gettext("There is no return with this number."), "return")
    return found


def symbol_of(kept: Return) -> Symbol:
    if kept.symbol is None:
        raise NotThere(gettext("This return is not published yet."), "return")
    return kept.symbol


def versions_of(kept: Return) -> list[ReturnVersion]:
    """Return the published versions, newest first."""
    return list(kept.versions.select_related("published_by"))


def chapters_of(version: ReturnVersion) -> list[tuple[str, str]]:
    """Return the chapters of a version with their titles."""
    return [(str(name), getattr(version, chapter.value)) for chapter, name in CHAPTER_NAMES.items()]


def published_returns(forum: Forum) -> QuerySet[Return]:
    return Return.objects.filter(forum=forum, symbol__isnull=False).select_related("symbol__forum", "line")
