"""Copy, delete and restore drafts."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations import live
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import stop
from muntada.foundations.stored import as_stored
from muntada.programme.timetable.actions.placements import (
    new_timetable,
    place,
    require_ready,
    store_judgement,
    topic_of,
)
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.timetables import Seat, TimetableFrame, judge
from muntada.programme.timetable.models import Timetable
from muntada.programme.timetable.rules import NamedSentence, UnplacedReasons
from muntada.record import actions as record
from muntada.record.rules import Actor


def copy_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Copy a timetable to a new draft; released ones are immutable."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    require_ready(timetable)
    with transaction.atomic():
        draft = new_timetable(
            timetable.forum,
            now,
            made_from=timetable,
            seed=timetable.seed,
            effort=0,
            status=timetable.status,
        )
        frame, state = frame_now(timetable.forum)
        seats, left_out = _those_that_can(frame, seats_of(timetable))
        place(draft, seats)
        draft.unplaced = [as_stored(one) for one in left_out]
        draft.save(update_fields=["unplaced"])
        store_judgement(draft, judge(frame, seats), state)
        record.write(
            forum_id=draft.forum_id,
            actor=actor,
            verb="copy_timetable",
            change={"timetable": draft.number, "from": timetable.number},
            now=now,
        )
    return draft


def _those_that_can(frame: TimetableFrame, seats: list[Seat]) -> tuple[list[Seat], list[UnplacedReasons]]:
    """Leave out what sessions changed since would put on two stages or in a room at once, and say so."""
    clashes = [one for one in judge(frame, seats).hard if one.rule in {"person-clash", "room-clash"}]
    dropped = {one.sessions[-1]: NamedSentence(one.sentence, one.params) for one in clashes}
    gone = {frame.names.sessions[name].pk for name in dropped}
    minutes = {session.pk: session.minutes for session in frame.names.sessions.values()}
    kept = [
        replace(seat, ends_at=seat.starts_at + timedelta(minutes=minutes[seat.session_id]))
        for seat in seats
        if seat.session_id in minutes.keys() - gone
    ]
    return kept, [UnplacedReasons(name, (reason,)) for name, reason in dropped.items()]


def discard_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Delete a draft, restorable. A running job is stopped with its best result."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    with transaction.atomic():
        rows = Timetable.objects.select_for_update(of=("self",), no_key=True).select_related("job")
        kept = rows.get(pk=timetable.pk)
        if hasattr(kept, "release"):
            sentence = gettext("This timetable is released and is kept. A new release can take its place.")
            raise Refused(sentence, "timetable-released")
        if kept.discarded_at is not None:
            return
        kept.discarded_at, kept.discarded_by_id = now, actor.person_id
        kept.save(update_fields=["discarded_at", "discarded_by"])
        if kept.job is not None and kept.job.is_active:
            stop(job=kept.job, actor=actor, now=now)
        _write(kept, actor, now, "discard_timetable")


def bring_back(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Restore a deleted draft."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    with transaction.atomic():
        Timetable.objects.filter(pk=timetable.pk).update(discarded_at=None, discarded_by=None)
        _write(timetable, actor, now, "bring_back_timetable")


def _write(timetable: Timetable, actor: Actor, now: datetime, verb: str) -> None:
    record.write(
        forum_id=timetable.forum_id,
        actor=actor,
        verb=verb,
        change={"timetable": timetable.number},
        now=now,
    )
    live.announce(topic_of(timetable))
