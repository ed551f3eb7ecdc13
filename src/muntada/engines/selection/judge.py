"""Check any choice against all conditions, counting from the requests, independently of the solver.

The checker shares no code with the rows given to the solvers, except the apportionment by demand.
"""

from collections.abc import Collection, Iterator
from fractions import Fraction

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.selection.answer import ConditionMeasure, ConditionResult
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
    RuleState,
    SelectionProblem,
    Unit,
    Veto,
    exact,
)
from muntada.engines.selection.rows import parts_of

SOME_PLACES = gettext_noop("%(value)s of %(most)s places are filled.")
SOME_MINUTES = gettext_noop("%(value)s of %(most)s minutes of rooms are filled.")
SHARE_OF_SESSIONS = gettext_noop("%(part)s of %(whole)s chosen sessions: %(value)s %%.")
SHARE_OF_MINUTES = gettext_noop("%(part)s of %(whole)s chosen minutes: %(value)s %%.")
SHARE_OF_PEOPLE = gettext_noop("%(part)s of %(whole)s people: %(value)s %%.")
SHARE_OF_NOTHING = gettext_noop("Nothing that counts here is chosen.")
NUMBER_OF_SESSIONS = gettext_noop("Chosen sessions: %(value)s.")
NUMBER_OF_MINUTES = gettext_noop("Chosen minutes: %(value)s.")
NUMBER_OF_PEOPLE = gettext_noop("People: %(value)s.")
IN_GROUP = gettext_noop("%(group)s: %(value)s chosen, the cap is %(most)s.")
PART_BY_DEMAND = gettext_noop("%(group)s: %(value)s chosen; by demand it is due %(due)s.")
CHOSEN_OF_THESE = gettext_noop("Chosen of these: %(value)s.")
IS_IN = gettext_noop("%(request)s is in.")
IS_OUT = gettext_noop("%(request)s is out.")


def judge(problem: SelectionProblem, chosen: Collection[str]) -> tuple[ConditionResult, ...]:
    """Return the state of every active condition for this choice."""
    inside = frozenset(chosen)
    taken = [request for request in problem.requests if request.id in inside]
    standings = []
    for condition in problem.conditions():
        state = RuleState.BLOCK if isinstance(condition, Capacity) else condition.state
        if state is not RuleState.OFF:
            lines = tuple(lines_of(problem, condition, taken))
            standings.append(ConditionResult(condition.id, state, all(line.met for line in lines), lines))
    return tuple(standings)


def broken(problem: SelectionProblem, chosen: Collection[str]) -> tuple[str, ...]:
    """Return the binding conditions that this choice breaks."""
    return tuple(
        one.condition for one in judge(problem, chosen) if one.state is RuleState.BLOCK and not one.met
    )


def require_kept(problem: SelectionProblem, chosen: Collection[str], *, but: str = "") -> None:
    """Raise if the checker finds a binding condition broken, except the condition `but`."""
    if bad := [one for one in broken(problem, chosen) if one != but]:
        raise AssertionError(f"the solver broke {', '.join(bad)}")


def lines_of(
    problem: SelectionProblem, condition: Condition, taken: list[RequestSpec]
) -> Iterator[ConditionMeasure]:
    match condition:
        case Capacity():
            yield from capacity_lines(condition, taken)
        case BalanceRule():
            yield balance_line(condition, of_kinds(condition.kinds, taken))
        case Headcount():
            yield headcount_line(condition, of_kinds(condition.kinds, taken))
        case Cap():
            yield from cap_lines(condition, of_kinds(condition.kinds, taken))
        case Apportionment():
            yield from apportionment_lines(problem, condition, of_kinds(condition.kinds, taken))
        case Alternatives():
            value = sum(request.id in condition.requests for request in taken)
            yield line("", Fraction(value), None, 1, CHOSEN_OF_THESE)
        case PinnedRequest() | Veto():
            value = sum(request.id == condition.request for request in taken)
            said = Reason(IS_IN if value else IS_OUT, {"request": condition.request})
            least, most = (1, None) if isinstance(condition, PinnedRequest) else (None, 0)
            yield line("", Fraction(value), least, most, said)


def of_kinds(kinds: frozenset[str], taken: list[RequestSpec]) -> list[RequestSpec]:
    return [request for request in taken if not kinds or request.kind in kinds]


def capacity_lines(capacity: Capacity, taken: list[RequestSpec]) -> Iterator[ConditionMeasure]:
    here = of_kinds(capacity.kinds, taken)
    if capacity.sessions is not None:
        yield line("", Fraction(len(here)), None, capacity.sessions, SOME_PLACES)
    if capacity.minutes is not None:
        minutes = sum(request.minutes for request in here)
        yield line("", Fraction(minutes), None, capacity.minutes, SOME_MINUTES)


def balance_line(rule: BalanceRule, here: list[RequestSpec]) -> ConditionMeasure:
    in_minutes = rule.measure == MINUTES
    size = {request.id: request.minutes if in_minutes else 1 for request in here}
    part = sum(size[request.id] for request in here if not rule.groups.isdisjoint(request.of(rule.scheme)))
    if rule.unit is Unit.NUMBER:
        sentence = NUMBER_OF_MINUTES if in_minutes else NUMBER_OF_SESSIONS
        return line("", Fraction(part), rule.least, rule.most, sentence)
    sentence = SHARE_OF_MINUTES if in_minutes else SHARE_OF_SESSIONS
    return share_line(rule, part, sum(size.values()), sentence)


def headcount_line(rule: Headcount, here: list[RequestSpec]) -> ConditionMeasure:
    part = sum(request.counts.get(rule.count, 0) for request in here)
    if rule.unit is Unit.NUMBER:
        return line("", Fraction(part), rule.least, rule.most, NUMBER_OF_PEOPLE)
    return share_line(rule, part, sum(request.counts.get(rule.of, 0) for request in here), SHARE_OF_PEOPLE)


def share_line(rule: BalanceRule | Headcount, part: int, whole: int, sentence: str) -> ConditionMeasure:
    if not whole:
        # with a whole of 0 the part may still be positive: one count is not always within the other
        met = rule.most is None or not part
        return ConditionMeasure("", None, rule.least, rule.most, met, None, Reason(SHARE_OF_NOTHING))
    percent = Fraction(100 * part, whole)
    params: dict[str, str | int] = {"part": part, "whole": whole, "value": shown(percent)}
    return line("", percent, rule.least, rule.most, Reason(sentence, params))


def cap_lines(cap: Cap, here: list[RequestSpec]) -> Iterator[ConditionMeasure]:
    """Yield the groups at or above the cap, or else the first of the largest."""
    numbers: dict[str, int] = {}
    for request in here:
        for group in request.of(cap.scheme):
            numbers[group] = numbers.get(group, 0) + 1
    full = sorted(group for group, value in numbers.items() if value >= cap.most)
    fullest = sorted(numbers, key=lambda group: (-numbers[group], group))[:1]
    for group in full or fullest:
        yield line(group, Fraction(numbers[group]), None, cap.most, IN_GROUP)


def apportionment_lines(
    problem: SelectionProblem, rule: Apportionment, here: list[RequestSpec]
) -> Iterator[ConditionMeasure]:
    tolerance = exact(rule.tolerance)
    for group, due in parts_of(problem, rule).items():
        value = sum(
            (
                Fraction(1, len(request.of(rule.scheme) & rule.demand.keys()))
                for request in here
                if group in request.of(rule.scheme)
            ),
            Fraction(0),
        )
        params: dict[str, str | int] = {"group": group, "value": shown(value), "due": due}
        least, most = max(Fraction(0), due - tolerance), due + tolerance
        yield line(group, value, float(least), float(most), Reason(PART_BY_DEMAND, params))


def line(
    group: str, value: Fraction, least: float | None, most: float | None, said: Reason | str
) -> ConditionMeasure:
    room = []
    if least is not None:
        room.append(value - exact(least))
    if most is not None:
        room.append(exact(most) - value)
    slack = min(room)
    if isinstance(said, str):
        params = {"value": shown(value), "group": group}
        said = Reason(said, params | ({"most": shown(exact(most))} if most is not None else {}))
    return ConditionMeasure(group, float(value), least, most, slack >= 0, float(slack), said)


def shown(value: Fraction) -> str:
    """Return a number rounded to a tenth, without decimals if whole."""
    return str(int(value)) if value.denominator == 1 else f"{float(value):.1f}"
