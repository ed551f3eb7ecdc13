"""The best choice under some conditions, found and proved in whole numbers.

1. Shares "of all that is chosen" are what makes the relaxation weak: 17 % of 331 are 56.27 and mean 57. So
   the search branches on how many are chosen, for each scope of such shares; with that number settled, the
   share is a whole number.
2. In each part the linear relaxation bounds the score from above, and with the best choice known its reduced
   scores settle most requests. CP-SAT decides about the rest: first about the few most open ones, then about
   all that the reduced scores cannot settle. The last step is the proof.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil, floor, gcd

import numpy as np
from ortools.sat.python import cp_model

from muntada.engines.halt import Halt
from muntada.engines.selection.matrix import SAFE, Matrix, Numbers, Relaxed, Vector, matrix_of, relaxed
from muntada.engines.selection.parts import Part, Queue, Spans, is_share_of_sessions, scopes_of, share_rows
from muntada.engines.selection.problem import Condition, Problem
from muntada.engines.selection.rows import Row, rows_of

FIRST_CORE = 80
CORE_GROWTH = 2.0
NARROW_GROWTH = 1.3  # where the last hundredths are left open a larger core costs more than it finds
LP_EFFORT = 0.02  # deterministic seconds that one relaxation is counted for
NO_SCORE = -1
LOTS = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice there is, by numbers of requests, in thousandths; or that there is none, or not yet.

    Nothing scores more than `bound`. `proved` says that nothing is left open: with `chosen` None that no
    choice (scoring more than was asked for) exists.
    """

    chosen: frozenset[int] | None
    score: int
    bound: int
    proved: bool
    effort: float


class Search:
    """Everything that stays the same while a choice is looked for under these conditions."""

    def __init__(
        self,
        problem: Problem,
        conditions: Iterable[Condition],
        *,
        seed: int,
        more: Iterable[Row] = (),
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
        # what is left of the search without anybody inside: later ones begin there
        self.frontier = [Part(tuple((0, len(scope.members)) for scope in self.scopes), None)]

    # ---- the search over the sizes of the scopes

    def best(
        self,
        *,
        effort: float,
        inside: Collection[int] = (),
        known: Collection[int] | None = None,
        below: int | None = None,
        slack: int = 0,
    ) -> Found:
        """Look for the best choice with all of `inside`.

        `known` is a choice that keeps everything; `below` is a score in thousandths that none is above, so
        that a choice with it ends the search. With `slack` thousandths it ends as soon as nothing is more
        than that above what was found: then `bound` is the score and the slack, or less.
        """
        self.left, self.slack = effort, slack // self.unit
        self.inside = frozenset(inside)
        self.chosen = None if known is None else frozenset(known)
        self.score = NO_SCORE if known is None else self.score_of(known)
        ceiling = float("inf") if below is None else below // self.unit
        parts = Queue(self.frontier, self.inside)
        closed: list[Part] = []
        while parts and self.score < ceiling and parts.bound >= self.wanted - SAFE:
            if self.is_spent:
                break
            part = parts.pop()
            matrix = self.matrix(part.spans)
            self.left -= LP_EFFORT
            relaxation = relaxed(matrix, self.profits, self.inside)
            if relaxation is None:
                continue
            part = Part(part.spans, relaxation, part.most)
            at = next((at for at, (low, high) in enumerate(part.spans) if low < high), None)
            if at is not None and part.bound(self.inside) >= self.wanted - SAFE:
                for spans in self.divided(part.spans, at, relaxation):
                    parts.push(Part(spans, relaxation, part.most))
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
        """The least score of a choice that is still looked for."""
        return self.score + 1 + (0 if self.chosen is None else self.slack)

    @property
    def is_spent(self) -> bool:
        return self.left <= 0 or self.halt.called

    def bound_with(self, number: int) -> int:
        """What no choice with this request scores more than, in thousandths, by what is known already."""
        highest = max((part.bound({number}) for part in self.frontier), default=0.0)
        return floor(max(0.0, min(highest, float(self.profits.sum()))) + SAFE) * self.unit

    def found(self, missed: float, effort: float) -> Found:
        highest = min(missed, float(self.profits.sum()))
        bound = max(self.score, floor(highest + SAFE))
        return Found(
            self.chosen,
            self.score * self.unit,
            bound * self.unit,
            proved=bound <= self.score,
            effort=effort - self.left,
        )

    def score_of(self, chosen: Collection[int]) -> int:
        return int(self.profits[sorted(chosen)].sum())

    def divided(self, spans: Spans, at: int, relaxation: Relaxed) -> Iterable[Spans]:
        """As many as the relaxation takes; fewer; more."""
        low, high = spans[at]
        middle = round(float(relaxation.values[sorted(self.scopes[at].members)].sum()))
        middle = min(max(middle, low), high)
        for span in ((middle, middle), (low, middle - 1), (middle + 1, high)):
            if span[0] <= span[1]:
                yield (*spans[:at], span, *spans[at + 1 :])

    def matrix(self, spans: Sequence[tuple[int, int]]) -> Matrix:
        rows = list(self.rows)
        for scope, (low, high) in zip(self.scopes, spans, strict=True):
            rows.append(Row("", dict.fromkeys(sorted(scope.members), 1), least=low, most=high))
            for share in scope.shares:
                rows.extend(
                    share_rows(self.problem, share, low) if low == high else rows_of(self.problem, share)
                )
        return matrix_of(rows, self.size)

    # ---- ties

    def draw(self, *, effort: float) -> Found:
        """Among the choices that score as high as the best, the one with the highest sum of lots.

        Each request has a lot from the seed and its id, so that equal scores are decided neither by the order
        of the file nor by the solver. `proved` says that the draw came to its end.
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
        return Found(self.chosen, score, score, proved=settled, effort=effort - self.left)

    def ties(self) -> Iterable[tuple[Matrix, Relaxed]]:
        """The parts, with every scope settled, in which a choice can score as high as the best."""
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
                parts.extend(Part(spans, relaxation) for spans in self.divided(part.spans, at, relaxation))

    # ---- one part, to its end

    def finish(self, matrix: Matrix, relaxation: Relaxed) -> float:
        """Look for better choices in this part until none is left; none scores more than the answer."""
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
        matrix: Matrix,
        relaxation: Relaxed,
        free: Numbers,
        *,
        lots: Sequence[int] | None = None,
        above: int = -1,
    ) -> tuple[cp_model.CpSolverStatus, int]:
        """Let CP-SAT decide about these requests alone, and keep what it finds if it is better.

        Better is a higher score, whose bound is returned; with `lots` as high a score with more than `above`
        lots in sum, which is returned.
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
        # It halves the deepest proofs, and doubles those in which little is open.
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
    model: cp_model.CpModel, matrix: Matrix, taken: Mapping[int, cp_model.IntVar], limits: Vector
) -> None:
    """Hold the model to every line that these requests could break."""
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
    """One worker with a budget of work, not of time: the same answer everywhere."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2  # at 1 the same cores took fifty times as long
    solver.parameters.max_deterministic_time = max(effort, 0.001)
    return solver


def in_order(problem: Problem) -> Problem:
    """The same problem in an order that does not depend on how it was given."""
    return replace(
        problem,
        requests=tuple(sorted(problem.requests, key=lambda one: one.id)),
        capacities=tuple(sorted(problem.capacities, key=lambda one: one.id)),
        rules=tuple(sorted(problem.rules, key=lambda one: one.id)),
        pins=tuple(sorted(problem.pins, key=lambda one: one.id)),
        vetoes=tuple(sorted(problem.vetoes, key=lambda one: one.id)),
    )
