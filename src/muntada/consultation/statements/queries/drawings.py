"""Whether enough votes are new for another map."""

from math import ceil

from django.db.models import Max

from muntada.consultation.statements.models import OpinionMap, Vote

# A smaller share of new votes hardly changes a map.
NEW_SHARE = 0.05


def drawing_is_due(call_id: int) -> bool:
    """Return whether a twentieth of the votes is new."""
    latest = OpinionMap.objects.filter(call_id=call_id, is_latest=True)
    drawn = latest.values_list("votes", "last_vote").first()
    if drawn is None:
        return True
    votes, last_vote = drawn
    needed = max(1, ceil(votes * NEW_SHARE))
    newest = Vote.objects.aggregate(pk=Max("pk"))["pk"] or 0
    # Vote ids are shared by all calls and give an upper bound, cheaper than counting.
    if newest - last_vote < needed:
        return False
    return Vote.objects.filter(statement__call_id=call_id, pk__gt=last_vote)[:needed].count() >= needed
