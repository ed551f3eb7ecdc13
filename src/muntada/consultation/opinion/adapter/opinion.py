"""Adapter of the opinion engine: votes in, map as plain values out."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.counts import UNKNOWN, withheld_count
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.opinion.adapter.polled import Polled, RequestedVotes, people_in_a_part, with_polled
from muntada.consultation.opinion.queries.ballots import VoteCutoff, cut_now, cut_of
from muntada.consultation.opinion.rules import is_told, schemes_spoken_for, target_shares
from muntada.consultation.statements.models import OpinionMap, Statement, Voter
from muntada.consultation.statements.rules.groups import SMALLEST_GROUP_SHOWN
from muntada.consultation.statements.rules.statements import StatementState
from muntada.engines.opinion import result
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.heard import (
    Shares,
    StatementVoices,
    WeightedHearing,
    Weighting,
    WeightingDimension,
)
from muntada.engines.opinion.intervals import Estimate
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.voices import Voices
from muntada.engines.reasons import Reason
from muntada.forums.rules.schemes import DeclaredFacts, scheme_at

SEED = 0
SETTINGS = OpinionSettings()
# Beyond these decimals, machines may differ.
DECIMALS = 9
# Sufficient for a share and its interval.
SHARE_DECIMALS = 5


@dataclass(frozen=True)
class DrawnMap:
    """An opinion map in stored form."""

    seed: int
    settings: dict[str, Any]
    voters: int
    votes: int
    statements: int
    points: list[list[Any]]
    priorities: dict[str, float]
    result: dict[str, Any]
    voices: dict[str, Any]
    declared: list[list[Any]]
    cut: VoteCutoff


@dataclass(frozen=True)
class _Ballot:
    """The statements, those left out, target shares, and declarations.

    Calls that publish rows use no declarations: what is not computed cannot leak.
    """

    call: Call
    numbers: Sequence[int]
    left_out: Collection[int]
    margins: Mapping[str, Any]
    facts: Mapping[int, DeclaredFacts]


def draw_map(call: Call, now: datetime, seed: int = SEED) -> DrawnMap:
    """Compute the map of a call from all votes so far."""
    statements = dict(
        Statement.objects.filter(call=call)
        .exclude(state__in=(StatementState.WAITING, StatementState.REFUSED))
        .order_by("symbol__number")
        .values_list("symbol__number", "state")
    )
    left_out = {number for number, state in statements.items() if state != StatementState.OPEN}
    facts = _facts_of(call) if call.gives_out == GivesOut.BREAKDOWN else {}
    ballot = _Ballot(call, sorted(statements), left_out, call.margins, facts)
    cut = cut_now(call, now)
    return _drawn(ballot, cut, seed, people_in_a_part(_asked(ballot, cut)))


def draw_again(kept: OpinionMap) -> DrawnMap:
    """Recompute an earlier map from its votes; the result equals the stored one."""
    before = kept.result["statements"]
    left_out = {int(number) for number, one in before.items() if one["left_out"]}
    facts = _facts_of(kept.call) if kept.declared is None else _facts_kept(kept.declared)
    ballot = _Ballot(kept.call, sorted(map(int, before)), left_out, kept.settings.get("margins", {}), facts)
    return _drawn(ballot, cut_of(kept), kept.seed, kept.settings.get("people_in_a_part", 0))


def comes_out_again(kept: OpinionMap) -> bool:
    """Return whether votes and seed reproduce the stored map exactly, including groups.

    Groups cannot be compared if the declarations of that time were not stored.
    """
    again = draw_again(kept)
    drawn, stored = (
        [again.points, again.priorities, again.result],
        [kept.points, kept.priorities, kept.result],
    )
    if kept.declared is not None:
        drawn, stored = [*drawn, again.voices], [*stored, kept.voices]
    as_stored: list[object] = json.loads(json.dumps(drawn))
    return as_stored == stored


def _drawn(ballot: _Ballot, cut: VoteCutoff, seed: int, people: int) -> DrawnMap:
    """Compute a map; with parts, the people in each determine the rounding of the last digits."""
    beside = _beside(ballot, cut) | ({"people_in_a_part": people} if people else {})
    return with_polled(
        _asked(ballot, cut), people, lambda polled: _drawn_from(polled, ballot, cut, seed, beside)
    )


def _asked(ballot: _Ballot, cut: VoteCutoff) -> RequestedVotes:
    return RequestedVotes(ballot.call, cut, ballot.numbers, ballot.left_out)


def _drawn_from(
    polled: Polled, ballot: _Ballot, cut: VoteCutoff, seed: int, beside: Mapping[str, Any]
) -> DrawnMap:
    facts = {name: ballot.facts[voter] for name, voter in polled.rows.items() if voter in ballot.facts}
    voters = [ballot.facts.get(voter, DeclaredFacts()) for voter in polled.rows.values()]
    found = analyse(polled.table, SETTINGS, seed, _voices(ballot.margins, facts))
    return DrawnMap(
        seed=found.seed,
        settings=asdict(found.settings) | dict(beside),
        voters=len(polled.rows),
        votes=len(polled.table),
        statements=len(ballot.numbers),
        points=_points(found, polled.rows),
        priorities={one.id: _rounded(one.priority) for one in found.statements if not one.left_out},
        result=_result(found),
        voices={} if found.voices is None else _heard(found.voices, voters),
        declared=_kept(ballot.facts),
        cut=cut,
    )


def _beside(ballot: _Ballot, cut: VoteCutoff) -> dict[str, Any]:
    """Return what reproduces the map beside votes, seed and engine settings."""
    return {
        "not_yet": list(cut.not_yet),
        "taken_back": list(cut.taken_back),
        "margins": dict(ballot.margins),
    }


def _facts_of(call: Call) -> dict[int, DeclaredFacts]:
    """Return the current declarations of voters."""
    voters = Voter.objects.filter(call=call).exclude(kind="", country="", is_headquarters=False)
    rows = voters.order_by("pk").values_list("pk", "kind", "country", "is_headquarters")
    return {pk: DeclaredFacts(kind, country, at_seat) for pk, kind, country, at_seat in rows}


def _kept(facts: Mapping[int, DeclaredFacts]) -> list[list[Any]]:
    """Return declarations in stored form: each distinct one, with its voters."""
    voters: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for voter, said in facts.items():
        voters[said.kind, said.country, said.is_headquarters].append(voter)
    return [[*said, those] for said, those in sorted(voters.items())]


def _facts_kept(declared: Sequence[Sequence[Any]]) -> dict[int, DeclaredFacts]:
    found = {
        voter: DeclaredFacts(kind, country, at_seat)
        for kind, country, at_seat, voters in declared
        for voter in voters
    }
    return dict(sorted(found.items()))


def _voices(margins: Mapping[str, Any], facts: Mapping[str, DeclaredFacts]) -> Voices | None:
    """Return the declared groups of voters; None without declarations."""
    declared = {
        scheme.key: {
            name: group for name, known in facts.items() if (group := scheme.group_of(known, apart=True))
        }
        for scheme in schemes_spoken_for(margins)
    }
    if not any(declared.values()):
        return None
    return Voices(declared=declared, targets=target_shares(margins), smallest=SMALLEST_GROUP_SHOWN)


def _points(found: result.ComputedMap, rows: Mapping[str, int]) -> list[list[Any]]:
    """Return voter, x, y, group and support of every voter."""
    return [
        [rows[one.id], _rounded(one.x), _rounded(one.y), one.group, _plain(one.support)]
        for one in found.participants
        if one.votes
    ]


def _result(found: result.ComputedMap) -> dict[str, Any]:
    """Return everything but the points as plain values for JSON."""
    grouping = asdict(found.grouping)
    grouping["reason"] = _reason(found.grouping.reason)
    return {
        "groups": _plain([asdict(group) for group in found.groups]),
        "statements": {one.id: _statement(one) for one in found.statements},
        "findings": None if found.findings is None else _plain(asdict(found.findings)),
        "consensus": _plain(asdict(found.consensus)),
        "axes": _plain([asdict(axis) for axis in found.axes]),
        "grouping": _plain(grouping),
    }


def _statement(one: result.StatementPlace) -> dict[str, Any]:
    """Return a statement with its consensus in both directions; other scores can be recomputed."""
    plain: dict[str, Any] = _plain(asdict(one))
    scores = plain.pop("scores")
    return plain | {"kernel": [scores[side]["kernel"] for side in ("agree", "disagree")] if scores else None}


def _heard(heard: WeightedHearing, voters: Collection[DeclaredFacts]) -> dict[str, Any]:
    """Return the results by group, without those the engine withholds.

    Values that would reveal others together with the pages of the balance are removed, too.
    """
    dimensions = [_told(one, voters) for one in heard.dimensions if is_told(one.name)]
    shown = {
        (dimension.name, group.category)
        for dimension in dimensions
        for group in dimension.groups
        if group.standing == "shown"
    }
    return {
        "weighting": None if heard.weighting is None else _weighting(heard.weighting, shown),
        "dimensions": _plain([asdict(dimension) for dimension in dimensions]),
        "statements": {one.id: _voices_on(one, shown) for one in heard.statements},
    }


def _told(dimension: WeightingDimension, voters: Collection[DeclaredFacts]) -> WeightingDimension:
    """Withhold what the engine or the rule of the balance withholds."""
    scheme = scheme_at(dimension.name)
    if scheme is None:
        return dimension
    heard = Counter(scheme.group_of(said, apart=True) for said in voters)
    hidden = withheld_count(
        {code: heard[code] for code in (*(group.code for group in scheme.groups), UNKNOWN)}
    )
    groups = (
        replace(one, standing="withheld", people=None) if one.people and one.category in hidden else one
        for one in dimension.groups
    )
    undeclared = None if UNKNOWN in hidden else dimension.undeclared
    return replace(dimension, groups=tuple(groups), undeclared=undeclared)


def _weighting(weighting: Weighting, shown: Collection[tuple[str, str]]) -> dict[str, Any]:
    """Return the effect of the weights, without withheld groups."""
    margins = tuple(
        one if (one.dimension, one.category) in shown else replace(one, people=None, raw=None)
        for one in weighting.margins
    )
    reasons = [_reason(reason) for reason in weighting.reasons]
    plain: dict[str, Any] = _plain(asdict(replace(weighting, margins=margins)))
    return plain | {"reasons": reasons}


def _voices_on(one: StatementVoices, shown: Collection[tuple[str, str]]) -> dict[str, Any]:
    """Return a statement: raw, weighted, and by declared group."""
    return {
        "raw": _shares(one.raw),
        "weighted": _shares(one.weighted),
        "groups": {
            dimension.dimension: {
                group.category: [
                    group.agree,
                    group.disagree,
                    group.passed,
                    _estimate(group.pooled),
                    _estimate(group.pooled_against),
                ]
                for group in dimension.groups
                if group.standing == "shown" and (dimension.dimension, group.category) in shown
            }
            for dimension in one.by_dimension
            if is_told(dimension.dimension)
        },
    }


def _shares(shares: Shares | None) -> dict[str, Any] | None:
    if shares is None:
        return None
    return {
        "agree": _estimate(shares.agree),
        "disagree": _estimate(shares.disagree),
        "passed": _estimate(shares.passed),
        "votes": round(shares.votes, 1),
    }


def _estimate(one: Estimate | None) -> list[float] | None:
    return None if one is None else [round(part, SHARE_DECIMALS) for part in (one.share, one.low, one.high)]


def _reason(reason: Reason | None) -> dict[str, Any] | None:
    return None if reason is None else {"sentence": reason.sentence, "params": dict(reason.params)}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _rounded(value: float) -> float:
    return round(value, DECIMALS) if math.isfinite(value) else 0.0
