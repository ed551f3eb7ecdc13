"""Queries across stages: open windows, search, action lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.themes.models import Theme
from muntada.forums.models import Forum, Line, Milestone, StageWindow
from muntada.forums.rules import STAGE_NAMES, Stage, StageState
from muntada.meeting.reports.models import ReportPoint
from muntada.meeting.reports.rules import POINT_HEADINGS, PointKind
from muntada.outcome.commitments.models import Commitment
from muntada.people.models import NameWithdrawal
from muntada.programme.releases.queries import standings
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.timetable.queries import last_release
from muntada.record.adapter import Piece, condition_of, excerpt, wanted
from muntada.record.models import LogEntry, Symbol
from muntada.record.queries import found_by, symbols_of
from muntada.record.rules import KIND_NAMES, SymbolKind
from muntada.review.findings.models import Finding
from muntada.review.findings.rules import KIND_HEADINGS, FindingKind


@dataclass(frozen=True)
class OpenWindow:
    """Something open now, its end and its address."""

    label: str
    stage: str
    stage_name: str
    url: str
    closes_at: datetime | None
    was_extended: bool
    is_invented: bool


@dataclass(frozen=True)
class KindCount:
    """The number of things of a kind."""

    kind: str
    name: str
    count: int


def open_windows(forum: Forum, now: datetime) -> list[OpenWindow]:
    """Return what is open now, by closing time."""
    rows = StageWindow.objects.filter(forum=forum).prefetch_related("extensions")
    opened = [row for row in rows if row.window.state(now) is StageState.OPEN]
    opened.sort(key=lambda row: (row.closes_at is None, row.closes_at or now))
    return [
        OpenWindow(
            label=row.label_here,
            stage=row.stage,
            stage_name=str(STAGE_NAMES[Stage(row.stage)]),
            url=f"/{forum.slug}/{row.stage}",
            closes_at=row.closes_at,
            was_extended=bool(row.extensions.all()),
            is_invented=row.is_invented,
        )
        for row in opened
    ]


def timeline_of(forum: Forum) -> list[StageWindow]:
    return list(StageWindow.objects.filter(forum=forum).prefetch_related("extensions"))


def milestones_of(forum: Forum) -> list[Milestone]:
    return list(Milestone.objects.filter(forum=forum))


def counts_of(forum: Forum) -> list[KindCount]:
    """Return the number of things of each kind in a forum."""
    standing = Symbol.objects.filter(forum=forum, withdrawn_at=None).order_by()
    counts = dict(standing.values_list("kind").annotate(Count("pk")))
    return [
        KindCount(kind.value, str(KIND_NAMES[kind]), counts[kind.value])
        for kind in SymbolKind
        if kind.value in counts
    ]


@dataclass(frozen=True)
class Find:
    """A search result with an excerpt."""

    symbol: Symbol
    kind_name: str
    excerpt: tuple[Piece, ...]


def found(forum: Forum, words: str, kind: str = "") -> QuerySet[Symbol]:
    """Find things by words of title and text, in any language."""
    if words:
        shown = found_by(forum.pk, words, condition_of(wanted(words)))
    else:
        listed = symbols_of(forum.pk).select_related("found_by")
        shown = listed.filter(is_public=True, withdrawn_at=None).order_by("kind", "number")
    return shown.filter(kind=kind) if kind in set(SymbolKind) else shown


def finds(symbols: Iterable[Symbol], words: str) -> list[Find]:
    """Return results with excerpts."""
    looked_for = wanted(words)
    return [
        Find(
            symbol,
            str(KIND_NAMES[SymbolKind(symbol.kind)]),
            tuple(excerpt(symbol.found_by.text, symbol.language, looked_for)),
        )
        for symbol in symbols
    ]


def names_asked(forum_id: int) -> QuerySet[NameWithdrawal]:
    """Return open requests to withdraw names of people active in this forum."""
    did = LogEntry.objects.filter(forum=forum_id, person__isnull=False).values("person")
    stands = SessionPerson.objects.filter(session__forum=forum_id, person__isnull=False).values("person")
    found = NameWithdrawal.objects.filter(done_at=None).filter(
        Q(person__in=did) | Q(person__in=stands) | Q(person__roles__forum=forum_id)
    )
    return found.select_related("person").distinct()


OF_A_LINE = 8


@dataclass(frozen=True)
class PointsOfKind:
    """The points of session reports or findings about a line, by kind."""

    heading: str
    rows: tuple[ReportPoint | Finding, ...]


@dataclass(frozen=True)
class LineElsewhere:
    """The content of later stages about an action line."""

    contributions: tuple[Contribution, ...]
    contribution_count: int
    themes: tuple[Theme, ...]
    sessions: tuple[Session, ...]
    points: tuple[PointsOfKind, ...]
    findings: tuple[PointsOfKind, ...]
    commitments: tuple[Commitment, ...]


def line_elsewhere(forum: Forum, line: Line) -> LineElsewhere:
    """Return the content of later stages about a line, in a constant number of queries."""
    said = Contribution.objects.filter(
        symbol__forum=forum, lines=line, consent_to_publish=True, withdrawn_at=None
    )
    themes = Theme.objects.filter(forum=forum, contributions__in=said).annotate(
        voices=Count("contributions", distinct=True)
    )
    # A session is public from its first release.
    released = [*standings(last_release(forum))]
    sessions = Session.objects.filter(forum=forum, lines=line, cancelled_at=None, pk__in=released)
    return LineElsewhere(
        contributions=tuple(said.select_related("symbol__forum")[:OF_A_LINE]),
        contribution_count=said.count(),
        themes=tuple(themes.select_related("symbol__forum").order_by("-voices", "pk")[:OF_A_LINE]),
        sessions=tuple(sessions.select_related("symbol__forum")),
        points=_points_of(forum, line),
        findings=_findings_of(forum, line),
        commitments=_commitments_of(line, forum),
    )


def _points_of(forum: Forum, line: Line) -> tuple[PointsOfKind, ...]:
    points = ReportPoint.objects.filter(line=line, report__session__forum=forum)
    rows = list(points.select_related("report__symbol__forum"))
    kinds = ((str(POINT_HEADINGS[kind]), kind.value) for kind in PointKind)
    every = (PointsOfKind(name, tuple(row for row in rows if row.kind == kind)) for name, kind in kinds)
    return tuple(one for one in every if one.rows)


def _findings_of(forum: Forum, line: Line) -> tuple[PointsOfKind, ...]:
    rows = list(Finding.objects.filter(forum=forum, line=line).select_related("symbol__forum"))
    kinds = ((str(KIND_HEADINGS[kind]), kind.value) for kind in FindingKind)
    every = (PointsOfKind(name, tuple(row for row in rows if row.kind == kind)) for name, kind in kinds)
    return tuple(one for one in every if one.rows)


def _commitments_of(line: Line, forum: Forum) -> tuple[Commitment, ...]:
    """Return commitments on paragraphs based on a finding of the line."""
    found = Commitment.objects.filter(
        symbol__forum=forum, paragraph__symbol__edges_down__target__finding__line=line
    )
    return tuple(found.select_related("symbol__forum").distinct())
