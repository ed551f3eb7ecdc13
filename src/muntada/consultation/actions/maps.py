"""Drawing the opinion map of a call anew."""

from django.db import transaction
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from muntada.consultation.models import Call

REDRAW = "muntada.consultation.tasks.redraw_opinion_map"
# Votes come in bursts; one drawing a few seconds later serves them all.
PAUSE_SECONDS = 3


def ask_for_redraw(call: Call) -> None:
    """Have the map drawn soon. Asked after the commit, so that the votes it is asked for are seen."""
    transaction.on_commit(lambda: _enqueue(call.pk))


def _enqueue(call_id: int) -> None:
    name = f"opinion-map-{call_id}"
    task = queue.configure_task(REDRAW, lock=name, queueing_lock=name, schedule_in={"seconds": PAUSE_SECONDS})
    try:
        with transaction.atomic():
            task.defer(call_id=call_id)
    except AlreadyEnqueued:
        # It waits already and will see these votes.
        return
