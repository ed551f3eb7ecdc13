"""The history of a call's opinion map: one map per day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muntada.consultation.calls.models import Call
from muntada.consultation.statements.models import OpinionMap
from muntada.consultation.statements.queries.groups import shown_of


@dataclass(frozen=True)
class MapThen:
    """The map of a day. `sizes` are those of the groups shown."""

    pk: int
    made_at: datetime
    voters: int
    votes: int
    statements: int
    sizes: tuple[int, ...]
    outcome: str
    silhouette: float | None
    by_chance: float | None
    is_latest: bool

    @property
    def stands_out(self) -> bool:
        """Whether its groups were clearer than chance."""
        return self.silhouette is not None and self.by_chance is not None and self.silhouette > self.by_chance


def history_of(call: Call) -> list[MapThen]:
    """Return all stored maps, newest first, without points."""
    rows = OpinionMap.objects.filter(call=call).values_list(
        "pk",
        "made_at",
        "voters",
        "votes",
        "statements",
        "result__groups",
        "result__grouping",
        "is_latest",
    )
    return [_then(*row) for row in rows]


def _then(
    pk: int,
    made_at: datetime,
    voters: int,
    votes: int,
    statements: int,
    groups: list[Mapping[str, Any]],
    grouping: Mapping[str, Any],
    is_latest: bool,  # noqa: FBT001 - a row of the table in its order
) -> MapThen:
    support = grouping.get("support") or {}
    return MapThen(
        pk,
        made_at,
        voters,
        votes,
        statements,
        tuple(group["size"] for group in shown_of(groups, voters)),
        grouping.get("outcome", ""),
        support.get("silhouette"),
        support.get("silhouette_by_chance"),
        is_latest,
    )
