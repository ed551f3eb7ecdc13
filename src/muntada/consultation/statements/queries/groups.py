"""The votes on a statement by the groups of the last map."""

from collections.abc import Mapping, Sequence
from typing import Any

from muntada.consultation.statements.models import OpinionMap, Statement
from muntada.consultation.statements.queries.statements import VoteTally
from muntada.consultation.statements.rules.groups import groups_shown

LETTERS = "ABCDEFGH"


def shown_of(groups: Sequence[Mapping[str, Any]], voters: int) -> list[Mapping[str, Any]]:
    """Return the groups that are shown, the largest first."""
    sizes = [group["size"] for group in groups]
    return [groups[place] for place in groups_shown(sizes, voters - sum(sizes))]


def group_tallies(statement: Statement) -> list[tuple[str, str, VoteTally]]:
    """Return letter, style and votes of each group shown, as the last map has them."""
    # The whole result of a large call is long, and this is asked at each vote: only its part is read.
    latest = OpinionMap.objects.filter(call=statement.call, is_latest=True)
    parts = "result__groups", "voters", f"result__statements__{statement.symbol.number}"
    groups, voters, votes = latest.values_list(*parts).first() or ((), 0, None)
    shown = [group["id"] for group in shown_of(groups, voters)]
    if votes is None or len(shown) < len("AB"):
        return []
    return [
        (LETTERS[place], f"g{place}", tally_of(votes["by_group"][group])) for place, group in enumerate(shown)
    ]


def tally_of(votes: Mapping[str, Any]) -> VoteTally:
    return VoteTally(votes["agree"], votes["disagree"], votes["passed"])
