"""Questions about the findings: all of them by line, and where there is none yet."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext

from muntada.forums.models import Forum, Line
from muntada.forums.queries import lines_of
from muntada.foundations.errors import NotThere
from muntada.record.models import Symbol
from muntada.record.queries import symbols_of
from muntada.record.rules import Kind
from muntada.review.models import Finding, Return, ReturnVersion
from muntada.review.rules import CHAPTER_NAMES, KIND_HEADINGS, FindingKind


@dataclass(frozen=True)
class CoverageRow:
    """One line of the coverage matrix; the counts follow the order of the kinds."""

    line: Line
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Coverage:
    """How many findings stand under each line and kind, so that gaps can be seen."""

    headings: tuple[str, ...]
    rows: tuple[CoverageRow, ...]

    @property
    def gaps(self) -> int:
        return sum(count == 0 for row in self.rows for count in row.counts)


def findings_of(forum: Forum) -> QuerySet[Finding]:
    return Finding.objects.filter(forum=forum).select_related("symbol__forum", "line", "author")


def finding_at(forum: Forum, number: int) -> Finding:
    finding = findings_of(forum).filter(symbol__number=number).first()
    if finding is None:
        raise NotThere("", "finding")
    return finding


def coverage(forum: Forum) -> Coverage:
    """Count the findings of a forum in two queries."""
    counts = Counter(Finding.objects.filter(forum=forum).values_list("line_id", "kind"))
    rows = tuple(
        CoverageRow(line, tuple(counts[line.pk, kind.value] for kind in FindingKind))
        for line in lines_of(forum)
    )
    return Coverage(tuple(str(KIND_HEADINGS[kind]) for kind in FindingKind), rows)


def citable(forum: Forum, words: str, limit: int = 12, *, findings: bool = False) -> list[Symbol]:
    """Return what a finding, or a return, could rest on: earlier things whose title holds the words."""
    earlier = [
        *([Kind.FINDING] if findings else []),
        Kind.INITIATIVE,
        Kind.INDICATOR,
        Kind.STORY,
        Kind.CONTRIBUTION,
        Kind.STATEMENT,
        Kind.THEME,
        Kind.SESSION,
        Kind.REPORT,
    ]
    found = symbols_of(forum.pk).filter(kind__in=earlier, withdrawn_at=None, is_public=True)
    return list(found.filter(title__icontains=words)[:limit]) if words else []


def line_at(forum: Forum, code: str) -> Line:
    found = Line.objects.filter(framework_id=forum.framework_id, code=code).first()
    if found is None:
        raise NotThere(gettext("This forum has no line of this code."), "line")
    return found


def return_of(forum: Forum, line: Line) -> Return | None:
    """Return what the facilitators of a line write, with or without a version that was published."""
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
    """Return what was published, the newest first."""
    return list(kept.versions.select_related("published_by"))


def chapters_of(version: ReturnVersion) -> list[tuple[str, str]]:
    """Return the chapters of a version with their names, in their order."""
    return [(str(name), getattr(version, chapter.value)) for chapter, name in CHAPTER_NAMES.items()]


def published_returns(forum: Forum) -> QuerySet[Return]:
    return Return.objects.filter(forum=forum, symbol__isnull=False).select_related("symbol__forum", "line")
