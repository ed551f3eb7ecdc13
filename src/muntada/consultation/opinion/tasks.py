"""Compute opinion maps."""

from django.utils import timezone

from muntada.consultation.calls.models import Call
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements import task_types as statements


@statements.redraw_map.carried_out_by
def redraw_map(*, call_id: int) -> None:
    """Recompute the opinion map of a call."""
    redraw_opinion_map(call=Call.objects.select_related("forum").get(pk=call_id), now=timezone.now())
