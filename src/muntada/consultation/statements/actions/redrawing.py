"""Order new opinion maps: soon, or when enough votes are new."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from muntada.consultation.calls.models import Call
from muntada.consultation.statements import task_types
from muntada.consultation.statements.queries.drawings import drawing_is_due
from muntada.consultation.statements.task_types import REDRAW_LATER

# Votes come in bursts; one computation some seconds later covers them.
PAUSE_SECONDS = 3
# Large maps take long, so the pause limits the share of time spent on them.
PAUSES_PER_DRAWING = 40
LONGEST_PAUSE_SECONDS = 60
# A computation sees all votes until it begins; this margin covers clock differences.
MARGIN_SECONDS = 0.5


def ask_for_redraw(call: Call) -> None:
    """Order a new map after the commit."""
    transaction.on_commit(lambda: _enqueue(call.pk))


def ask_for_redraw_of(call_id: int) -> None:
    """Order a new map for new votes: soon if a twentieth is new, else later."""
    transaction.on_commit(lambda: _enqueue_for_votes(call_id))


# By call: until when an order of this process covers all votes.
_served_until: dict[int, float] = {}
# By call: until when this process need not check.
_looked_until: dict[int, float] = {}
# The duration of the last computation in this process.
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
    """Order a map after `wait`, or earlier if already ordered; return the seconds until then."""
    due = task_types.redraw_map.order_after(wait, call_id=call_id)
    return (due - timezone.now()).total_seconds()
