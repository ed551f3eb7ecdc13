"""Small problems that mix all rules, and the truth about them by trying every choice."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, combinations
from random import Random

from hypothesis import strategies as st

from muntada.engines.selection.problem import (
    Alternatives,
    BalanceRule,
    Cap,
    Capacity,
    Headcount,
    PinnedRequest,
    RequestSpec,
    RuleState,
    SelectionProblem,
    SelectionRule,
    Unit,
    Veto,
)

KINDS = ("workshop", "talk")
REGIONS = ("africa", "europe", "asia")


def asked(name: str, score: float, *, kind: str = "", minutes: int = 60, **groups: str) -> RequestSpec:
    """A request by hand; several groups of a scheme are separated by blanks."""
    return RequestSpec(
        name, score, kind, minutes, {key: frozenset(value.split()) for key, value in groups.items()}
    )


@st.composite
def problems(draw: st.DrawFn, *, requests: int = 9) -> SelectionProblem:
    """One seed shrinks faster than fifty choices."""
    random = Random(draw(st.integers(0, 10**6)))  # noqa: S311 - made-up requests
    count = random.randint(1, requests)
    names = [f"r{number}" for number in range(count)]
    fixed = random.sample(names, min(count, 2))
    rules = [rule(random, number, names) for number in range(random.randint(0, 5))]
    return SelectionProblem(
        requests=tuple(request(random, name) for name in names),
        capacities=(
            Capacity("all", sessions=random.randint(1, 6)),
            Capacity("rooms", frozenset({"workshop"}), minutes=random.choice([60, 150, 300])),
        ),
        rules=tuple(rules),
        pins=tuple(PinnedRequest(name) for name in fixed[:1] if random.random() < 0.3),
        vetoes=tuple(Veto(name) for name in fixed[1:] if random.random() < 0.3),
    )


def request(random: Random, name: str) -> RequestSpec:
    speakers = random.randint(1, 4)
    groups = {
        "region": frozenset(random.sample(REGIONS, random.choice([0, 1, 1, 1, 2]))),
        "organisation": frozenset({random.choice("abc")}),
    }
    counts = {"speakers": speakers, "women": random.randint(0, speakers)}
    score = random.choice([1.0, 2.0, 2.5, 3.125, round(random.uniform(0, 5), 3)])
    return RequestSpec(name, score, random.choice(KINDS), random.choice([30, 60, 90]), groups, counts)


def rule(random: Random, number: int, names: list[str]) -> SelectionRule:
    name, state = (
        f"rule {number}",
        random.choice([RuleState.BLOCK, RuleState.BLOCK, RuleState.WARN, RuleState.OFF]),
    )
    kinds = frozenset({random.choice(KINDS)} if random.random() < 0.3 else ())
    unit = random.choice(list(Unit))
    scale = [10.0, 25.0, 33.3, 50.0] if unit is Unit.PERCENT else [1.0, 2.0]
    least, most = random.choice([(random.choice(scale), None), (None, round(random.choice(scale) * 1.5, 2))])
    groups = frozenset(random.sample(REGIONS, random.randint(1, 2)))
    match random.randrange(5):
        case 0 | 1:
            measure = random.choice(["sessions", "sessions", "minutes"])
            return BalanceRule(name, "region", groups, least, most, unit, measure, kinds, state)
        case 2:
            return Headcount(name, "women", "speakers", least, most, unit, kinds, state)
        case 3:
            return Cap(name, "organisation", random.randint(1, 2), kinds, state)
        case _:
            return Alternatives(name, frozenset(random.sample(names, min(len(names), 3))), state)


# ---- the truth, which shares no line with the engine


def best_by_trying_all(problem: SelectionProblem, without: str = "") -> int | None:
    """The highest sum of thousandths of any choice that keeps everything; None where none does."""
    scores = [
        sum(round(one.score * 1000) for one in choice)
        for choice in every_choice(problem)
        if keeps(problem, choice, without)
    ]
    return max(scores, default=None)


def every_choice(problem: SelectionProblem) -> Iterator[tuple[RequestSpec, ...]]:
    sizes = range(len(problem.requests) + 1)
    return chain.from_iterable(combinations(problem.requests, size) for size in sizes)


def keeps(problem: SelectionProblem, choice: tuple[RequestSpec, ...], without: str = "") -> bool:
    names = {one.id for one in choice}
    if not all(pin.request in names or pin.id == without for pin in problem.pins):
        return False
    if any(veto.request in names and veto.id != without for veto in problem.vetoes):
        return False
    for capacity in problem.capacities:
        here = [one for one in choice if not capacity.kinds or one.kind in capacity.kinds]
        if capacity.sessions is not None and len(here) > capacity.sessions:
            return False
        if capacity.minutes is not None and sum(one.minutes for one in here) > capacity.minutes:
            return False
    return all(
        kept(one, choice) for one in problem.rules if one.state is RuleState.BLOCK and one.id != without
    )


def kept(rule: SelectionRule, choice: tuple[RequestSpec, ...]) -> bool:
    if isinstance(rule, Alternatives):
        return len(rule.requests & {one.id for one in choice}) < 2
    here = [one for one in choice if not rule.kinds or one.kind in rule.kinds]
    if isinstance(rule, Cap):
        groups = [group for one in here for group in one.groups.get(rule.scheme, ())]
        return all(groups.count(group) <= rule.most for group in groups)
    if isinstance(rule, Headcount):
        part = sum(one.counts.get(rule.count, 0) for one in here)
        whole = sum(one.counts.get(rule.of, 0) for one in here)
    elif isinstance(rule, BalanceRule):
        size = {one.id: one.minutes if rule.measure == "minutes" else 1 for one in here}
        part = sum(size[one.id] for one in here if one.groups.get(rule.scheme, frozenset()) & rule.groups)
        whole = sum(size.values())
    else:
        raise TypeError(rule)
    factor = Fraction(whole, 100) if rule.unit is Unit.PERCENT else Fraction(1)
    above = rule.least is None or part >= Fraction(str(rule.least)) * factor
    return above and (rule.most is None or part <= Fraction(str(rule.most)) * factor)
