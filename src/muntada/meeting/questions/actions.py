"""Ask, support and answer questions."""

from datetime import datetime

from django.db import transaction

from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.live import announce
from muntada.meeting.questions import rules
from muntada.meeting.questions.models import Question, Support
from muntada.meeting.questions.rules import Mode, QuestionState
from muntada.meeting.sessions.actions import log
from muntada.meeting.sessions.queries import topic_of
from muntada.people.models import Person
from muntada.programme.sessions.models import Session
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation, SymbolKind


def ask_question(
    *,
    session: Session,
    author: Person | None,
    text: str,
    language: str,
    mode: Mode,
    actor: Actor,
    now: datetime,
) -> Question:
    """Ask a question; on-site and online questions are in one list."""
    require_role(actor, ANY_ROLE, session.forum_id)
    require_open(session.forum, Stage.MEETING, now)
    with transaction.atomic():
        symbol = record.give_symbol(
            forum_id=session.forum_id, kind=SymbolKind.QUESTION, title=text, language=language, now=now
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
        )
        record.cite(source=symbol, text=text, now=now)
        record.link(source=symbol, target=session.symbol, relation=Relation.ASKED_IN, now=now)
        log(
            session,
            symbol=symbol,
            verb="ask_question",
            change={"text": text, "mode": mode.value},
            actor=actor,
            now=now,
        )
    return question


def support_question(*, question: Question, person: Person, now: datetime) -> None:
    """Support a question; repeated calls change nothing."""
    rules.require_askable(QuestionState(question.state))
    support = Support(question=question, person=person, given_at=now)
    Support.objects.bulk_create([support], ignore_conflicts=True)
    announce(topic_of(question.session))


def drop_support(*, question: Question, person: Person) -> None:
    Support.objects.filter(question=question, person=person).delete()
    announce(topic_of(question.session))


def answer_question(*, question: Question, answer: str, language: str, actor: Actor, now: datetime) -> None:
    """Record the answer to a question."""
    require_role(actor, rules.ANSWERING_ROLES, question.forum_id)
    require_open(question.forum, Stage.MEETING, now)
    with transaction.atomic():
        kept = Question.objects.select_for_update(of=("self",), no_key=True).get(pk=question.pk)
        rules.require_unanswered(QuestionState(kept.state))
        kept.state, kept.answered_at = QuestionState.ANSWERED, now
        kept.answer, kept.answer_language = answer, language
        kept.save(update_fields=["state", "answered_at", "answer", "answer_language"])
        log(
            question.session,
            symbol=question.symbol,
            verb="answer_question",
            change={"answer": answer},
            actor=actor,
            now=now,
        )
