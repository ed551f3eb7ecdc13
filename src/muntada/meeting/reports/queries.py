"""Session reports with points by kind."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.meeting.reports.models import ReportPoint, SessionReport
from muntada.meeting.reports.rules import POINT_HEADINGS, PointKind
from muntada.programme.sessions.models import Session


@dataclass(frozen=True)
class PointGroup:
    """The points of one kind in a report."""

    heading: str
    kind: str
    points: tuple[ReportPoint, ...]


def reports_of(forum: Forum) -> QuerySet[SessionReport]:
    points = Prefetch("points", ReportPoint.objects.select_related("line"))
    found = SessionReport.objects.filter(session__forum=forum)
    return found.select_related("symbol__forum", "session__symbol__forum").prefetch_related(points)


def report_at(forum: Forum, number: int) -> SessionReport:
    report = reports_of(forum).filter(symbol__number=number).first()
    if report is None:
        raise NotThere("", "session-report")
    return report


def report_of(session: Session) -> SessionReport | None:
    return SessionReport.objects.filter(session=session).select_related("symbol__forum").first()


def point_groups(report: SessionReport) -> tuple[PointGroup, ...]:
    """Return the points of a report by kind, in the order of the form."""
    order = list(PointKind)
    points = sorted(
        report.points.all(), key=lambda point: (order.index(PointKind(point.kind)), point.position)
    )
    return tuple(
        PointGroup(str(POINT_HEADINGS[PointKind(kind)]), kind, tuple(group))
        for kind, group in groupby(points, key=lambda point: point.kind)
    )
