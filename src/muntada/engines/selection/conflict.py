"""Find a smallest set of conditions that cannot be kept together, verified by solving again.

The smallest set is found with hitting sets (A. Ignatiev, A. Previti, M. Liffiton and J.
Marques-Silva, *Smallest MUS extraction with minimal hitting set dualization*, CP 2015): the
smallest set that hits every known way to make the conditions feasible is tested. If it is
infeasible, it is a smallest conflict; otherwise it grows to a maximal feasible set, whose
complement is another set to hit.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from muntada.engines.reasons import Reason
from muntada.engines.selection.answer import RuleConflict
from muntada.engines.selection.matrix import matrix_of, relaxed
from muntada.engines.selection.problem import Apportionment, Condition, SelectionProblem
from muntada.engines.selection.rows import ConditionRow, places_of, rows_of
from muntada.engines.selection.search import LP_EFFORT, hold, solver_for
from muntada.engines.selection.sentences import demands


@dataclass
class Trial:
    """Tests which sets of conditions are feasible, within a budget."""

    problem: SelectionProblem
    conditions: Sequence[Condition]
    inside: frozenset[int]
    seed: int
    left: float

    def __post_init__(self) -> None:
        self.rows = [rows_of(self.problem, one) for one in self.conditions]
        self.answers: dict[frozenset[int], bool | None] = {}

    def possible(self, kept: Collection[int]) -> bool | None:
        """Return whether some choice keeps these conditions; None if the budget is used up."""
        key = frozenset(kept)
        if key not in self.answers:
            self.answers[key] = self.solved([row for number in sorted(key) for row in self.rows[number]])
        return self.answers[key]

    def solved(self, rows: list[ConditionRow]) -> bool | None:
        if self.left <= 0:
            return None
        size = len(self.problem.requests)
        matrix = matrix_of(rows, size)
        self.left -= LP_EFFORT
        if relaxed(matrix, np.zeros(size), self.inside) is None:
            return False
        model = cp_model.CpModel()
        taken = {number: model.new_bool_var("") for number in range(size)}
        hold(model, matrix, taken, matrix.limits)
        for number in sorted(self.inside):
            model.add(taken[number] == 1)
        solver = solver_for(self.seed, self.left)
        outcome = solver.solve(model)
        self.left -= max(solver.response_proto.deterministic_time, LP_EFFORT)
        return {cp_model.OPTIMAL: True, cp_model.FEASIBLE: True, cp_model.INFEASIBLE: False}.get(outcome)


def conflict_of(
    problem: SelectionProblem,
    conditions: Iterable[Condition],
    *,
    seed: int,
    effort: float,
    inside: Collection[int] = (),
) -> RuleConflict | None:
    """Return a smallest set of conditions that cannot be kept together; None if none was found."""
    trial = Trial(problem, list(conditions), frozenset(inside), seed, effort)
    everything = range(len(trial.conditions))
    if trial.possible(everything) is not False:
        return None
    core = minimal(trial, everything)
    smallest = smaller(trial, core)
    kept = smallest if smallest is not None else core
    named = [trial.conditions[number] for number in kept]
    return RuleConflict(
        conditions=tuple(one.id for one in named),
        smallest=smallest is not None,
        reasons=tuple(reason for one in named for reason in told(problem, one)),
    )


def told(problem: SelectionProblem, condition: Condition) -> Iterable[Reason]:
    places = places_of(problem, condition) if isinstance(condition, Apportionment) else 0
    return demands(condition, places=places)


def minimal(trial: Trial, numbers: Iterable[int]) -> list[int]:
    """Drop one condition after the other while the rest stays infeasible."""
    core = list(numbers)
    for number in list(core):
        rest = [other for other in core if other != number]
        if trial.possible(rest) is False:
            core = rest
    return core


def smaller(trial: Trial, core: list[int]) -> list[int] | None:
    """Return a smallest infeasible set; None if the budget is used up."""
    ways: list[frozenset[int]] = []
    everything = range(len(trial.conditions))
    while True:
        hitting = smallest_hitting(ways, trial.seed)
        if len(hitting) >= len(core):
            return core
        possible = trial.possible(hitting)
        if possible is None:
            return None
        if not possible:
            return hitting
        grown = set(hitting)
        for number in everything:
            if number not in grown and trial.possible(grown | {number}) is not False:
                grown.add(number)
        ways.append(frozenset(everything) - grown)


def smallest_hitting(ways: Iterable[frozenset[int]], seed: int) -> list[int]:
    """Return the fewest numbers that hit every set."""
    model = cp_model.CpModel()
    sets = list(ways)
    used = {number: model.new_bool_var("") for number in sorted(set().union(*sets))}
    for way in sets:
        model.add_bool_or(used[number] for number in sorted(way))
    model.minimize(sum(used.values()))
    solver = solver_for(seed, 1.0)
    solver.solve(model)
    return [number for number, variable in used.items() if solver.boolean_value(variable)]
