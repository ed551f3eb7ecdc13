"""What it would take to have a request in that was not chosen.

The highest score with the request in is found like any other. What it is below the highest of all is what the
request would cost, and what its own score lacks: every choice that has it gains by each point that it is
given.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.selection.answer import Change, Excluded, Line, Price
from muntada.engines.selection.conflict import conflict_of
from muntada.engines.selection.judge import SOME_MINUTES, judge, require_kept
from muntada.engines.selection.prices import ROUGH, Priced, held, side_by_side
from muntada.engines.selection.problem import (
    POINT,
    Alternatives,
    Cap,
    Capacity,
    Condition,
    Problem,
    Request,
    State,
)
from muntada.engines.selection.search import NO_SCORE, Found, Search
from muntada.engines.selection.words import listed, points

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
    Change.LIFTED: gettext_noop("Without “%(rule)s” it would be in."),
    Change.ONE_SESSION_MORE: gettext_noop("With one more place of “%(rule)s” it would be in."),
    Change.ONE_HOUR_MORE: gettext_noop("With one more hour of rooms of “%(rule)s” it would be in."),
}
NEAREST = 100  # of which it is worked out who would come and go
NOWHERE = Found(None, NO_SCORE, NO_SCORE, proved=True, effort=0.0)
MOST_CHANGES = 3  # told in words; all are in the numbers
IMPOSSIBLE = gettext_noop("No choice that keeps all rules has it. These cannot be kept with it: %(rules)s.")
IMPOSSIBLE_ALONE = gettext_noop("No choice that keeps all rules has it.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choice that requests are held against, and what was found on the way to it."""

    problem: Problem
    search: Search
    found: Found
    priced: tuple[Priced, ...]
    seed: int

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.problem.requests[number].id for number in self.found.chosen or ())


def excluded_of(
    chosen: Chosen, *, effort: float, whole: float, workers: int = 1
) -> tuple[tuple[Excluded, ...], float]:
    """All that are not chosen, in the order in which they would come in, and the effort it took.

    The nearest get `effort` each, to within a fiftieth of a per cent of the score; then those of them that
    are not exact, the cheapest first, get ten times as much each until `whole` is used. Of the others it is
    told what they would cost at least.
    """
    answers, _sought, used = answers_of(chosen, effort=effort, whole=whole, workers=workers)
    excluded = [explained(chosen, number, answer) for number, answer in answers.items()]
    return tuple(sorted(excluded, key=turn)), used


def answers_of(
    chosen: Chosen, *, effort: float, whole: float, workers: int
) -> tuple[dict[int, Found], frozenset[int], float]:
    """What was found of each that is not chosen, which of them were sought, and the effort it took."""
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


def at_first_sight(chosen: Chosen, number: int) -> Found:
    """What the search for the choice has already shown of one that is not in it."""
    if chosen.problem.requests[number].id in vetoed(chosen.problem):
        return NOWHERE
    return Found(None, NO_SCORE, chosen.search.bound_with(number), proved=False, effort=0.0)


def vetoed(problem: Problem) -> frozenset[str]:
    return frozenset(veto.request for veto in problem.vetoes)


def narrow_first(chosen: Chosen, number: int, *, effort: float) -> Found:
    """The best choice with this request in: nearly, then exactly with what that leaves of the effort."""
    found = seek(chosen, number, effort=effort, slack=chosen.found.score // ROUGH)
    left = effort - found.effort
    if found.proved or left <= 0:
        return found
    exact = seek(chosen, number, effort=left, before=found)
    return replace(exact, effort=found.effort + exact.effort)


def seek(chosen: Chosen, number: int, *, effort: float, before: Found | None = None, slack: int = 0) -> Found:
    """The best choice with this request in, or one to within the slack."""
    if chosen.problem.requests[number].id in vetoed(chosen.problem):
        return NOWHERE
    search = copy(chosen.search)  # each keeps its own record; the matrices behind are shared
    known = None if before is None else before.chosen
    found = search.best(effort=effort, inside={number}, known=known, below=chosen.found.bound, slack=slack)
    if before is None or before.bound >= found.bound:
        return found
    return replace(found, bound=before.bound, proved=before.bound <= found.score)


def turn(one: Excluded) -> tuple[bool, float, float, str]:
    """The order of the waiting list: by cost, or by the most it can be, or else by the least."""
    most = one.most if one.most is not None else float("inf")
    return (not one.possible, most, one.least or 0, one.request)


def explained(chosen: Chosen, number: int, answer: Found) -> Excluded:
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


def changes_with(chosen: Chosen, request: Request) -> list[Price]:
    """The changes after which the best choice found has it: those first that change the score least."""
    prices = [
        one.price
        for one in chosen.priced
        if one.price.change is not Change.ENFORCED and request.id in one.choice
    ]
    return sorted(prices, key=lambda price: price.least)


def exact_cost(
    request: Request, cost: int, enter: tuple[str, ...], leave: tuple[str, ...]
) -> Iterator[Reason]:
    if not cost:
        yield Reason(STANDS_EQUAL)
        return
    params = {"points": points(cost), "leave": listed(leave), "enter": listed(enter)}
    yield Reason(TAKES_PLACES if enter and leave else TAKES_PLACE if leave else TAKES_NOBODY, params)
    yield Reason(NEEDS, {"needed": points(request.points + cost), "score": points(request.points)})


def impossible(chosen: Chosen, number: int) -> list[Reason]:
    problem, request = chosen.problem, chosen.problem.requests[number]
    if request.id in vetoed(problem):
        return [Reason(IS_VETOED)]
    conflict = conflict_of(problem, held(problem), seed=chosen.seed, effort=5.0, inside=[number])
    if conflict is None:
        return [Reason(IMPOSSIBLE_ALONE)]
    return [Reason(IMPOSSIBLE, {"rules": listed(conflict.conditions)}), *conflict.reasons]


# ---- what the choice as it is would say to one more


def in_the_way(chosen: Chosen, request: Request) -> Iterator[tuple[str, Reason]]:
    """The conditions that the choice would break with this request added and nothing else changed."""
    for standing in judge(chosen.problem, chosen.names | {request.id}):
        if standing.state is not State.BLOCK or standing.met:
            continue
        condition = next(one for one in chosen.problem.conditions() if one.id == standing.condition)
        for line in standing.lines:
            if not line.met:
                yield condition.id, objection(chosen, condition, line, request)
                break


def told_of(against: tuple[tuple[str, Reason], ...]) -> list[Reason]:
    """Shares move with every exchange: they are told only where nothing plainer stands in the way."""
    plain = [reason for _, reason in against if reason.sentence != WOULD_BREAK]
    return plain or [reason for _, reason in against]


def objection(chosen: Chosen, condition: Condition, line: Line, request: Request) -> Reason:
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
