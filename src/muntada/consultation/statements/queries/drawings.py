"""Whether enough votes are new to draw the map again."""

from math import ceil

from django.db.models import Max

from muntada.consultation.statements.models import OpinionMap, Vote

# Fewer new votes than this share hardly move a map.
NEW_SHARE = 0.05


def drawing_is_due(call_id: int) -> bool:
    """Say whether enough votes are new to show on a map: a twentieth of those it was drawn from."""
    latest = OpinionMap.objects.filter(call_id=call_id, is_latest=True)
    drawn = latest.values_list("votes", "last_vote").first()
    if drawn is None:
        return True
    votes, last_vote = drawn
    needed = max(1, ceil(votes * NEW_SHARE))
    newest = Vote.objects.aggregate(pk=Max("pk"))["pk"] or 0
    # Numbers of votes are those of all calls, so there are no more new ones than this; counting is dearer.
    if newest - last_vote < needed:
        return False
    return Vote.objects.filter(statement__call_id=call_id, pk__gt=last_vote)[:needed].count() >= needed
