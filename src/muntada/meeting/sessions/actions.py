"""Log events of a session and announce them."""

from datetime import datetime

from muntada.foundations.live import announce
from muntada.meeting.sessions.queries import topic_of
from muntada.programme.sessions.models import Session
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.rules import Actor


def log(
    session: Session, *, symbol: Symbol, verb: str, change: dict[str, object], actor: Actor, now: datetime
) -> None:
    record.write(forum_id=session.forum_id, actor=actor, verb=verb, change=change, now=now, symbol=symbol)
    announce(topic_of(session))
