"""Everything that changes what happens in sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Line
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.live import announce
from muntada.meeting import rules
from muntada.meeting.models import Question, ReportPoint, SessionReport, Support
from muntada.meeting.rules import Mode, PointKind, QuestionState
from muntada.people.models import Person
from muntada.programme.sessions.models import Session
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.rules import Actor, Kind, Relation


@dataclass(frozen=True)
class Point:
    """One point of a report."""

    kind: PointKind
    text: str
    line: Line | None = None


def topic_of(session: Session) -> str:
    """Return the topic on which a session's page listens for changes."""
    return f"{session.forum.slug}-session-{session.symbol.number}"


def ask_question(
    *,
    session: Session,
    author: Person | None,
    text: str,
    language: str,
    mode: Mode,
    actor: Actor,
    now: datetime,
    is_invented: bool = False,
) -> Question:
    """Put a question to a session; from the room and the screen it goes onto the same list."""
    require_role(actor, ANY_ROLE, session.forum_id)
    require_open(session.forum, Stage.MEETING, now)
    with transaction.atomic():
        symbol = record.give_symbol(
            forum_id=session.forum_id, kind=Kind.QUESTION, title=text, language=language, now=now
        )
        question = Question.objects.create(
            forum=session.forum,
            session=session,
            symbol=symbol,
            author=author,
            mode=mode,
            text=text,
            language=language,
            asked_at=now,
            is_invented=is_invented,
        )
        record.cite(source=symbol, text=text, now=now)
        record.link(source=symbol, target=session.symbol, relation=Relation.ASKED_IN, now=now)
        _log(session, symbol, "ask_question", {"text": text, "mode": mode.value}, actor, now)
    return question


def support_question(*, question: Question, person: Person, now: datetime) -> None:
    """Say that one wants this answered too; a second time changes nothing."""
    rules.require_askable(QuestionState(question.state))
    support = Support(question=question, person=person, given_at=now)
    Support.objects.bulk_create([support], ignore_conflicts=True)
    announce(topic_of(question.session))


def drop_support(*, question: Question, person: Person) -> None:
    Support.objects.filter(question=question, person=person).delete()
    announce(topic_of(question.session))


def answer_question(*, question: Question, answer: str, language: str, actor: Actor, now: datetime) -> None:
    """Write down the answer a question got."""
    require_role(actor, rules.ANSWERING_ROLES, question.forum_id)
    require_open(question.forum, Stage.MEETING, now)
    with transaction.atomic():
        kept = Question.objects.select_for_update(of=("self",), no_key=True).get(pk=question.pk)
        rules.require_unanswered(QuestionState(kept.state))
        kept.state, kept.answered_at = QuestionState.ANSWERED, now
        kept.answer, kept.answer_language = answer, language
        kept.save(update_fields=["state", "answered_at", "answer", "answer_language"])
        _log(question.session, question.symbol, "answer_question", {"answer": answer}, actor, now)


def file_report(
    *,
    session: Session,
    rapporteur: Person | None,
    summary: str,
    points: Sequence[Point],
    language: str,
    actor: Actor,
    now: datetime,
    is_invented: bool = False,
) -> SessionReport:
    """File the report of a session, or file it anew: it keeps its symbol."""
    require_role(actor, rules.REPORTING_ROLES, session.forum_id)
    require_open(session.forum, Stage.MEETING, now)
    rules.require_points(points, summary)
    text = "\n\n".join([summary, *(point.text for point in points)])
    with transaction.atomic():
        # One report per session, however often the form is sent.
        Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        report = SessionReport.objects.filter(session=session).select_related("symbol").first()
        record.check_citations(
            forum_id=session.forum_id, text=text, field="summary", itself=report.symbol if report else None
        )
        if report is None:
            symbol = record.give_symbol(
                forum_id=session.forum_id, kind=Kind.REPORT, title=session.title, language=language, now=now
            )
            report = SessionReport.objects.create(
                session=session,
                symbol=symbol,
                rapporteur=rapporteur,
                summary=summary,
                language=language,
                filed_at=now,
                changed_at=now,
                is_invented=is_invented,
            )
            record.link(source=symbol, target=session.symbol, relation=Relation.REPORTS_ON, now=now)
        else:
            report.summary, report.language, report.changed_at = summary, language, now
            report.save(update_fields=["summary", "language", "changed_at"])
            report.points.all().delete()
        _put_points(report, points)
        record.cite(source=report.symbol, text=text, now=now, field="summary")
        _log(session, report.symbol, "file_report", {"summary": summary, "points": len(points)}, actor, now)
    return report


def _put_points(report: SessionReport, points: Sequence[Point]) -> None:
    ReportPoint.objects.bulk_create(
        ReportPoint(report=report, kind=point.kind, position=position, text=point.text, line=point.line)
        for position, point in enumerate(points)
    )


def _log(
    session: Session, symbol: Symbol, verb: str, change: dict[str, object], actor: Actor, now: datetime
) -> None:
    record.write(forum_id=session.forum_id, actor=actor, verb=verb, change=change, now=now, symbol=symbol)
    announce(topic_of(session))
