"""Making a timetable that was ordered, and writing down how far it is. Only a worker loads the solver."""

import time
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Forum
from muntada.foundations import live
from muntada.programme.actions.alone import only_one
from muntada.programme.actions.placing import place, store_judgement, topic_of
from muntada.programme.actions.timetables import EFFORTS, order_timetable
from muntada.programme.actions.watching import watched
from muntada.programme.engine.blaming import blamed
from muntada.programme.engine.frames import frame_now, seats_of
from muntada.programme.engine.solving import Halt, HowFar, Made, broken_wishes, make
from muntada.programme.engine.timetables import Frame, frame_of
from muntada.programme.models import Timetable
from muntada.programme.queries.workspace import stop_is_asked
from muntada.programme.rules.progress import so_far
from muntada.programme.rules.timetables import TimetableState
from muntada.record.rules import Actor

TELL_EVERY_SECONDS = 2.0
LOCK = "programme.timetable"


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
