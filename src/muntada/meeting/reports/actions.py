"""File session reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Line
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.meeting.reports import rules
from muntada.meeting.reports.models import ReportPoint, SessionReport
from muntada.meeting.reports.rules import PointKind
from muntada.meeting.sessions.actions import log
from muntada.people.models import Person
from muntada.programme.sessions.models import Session
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation, SymbolKind


@dataclass(frozen=True)
class ReportPointText:
    """One point of a report."""

    kind: PointKind
    text: str
    line: Line | None = None


def file_report(
    *,
    session: Session,
    rapporteur: Person | None,
    summary: str,
    points: Sequence[ReportPointText],
    language: str,
    actor: Actor,
    now: datetime,
) -> SessionReport:
    """File or replace the report of a session; its symbol stays."""
    require_role(actor, rules.REPORTING_ROLES, session.forum_id)
    require_open(session.forum, Stage.MEETING, now)
    rules.require_points(points, summary)
    text = "\n\n".join([summary, *(point.text for point in points)])
    with transaction.atomic():
        # One report per session, even for repeated forms.
        Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        report = SessionReport.objects.filter(session=session).select_related("symbol").first()
        record.check_citations(
            forum_id=session.forum_id, text=text, field="summary", itself=report.symbol if report else None
        )
        if report is None:
            symbol = record.give_symbol(
                forum_id=session.forum_id,
                kind=SymbolKind.REPORT,
                title=session.title,
                language=language,
                now=now,
            )
            report = SessionReport.objects.create(
                session=session,
                symbol=symbol,
                rapporteur=rapporteur,
                summary=summary,
                language=language,
                filed_at=now,
                changed_at=now,
            )
            record.link(source=symbol, target=session.symbol, relation=Relation.REPORTS_ON, now=now)
        else:
            report.summary, report.language, report.changed_at = summary, language, now
            report.save(update_fields=["summary", "language", "changed_at"])
            report.points.all().delete()
        _put_points(report, points)
        record.cite(source=report.symbol, text=text, now=now, field="summary")
        log(
            session,
            symbol=report.symbol,
            verb="file_report",
            change={"summary": summary, "points": len(points)},
            actor=actor,
            now=now,
        )
    return report


def _put_points(report: SessionReport, points: Sequence[ReportPointText]) -> None:
    ReportPoint.objects.bulk_create(
        ReportPoint(report=report, kind=point.kind, position=position, text=point.text, line=point.line)
        for position, point in enumerate(points)
    )
