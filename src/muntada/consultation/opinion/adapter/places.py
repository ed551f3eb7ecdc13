"""The current position of a voter on a stored map, from votes cast since."""

from muntada.consultation.statements.models import OpinionMap, Vote
from muntada.engines.opinion.own_place import OwnVote, nearest, own_place
from muntada.engines.opinion.settings import OpinionSettings

# Stored as voter, x, y and group.
type StoredPoint = list[float | int | None]


def place_now(kept: OpinionMap, voter_id: int) -> StoredPoint | None:
    """Return voter, x, y and group by current votes; None if unchanged or without votes."""
    votes = list(
        Vote.objects.filter(voter_id=voter_id, is_current=True, statement__call_id=kept.call_id)
        .order_by("pk")
        .values_list("pk", "statement__symbol__number", "value")
    )
    if not votes or votes[-1][0] <= kept.last_vote:
        return None
    statements = kept.result["statements"]
    own = [
        OwnVote(value, one["x"], one["y"], one["agree"], one["disagree"], one["passed"])
        for _, number, value in votes
        if (one := statements.get(str(number))) and not one["left_out"]
    ]
    if not own:
        return None
    x, y = own_place(own)
    return [voter_id, x, y, _group(kept, voter_id, (x, y), len(own))]


def _group(kept: OpinionMap, voter_id: int, place: tuple[float, float], voted: int) -> int | None:
    """Return the group with the nearest centre, for voters with enough votes or a former group."""
    asked = sum(not one["left_out"] for one in kept.result["statements"].values())
    enough = min(kept.settings.get("enough_votes", OpinionSettings().enough_votes), asked)
    before = next((point[3] for point in kept.points if point[0] == voter_id), None)
    if voted < enough and before is None:
        return None
    at = nearest(place, [(group["x"], group["y"]) for group in kept.result["groups"]])
    return None if at is None else kept.result["groups"][at]["id"]
