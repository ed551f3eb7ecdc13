"""What each condition costs: the difference of the highest scores with it and without it, both proved.

A dual value of the relaxation would be a rate at the margin, and of a relaxed problem; this is the whole
difference that the rule makes to the choice.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.selection.answer import Change, Price
from muntada.engines.selection.judge import judge
from muntada.engines.selection.problem import POINT, Capacity, Condition, Problem, State
from muntada.engines.selection.rows import Row, rows_of
from muntada.engines.selection.search import Found, Search
from muntada.engines.selection.words import points

COSTS_NOTHING = gettext_noop("It costs nothing: without it no choice would score higher.")
COSTS = gettext_noop("It costs %(points)s points: without it the score would be %(score)s.")
COSTS_BETWEEN = gettext_noop("It costs from %(least)s to %(most)s points; more effort would say exactly.")
ALREADY_KEPT = gettext_noop("The choice keeps it; to enforce it would cost nothing.")
WOULD_COST = gettext_noop("To enforce it would cost %(points)s points.")
WOULD_COST_BETWEEN = gettext_noop(
    "To enforce it would cost from %(least)s to %(most)s points; more effort would say exactly."
)
WOULD_COST_FROM = gettext_noop(
    "To enforce it would cost at least %(least)s points; more effort would say more."
)
CANNOT_BE_KEPT = gettext_noop("It cannot be enforced: no choice keeps it together with all other rules.")
ONE_PLACE = gettext_noop("One more place would bring %(points)s points.")
ONE_PLACE_BETWEEN = gettext_noop("One more place would bring from %(least)s to %(most)s points.")
ONE_HOUR = gettext_noop("One more hour of rooms would bring %(points)s points.")
ONE_HOUR_BETWEEN = gettext_noop("One more hour of rooms would bring from %(least)s to %(most)s points.")

FEW_ROWS = 2
SENTENCES = {
    Change.LIFTED: (COSTS, COSTS_BETWEEN),
    Change.ENFORCED: (WOULD_COST, WOULD_COST_BETWEEN),
    Change.ONE_SESSION_MORE: (ONE_PLACE, ONE_PLACE_BETWEEN),
    Change.ONE_HOUR_MORE: (ONE_HOUR, ONE_HOUR_BETWEEN),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """The problem after a change: what is held to, and what for."""

    condition: str
    change: Change
    conditions: tuple[Condition, ...]


def held(problem: Problem) -> tuple[Condition, ...]:
    """The conditions that no choice may break."""
    return tuple(one for one in problem.conditions() if isinstance(one, Capacity) or one.state is State.BLOCK)


def variants(problem: Problem) -> Iterator[Variant]:
    hard = held(problem)
    for one in problem.conditions():
        if isinstance(one, Capacity):
            for change, larger in enlarged(one):
                yield Variant(one.id, change, tuple(larger if other is one else other for other in hard))
        elif one.state is State.BLOCK:
            yield Variant(one.id, Change.LIFTED, tuple(other for other in hard if other is not one))
        elif one.state is State.WARN:
            yield Variant(one.id, Change.ENFORCED, (*hard, one))


def enlarged(capacity: Capacity) -> Iterator[tuple[Change, Capacity]]:
    if capacity.sessions is not None:
        yield Change.ONE_SESSION_MORE, replace(capacity, sessions=capacity.sessions + 1)
    if capacity.minutes is not None:
        yield Change.ONE_HOUR_MORE, replace(capacity, minutes=capacity.minutes + 60)


@dataclass(frozen=True, slots=True)
class Priced:
    price: Price
    choice: frozenset[str]
    effort: float


def prices_of(
    problem: Problem, found: Found, *, seed: int, effort: float, workers: int = 1
) -> tuple[Priced, ...]:
    """The price of every condition; `effort` is the most that each may take."""
    return tuple(
        side_by_side(
            lambda one: priced(problem, found, one, seed=seed, effort=effort),
            list(variants(problem)),
            workers,
        )
    )


def side_by_side[A, B](work: Callable[[A], B], things: Sequence[A], workers: int) -> list[B]:
    """Work on things that do not depend on each other, in their order; the solvers let other threads run."""
    with ThreadPoolExecutor(max(1, workers)) as pool:
        return list(pool.map(work, things))


def priced(problem: Problem, found: Found, variant: Variant, *, seed: int, effort: float) -> Priced:
    names = [request.id for request in problem.requests]
    chosen = frozenset(names[number] for number in found.chosen or ())
    enforced = variant.change is Change.ENFORCED
    met = enforced and any(one.condition == variant.condition and one.met for one in judge(problem, chosen))
    if met:
        price = Price(variant.condition, variant.change, 0.0, 0.0, 0.0, (), (), Reason(ALREADY_KEPT))
        return Priced(price, chosen, 0.0)
    if enforced:
        search = Search(problem, variant.conditions, seed=seed)
        answer = search.best(effort=effort, below=found.bound)
    else:
        answer = highest(problem, found, variant, seed=seed, effort=effort)
    other = frozenset(names[number] for number in answer.chosen or ())
    return Priced(price_of(variant, found, answer, chosen, other), other, answer.effort)


def highest(problem: Problem, found: Found, variant: Variant, *, seed: int, effort: float) -> Found:
    """The best choice after a change that allows more: the choice itself, or one that the change allows.

    A better choice without a rule is one that breaks it; to look only among those ends far sooner where the
    rule is not near to its bound. Of a cap with many groups each could be the broken one: there all is
    searched.
    """
    before = next(one for one in held(problem) if one.id == variant.condition)
    changed = rows_of(problem, before)
    ways: list[tuple[Row, ...]] = [(one,) for row in changed for one in broken_rows(row)]
    if len(changed) > FEW_ROWS:
        ways = [()]
    best, used, missed = found, 0.0, found.bound
    for more in ways:
        search = Search(problem, variant.conditions, seed=seed, more=more)
        answer = search.best(effort=effort - used, known=best.chosen)
        used += answer.effort
        missed = max(missed, answer.bound)
        if answer.score > best.score:
            best = answer
    bound = max(missed, best.score)
    return replace(best, bound=bound, proved=bound <= best.score, effort=used)


def broken_rows(row: Row) -> Iterator[Row]:
    """What a choice keeps that breaks this row."""
    if row.least is not None:
        yield replace(row, least=None, most=row.least - 1)
    if row.most is not None:
        yield replace(row, least=row.most + 1, most=None)


def price_of(
    variant: Variant, found: Found, answer: Found, chosen: frozenset[str], other: frozenset[str]
) -> Price:
    if variant.change is Change.ENFORCED:
        least = max(0, found.score - answer.bound)
        most = None if answer.chosen is None else found.bound - answer.score
    else:
        least, most = max(0, answer.score - found.bound), answer.bound - found.score
    possible = not (answer.proved and answer.chosen is None)
    return Price(
        variant.condition,
        variant.change,
        points=least / POINT if least == most else None,
        least=least / POINT,
        most=None if most is None else most / POINT,
        enter=tuple(sorted(other - chosen)) if other else (),
        leave=tuple(sorted(chosen - other)) if other else (),
        said=said(variant.change, least, most, answer, possible=possible),
        possible=possible,
    )


def said(change: Change, least: int, most: int | None, answer: Found, *, possible: bool) -> Reason:
    if not possible:
        return Reason(CANNOT_BE_KEPT)
    if most is None:
        return Reason(WOULD_COST_FROM, {"least": points(least)})
    exactly, between = SENTENCES[change]
    if least != most:
        return Reason(between, {"least": points(least), "most": points(most)})
    if change is Change.LIFTED:
        if not least:
            return Reason(COSTS_NOTHING)
        return Reason(exactly, {"points": points(least), "score": points(answer.score)})
    return Reason(exactly, {"points": points(least)})
