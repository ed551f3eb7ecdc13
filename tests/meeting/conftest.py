import pytest

from muntada.meeting.questions import actions as questions
from muntada.meeting.questions.rules import Mode
from muntada.programme.sessions.models import Session
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind


@pytest.fixture
def session(forum, now) -> Session:
    symbol = record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.SESSION, title="Connecting villages", language="en", now=now
    )
    return Session.objects.create(
        forum=forum,
        symbol=symbol,
        title="Connecting villages",
        language="en",
        kind="workshop",
        minutes=60,
        made_at=now,
    )


@pytest.fixture
def ask(session, make_person, now):
    def ask(text: str = "When will the villages be connected?", mode: Mode = Mode.ONLINE):
        return questions.ask_question(
            session=session,
            author=make_person(),
            text=text,
            language="en",
            mode=mode,
            actor=SYSTEM,
            now=now,
        )

    return ask
