"""What it would take to include a request that was not chosen.

The optimal score with the request included is computed. Its difference from the optimum is the cost
of the request, and also what its own score lacks: every point added to it raises each choice that
contains it by one.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.selection.answer import ConditionMeasure, Excluded, Price, PriceCause
from muntada.engines.selection.conflict import conflict_of
from muntada.engines.selection.judge import SOME_MINUTES, judge, require_kept
from muntada.engines.selection.prices import ROUGH, Priced, held, side_by_side
from muntada.engines.selection.problem import (
    POINT,
    Alternatives,
    Cap,
    Capacity,
    Condition,
    RequestSpec,
    RuleState,
    SelectionProblem,
)
from muntada.engines.selection.search import NO_SCORE, BestChoice, SelectionSearch
from muntada.engines.selection.sentences import listed, points

IS_VETOED = gettext_noop("It is vetoed.")
TAKES_PLACE = gettext_noop("Taking it in would cost %(points)s points: it would take the place of %(leave)s.")
TAKES_PLACES = gettext_noop(
    "Taking it in would cost %(points)s points: %(leave)s would go out and %(enter)s come in with it."
)
TAKES_NOBODY = gettext_noop("Taking it in would cost %(points)s points.")
TAKES_ABOUT = gettext_noop(
    "Taking it in would cost from %(least)s to %(most)s points; more effort would say exactly."
)
TAKES_AT_LEAST = gettext_noop(
    "Taking it in would cost at least %(least)s points; more effort would say more."
)
STANDS_EQUAL = gettext_noop("A choice with it scores the same; it was drawn by lot.")
NEEDS = gettext_noop("With a score of %(needed)s instead of %(score)s it would stand equal.")
NO_PLACE = gettext_noop("“%(rule)s” is full: %(most)d of %(most)d places are taken.")
NO_TIME = gettext_noop("“%(rule)s” has %(left)d minutes of rooms left; it lasts %(minutes)d.")
OVER_CAP = gettext_noop("Sessions of its %(scheme)s %(group)s already in: %(value)s; the cap is %(most)s.")
OTHER_CHOSEN = gettext_noop("Of “%(rule)s” at most one can be in, and %(other)s is.")
WOULD_BREAK = gettext_noop("Added to the choice as it is, it would break “%(rule)s”.")
WITH_CHANGE = {
    PriceCause.LIFTED: gettext_noop("Without “%(rule)s” it would be in."),
    PriceCause.ONE_SESSION_MORE: gettext_noop("With one more place of “%(rule)s” it would be in."),
    PriceCause.ONE_HOUR_MORE: gettext_noop("With one more hour of rooms of “%(rule)s” it would be in."),
}
NEAREST = 100  # the nearest requests, for which the exchanged requests are computed
NOWHERE = BestChoice(None, NO_SCORE, NO_SCORE, proved=True, effort=0.0)
MOST_CHANGES = 3  # named in sentences; all are in the numbers
IMPOSSIBLE = gettext_noop("No choice that keeps all rules has it. These cannot be kept with it: %(rules)s.")
IMPOSSIBLE_ALONE = gettext_noop("No choice that keeps all rules has it.")


@dataclass(frozen=True, slots=True)
class ComparedChoice:
    """The choice the requests are compared with, and what was found on the way to it."""

    problem: SelectionProblem
    search: SelectionSearch
    found: BestChoice
    priced: tuple[Priced, ...]
    seed: int

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.problem.requests[number].id for number in self.found.chosen or ())


def excluded_of(
    chosen: ComparedChoice, *, effort: float, whole: float, workers: int = 1
) -> tuple[tuple[Excluded, ...], float]:
    """Return all excluded requests in the order of the waiting list, and the effort used.

    The nearest get `effort` each, to within a fiftieth of a per cent of the score. Those of them that
    are not exact then get ten times as much each, cheapest first, until `whole` is used. The others get
    a lower bound of their cost.
    """
    answers, _sought, used = answers_of(chosen, effort=effort, whole=whole, workers=workers)
    excluded = [explained(chosen, number, answer) for number, answer in answers.items()]
    return tuple(sorted(excluded, key=turn)), used


def answers_of(
    chosen: ComparedChoice, *, effort: float, whole: float, workers: int
) -> tuple[dict[int, BestChoice], frozenset[int], float]:
    """Return the result for each excluded request, those computed individually, and the effort used."""
    inside = chosen.found.chosen or frozenset()
    out = [number for number in range(len(chosen.problem.requests)) if number not in inside]
    answers = {number: at_first_sight(chosen, number) for number in out}
    near = sorted(out, key=lambda number: (-answers[number].bound, number))[:NEAREST]
    found = side_by_side(lambda number: narrow_first(chosen, number, effort=effort), near, workers)
    answers |= zip(near, found, strict=True)
    used = sum(answer.effort for answer in found)
    for number in sorted(near, key=lambda number: (-answers[number].score, number)):
        if used >= whole or chosen.search.halt.called:
            break
        if not answers[number].proved:
            answers[number] = seek(chosen, number, effort=10 * effort, before=answers[number])
            used += answers[number].effort
    return answers, frozenset(near), used


def at_first_sight(chosen: ComparedChoice, number: int) -> BestChoice:
    """Return what the main search already shows about an excluded request."""
    if chosen.problem.requests[number].id in vetoed(chosen.problem):
        return NOWHERE
    return BestChoice(None, NO_SCORE, chosen.search.bound_with(number), proved=False, effort=0.0)


def vetoed(problem: SelectionProblem) -> frozenset[str]:
    return frozenset(veto.request for veto in problem.vetoes)


def narrow_first(chosen: ComparedChoice, number: int, *, effort: float) -> BestChoice:
    """Find the best choice with this request: approximately, then exactly with the remaining effort."""
    found = seek(chosen, number, effort=effort, slack=chosen.found.score // ROUGH)
    left = effort - found.effort
    if found.proved or left <= 0:
        return found
    exact = seek(chosen, number, effort=left, before=found)
    return replace(exact, effort=found.effort + exact.effort)


def seek(
    chosen: ComparedChoice, number: int, *, effort: float, before: BestChoice | None = None, slack: int = 0
) -> BestChoice:
    """Find the best choice with this request, or one within `slack`."""
    if chosen.problem.requests[number].id in vetoed(chosen.problem):
        return NOWHERE
    search = copy(chosen.search)  # each has its own record; the matrices are shared
    known = None if before is None else before.chosen
    found = search.best(effort=effort, inside={number}, known=known, below=chosen.found.bound, slack=slack)
    if before is None or before.bound >= found.bound:
        return found
    return replace(found, bound=before.bound, proved=before.bound <= found.score)


def turn(one: Excluded) -> tuple[bool, float, float, str]:
    """The sort key of the waiting list: by cost, or else its upper bound, or else its lower bound."""
    most = one.most if one.most is not None else float("inf")
    return (not one.possible, most, one.least or 0, one.request)


def explained(chosen: ComparedChoice, number: int, answer: BestChoice) -> Excluded:
    problem, request = chosen.problem, chosen.problem.requests[number]
    names = [one.id for one in problem.requests]
    against = tuple(in_the_way(chosen, request))
    changes = changes_with(chosen, request)
    other = frozenset(names[one] for one in answer.chosen or ())
    if answer.chosen is not None:
        require_kept(problem, other)
    possible = not (answer.proved and answer.chosen is None)
    least = max(0, chosen.found.score - answer.bound) if possible else None
    most = chosen.found.bound - answer.score if answer.chosen is not None else None
    exactly = least if least == most else None
    enter = tuple(sorted(other - chosen.names - {request.id})) if other else ()
    leave = tuple(sorted(chosen.names - other)) if other else ()
    reasons = told_of(against)
    if not possible:
        reasons = impossible(chosen, number)
    elif exactly is not None:
        reasons += exact_cost(request, exactly, enter, leave)
    elif most is not None:
        reasons.append(Reason(TAKES_ABOUT, {"least": points(least or 0), "most": points(most)}))
    else:
        reasons.append(Reason(TAKES_AT_LEAST, {"least": points(least or 0)}))
    if request.id not in vetoed(problem):
        first = changes[:MOST_CHANGES]
        reasons += [Reason(WITH_CHANGE[one.change], {"rule": one.condition}) for one in first]
    return Excluded(
        request=request.id,
        possible=possible,
        cost=None if exactly is None else exactly / POINT,
        least=None if least is None else least / POINT,
        most=None if most is None else most / POINT,
        needed=None if exactly is None else (request.points + exactly) / POINT,
        enter=enter,
        leave=leave,
        against=tuple(name for name, _ in against),
        without=tuple(one.condition for one in changes),
        reasons=tuple(reasons),
    )


def changes_with(chosen: ComparedChoice, request: RequestSpec) -> list[Price]:
    """Return the changes after which the best choice includes the request, smallest effect first."""
    prices = [
        one.price
        for one in chosen.priced
        if one.price.change is not PriceCause.ENFORCED and request.id in one.choice
    ]
    return sorted(prices, key=lambda price: price.least)


def exact_cost(
    request: RequestSpec, cost: int, enter: tuple[str, ...], leave: tuple[str, ...]
) -> Iterator[Reason]:
    if not cost:
        yield Reason(STANDS_EQUAL)
        return
    params = {"points": points(cost), "leave": listed(leave), "enter": listed(enter)}
    yield Reason(TAKES_PLACES if enter and leave else TAKES_PLACE if leave else TAKES_NOBODY, params)
    yield Reason(NEEDS, {"needed": points(request.points + cost), "score": points(request.points)})


def impossible(chosen: ComparedChoice, number: int) -> list[Reason]:
    problem, request = chosen.problem, chosen.problem.requests[number]
    if request.id in vetoed(problem):
        return [Reason(IS_VETOED)]
    conflict = conflict_of(problem, held(problem), seed=chosen.seed, effort=5.0, inside=[number])
    if conflict is None:
        return [Reason(IMPOSSIBLE_ALONE)]
    return [Reason(IMPOSSIBLE, {"rules": listed(conflict.conditions)}), *conflict.reasons]


# ---- objections of the current choice to one more request


def in_the_way(chosen: ComparedChoice, request: RequestSpec) -> Iterator[tuple[str, Reason]]:
    """Yield the conditions broken by adding this request to the choice without other changes."""
    for standing in judge(chosen.problem, chosen.names | {request.id}):
        if standing.state is not RuleState.BLOCK or standing.met:
            continue
        condition = next(one for one in chosen.problem.conditions() if one.id == standing.condition)
        for line in standing.lines:
            if not line.met:
                yield condition.id, objection(chosen, condition, line, request)
                break


def told_of(against: tuple[tuple[str, Reason], ...]) -> list[Reason]:
    """Return the reasons to show; shares, which every exchange shifts, only if nothing else applies."""
    plain = [reason for _, reason in against if reason.sentence != WOULD_BREAK]
    return plain or [reason for _, reason in against]


def objection(
    chosen: ComparedChoice, condition: Condition, line: ConditionMeasure, request: RequestSpec
) -> Reason:
    value = round((line.value or 0) - (request.minutes if line.said.sentence == SOME_MINUTES else 1))
    most = round(line.most or 0)
    match condition:
        case Capacity() if line.said.sentence == SOME_MINUTES:
            return Reason(NO_TIME, {"rule": condition.id, "left": most - value, "minutes": request.minutes})
        case Capacity():
            return Reason(NO_PLACE, {"rule": condition.id, "most": most})
        case Cap():
            return Reason(
                OVER_CAP, {"scheme": condition.scheme, "group": line.group, "value": value, "most": most}
            )
        case Alternatives():
            other = listed(condition.requests & chosen.names)
            return Reason(OTHER_CHOSEN, {"rule": condition.id, "other": other})
        case _:
            return Reason(WOULD_BREAK, {"rule": condition.id})
