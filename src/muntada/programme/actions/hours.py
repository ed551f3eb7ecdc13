"""When somebody can take part in the sessions they have a part in, as the secretariat was told late."""

from datetime import datetime

from django.db import transaction

from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.programme.actions.session_changes import held_session
from muntada.programme.models import HoursTold, HoursToldSpan, SessionPerson
from muntada.programme.rules.speakers import Availability, require_availability
from muntada.record import actions as record
from muntada.record.rules import Actor


def tell_hours(*, person: SessionPerson, said: Availability, actor: Actor, now: datetime) -> HoursTold:
    """Write down when somebody can; it holds in all their sessions until they say otherwise themselves.

    The hours of people are nobody's business: the log tells that they changed, not what they are.
    """
    require_role(actor, SECRETARIAT, person.session.forum_id)
    forum = person.session.forum
    require_availability(said, forum.starts_date, forum.ends_date)
    with transaction.atomic():
        session = held_session(person.session)
        told, _made = HoursTold.objects.get_or_create(forum=forum, key=person.key, defaults={"told_at": now})
        told.take_down(said)
        told.told_at = now
        told.save()
        told.spans.all().delete()
        HoursToldSpan.objects.bulk_create(
            HoursToldSpan(told=told, day=span.day, starts=span.starts, ends=span.ends)
            for span in sorted(set(said.spans))
        )
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="tell_hours",
            symbol=session.symbol,
            change={"person": person.pk},
            now=now,
        )
    return told


def take_back_hours(*, person: SessionPerson, actor: Actor, now: datetime) -> None:
    """Let what they said themselves, or what was said with the request, hold again."""
    require_role(actor, SECRETARIAT, person.session.forum_id)
    with transaction.atomic():
        session = held_session(person.session)
        if not HoursTold.objects.filter(forum=session.forum_id, key=person.key).delete()[0]:
            return
        record.write(
            forum_id=session.forum_id,
            actor=actor,
            verb="take_back_hours",
            symbol=session.symbol,
            change={"person": person.pk},
            now=now,
        )
