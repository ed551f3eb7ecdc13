"""The entry point: from a problem to the choice, its proof, its prices, and the excluded requests."""

from collections.abc import Callable, Collection
from dataclasses import replace

from muntada.engines.halt import Halt
from muntada.engines.selection.answer import ChoiceStatus, Excluded, SelectionAnswer
from muntada.engines.selection.conflict import conflict_of
from muntada.engines.selection.exclusions import ComparedChoice, answers_of, explained, narrow_first
from muntada.engines.selection.further import Further, Later
from muntada.engines.selection.judge import judge, require_kept
from muntada.engines.selection.preflight import preflight
from muntada.engines.selection.prices import PriceSearch, held, look_for, works_of
from muntada.engines.selection.problem import POINT, SelectionProblem
from muntada.engines.selection.search import BestChoice, SelectionSearch, in_order

EFFORT = 60.0
DRAW_EFFORT = 1.0
PRICE_EFFORT = 5.0
PRICES_EFFORT = 26.0
EXCLUSION_EFFORT = 0.3
REST_EFFORT = 20.0

type ReportSelection = Callable[[str], None]


def select(
    problem: SelectionProblem,
    *,
    seed: int = 1,
    effort: float = EFFORT,
    prices: bool = True,
    exclusions: bool = True,
    workers: int = 2,
    report: ReportSelection | None = None,
    halt: Halt | None = None,
    later: Later | None = None,
) -> SelectionAnswer:
    """Choose the requests with the highest total score under all capacities and rules.

    `effort` limits the choice, in deterministic seconds (CP-SAT's measure of work, about a second of
    one core). Prices get 26 in total. The hundred nearest excluded requests get 0.3 each, and 20 in
    total for those still open; `why_not` settles a single one. The same problem, seed and effort give
    the same selection, whatever the order of the requests and the number of `workers` (threads).

    `report` is called with the name of each step: choice, draw, prices, exclusions, conflict. `later`
    continues after the selection is made, refining prices and costs and reporting each advance; a halt
    then only ends the refinement. A `halt` called earlier, from another thread, returns what was found,
    marked as `halted`. Raises `SelectionFault` for an invalid problem.
    """
    say = report or (lambda _: None)
    asked = halt or Halt()
    ordered = in_order(problem)
    say("choice")
    search = SelectionSearch(ordered, held(ordered), seed=seed, halt=asked)
    found = search.best(effort=effort)
    if found.chosen is None:
        if not asked.called:
            say("conflict")
        return without_choice(ordered, found, seed=seed, effort=effort, halted=asked.called)
    used = found.effort
    if found.proved and not asked.called:
        say("draw")
        drawn = search.draw(effort=min(effort, DRAW_EFFORT))
        used += drawn.effort
        found = replace(found, chosen=drawn.chosen)
    base = told(ordered, found, seed)
    works: list[PriceSearch] = []
    if prices:
        say("prices")
        works = works_of(ordered, found, seed, asked)
        each, whole = min(effort, PRICE_EFFORT), min(effort, PRICES_EFFORT)
        look_for(works, effort=each, whole=whole, workers=workers)
        used += sum(one.effort for one in works)
    chosen = ComparedChoice(ordered, search, found, tuple(one.priced() for one in works), seed)
    answers: dict[int, BestChoice] = {}
    sought: frozenset[int] = frozenset()
    if exclusions:
        say("exclusions")
        each, whole = min(effort, EXCLUSION_EFFORT), min(effort, REST_EFFORT)
        answers, sought, more = answers_of(chosen, effort=each, whole=whole, workers=workers)
        used += more
    told_now = replace(base, effort=round(used, 3), halted=asked.called)
    further = Further(chosen, told_now, works, answers, sought, workers)
    further.base = further.selection()
    if later is None or asked.called or not base.chosen:
        return further.base
    return further.run(later)


def why_not(
    problem: SelectionProblem, request: str, *, seed: int = 1, effort: float = EFFORT
) -> Excluded | None:
    """Return what it would take to include one request, exactly if the effort suffices; None if chosen."""
    ordered = in_order(problem)
    search = SelectionSearch(ordered, held(ordered), seed=seed)
    found = search.best(effort=effort)
    if found.chosen is None:
        return None
    if found.proved:
        found = replace(found, chosen=search.draw(effort=min(effort, DRAW_EFFORT)).chosen)
    number = [one.id for one in ordered.requests].index(request)
    if number in (found.chosen or ()):
        return None
    chosen = ComparedChoice(ordered, search, found, (), seed)
    return explained(chosen, number, narrow_first(chosen, number, effort=effort))


def told(problem: SelectionProblem, found: BestChoice, seed: int) -> SelectionAnswer:
    """Return the choice as checked; raises if the checker finds a binding condition broken."""
    requests = [problem.requests[number] for number in sorted(found.chosen or ())]
    requests.sort(key=lambda one: -one.points)
    chosen = tuple(one.id for one in requests)
    require_kept(problem, chosen)
    gap = (found.bound - found.score) / found.bound if found.bound else 0.0
    return SelectionAnswer(
        status=ChoiceStatus.OPTIMAL if found.proved else ChoiceStatus.FEASIBLE,
        chosen=chosen,
        score=score_of(problem, chosen),
        bound=found.bound / POINT,
        gap=gap,
        standings=judge(problem, chosen),
        findings=preflight(problem),
        seed=seed,
    )


def score_of(problem: SelectionProblem, chosen: Collection[str]) -> float:
    inside = frozenset(chosen)
    return sum(one.points for one in problem.requests if one.id in inside) / POINT


def without_choice(
    problem: SelectionProblem, found: BestChoice, *, seed: int, effort: float, halted: bool
) -> SelectionAnswer:
    conflict = None if halted else conflict_of(problem, held(problem), seed=seed, effort=effort)
    impossible = found.proved or conflict is not None
    return SelectionAnswer(
        status=ChoiceStatus.INFEASIBLE if impossible else ChoiceStatus.UNKNOWN,
        chosen=(),
        score=None,
        bound=None,
        gap=None,
        conflict=conflict,
        findings=preflight(problem),
        seed=seed,
        effort=round(found.effort, 3),
        halted=halted,
    )
