"""Writes an opinion map as plain values for JSON; the fields are described in docs/engines/opinion.md."""

from typing import Any

from muntada.engines.opinion.result import (
    Agreement,
    Grouping,
    GroupVotes,
    OpinionMap,
    ParticipantPlace,
    Representative,
    StatementPlace,
)

DECIMALS = 12  # beyond them two machines may differ

type Plain = dict[str, Any]


def as_plain_values(opinion: OpinionMap) -> Plain:
    """Give dictionaries, lists, texts and numbers only; the same map gives the same bytes as JSON."""
    return {
        "participants": [_participant(one) for one in opinion.participants],
        "statements": [_statement(one) for one in opinion.statements],
        "groups": [
            {
                "id": group.id,
                "size": group.size,
                "x": _rounded(group.x),
                "y": _rounded(group.y),
                "representative": [_representative(one) for one in group.representative],
            }
            for group in opinion.groups
        ],
        "consensus": {
            "agree": [_agreement(one) for one in opinion.consensus.agree],
            "disagree": [_agreement(one) for one in opinion.consensus.disagree],
        },
        "axes": [
            {"share": _rounded(axis.share), "agreement_tendency": _rounded(axis.agreement_tendency)}
            for axis in opinion.axes
        ],
        "grouping": _grouping(opinion.grouping),
        "compat": opinion.settings.compat,
        "seed": opinion.seed,
    }


def _participant(one: ParticipantPlace) -> Plain:
    return {
        "id": one.id,
        "x": _rounded(one.x),
        "y": _rounded(one.y),
        "votes": one.votes,
        "group": one.group,
    }


def _statement(one: StatementPlace) -> Plain:
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
    }


def _votes(votes: GroupVotes) -> Plain:
    return {"agree": votes.agree, "disagree": votes.disagree, "pass": votes.passed}


def _agreement(one: Agreement) -> Plain:
    return {
        "statement": one.statement,
        "direction": one.direction,
        "score": _rounded(one.score),
        "count": one.count,
        "seen": one.seen,
        "probability": _rounded(one.probability),
        "test": _rounded(one.test),
    }


def _representative(one: Representative) -> Plain:
    return _agreement(one) | {
        "ratio": _rounded(one.ratio),
        "ratio_test": _rounded(one.ratio_test),
        "best_agree": one.best_agree,
    }


def _grouping(grouping: Grouping) -> Plain:
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
    }


def _rounded(number: float) -> float:
    return round(number, DECIMALS) + 0.0  # without a minus before zero
