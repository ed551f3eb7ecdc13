"""The price of each condition: the difference of the optimal scores with and without it, both proved.

A dual value of the relaxation would be a marginal rate of a relaxed problem; this is the whole
effect of the condition on the choice.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from muntada.engines.halt import Halt
from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.selection.answer import Price, PriceCause
from muntada.engines.selection.judge import judge, require_kept
from muntada.engines.selection.problem import POINT, Capacity, Condition, RuleState, SelectionProblem
from muntada.engines.selection.rows import ConditionRow, rows_of
from muntada.engines.selection.search import LP_EFFORT, NO_SCORE, BestChoice, SelectionSearch
from muntada.engines.selection.sentences import points

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
NOT_WORKED_OUT = gettext_noop("What it costs was not worked out: the making was ended before.")
CANNOT_BE_KEPT = gettext_noop("It cannot be enforced: no choice keeps it together with all other rules.")
ONE_PLACE = gettext_noop("One more place would bring %(points)s points.")
ONE_PLACE_BETWEEN = gettext_noop("One more place would bring from %(least)s to %(most)s points.")
ONE_HOUR = gettext_noop("One more hour of rooms would bring %(points)s points.")
ONE_HOUR_BETWEEN = gettext_noop("One more hour of rooms would bring from %(least)s to %(most)s points.")

FEW_ROWS = 2
ROUGH = 5_000  # the first turn stops within this fraction of the score
LEAST_EFFORT = 0.5  # less is not worth another turn
LATER_EFFORT = 1.0  # times the number of earlier tries
MOST_TRIES = 5
SENTENCES = {
    PriceCause.LIFTED: (COSTS, COSTS_BETWEEN),
    PriceCause.ENFORCED: (WOULD_COST, WOULD_COST_BETWEEN),
    PriceCause.ONE_SESSION_MORE: (ONE_PLACE, ONE_PLACE_BETWEEN),
    PriceCause.ONE_HOUR_MORE: (ONE_HOUR, ONE_HOUR_BETWEEN),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """The problem after a change: its conditions and its purpose."""

    condition: str
    change: PriceCause
    conditions: tuple[Condition, ...]


def held(problem: SelectionProblem) -> tuple[Condition, ...]:
    """Return the binding conditions."""
    return tuple(
        one for one in problem.conditions() if isinstance(one, Capacity) or one.state is RuleState.BLOCK
    )


def variants(problem: SelectionProblem) -> Iterator[Variant]:
    hard = held(problem)
    for one in problem.conditions():
        if isinstance(one, Capacity):
            for change, larger in enlarged(one):
                yield Variant(one.id, change, tuple(larger if other is one else other for other in hard))
        elif one.state is RuleState.BLOCK:
            yield Variant(one.id, PriceCause.LIFTED, tuple(other for other in hard if other is not one))
        elif one.state is RuleState.WARN:
            yield Variant(one.id, PriceCause.ENFORCED, (*hard, one))


def enlarged(capacity: Capacity) -> Iterator[tuple[PriceCause, Capacity]]:
    if capacity.sessions is not None:
        yield PriceCause.ONE_SESSION_MORE, replace(capacity, sessions=capacity.sessions + 1)
    if capacity.minutes is not None:
        yield PriceCause.ONE_HOUR_MORE, replace(capacity, minutes=capacity.minutes + 60)


@dataclass(frozen=True, slots=True)
class Priced:
    price: Price
    choice: frozenset[str]
    effort: float


def prices_of(
    problem: SelectionProblem,
    found: BestChoice,
    *,
    seed: int,
    effort: float,
    whole: float,
    workers: int = 1,
    halt: Halt | None = None,
) -> tuple[Priced, ...]:
    """Return the price of every condition; `effort` is the limit per condition and turn, `whole` the total.

    First each price is found to within a fiftieth of a per cent of the score, which is fast; the
    remaining effort goes to those that are not exact, nearest first. After a halt, the result is what
    was known then.
    """
    works = works_of(problem, found, seed, halt or Halt())
    look_for(works, effort=effort, whole=whole, workers=workers)
    return tuple(one.priced() for one in works)


def works_of(problem: SelectionProblem, found: BestChoice, seed: int, halt: Halt) -> list["PriceSearch"]:
    return [PriceSearch(problem, found, one, seed, halt) for one in variants(problem)]


def look_for(works: Sequence["PriceSearch"], *, effort: float, whole: float, workers: int) -> None:
    left = whole - in_turn(works, min(effort, whole / max(1, len(works))), workers)
    still = [one for one in works if not one.answer.proved]
    while still and left > LEAST_EFFORT and not still[0].halt.called:
        still.sort(key=lambda one: one.turn)
        each = min(effort, LATER_EFFORT * still[0].tries)
        left -= in_turn(still[: max(1, int(left // each))], each, workers)
        still = [one for one in still if not one.answer.proved and one.tries < MOST_TRIES]


def in_turn(works: Sequence["PriceSearch"], effort: float, workers: int) -> float:
    """Continue each search with this effort; return the total effort used."""
    return sum(side_by_side(lambda one: one.go_on(effort), works, workers))


def side_by_side[A, B](work: Callable[[A], B], things: Sequence[A], workers: int) -> list[B]:
    """Run independent work in threads and return the results in order; the solvers release the GIL."""
    with ThreadPoolExecutor(max(1, workers)) as pool:
        return list(pool.map(work, things))


class PriceSearch:
    """The search for one price, which can be paused and resumed.

    A better choice after a relaxation must break the relaxed rule. Searching only among choices that
    break it is much faster if the rule is not near its bound. For a cap, any of many groups could be
    the broken one, so everything is searched.
    """

    def __init__(
        self, problem: SelectionProblem, found: BestChoice, variant: Variant, seed: int, halt: Halt
    ) -> None:
        self.problem, self.found, self.variant = problem, found, variant
        self.effort = 0.0
        self.tries, self.slack = 0, found.score // ROUGH
        self.is_enforced = variant.change is PriceCause.ENFORCED
        ways: list[tuple[ConditionRow, ...]] = [()]
        if not self.is_enforced:
            before = next(one for one in held(problem) if one.id == variant.condition)
            changed = rows_of(problem, before)
            if len(changed) <= FEW_ROWS:
                ways = [(one,) for row in changed for one in broken_rows(row)]
        self.searches = [
            SelectionSearch(problem, variant.conditions, seed=seed, more=more, halt=halt) for more in ways
        ]
        highest = sum(request.points for request in problem.requests)
        self.halt = halt
        self.bounds = [found.bound if self.is_enforced else highest for _ in ways]
        nothing = BestChoice(None, NO_SCORE, found.bound, proved=False, effort=0.0)
        self.answer = nothing if self.is_enforced else replace(found, bound=highest, proved=False, effort=0.0)

    def go_on(self, effort: float) -> float:
        """Continue with at most this effort; return the effort used."""
        if self.is_kept:
            self.answer = replace(self.found, proved=True)
            return 0.0
        if self.halt.called:
            return 0.0
        used = 0.0
        self.tries += 1
        for at, search in enumerate(self.searches):
            known = self.answer.chosen
            below = self.found.bound if self.is_enforced else None
            new = search.best(effort=effort - used, known=known, below=below, slack=self.slack)
            used += new.effort
            self.bounds[at] = min(self.bounds[at], new.bound)
            if new.score > self.answer.score:
                self.answer = replace(self.answer, chosen=new.chosen, score=new.score)
        # Without the rule, the choice that keeps it is still valid, and so are its bounds.
        lowest = self.answer.score if self.is_enforced else max(self.answer.score, self.found.bound)
        bound = max(lowest, *self.bounds, NO_SCORE)
        self.answer = replace(self.answer, bound=bound, proved=bound <= self.answer.score)
        if bound - self.answer.score <= self.slack:
            self.slack = 0
        self.effort += used
        return max(used, LP_EFFORT)

    @property
    def turn(self) -> tuple[int, bool, int]:
        """The sort key: fewest tries, then wide bounds, then nearly exact ones."""
        return self.tries, not self.slack, self.answer.bound - self.answer.score

    @property
    def names(self) -> list[str]:
        return [request.id for request in self.problem.requests]

    @property
    def chosen(self) -> frozenset[str]:
        return frozenset(self.names[number] for number in self.found.chosen or ())

    @property
    def is_kept(self) -> bool:
        """Return whether the choice keeps a rule that only warns, so that making it binding costs nothing."""
        return self.is_enforced and any(
            one.condition == self.variant.condition and one.met for one in judge(self.problem, self.chosen)
        )

    def priced(self) -> Priced:
        if self.is_kept:
            price = Price(
                self.variant.condition, self.variant.change, 0.0, 0.0, 0.0, (), (), Reason(ALREADY_KEPT)
            )
            return Priced(price, self.chosen, 0.0)
        if not self.tries and not self.answer.proved:
            words = Reason(NOT_WORKED_OUT)
            price = Price(self.variant.condition, self.variant.change, None, 0.0, None, (), (), words)
            return Priced(price, self.chosen, 0.0)
        other = frozenset(self.names[number] for number in self.answer.chosen or ())
        if self.answer.chosen is not None:
            require_kept(self.problem, other, but=self.variant.condition)
        price = price_of(self.variant, self.found, self.answer, self.chosen, other)
        return Priced(price, other, self.effort)


def broken_rows(row: ConditionRow) -> Iterator[ConditionRow]:
    """Yield the constraints of choices that break this row."""
    if row.least is not None:
        yield replace(row, least=None, most=row.least - 1)
    if row.most is not None:
        yield replace(row, least=row.most + 1, most=None)


def price_of(
    variant: Variant, found: BestChoice, answer: BestChoice, chosen: frozenset[str], other: frozenset[str]
) -> Price:
    if variant.change is PriceCause.ENFORCED:
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


def said(change: PriceCause, least: int, most: int | None, answer: BestChoice, *, possible: bool) -> Reason:
    if not possible:
        return Reason(CANNOT_BE_KEPT)
    if most is None:
        return Reason(WOULD_COST_FROM, {"least": points(least)})
    exactly, between = SENTENCES[change]
    if least != most:
        return Reason(between, {"least": points(least), "most": points(most)})
    if change is PriceCause.LIFTED:
        if not least:
            return Reason(COSTS_NOTHING)
        return Reason(exactly, {"points": points(least), "score": points(answer.score)})
    return Reason(exactly, {"points": points(least)})
