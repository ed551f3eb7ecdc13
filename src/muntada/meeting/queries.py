"""Questions about sessions as they are held."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.meeting.models import Question, ReportPoint, SessionReport, Support
from muntada.meeting.rules import POINT_HEADINGS, Mode, PointKind, QuestionState
from muntada.people.models import Person
from muntada.programme.sessions.models import Session


@dataclass(frozen=True)
class PointGroup:
    """The points of one kind in a report."""

    heading: str
    kind: str
    points: tuple[ReportPoint, ...]


@dataclass(frozen=True)
class Parity:
    """How the room and the screen fared: questions asked and answered by mode."""

    asked_in_room: int
    answered_in_room: int
    asked_online: int
    answered_online: int

    @property
    def asked(self) -> int:
        return self.asked_in_room + self.asked_online


def session_at(forum: Forum, number: int) -> Session:
    session = (
        Session.objects.filter(forum=forum, symbol__number=number).select_related("symbol__forum").first()
    )
    if session is None:
        raise NotThere("", "session")
    return session


def questions_of(session: Session, person: Person | None = None) -> QuerySet[Question]:
    """Return the questions to a session, most wanted first, and whether this person supports each."""
    found = Question.objects.filter(session=session).exclude(state=QuestionState.WITHDRAWN)
    mine = Support.objects.filter(question=OuterRef("pk"), person=person)
    return (
        found.select_related("symbol__forum")
        .annotate(support_count=Count("supports"), is_supported=Exists(mine))
        .order_by("state", "-support_count", "asked_at", "pk")
    )


def question_at(forum: Forum, number: int) -> Question:
    found = Question.objects.filter(forum=forum, symbol__number=number)
    question = found.select_related("symbol__forum", "session__symbol__forum").first()
    if question is None:
        raise NotThere("", "question")
    return question


def parity_of(forum: Forum, session: Session | None = None) -> Parity:
    """Count questions by mode and state, of one session or of the forum."""
    found = Question.objects.filter(forum=forum).exclude(state=QuestionState.WITHDRAWN)
    if session is not None:
        found = found.filter(session=session)
    counts = {
        (mode, state): count
        for mode, state, count in found.values_list("mode", "state").annotate(Count("pk"))
    }

    def count(mode: Mode, *states: QuestionState) -> int:
        return sum(counts.get((mode.value, state.value), 0) for state in states)

    both = (QuestionState.ASKED, QuestionState.ANSWERED)
    return Parity(
        asked_in_room=count(Mode.ROOM, *both),
        answered_in_room=count(Mode.ROOM, QuestionState.ANSWERED),
        asked_online=count(Mode.ONLINE, *both),
        answered_online=count(Mode.ONLINE, QuestionState.ANSWERED),
    )


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
