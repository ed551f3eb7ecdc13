"""Lock sessions in every timetable of the forum."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.adapter.frames import frame_now
from muntada.programme.timetable.adapter.moving import locks_at_odds
from muntada.programme.timetable.models import SessionLock
from muntada.programme.timetable.rules import in_words
from muntada.record import actions as record
from muntada.record.rules import Actor


def lock_session(
    *, session: Session, slot: Slot, room: Room | None, actor: Actor, now: datetime
) -> SessionLock:
    """Lock a session to a time and optionally a room; refuse impossible locks with the reason."""
    require_role(actor, SECRETARIAT, session.forum_id)
    with transaction.atomic():
        # Two concurrent locks could conflict: the second waits.
        Forum.objects.select_for_update(no_key=True).get(pk=session.forum_id)
        lock, _made = SessionLock.objects.update_or_create(
            session=session,
            defaults={
                "slot": slot,
                "room": room,
                "locked_by_id": actor.person_id,
                "locked_at": now,
            },
        )
        frame, _state = frame_now(session.forum)
        reasons = locks_at_odds(frame, session.symbol.short)
        if reasons:
            words = in_words(reasons[0].sentence, reasons[0].params, session.forum.timezone)
            sentence = gettext("This lock cannot be kept: %(reason)s")
            raise Refused(sentence % {"reason": words}, "lock-at-odds", "room" if room else "slot")
        record.write(
            forum_id=session.forum_id,
            actor=actor,
            verb="lock_session",
            symbol=session.symbol,
            change={"starts_at": slot.starts_at, "room": room.name if room else ""},
            now=now,
        )
    return lock


def unlock_session(*, session: Session, actor: Actor, now: datetime) -> None:
    """Unlock a session."""
    require_role(actor, SECRETARIAT, session.forum_id)
    with transaction.atomic():
        removed, _of = SessionLock.objects.filter(session=session).delete()
        if removed:
            record.write(
                forum_id=session.forum_id,
                actor=actor,
                verb="unlock_session",
                symbol=session.symbol,
                change={},
                now=now,
            )
