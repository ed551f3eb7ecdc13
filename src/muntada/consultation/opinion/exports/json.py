"""A map as open data: complete if votes are public, else without information about individuals.

Every number of a map depends on all votes, so enough exact numbers would reveal them. If a call
publishes breakdowns, only counts of several people are exact, everything else is rounded, and
individuals have no position.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.opinion.queries.maps import BESIDES
from muntada.consultation.opinion.rules import crowds, is_told, require_enough
from muntada.consultation.statements.models import OpinionMap, Voter
from muntada.consultation.statements.queries.groups import shown_of

# As on the pages: whole percents. Finer numbers of a small call could be inverted.
DECIMALS = 2
COUNTS = ("agree", "disagree", "passed")
OF_A_STATEMENT = (*COUNTS, "left_out", "x", "y", "extremity", "kernel")
STANDS_FOR = ("statement", "direction", "count", "seen", "support")


def map_as_json(kept: OpinionMap) -> str:
    """Return a map in the form its call publishes."""
    require_enough(kept.voters)
    what = _with_everybody(kept) if kept.call.gives_out == GivesOut.ROWS else _with_crowds(kept)
    document = {
        "call": kept.call.get_absolute_url(),
        "gives_out": kept.call.gives_out,
        "made_at": kept.made_at.isoformat(),
        "seed": kept.seed,
        "settings": {name: value for name, value in kept.settings.items() if name not in BESIDES},
        "voters": kept.voters,
        "votes": kept.votes,
        **what,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _with_everybody(kept: OpinionMap) -> dict[str, Any]:
    """Return all numbers with aliases, without declarations."""
    alias = dict(Voter.objects.filter(call=kept.call).order_by("pk").values_list("pk", "alias"))
    participants = [
        {"id": alias[voter], "x": x, "y": y, "group": group, "support": support[0] if support else None}
        for voter, x, y, group, *support in kept.points
    ]
    return {"participants": sorted(participants, key=lambda one: str(one["id"])), **kept.result}


def _with_crowds(kept: OpinionMap) -> dict[str, Any]:
    """Return counts, rounded numbers, and crowds instead of people."""
    result = kept.result
    shown = shown_of(result["groups"], kept.voters)
    numbers = {group["id"]: place for place, group in enumerate(shown)}
    points = [(x, y, numbers.get(group)) for _, x, y, group, *_ in kept.points]
    told = {
        "crowds": [asdict(one) for one in crowds(points)],
        "groups": [_group(place, group) for place, group in enumerate(shown)],
        "statements": {
            number: _statement(one, list(numbers)) for number, one in result["statements"].items()
        },
        "findings": _findings(result["findings"]),
        "consensus": {
            side: [_chosen(one, STANDS_FOR) for one in listed] for side, listed in result["consensus"].items()
        },
        "axes": result["axes"],
        "grouping": result["grouping"],
    }
    rounded: dict[str, Any] = _rounded(told | {"voices": _voices(kept.voices)}, DECIMALS)
    return rounded


def _group(place: int, group: Mapping[str, Any]) -> dict[str, Any]:
    listed = [_chosen(one, STANDS_FOR) for one in group["representative"]]
    return {"id": place, **_chosen(group, ("size", "x", "y", "support")), "representative": listed}


def _statement(one: Mapping[str, Any], groups: Sequence[int]) -> dict[str, Any]:
    """Scores over all groups are left out: they would reveal withheld groups."""
    return {**_chosen(one, OF_A_STATEMENT), "by_group": [one["by_group"][group] for group in groups]}


def _findings(findings: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if findings is None:
        return None
    return {
        "enough_seen": findings["enough_seen"],
        "unites": [_chosen(one, ("statement", "direction", "score", "backed")) for one in findings["unites"]],
        "divides": [_chosen(one, ("statement",)) for one in findings["divides"]],
        "unsure": findings["unsure"],
    }


def _voices(voices: Mapping[str, Any]) -> dict[str, Any]:
    """Older maps contain more schemes than may be shown."""
    if not voices:
        return {}
    statements = {
        number: {**one, "groups": {key: said for key, said in one["groups"].items() if is_told(key)}}
        for number, one in voices["statements"].items()
    }
    dimensions = [one for one in voices["dimensions"] if is_told(one["name"])]
    return {"weighting": voices["weighting"], "dimensions": dimensions, "statements": statements}


def _chosen(one: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: one.get(name) for name in names}


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, float):
        return round(value, decimals)
    if isinstance(value, Mapping):
        return {name: _rounded(one, decimals) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one, decimals) for one in value]
    return value
