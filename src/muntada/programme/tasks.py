"""What a queue starts: the making of a timetable, beside the pages."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from muntada.forums.models import Forum
from muntada.foundations.tasks import LONG
from muntada.programme.actions import timetables
from muntada.programme.models import Timetable
from muntada.record.rules import Actor


@app.task(name="programme.run_timetable", queue=LONG)
def run_timetable(timetable_id: int) -> None:
    """Make a timetable that was ordered."""
    timetable = Timetable.objects.select_related("forum").get(pk=timetable_id)
    timetables.run_timetable(timetable=timetable)


def order_timetable(*, forum: Forum, actor: Actor, now: datetime, seed: int, effort: float) -> Timetable:
    """Order a timetable and put it into the queue, both or neither."""
    with transaction.atomic():
        timetable = timetables.order_timetable(forum=forum, actor=actor, now=now, seed=seed, effort=effort)
        run_timetable.defer(timetable_id=timetable.pk)
    return timetable


def order_repair(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Order the repair of a timetable and put it into the queue, both or neither."""
    with transaction.atomic():
        draft = timetables.order_repair(timetable=timetable, actor=actor, now=now)
        run_timetable.defer(timetable_id=draft.pk)
    return draft


def start_again(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Put a timetable whose making was broken off into the queue anew."""
    with transaction.atomic():
        timetables.reopen_timetable(timetable=timetable, actor=actor, now=now)
        run_timetable.defer(timetable_id=timetable.pk)
