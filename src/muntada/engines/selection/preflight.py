"""Find impossible rules by counting, in milliseconds, before solving.

`impossible` findings exclude every choice; `supply` findings are for information. An empty result
does not promise that a choice exists.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.selection.answer import CountingFinding
from muntada.engines.selection.apportion import apportion
from muntada.engines.selection.problem import (
    MINUTES,
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Headcount,
    RequestSpec,
    RuleState,
    SelectionProblem,
    Unit,
    exact,
)
from muntada.engines.selection.rows import parts_of, places_of
from muntada.engines.selection.sentences import listed, number

PINNED_AND_VETOED = gettext_noop("%(request)s is pinned and vetoed.")
PINS_OVER_PLACES = gettext_noop("%(count)d requests are pinned for the %(most)d places of “%(rule)s”.")
PINS_OVER_MINUTES = gettext_noop("The pinned requests last %(count)d minutes; “%(rule)s” has %(most)d.")
PINS_OVER_CAP = gettext_noop(
    "%(count)d requests of %(group)s (%(scheme)s) are pinned: %(requests)s;"
    " the cap of “%(rule)s” is %(most)d."
)
PINS_EXCLUDE = gettext_noop("%(requests)s are pinned, and of “%(rule)s” at most one can be in.")
TOO_FEW = gettext_noop("“%(rule)s” asks for at least %(least)s; all requests that may be in have %(count)s.")
MORE_THAN_PLACES = gettext_noop(
    "“%(rule)s” asks for at least %(least)s sessions; there are %(most)s places for them."
)
NOBODY = gettext_noop("“%(rule)s” asks for at least %(least)s %%; no request that may be in counts for it.")
OVER_A_HUNDRED = gettext_noop(
    "Together %(rules)s ask for %(sum)s %% of what is chosen; no request counts for two."
)
DEMAND_UNMET = gettext_noop(
    "By demand %(group)s is due %(due)d sessions; there are requests for %(supply)s (“%(rule)s”)."
)


def preflight(problem: SelectionProblem) -> tuple[CountingFinding, ...]:
    """Return everything counting finds, impossible first."""
    vetoed = {veto.request for veto in problem.vetoes}
    pinned = {pin.request for pin in problem.pins}
    may = [one for one in problem.requests if one.id not in vetoed]
    must = [one for one in problem.requests if one.id in pinned]
    rules = [rule for rule in problem.rules if rule.state is RuleState.BLOCK]
    found = [*both(problem), *pins_over_capacity(problem, must)]
    for rule in rules:
        match rule:
            case Cap():
                found += pins_over_cap(rule, must)
            case Alternatives():
                found += pins_exclude(rule, must)
            case BalanceRule() | Headcount():
                found += too_few(problem, rule, may)
            case Apportionment():
                found += demand_unmet(problem, rule)
    found += over_a_hundred([rule for rule in rules if isinstance(rule, BalanceRule)], may)
    return tuple(sorted(found, key=lambda finding: finding.kind))


def both(problem: SelectionProblem) -> Iterator[CountingFinding]:
    pinned = {pin.request: pin.id for pin in problem.pins}
    for veto in problem.vetoes:
        if veto.request in pinned:
            reason = Reason(PINNED_AND_VETOED, {"request": veto.request})
            yield CountingFinding("impossible", reason, (pinned[veto.request], veto.id))


def of_kinds(kinds: frozenset[str], requests: list[RequestSpec]) -> list[RequestSpec]:
    return [one for one in requests if not kinds or one.kind in kinds]


def pins_over_capacity(problem: SelectionProblem, must: list[RequestSpec]) -> Iterator[CountingFinding]:
    for capacity in problem.capacities:
        here = of_kinds(capacity.kinds, must)
        if capacity.sessions is not None and len(here) > capacity.sessions:
            params: dict[str, str | int] = {
                "count": len(here),
                "most": capacity.sessions,
                "rule": capacity.id,
            }
            yield CountingFinding("impossible", Reason(PINS_OVER_PLACES, params), (capacity.id,))
        minutes = sum(one.minutes for one in here)
        if capacity.minutes is not None and minutes > capacity.minutes:
            params = {"count": minutes, "most": capacity.minutes, "rule": capacity.id}
            yield CountingFinding("impossible", Reason(PINS_OVER_MINUTES, params), (capacity.id,))


def pins_over_cap(cap: Cap, must: list[RequestSpec]) -> Iterator[CountingFinding]:
    groups = Counter(group for one in of_kinds(cap.kinds, must) for group in one.of(cap.scheme))
    for group, count in sorted(groups.items()):
        if count > cap.most:
            names = [one.id for one in of_kinds(cap.kinds, must) if group in one.of(cap.scheme)]
            params: dict[str, str | int] = {
                "count": count,
                "group": group,
                "scheme": cap.scheme,
                "requests": listed(names),
                "rule": cap.id,
                "most": cap.most,
            }
            yield CountingFinding("impossible", Reason(PINS_OVER_CAP, params), (cap.id,))


def pins_exclude(rule: Alternatives, must: list[RequestSpec]) -> Iterator[CountingFinding]:
    names = [one.id for one in must if one.id in rule.requests]
    if len(names) > 1:
        params = {"requests": listed(names), "rule": rule.id}
        yield CountingFinding("impossible", Reason(PINS_EXCLUDE, params), (rule.id,))


def too_few(
    problem: SelectionProblem, rule: BalanceRule | Headcount, may: list[RequestSpec]
) -> Iterator[CountingFinding]:
    if not rule.least:
        return
    parts = [counted(rule, one) for one in of_kinds(rule.kinds, may)]
    params: dict[str, str | int] = {"rule": rule.id, "least": number(rule.least)}
    if rule.unit is Unit.NUMBER and sum(parts) < exact(rule.least):
        reason = Reason(TOO_FEW, params | {"count": sum(parts)})
        yield CountingFinding("impossible", reason, (rule.id,))
    elif rule.unit is Unit.PERCENT and not any(parts):
        # choosing nothing is still possible, and is the only choice
        yield CountingFinding("supply", Reason(NOBODY, params), (rule.id,))
    elif rule.unit is Unit.NUMBER and isinstance(rule, BalanceRule) and rule.measure != MINUTES:
        for capacity in problem.capacities:
            covers = not capacity.kinds or (rule.kinds and rule.kinds <= capacity.kinds)
            if covers and capacity.sessions is not None and capacity.sessions < rule.least:
                reason = Reason(MORE_THAN_PLACES, params | {"most": capacity.sessions})
                yield CountingFinding("impossible", reason, (rule.id, capacity.id))


def counted(rule: BalanceRule | Headcount, request: RequestSpec) -> int:
    if isinstance(rule, Headcount):
        return request.counts.get(rule.count, 0)
    if rule.groups.isdisjoint(request.of(rule.scheme)):
        return 0
    return request.minutes if rule.measure == MINUTES else 1


def over_a_hundred(rules: list[BalanceRule], may: list[RequestSpec]) -> Iterator[CountingFinding]:
    """Yield minimum shares of one scheme that add up to more than the whole, if no request counts twice."""
    by_scope: dict[tuple[str, str, frozenset[str]], list[BalanceRule]] = {}
    for rule in rules:
        if rule.unit is Unit.PERCENT and rule.least:
            by_scope.setdefault((rule.scheme, rule.measure, rule.kinds), []).append(rule)
    for (_, _, kinds), asked in by_scope.items():
        total = sum((exact(rule.least or 0) for rule in asked), Fraction(0))
        twice = any(sum(counted(rule, one) > 0 for rule in asked) > 1 for one in of_kinds(kinds, may))
        if total > 100 and not twice:  # noqa: PLR2004 - per cent
            names = tuple(rule.id for rule in asked)
            params = {"rules": listed(names), "sum": number(float(total))}
            yield CountingFinding("supply", Reason(OVER_A_HUNDRED, params), names)


def demand_unmet(problem: SelectionProblem, rule: Apportionment) -> Iterator[CountingFinding]:
    """Yield groups entitled to more places than they have requests."""
    got = parts_of(problem, rule)
    due = apportion(rule.demand, places_of(problem, rule), method=rule.method)
    for group, wanted in due.items():
        if got[group] < wanted:
            params: dict[str, str | int] = {
                "group": group,
                "due": wanted,
                "supply": got[group],
                "rule": rule.id,
            }
            yield CountingFinding("supply", Reason(DEMAND_UNMET, params), (rule.id,))
