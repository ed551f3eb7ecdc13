"""Find and prove the best choice under given conditions, in integers.

1. Shares of the number chosen make the relaxation weak: 17 % of 331 is 56.27 and means 57. The search
   therefore branches on the number chosen in each scope of such shares; a share is then an integer.
2. In each part the linear relaxation bounds the score from above, and the reduced scores fix most requests
   given the best known choice. CP-SAT decides the rest: first the few most open ones, then all that remain
   open. The last step is the proof.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil, floor, gcd

import numpy as np
from ortools.sat.python import cp_model

from muntada.engines.arrays import IndexArray
from muntada.engines.halt import Halt
from muntada.engines.selection.matrix import SAFE, ConstraintMatrix, Relaxed, Vector, matrix_of, relaxed
from muntada.engines.selection.parts import (
    Queue,
    ScopeShares,
    Spans,
    is_share_of_sessions,
    scopes_of,
    share_rows,
)
from muntada.engines.selection.problem import Condition, SelectionProblem
from muntada.engines.selection.rows import ConditionRow, rows_of

FIRST_CORE = 80
CORE_GROWTH = 2.0
NARROW_GROWTH = 1.3  # if a small gap is allowed, a larger core costs more than it finds
LP_EFFORT = 0.02  # deterministic seconds charged per relaxation
NO_SCORE = -1
LOTS = 1000


@dataclass(frozen=True, slots=True)
class BestChoice:
    """The best choice as request numbers, with scores in thousandths; or none exists, or none is known.

    Nothing scores more than `bound`. `proved` means nothing is open: with `chosen` None, no choice
    above the requested score exists.
    """

    chosen: frozenset[int] | None
    score: int
    bound: int
    proved: bool
    effort: float


class SelectionSearch:
    """The constant data of a search under these conditions."""

    def __init__(
        self,
        problem: SelectionProblem,
        conditions: Iterable[Condition],
        *,
        seed: int,
        more: Iterable[ConditionRow] = (),
        halt: Halt | None = None,
    ) -> None:
        self.problem = problem
        self.seed = seed
        self.halt = halt or Halt()
        self.size = len(problem.requests)
        points = [request.points for request in problem.requests]
        self.unit = gcd(*points) or 1
        self.profits = np.array([value // self.unit for value in points], dtype=float)
        held = list(conditions)
        shares = [one for one in held if is_share_of_sessions(one)]
        self.rows = [row for one in held if one not in shares for row in rows_of(problem, one)]
        self.rows.extend(more)
        self.scopes = scopes_of(problem, shares)
        self.left, self.slack = 0.0, 0
        # the open parts without fixed requests; later searches start from them
        self.frontier = [ScopeShares(tuple((0, len(scope.members)) for scope in self.scopes), None)]

    # ---- search over the sizes of the scopes

    def best(
        self,
        *,
        effort: float,
        inside: Collection[int] = (),
        known: Collection[int] | None = None,
        below: int | None = None,
        slack: int = 0,
    ) -> BestChoice:
        """Find the best choice with all of `inside`.

        `known` is a valid choice; `below` is a proved upper bound in thousandths, so a choice with that
        score ends the search. With `slack` in thousandths, the search ends when nothing can exceed the
        result by more; `bound` is then at most the score plus the slack.
        """
        self.left, self.slack = effort, slack // self.unit
        self.inside = frozenset(inside)
        self.chosen = None if known is None else frozenset(known)
        self.score = NO_SCORE if known is None else self.score_of(known)
        ceiling = float("inf") if below is None else below // self.unit
        parts = Queue(self.frontier, self.inside)
        closed: list[ScopeShares] = []
        while parts and self.score < ceiling and parts.bound >= self.wanted - SAFE:
            if self.is_spent:
                break
            part = parts.pop()
            matrix = self.matrix(part.spans)
            self.left -= LP_EFFORT
            relaxation = relaxed(matrix, self.profits, self.inside)
            if relaxation is None:
                continue
            part = ScopeShares(part.spans, relaxation, part.most)
            at = next((at for at, (low, high) in enumerate(part.spans) if low < high), None)
            if at is not None and part.bound(self.inside) >= self.wanted - SAFE:
                for spans in self.divided(part.spans, at, relaxation):
                    parts.push(ScopeShares(spans, relaxation, part.most))
                continue
            if at is None:
                part = replace(part, most=min(part.most, self.finish(matrix, relaxation)))
            closed.append(part)
        left = [*closed, *parts.rest()]
        if not self.inside:
            self.frontier = left
        highest = max((part.bound(self.inside) for part in left), default=NO_SCORE)
        return self.found(min(highest, ceiling), effort)

    @property
    def wanted(self) -> int:
        """Return the smallest score still of interest."""
        return self.score + 1 + (0 if self.chosen is None else self.slack)

    @property
    def is_spent(self) -> bool:
        return self.left <= 0 or self.halt.called

    def bound_with(self, number: int) -> int:
        """Return a known upper bound of the score with this request, in thousandths."""
        highest = max((part.bound({number}) for part in self.frontier), default=0.0)
        return floor(max(0.0, min(highest, float(self.profits.sum()))) + SAFE) * self.unit

    def found(self, missed: float, effort: float) -> BestChoice:
        highest = min(missed, float(self.profits.sum()))
        bound = max(self.score, floor(highest + SAFE))
        return BestChoice(
            self.chosen,
            self.score * self.unit,
            bound * self.unit,
            proved=bound <= self.score,
            effort=effort - self.left,
        )

    def score_of(self, chosen: Collection[int]) -> int:
        return int(self.profits[sorted(chosen)].sum())

    def divided(self, spans: Spans, at: int, relaxation: Relaxed) -> Iterable[Spans]:
        """Divide by the number that the relaxation chooses: equal, fewer, more."""
        low, high = spans[at]
        middle = round(float(relaxation.values[sorted(self.scopes[at].members)].sum()))
        middle = min(max(middle, low), high)
        for span in ((middle, middle), (low, middle - 1), (middle + 1, high)):
            if span[0] <= span[1]:
                yield (*spans[:at], span, *spans[at + 1 :])

    def matrix(self, spans: Sequence[tuple[int, int]]) -> ConstraintMatrix:
        rows = list(self.rows)
        for scope, (low, high) in zip(self.scopes, spans, strict=True):
            rows.append(ConditionRow("", dict.fromkeys(sorted(scope.members), 1), least=low, most=high))
            for share in scope.shares:
                rows.extend(
                    share_rows(self.problem, share, low) if low == high else rows_of(self.problem, share)
                )
        return matrix_of(rows, self.size)

    # ---- ties

    def draw(self, *, effort: float) -> BestChoice:
        """Among the choices with the optimal score, find the one with the highest sum of lots.

        The lot of each request depends on the seed and its id, so ties depend neither on the order of the
        file nor on the solver. `proved` means that the draw was completed.
        """
        self.left = effort
        lots = [lot(self.seed, request.id) for request in self.problem.requests]
        drawn, settled = -1, True
        for part in self.ties():
            free = part[1].open_requests(self.score)
            outcome, total = self.decide(*part, free, lots=lots, above=drawn)
            drawn = max(drawn, total)
            settled &= outcome in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        score = self.score * self.unit
        return BestChoice(self.chosen, score, score, proved=settled, effort=effort - self.left)

    def ties(self) -> Iterable[tuple[ConstraintMatrix, Relaxed]]:
        """Yield the parts, with every scope fixed, in which a choice can reach the optimal score."""
        parts = [part for part in self.frontier if part.bound(()) >= self.score - SAFE]
        while parts:
            part = parts.pop()
            matrix = self.matrix(part.spans)
            relaxation = relaxed(matrix, self.profits)
            self.left -= LP_EFFORT
            if relaxation is None or relaxation.bound < self.score - SAFE:
                continue
            at = next((at for at, (low, high) in enumerate(part.spans) if low < high), None)
            if at is None:
                yield matrix, relaxation
            else:
                parts.extend(
                    ScopeShares(spans, relaxation) for spans in self.divided(part.spans, at, relaxation)
                )

    # ---- completing one part

    def finish(self, matrix: ConstraintMatrix, relaxation: Relaxed) -> float:
        """Search this part until no better choice is left; return its upper bound."""
        size = FIRST_CORE
        while relaxation.bound >= self.wanted - SAFE:
            still = relaxation.open_requests(self.wanted)
            free = still[:size]
            outcome, bound = self.decide(matrix, relaxation, free)
            whole = len(free) == len(still)
            if outcome not in (cp_model.OPTIMAL, cp_model.INFEASIBLE):
                return min(bound, relaxation.bound) if whole else relaxation.bound
            if whole:
                return self.score if outcome == cp_model.OPTIMAL else self.wanted - 1
            if len(relaxation.open_requests(self.wanted)) > size:
                size = ceil(size * (NARROW_GROWTH if self.slack else CORE_GROWTH))
        return relaxation.bound

    def decide(
        self,
        matrix: ConstraintMatrix,
        relaxation: Relaxed,
        free: IndexArray,
        *,
        lots: Sequence[int] | None = None,
        above: int = -1,
    ) -> tuple[cp_model.CpSolverStatus, int]:
        """Decide these requests with CP-SAT, and keep a better result.

        Without `lots`, better means a higher score, and its bound is returned. With `lots`, it means the
        same score with a sum of lots above `above`, and that sum is returned.
        """
        base = relaxation.start.copy()
        base[free] = False
        model = cp_model.CpModel()
        taken = {int(number): model.new_bool_var("") for number in sorted(free)}
        hold(model, matrix, taken, matrix.limits - matrix.coefficients @ base)
        already = int(self.profits[base].sum())
        worth = total(taken, self.profits)
        if lots is None:
            model.add(worth >= self.wanted - already)
            model.maximize(worth)
        else:
            already = int(np.array(lots)[base].sum())
            model.add(worth >= self.score - int(self.profits[base].sum()))
            model.add(total(taken, lots) >= above + 1 - already)
            model.maximize(total(taken, lots))
        if self.chosen is not None:
            for number, variable in taken.items():
                model.add_hint(variable, number in self.chosen)
        solver = solver_for(self.seed, self.left)
        # Presolving halves the deepest proofs, and doubles those in which little is open.
        solver.parameters.cp_model_presolve = not self.slack
        with self.halt.watching(solver):
            outcome = solver.solve(model)
        self.left -= max(solver.response_proto.deterministic_time, LP_EFFORT)
        if outcome not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return outcome, above if lots else already + floor(solver.best_objective_bound + SAFE)
        added = {number for number, variable in taken.items() if solver.boolean_value(variable)}
        self.chosen = frozenset(np.flatnonzero(base).tolist()) | added
        self.score = self.score_of(self.chosen)
        reached = solver.objective_value if lots else solver.best_objective_bound
        return outcome, already + floor(reached + SAFE)


def hold(
    model: cp_model.CpModel, matrix: ConstraintMatrix, taken: Mapping[int, cp_model.IntVar], limits: Vector
) -> None:
    """Add every constraint that these requests could break to the model."""
    for (weights, _), limit in zip(matrix.rows, limits, strict=True):
        terms = {number: weight for number, weight in weights.items() if number in taken}
        if sum(weight for weight in terms.values() if weight > 0) > limit:
            line = cp_model.LinearExpr.weighted_sum([taken[one] for one in terms], list(terms.values()))
            model.add(line <= round(limit))


def total(taken: Mapping[int, cp_model.IntVar], worth: Sequence[int] | Vector) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.weighted_sum(list(taken.values()), [int(worth[number]) for number in taken])


def lot(seed: int, name: str) -> int:
    return 1 + int.from_bytes(sha256(f"{seed}/{name}".encode()).digest()[:8]) % LOTS


def solver_for(seed: int, effort: float) -> cp_model.CpSolver:
    """One worker with a budget of work instead of time: the same answer everywhere."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2  # with level 1 the same cores took fifty times as long
    solver.parameters.max_deterministic_time = max(effort, 0.001)
    return solver


def in_order(problem: SelectionProblem) -> SelectionProblem:
    """Return the problem in an order independent of its input order."""
    return replace(
        problem,
        requests=tuple(sorted(problem.requests, key=lambda one: one.id)),
        capacities=tuple(sorted(problem.capacities, key=lambda one: one.id)),
        rules=tuple(sorted(problem.rules, key=lambda one: one.id)),
        pins=tuple(sorted(problem.pins, key=lambda one: one.id)),
        vetoes=tuple(sorted(problem.vetoes, key=lambda one: one.id)),
    )
