"""Make a timetable, at once or in a job. Only a worker loads the solver."""

import time
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import ngettext

from muntada.forums.models import Forum
from muntada.foundations.jobs.running import Run
from muntada.foundations.jobs.threads import in_thread
from muntada.foundations.stored import as_stored
from muntada.programme.timetable.actions.placements import place, store_judgement
from muntada.programme.timetable.actions.timetables import (
    EFFORTS,
    REPAIR_EFFORT,
    require_repairable,
    require_wanted,
    write_repair,
    write_timetable,
)
from muntada.programme.timetable.adapter.blaming import blamed
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.solving import HaltSolving, HowFar, Made, broken_wishes, make
from muntada.programme.timetable.adapter.timetables import TimetableFrame, frame_of
from muntada.programme.timetable.models import Timetable
from muntada.programme.timetable.rules import STEP_NAMES, ConflictingRules, TimetableProgress, so_far
from muntada.record.rules import Actor

TELL_EVERY_SECONDS = 2.0


def make_timetable(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Timetable:
    """Make a timetable and wait for it."""
    require_wanted(forum, actor=actor)
    frame, state = frame_now(forum)
    made = make(frame, seed=seed, effort=effort)
    blames = blamed(frame) if made.unplaced else []
    with transaction.atomic():
        timetable = write_timetable(forum=forum, actor=actor, now=now, seed=seed, effort=effort)
        _store(timetable, made, blames, state)
    return timetable


def make_repair(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Repair a timetable and wait for it."""
    require_repairable(timetable, actor=actor)
    frame = frame_of(timetable.forum, published=seats_of(timetable))
    made = make(frame, seed=timetable.seed, effort=REPAIR_EFFORT)
    blames = blamed(frame) if made.unplaced else []
    with transaction.atomic():
        draft = write_repair(timetable=timetable, actor=actor, now=now)
        _store(draft, made, blames, "")
    return draft


def run_timetable(*, run: Run, timetable: Timetable) -> None:
    """Make the timetable that was ordered; stopped early, it is the best found so far."""
    frame, state = _frame_for(timetable)
    made = _watched(run, timetable, frame)
    # Nobody waits for an explanation who has asked for an end.
    blames = blamed(frame) if made.unplaced and not run.is_stop_wanted else []
    with transaction.atomic():
        _store(timetable, made, blames, state)
        placed = len(made.seats)
        sentence = ngettext("%(placed)s session placed", "%(placed)s sessions placed", placed)
        run.end(sentence=sentence % {"placed": placed}, result_at=timetable.get_absolute_url())


def _frame_for(timetable: Timetable) -> tuple[TimetableFrame, str]:
    """Return what is to be placed; a repair moves as little as possible against what it repairs."""
    if timetable.is_repair and timetable.made_from is not None:
        return frame_of(timetable.forum, published=seats_of(timetable.made_from)), ""
    return frame_now(timetable.forum)


def _watched(run: Run, timetable: Timetable, frame: TimetableFrame) -> Made:
    """Let the engine work in a thread of its own; say how far it is, and end it when that is asked."""
    reports: list[HowFar] = []
    halt = HaltSolving()
    told, told_at = 0, 0.0
    progress = TimetableProgress()
    begun = time.monotonic()

    def work() -> Made:
        return make(frame, seed=timetable.seed, effort=timetable.effort, report=reports.append, halt=halt)

    def look() -> bool:
        nonlocal told, told_at, progress
        seconds = time.monotonic() - begun
        if len(reports) > told or seconds - told_at > TELL_EVERY_SECONDS:
            new = reports[told:]
            progress = so_far(progress, new, seconds)
            if new and new[-1].best == progress.best:
                progress = replace(progress, broken=broken_wishes(frame, new[-1]))
            told, told_at = told + len(new), seconds
            last = reports[-1] if reports else None
            share = last.effort / timetable.effort if last and timetable.effort else 0.0
            run.tell(share, str(STEP_NAMES.get(last.tier, "")) if last else "", as_stored(progress))
        return run.is_stop_wanted

    return in_thread(work, look=look, halt=halt)


def _store(timetable: Timetable, made: Made, blames: list[ConflictingRules], state: str) -> None:
    place(timetable, made.seats)
    timetable.status, timetable.bound = made.status, dict(made.bound)
    timetable.unplaced = [as_stored(one) for one in made.unplaced]
    timetable.blame = [as_stored(one) for one in blames]
    timetable.save(update_fields=["status", "bound", "unplaced", "blame"])
    store_judgement(timetable, made.judgement, state)
