"""Lines by code, and citable things."""

from django.utils.translation import gettext

from muntada.forums.models import Forum, Line
from muntada.foundations.errors import NotThere
from muntada.record.models import Symbol
from muntada.record.queries import symbols_of
from muntada.record.rules import SymbolKind


def citable(forum: Forum, words: str, limit: int = 12, *, findings: bool = False) -> list[Symbol]:
    """Return citable earlier things whose title contains the words."""
    earlier = [
        *([SymbolKind.FINDING] if findings else []),
        SymbolKind.INITIATIVE,
        SymbolKind.INDICATOR,
        SymbolKind.STORY,
        SymbolKind.CONTRIBUTION,
        SymbolKind.STATEMENT,
        SymbolKind.THEME,
        SymbolKind.SESSION,
        SymbolKind.REPORT,
    ]
    found = symbols_of(forum.pk).filter(kind__in=earlier, withdrawn_at=None, is_public=True)
    return list(found.filter(title__icontains=words)[:limit]) if words else []


def line_at(forum: Forum, code: str) -> Line:
    found = Line.objects.filter(framework_id=forum.framework_id, code=code).first()
    if found is None:
        raise NotThere(gettext("This forum has no line of this code."), "line")
    return found
