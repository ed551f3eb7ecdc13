"""Conditions as integer rows for the solvers: least <= sum of weights <= most."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from muntada.engines.selection.apportion import apportion
from muntada.engines.selection.problem import (
    MINUTES,
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    Condition,
    Headcount,
    PinnedRequest,
    RequestSpec,
    SelectionProblem,
    Unit,
    Veto,
    exact,
)


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """`weights` by request number; a bound of None does not apply."""

    condition: str
    weights: dict[int, int]
    least: int | None = None
    most: int | None = None

    def __str__(self) -> str:
        return self.condition


def rows_of(problem: SelectionProblem, condition: Condition) -> tuple[ConditionRow, ...]:
    """Return the rows of a condition in any state, without rows that no choice could break."""
    return tuple(row for row in every_row(problem, condition) if binding(row))


def every_row(problem: SelectionProblem, condition: Condition) -> Iterator[ConditionRow]:
    match condition:
        case Capacity():
            yield from capacity_rows(problem, condition)
        case BalanceRule() | Headcount():
            yield from band_rows(problem, condition)
        case Cap():
            yield from cap_rows(problem, condition)
        case Apportionment():
            yield from apportionment_rows(problem, condition)
        case Alternatives():
            members = {
                number: 1 for number, one in enumerate(problem.requests) if one.id in condition.requests
            }
            yield ConditionRow(condition.id, members, most=1)
        case PinnedRequest():
            yield ConditionRow(condition.id, {number_of(problem, condition.request): 1}, least=1)
        case Veto():
            yield ConditionRow(condition.id, {number_of(problem, condition.request): 1}, most=0)


def number_of(problem: SelectionProblem, name: str) -> int:
    return next(number for number, request in enumerate(problem.requests) if request.id == name)


def binding(row: ConditionRow) -> bool:
    lowest = sum(weight for weight in row.weights.values() if weight < 0)
    highest = sum(weight for weight in row.weights.values() if weight > 0)
    return (row.least is not None and lowest < row.least) or (row.most is not None and highest > row.most)


def meant(problem: SelectionProblem, kinds: Collection[str]) -> Iterator[tuple[int, RequestSpec]]:
    """Yield the requests of these kinds (all if empty), with their numbers."""
    return (
        (number, request)
        for number, request in enumerate(problem.requests)
        if not kinds or request.kind in kinds
    )


def capacity_rows(problem: SelectionProblem, capacity: Capacity) -> Iterator[ConditionRow]:
    here = list(meant(problem, capacity.kinds))
    if capacity.sessions is not None:
        yield ConditionRow(capacity.id, {number: 1 for number, _ in here}, most=capacity.sessions)
    if capacity.minutes is not None:
        yield ConditionRow(
            capacity.id, {number: request.minutes for number, request in here}, most=capacity.minutes
        )


def band_rows(problem: SelectionProblem, rule: BalanceRule | Headcount) -> Iterator[ConditionRow]:
    """A share p/q of the whole is q * part - p * whole, compared with 0."""
    parts = [(number, *part_and_whole(rule, request)) for number, request in meant(problem, rule.kinds)]
    for bound, is_least in ((rule.least, True), (rule.most, False)):
        if bound is None:
            continue
        if rule.unit is Unit.PERCENT:
            share = exact(bound) / 100
            up, down, limit = share.denominator, share.numerator, Fraction(0)
        else:
            up, down, limit = 1, 0, exact(bound)
        weights = {number: up * part - down * whole for number, part, whole in parts}
        used = {number: weight for number, weight in weights.items() if weight}
        if is_least:
            yield ConditionRow(rule.id, used, least=-int(-limit // 1))
        else:
            yield ConditionRow(rule.id, used, most=int(limit // 1))


def part_and_whole(rule: BalanceRule | Headcount, request: RequestSpec) -> tuple[int, int]:
    if isinstance(rule, Headcount):
        return request.counts.get(rule.count, 0), request.counts.get(rule.of, 0)
    whole = request.minutes if rule.measure == MINUTES else 1
    return (whole if request.of(rule.scheme) & rule.groups else 0), whole


def cap_rows(problem: SelectionProblem, cap: Cap) -> Iterator[ConditionRow]:
    members: dict[str, dict[int, int]] = {}
    for number, request in meant(problem, cap.kinds):
        for group in sorted(request.of(cap.scheme)):
            members.setdefault(group, {})[number] = 1
    for group in sorted(members):
        yield ConditionRow(cap.id, members[group], most=cap.most)


def apportionment_rows(problem: SelectionProblem, rule: Apportionment) -> Iterator[ConditionRow]:
    here = list(meant(problem, rule.kinds))
    themes = {number: sorted(request.of(rule.scheme) & rule.demand.keys()) for number, request in here}
    whole = lcm(*(len(groups) for groups in themes.values() if groups))
    tolerance = exact(rule.tolerance)
    for group, places in parts_of(problem, rule).items():
        weights = {number: whole // len(groups) for number, groups in themes.items() if group in groups}
        least = -int(-max(Fraction(0), places - tolerance) * whole // 1)
        yield ConditionRow(rule.id, weights, least=least, most=int((places + tolerance) * whole // 1))


def parts_of(problem: SelectionProblem, rule: Apportionment) -> dict[str, int]:
    """Return the places of each group: by demand, at most the number of its requests."""
    here = [request for _, request in meant(problem, rule.kinds)]
    supply = dict.fromkeys(rule.demand, Fraction(0))
    for request in here:
        groups = request.of(rule.scheme) & rule.demand.keys()
        for group in groups:
            supply[group] += Fraction(1, len(groups))
    limits = {group: int(most) for group, most in supply.items()}
    return apportion(rule.demand, places_of(problem, rule), method=rule.method, most=limits)


def places_of(problem: SelectionProblem, rule: Apportionment) -> int:
    """Return the size of the programme to apportion."""
    if rule.places is not None:
        return rule.places
    here = [request for _, request in meant(problem, rule.kinds)]
    kinds = {request.kind for request in here}
    whole = [one.sessions for one in problem.capacities if one.sessions is not None and kinds <= one.kinds]
    whole += [one.sessions for one in problem.capacities if one.sessions is not None and not one.kinds]
    limited = {
        kind: min(
            [one.sessions for one in problem.capacities if one.sessions is not None and kind in one.kinds],
            default=len(here),
        )
        for kind in kinds
    }
    by_kind = sum(min(most, sum(one.kind == kind for one in here)) for kind, most in limited.items())
    return min([*whole, by_kind, len(here)])
