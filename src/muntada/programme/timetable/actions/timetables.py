"""Order, stop and restart timetables."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.jobs import actions as jobs
from muntada.foundations.jobs.rules import MAY_BEGIN
from muntada.programme.sessions.queries import open_rooms_of, sessions_to_place, slots_of
from muntada.programme.timetable.actions.placements import new_timetable, require_ready
from muntada.programme.timetable.models import Timetable
from muntada.programme.timetable.rules import require_kept
from muntada.programme.timetable.task_types import run_timetable
from muntada.record import actions as record
from muntada.record.rules import Actor

# Effort in deterministic seconds, the same on every machine.
EFFORTS: dict[str, float] = {"quick": 5.0, "normal": 20.0, "thorough": 120.0}
REPAIR_EFFORT = 10.0


def order_timetable(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Timetable:
    """Have a timetable made by a worker; refuse where there is nothing to make it from."""
    with transaction.atomic():
        timetable = write_timetable(forum=forum, actor=actor, now=now, seed=seed, effort=effort)
        _order_making(timetable, actor, now)
    return timetable


def order_repair(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Have a timetable repaired by a worker: a new draft, with as few sessions moved as possible."""
    with transaction.atomic():
        draft = write_repair(timetable=timetable, actor=actor, now=now)
        _order_making(draft, actor, now)
    return draft


def write_timetable(*, forum: Forum, actor: Actor, now: datetime, seed: int, effort: float) -> Timetable:
    """Write down a draft that is still to be made, or is stored in the same transaction."""
    require_wanted(forum, actor=actor)
    with transaction.atomic():
        timetable = new_timetable(forum, now, seed=seed, effort=effort)
        _write(timetable, actor, now, "make_timetable", seed=seed, effort=effort)
    return timetable


def write_repair(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Write down the repair of a draft, still to be made or stored in the same transaction."""
    require_repairable(timetable, actor=actor)
    with transaction.atomic():
        draft = new_timetable(
            timetable.forum,
            now,
            made_from=timetable,
            is_repair=True,
            seed=timetable.seed,
            effort=REPAIR_EFFORT,
        )
        _write(draft, actor, now, "repair_timetable", **{"from": timetable.number})
    return draft


def stop_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Ask that the making of a timetable ends; the best found so far is kept."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    if timetable.job is None or not timetable.job.is_active:
        raise Refused(gettext("This timetable is not being made any more."), "not-being-made")
    with transaction.atomic():
        jobs.stop(job=timetable.job, actor=actor, now=now)
        _write(timetable, actor, now, "stop_timetable")


def start_again(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Let a timetable be made after all whose making was broken off, refused or cancelled."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    if timetable.job is None or timetable.is_made:
        raise Refused(gettext("This timetable is made already."), "timetable-ready")
    with transaction.atomic():
        _require_kept(timetable)
        if timetable.job.state in MAY_BEGIN:
            jobs.begin(job=timetable.job, actor=actor, now=now)
        else:
            _order_making(timetable, actor, now)
        _write(timetable, actor, now, "make_timetable_again")


def _order_making(timetable: Timetable, actor: Actor, now: datetime) -> None:
    order = jobs.JobOrder(
        forum_id=timetable.forum_id,
        key=f"programme.timetable:{timetable.pk}",
        about=gettext("Timetable %(number)s") % {"number": timetable.number},
        back=timetable.get_absolute_url(),
        actor=actor,
        now=now,
    )
    timetable.job = jobs.order(run_timetable, order, timetable_id=timetable.pk)
    timetable.save(update_fields=["job"])


def _write(timetable: Timetable, actor: Actor, now: datetime, verb: str, **change: object) -> None:
    record.write(
        forum_id=timetable.forum_id,
        actor=actor,
        verb=verb,
        change={"timetable": timetable.number, **change},
        now=now,
    )


def require_repairable(timetable: Timetable, *, actor: Actor) -> None:
    require_role(actor, SECRETARIAT, timetable.forum_id)
    require_ready(timetable)
    _require_kept(timetable)
    require_wanted(timetable.forum, actor=actor)


def _require_kept(timetable: Timetable) -> None:
    who = str(timetable.discarded_by or "")
    require_kept(timetable.number, timetable.discarded_at, who, timetable.forum.timezone)


def require_wanted(forum: Forum, *, actor: Actor) -> None:
    """Refuse where there is nothing to make a timetable from."""
    require_role(actor, SECRETARIAT, forum.pk)
    if not sessions_to_place(forum).exists():
        raise Refused(
            gettext("There is no session yet. Please accept session requests first."), "no-sessions"
        )
    if not open_rooms_of(forum).exists():
        raise Refused(gettext("There is no room yet. Please add rooms first."), "no-rooms")
    if not slots_of(forum).exists():
        raise Refused(gettext("There is no slot yet. Please add slots first."), "no-slots")
