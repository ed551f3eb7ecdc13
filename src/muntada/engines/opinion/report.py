"""Convert an opinion map to plain values for JSON; docs/engines/opinion.md describes the fields."""

from dataclasses import fields, is_dataclass
from typing import Any

from muntada.engines.opinion.result import (
    ComputedMap,
    GroupAgreement,
    GroupVotes,
    OpinionGrouping,
    ParticipantPlace,
    Representative,
    StatementPlace,
)
from muntada.engines.reasons import Reason
from muntada.engines.values import JsonObject

DECIMALS = 12  # decimals; beyond them, machines may differ


def as_plain_values(opinion: ComputedMap) -> JsonObject:
    """Return dictionaries, lists, strings and numbers; the same map gives the same JSON bytes."""
    return {
        "participants": [_participant(one) for one in opinion.participants],
        "statements": [_statement(one) for one in opinion.statements],
        "groups": [
            {
                "id": group.id,
                "size": group.size,
                "x": _rounded(group.x),
                "y": _rounded(group.y),
                "support": plain(group.support),
                "representative": [_representative(one) for one in group.representative],
            }
            for group in opinion.groups
        ],
        "consensus": {
            "agree": [_agreement(one) for one in opinion.consensus.agree],
            "disagree": [_agreement(one) for one in opinion.consensus.disagree],
        },
        "axes": [
            {
                "share": _rounded(axis.share),
                "agreement_tendency": _rounded(axis.agreement_tendency),
                "reading": plain(axis.reading),
            }
            for axis in opinion.axes
        ],
        "grouping": _grouping(opinion.grouping),
        "findings": plain(opinion.findings),
        "voices": plain(opinion.voices),
        "compat": opinion.settings.compat,
        "seed": opinion.seed,
    }


def _participant(one: ParticipantPlace) -> JsonObject:
    return {
        "id": one.id,
        "x": _rounded(one.x),
        "y": _rounded(one.y),
        "votes": one.votes,
        "group": one.group,
        "support": plain(one.support),
    }


def _statement(one: StatementPlace) -> JsonObject:
    return {
        "id": one.id,
        "x": _rounded(one.x),
        "y": _rounded(one.y),
        "extremity": _rounded(one.extremity),
        "agree": one.agree,
        "disagree": one.disagree,
        "pass": one.passed,
        "by_group": [_votes(votes) for votes in one.by_group],
        "unites": _rounded(one.unites),
        "unites_against": _rounded(one.unites_against),
        "priority": _rounded(one.priority),
        "left_out": one.left_out,
        "scores": plain(one.scores),
    }


def _votes(votes: GroupVotes) -> JsonObject:
    return {"agree": votes.agree, "disagree": votes.disagree, "pass": votes.passed}


def _agreement(one: GroupAgreement) -> JsonObject:
    return {
        "statement": one.statement,
        "direction": one.direction,
        "score": _rounded(one.score),
        "count": one.count,
        "seen": one.seen,
        "probability": _rounded(one.probability),
        "test": _rounded(one.test),
    }


def _representative(one: Representative) -> JsonObject:
    return _agreement(one) | {
        "ratio": _rounded(one.ratio),
        "ratio_test": _rounded(one.ratio_test),
        "best_agree": one.best_agree,
        "support": plain(one.support),
    }


def _grouping(grouping: OpinionGrouping) -> JsonObject:
    support = grouping.support
    return {
        "outcome": grouping.outcome,
        "reason": None if grouping.reason is None else str(grouping.reason),
        "silhouettes": {str(groups): _rounded(score) for groups, score in grouping.silhouettes},
        "support": None
        if support is None
        else {
            "rounds": support.rounds,
            "people": support.people,
            "silhouette": _rounded(support.silhouette),
            "silhouette_by_chance": _rounded(support.silhouette_by_chance),
            "share": _rounded(support.share),
            "share_by_chance": _rounded(support.share_by_chance),
        },
        "steadiness": plain(grouping.steadiness),
    }


def plain(value: Any) -> Any:
    """Convert a result field by field: reasons to sentences, numbers rounded, `passed` to "pass"."""
    if isinstance(value, Reason):
        return str(value)
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if is_dataclass(value):
        names = (one.name for one in fields(value))
        return {"pass" if name == "passed" else name: plain(getattr(value, name)) for name in names}
    return value


def _rounded(number: float) -> float:
    return round(number, DECIMALS) + 0.0  # adding zero turns -0.0 into 0.0
