"""Ordering a timetable, making it, watching it being made, and ending that early."""

import time
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.foundations import live
from muntada.foundations.errors import Refused
from muntada.programme.actions.alone import only_one
from muntada.programme.actions.placing import new_timetable, place, require_ready, store_judgement, topic_of
from muntada.programme.actions.watching import watched
from muntada.programme.engine.blaming import blamed
from muntada.programme.engine.frames import frame_now, seats_of
from muntada.programme.engine.timetables import (
    Frame,
    Halt,
    HowFar,
    Made,
    broken_wishes,
    frame_of,
    make,
)
from muntada.programme.models import Timetable
from muntada.programme.queries.timetables import sessions_to_place
from muntada.programme.queries.venue import open_rooms_of, slots_of
from muntada.programme.queries.workspace import stop_is_asked
from muntada.programme.rules.progress import so_far
from muntada.programme.rules.secretariat import require_secretariat
from muntada.programme.rules.timetables import TimetableState, require_kept
from muntada.record import actions as record
from muntada.record.rules import Actor

# Seconds of computing, as the engine counts them: the same on every machine.
EFFORTS: dict[str, float] = {"quick": 5.0, "normal": 20.0, "thorough": 120.0}
REPAIR_EFFORT = 10.0
TELL_EVERY_SECONDS = 2.0
LOCK = "programme.timetable"


def order_timetable(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Timetable:
    """Write down that a timetable is wanted; refuse where there is nothing to make it from."""
    require_secretariat(actor)
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
    require_secretariat(actor)
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
    require_secretariat(actor)
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


def make_timetable(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Timetable:
    """Make a timetable and wait for it."""
    timetable = order_timetable(forum=forum, actor=actor, now=now, seed=seed, effort=effort)
    return run_timetable(timetable=timetable)


def run_timetable(*, timetable: Timetable) -> Timetable:
    """Make the timetable that was ordered. Started twice it is made once; left half-way it can start anew."""
    with only_one(LOCK, timetable.pk) as is_mine:
        timetable.refresh_from_db()
        if not is_mine or timetable.state == TimetableState.READY:
            return timetable
        timetable.state = TimetableState.MAKING
        timetable.save(update_fields=["state"])
        try:
            frame, state = _frame_for(timetable)
            made = _watched(timetable, frame)
            # Nobody waits for an explanation who has asked for an end.
            blames = blamed(frame) if made.unplaced and not stop_is_asked(timetable) else []
            _store(timetable, made, blames, state)
        except BaseException:
            # Nobody waits for this one any longer; the caller or the queue says what happened.
            Timetable.objects.filter(pk=timetable.pk).update(state=TimetableState.FAILED)
            raise
        finally:
            live.announce(topic_of(timetable))
    return timetable


def reopen_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Let a timetable whose making failed or was broken off be made after all."""
    require_secretariat(actor)
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


def _frame_for(timetable: Timetable) -> tuple[Frame, str]:
    """Return what is to be placed; a repair moves as little as possible against what it repairs."""
    if timetable.is_repair and timetable.made_from is not None:
        return frame_of(timetable.forum, published=seats_of(timetable.made_from)), ""
    return frame_now(timetable.forum)


def _watched(timetable: Timetable, frame: Frame) -> Made:
    """Let the engine work in a thread of its own; write down how far it is, and end it when that is asked."""
    reports: list[HowFar] = []
    halt = Halt()
    told, told_at, progress = 0, 0.0, timetable.progress
    begun = time.monotonic()

    def work() -> Made:
        return make(frame, seed=timetable.seed, effort=timetable.effort, report=reports.append, halt=halt)

    def look() -> bool:
        nonlocal told, told_at, progress
        seconds = time.monotonic() - begun
        if len(reports) > told or seconds - told_at > TELL_EVERY_SECONDS:
            new = reports[told:]
            progress = so_far(progress, new, seconds)
            if new and new[-1].best == progress["best"]:
                progress["broken"] = broken_wishes(frame, new[-1])
            told, told_at = told + len(new), seconds
            _tell_progress(timetable, progress)
        return stop_is_asked(timetable)

    return watched(work, look=look, halt=halt)


def _tell_progress(timetable: Timetable, progress: Mapping[str, object]) -> None:
    Timetable.objects.filter(pk=timetable.pk).update(progress=progress)
    live.announce(topic_of(timetable))


def _store(timetable: Timetable, made: Made, blames: list[dict[str, object]], state: str) -> None:
    with transaction.atomic():
        place(timetable, made.seats)
        timetable.state, timetable.status = TimetableState.READY, made.status
        timetable.bound, timetable.unplaced = dict(made.bound), [dict(one) for one in made.unplaced]
        timetable.blame, timetable.progress = blames, {"effort": made.effort}
        timetable.save(update_fields=["state", "status", "bound", "unplaced", "blame", "progress"])
        store_judgement(timetable, made.judgement, state)
