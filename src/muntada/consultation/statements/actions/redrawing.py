"""Having the opinion map drawn anew: soon, or when enough votes are new."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from muntada.consultation.calls.models import Call
from muntada.consultation.statements import task_types
from muntada.consultation.statements.queries.drawings import drawing_is_due
from muntada.consultation.statements.task_types import REDRAW_LATER

# Votes come in bursts; one drawing a few seconds later serves them all.
PAUSE_SECONDS = 3
# A large map takes long to draw; it is drawn seldom enough that drawing takes a small share of the time.
PAUSES_PER_DRAWING = 40
LONGEST_PAUSE_SECONDS = 60
# A drawing that was asked for sees the votes cast until it begins; a little before, nobody relies on that.
MARGIN_SECONDS = 0.5


def ask_for_redraw(call: Call) -> None:
    """Have the map drawn soon. Asked after the commit, so that what it is asked for is seen."""
    transaction.on_commit(lambda: _enqueue(call.pk))


def ask_for_redraw_of(call_id: int) -> None:
    """Have the map drawn for new votes: soon where a twentieth is new, else when some time has passed."""
    transaction.on_commit(lambda: _enqueue_for_votes(call_id))


# Until when the drawing that this process put into the queue serves all votes, by call.
_served_until: dict[int, float] = {}
# Until when this process need not look whether a drawing is due, by call.
_looked_until: dict[int, float] = {}
# How long the last drawing took, where this process drew it.
seconds_taken: dict[int, float] = {}


def _enqueue_for_votes(call_id: int) -> None:
    before = time.monotonic()
    if before < max(_served_until.get(call_id, 0.0), _looked_until.get(call_id, 0.0)):
        return
    if drawing_is_due(call_id):
        _enqueue(call_id)
        return
    wait = min(_order(REDRAW_LATER, call_id), PAUSE_SECONDS)
    _looked_until[call_id] = before + wait - MARGIN_SECONDS


def _enqueue(call_id: int) -> None:
    if time.monotonic() < _served_until.get(call_id, 0.0):
        return
    pause = min(
        max(PAUSE_SECONDS, int(PAUSES_PER_DRAWING * seconds_taken.get(call_id, 0.0))), LONGEST_PAUSE_SECONDS
    )
    wait = _order(timedelta(seconds=pause), call_id)
    _served_until[call_id] = time.monotonic() + wait - MARGIN_SECONDS


def _order(wait: timedelta, call_id: int) -> float:
    """Have the map drawn after a while, or sooner where that is ordered already; return the seconds until."""
    due = task_types.redraw_map.order_after(wait, call_id=call_id)
    return (due - timezone.now()).total_seconds()
