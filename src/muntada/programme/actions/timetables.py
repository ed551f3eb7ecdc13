"""Ordering a timetable, and ending its making early."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations import live
from muntada.foundations.errors import Refused
from muntada.programme.actions.placing import new_timetable, require_ready, topic_of
from muntada.programme.models import Timetable
from muntada.programme.queries.timetables import sessions_to_place
from muntada.programme.queries.venue import open_rooms_of, slots_of
from muntada.programme.rules.timetables import TimetableState, require_kept
from muntada.record import actions as record
from muntada.record.rules import Actor

# Seconds of computing, as the engine counts them: the same on every machine.
EFFORTS: dict[str, float] = {"quick": 5.0, "normal": 20.0, "thorough": 120.0}
REPAIR_EFFORT = 10.0


def order_timetable(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Timetable:
    """Write down that a timetable is wanted; refuse where there is nothing to make it from."""
    require_role(actor, SECRETARIAT, forum.pk)
    _require_material(forum)
    with transaction.atomic():
        timetable = new_timetable(forum, now, state=TimetableState.WAITING, seed=seed, effort=effort)
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="make_timetable",
            change={"timetable": timetable.number, "seed": seed, "effort": effort},
            now=now,
        )
    return timetable


def order_repair(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Write down that a timetable is to be repaired: a new draft, with as few sessions moved as possible."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    require_ready(timetable)
    _require_kept(timetable)
    _require_material(timetable.forum)
    with transaction.atomic():
        draft = new_timetable(
            timetable.forum,
            now,
            state=TimetableState.WAITING,
            made_from=timetable,
            is_repair=True,
            seed=timetable.seed,
            effort=REPAIR_EFFORT,
        )
        record.write(
            forum_id=draft.forum_id,
            actor=actor,
            verb="repair_timetable",
            change={"timetable": draft.number, "from": timetable.number},
            now=now,
        )
    return draft


def stop_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Ask that the making of a timetable ends; the best found so far is kept."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    if timetable.state not in {TimetableState.WAITING, TimetableState.MAKING}:
        raise Refused(gettext("This timetable is not being made any more."), "not-being-made")
    with transaction.atomic():
        Timetable.objects.filter(pk=timetable.pk, stop_asked_at=None).update(stop_asked_at=now)
        record.write(
            forum_id=timetable.forum_id,
            actor=actor,
            verb="stop_timetable",
            change={"timetable": timetable.number},
            now=now,
        )
        live.announce(topic_of(timetable))


def _require_kept(timetable: Timetable) -> None:
    who = str(timetable.discarded_by or "")
    require_kept(timetable.number, timetable.discarded_at, who, timetable.forum.timezone)


def reopen_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Let a timetable whose making failed or was broken off be made after all."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    if timetable.state == TimetableState.READY:
        raise Refused(gettext("This timetable is made already."), "timetable-ready")
    with transaction.atomic():
        _require_kept(timetable)
        timetable.state, timetable.progress, timetable.stop_asked_at = TimetableState.WAITING, {}, None
        timetable.save(update_fields=["state", "progress", "stop_asked_at"])
        record.write(
            forum_id=timetable.forum_id,
            actor=actor,
            verb="make_timetable_again",
            change={"timetable": timetable.number},
            now=now,
        )


def _require_material(forum: Forum) -> None:
    if not sessions_to_place(forum).exists():
        raise Refused(
            gettext("There is no session yet. Please accept session requests first."), "no-sessions"
        )
    if not open_rooms_of(forum).exists():
        raise Refused(gettext("There is no room yet. Please add rooms first."), "no-rooms")
    if not slots_of(forum).exists():
        raise Refused(gettext("There is no slot yet. Please add slots first."), "no-slots")
