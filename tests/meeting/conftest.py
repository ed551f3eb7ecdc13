import pytest

from muntada.programme.sessions.models import Session
from muntada.record import actions as record
from muntada.record.rules import Kind


@pytest.fixture
def session(forum, now) -> Session:
    symbol = record.give_symbol(
        forum_id=forum.pk, kind=Kind.SESSION, title="Connecting villages", language="en", now=now
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
