"""Compare the texts of a call."""

from django.utils import timezone

from muntada.consultation.calls.models import Call
from muntada.consultation.campaigns import actions
from muntada.consultation.contributions import task_types as contributions


@contributions.group_campaigns.carried_out_by
def group_campaigns(*, call_id: int) -> None:
    """Compare the texts of a call and group equal ones."""
    actions.group_campaigns(call=Call.objects.select_related("forum").get(pk=call_id), now=timezone.now())
