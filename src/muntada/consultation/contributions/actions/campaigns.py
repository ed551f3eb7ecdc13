"""Order comparisons of the texts of a call."""

from django.db import transaction

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions import task_types


def ask_for_campaigns(call: Call) -> None:
    """Order a comparison after the commit, so that the last text is included."""
    transaction.on_commit(lambda: _enqueue(call.pk))


def _enqueue(call_id: int) -> None:
    task_types.group_campaigns.order_after(task_types.CAMPAIGN_PAUSE, call_id=call_id)
