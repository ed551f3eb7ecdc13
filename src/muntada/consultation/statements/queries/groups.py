"""The votes on a statement by opinion group."""

from collections.abc import Mapping, Sequence
from typing import Any

from muntada.consultation.statements.models import OpinionMap, Statement
from muntada.consultation.statements.queries.statements import VoteTally
from muntada.consultation.statements.rules.groups import groups_shown

LETTERS = "ABCDEFGH"


def shown_of(groups: Sequence[Mapping[str, Any]], voters: int) -> list[Mapping[str, Any]]:
    """Return the groups shown, largest first."""
    sizes = [group["size"] for group in groups]
    return [groups[place] for place in groups_shown(sizes, voters - sum(sizes))]


def group_tallies(statement: Statement) -> list[tuple[str, str, VoteTally]]:
    """Return letter, style and votes of each group shown, from the last map."""
    # Only a part of the large result is read, since each vote needs it.
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
