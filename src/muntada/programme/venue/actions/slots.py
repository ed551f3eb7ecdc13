"""Edit the slots of days."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, ngettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.programme.sessions.models import Slot
from muntada.programme.sessions.rules import period_at
from muntada.programme.timetable.models import SessionLock
from muntada.programme.timetable.queries import sessions_starting, sessions_within
from muntada.record import actions as record
from muntada.record.rules import Actor


def set_grid(
    *,
    forum: Forum,
    days: Iterable[date],
    grid: Sequence[tuple[time, time]],
    actor: Actor,
    now: datetime,
    is_confirmed: bool = False,
) -> None:
    """Set the slots of these days, all or none.

    Removing slots with sessions or locks needs a confirmation.
    """
    require_role(actor, SECRETARIAT, forum.pk)
    try:
        with transaction.atomic():
            for day in sorted(set(days)):
                _set_day(forum, day, grid, is_confirmed=is_confirmed)
            record.write(
                forum_id=forum.pk,
                actor=actor,
                verb="set_slots",
                change={
                    "days": [day.isoformat() for day in sorted(set(days))],
                    "slots": [f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in grid],
                },
                now=now,
            )
    except IntegrityError as error:
        raise Refused(gettext("Two of these slots overlap."), "slots-overlap", "grid") from error


def remove_slot(*, slot: Slot, actor: Actor, now: datetime) -> None:
    """Delete a slot; refuse if sessions or locks use it, and name them."""
    require_role(actor, SECRETARIAT, slot.forum_id)
    with transaction.atomic():
        kept = Slot.objects.select_for_update(no_key=True).filter(pk=slot.pk).first()
        if kept is None:
            raise Refused(gettext("This slot is not there any more."), "slot-gone")
        standing = sessions_within(slot.forum, kept.starts_at, kept.ends_at)
        if standing:
            sentence = ngettext(
                "%(count)s session stands in this slot or is locked to it: %(sessions)s. Please move or"
                " unlock it first.",
                "%(count)s sessions stand in this slot or are locked to it: %(sessions)s. Please move or"
                " unlock them first.",
                len(standing),
            )
            known = {"count": len(standing), "sessions": ", ".join(standing)}
            raise Refused(sentence % known, "slots-in-use")
        change = {"from": kept.starts_at, "to": kept.ends_at}
        kept.delete()
        record.write(forum_id=slot.forum_id, actor=actor, verb="remove_slot", change=change, now=now)


def _set_day(forum: Forum, day: date, grid: Sequence[tuple[time, time]], *, is_confirmed: bool) -> None:
    wanted = dict(period_at(day, starts, ends, forum.timezone) for starts, ends in grid)
    if len(wanted) < len(grid):
        raise Refused(gettext("Two of these slots start at the same time."), "slots-overlap", "grid")
    begins = datetime.combine(day, time(), tzinfo=forum.timezone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), tzinfo=forum.timezone).astimezone(UTC)
    there = Slot.objects.select_for_update(no_key=True).filter(
        forum=forum, starts_at__gte=begins, starts_at__lt=ends
    )
    gone = [slot for slot in there if slot.starts_at not in wanted]
    if not is_confirmed:
        _require_nothing_lost(forum, gone)
    SessionLock.objects.filter(slot__in=gone).delete()
    kept = {slot.starts_at: slot for slot in there if slot.starts_at in wanted}
    Slot.objects.filter(pk__in=[slot.pk for slot in gone]).delete()
    # Shorter ones first make room for longer ones.
    for slot in sorted(kept.values(), key=lambda slot: wanted[slot.starts_at] - slot.ends_at):
        if slot.ends_at != wanted[slot.starts_at]:
            Slot.objects.filter(pk=slot.pk).update(ends_at=wanted[slot.starts_at])
    Slot.objects.bulk_create(
        Slot(forum=forum, starts_at=starts_at, ends_at=ends_at)
        for starts_at, ends_at in sorted(wanted.items())
        if starts_at not in kept
    )


def _require_nothing_lost(forum: Forum, gone: Sequence[Slot]) -> None:
    starting = sessions_starting(forum, [slot.starts_at for slot in gone])
    if not starting:
        return
    sentence = ngettext(
        "In the slots that would go, %(count)s session starts in a timetable or by a lock: %(sessions)s."
        " Please confirm, and repair the timetables afterwards.",
        "In the slots that would go, %(count)s sessions start in a timetable or by a lock: %(sessions)s."
        " Please confirm, and repair the timetables afterwards.",
        len(starting),
    )
    raise Refused(
        sentence % {"count": len(starting), "sessions": ", ".join(starting)}, "slots-in-use", "is_confirmed"
    )
