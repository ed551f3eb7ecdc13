"""Adapter of the selection solver, loaded only by workers and commands."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from muntada.engines import halt as halting
from muntada.engines.selection.answer import Advance, SelectionAnswer
from muntada.engines.selection.further import Later
from muntada.engines.selection.problem import BalanceRule, Unit
from muntada.engines.selection.select import EFFORT, ReportSelection, select
from muntada.programme.selection.adapter.selection import Problem
from muntada.programme.selection.rules.selections import ANYBODY, SOMEBODY_CHOSEN

# Stops the solver from another thread; it returns its best result so far.
HaltSelection = halting.Halt


@dataclass(frozen=True)
class News:
    """A selection that is made, and how much of what it says is exact by now, as both are stored."""

    result: dict[str, Any]
    advance: dict[str, int]
    is_complete: bool


def choose(
    problem: Problem,
    *,
    seed: int,
    report: ReportSelection | None = None,
    halt: HaltSelection | None = None,
    further: float = 0.0,
    tell: Callable[[News], None] | None = None,
) -> dict[str, Any]:
    """Run the selection and return the result as plain values.

    `further` is the effort for refining costs and prices; `tell` gets progress, first the selection
    itself.
    """
    later = Later(further, lambda made, advance: tell(_news(made, advance))) if tell else None
    found = select(problem, seed=seed, effort=EFFORT, report=report, halt=halt, later=later)
    if found.score is None or found.chosen:
        return dict(asdict(found))
    # Where nobody is chosen every share is kept, which helps nobody: it is asked which rules leave nobody.
    found = select(_with_somebody(problem), seed=seed, effort=EFFORT, report=report, halt=halt)
    said = dict(asdict(found))
    if found.conflict:
        said["conflict"]["reasons"] = [_plain(one) for one in said["conflict"]["reasons"]]
    return said


def _news(made: SelectionAnswer, advance: Advance) -> News:
    said = {
        "requests": advance.requests,
        "requests_exact": advance.requests_exact,
        "prices": advance.prices,
        "prices_exact": advance.prices_exact,
    }
    return News(dict(asdict(made)), said, advance.is_complete)


def _with_somebody(problem: Problem) -> Problem:
    group = frozenset({ANYBODY})
    requests = tuple(replace(one, groups={**one.groups, ANYBODY: group}) for one in problem.requests)
    somebody = BalanceRule(id=ANYBODY, scheme=ANYBODY, groups=group, least=1, unit=Unit.NUMBER)
    return replace(problem, requests=requests, rules=(*problem.rules, somebody))


def _plain(reason: dict[str, Any]) -> dict[str, Any]:
    is_ours = reason["params"].get("scheme") == ANYBODY
    return {"sentence": SOMEBODY_CHOSEN, "params": {}} if is_ours else reason
