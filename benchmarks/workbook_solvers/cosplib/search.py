"""The best solution so far, the clock, and one run of CP-SAT under it."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from workbook_solvers.books import BookProgress, BookReport, Budget
from workbook_solvers.cosplib.arrange import arrange
from workbook_solvers.cosplib.evaluate import evaluate
from workbook_solvers.cosplib.frozen import Cell, Housing, copies_of
from workbook_solvers.cosplib.model import CellModel
from workbook_solvers.cosplib.problem import Conference, Place, Places
from workbook_solvers.cosplib.settle import Conflicts, settle

WORKERS = 8  # more strategies at once find and prove more in the same CPU time than two, on two cores, too
PATIENCE_IN_ALL = (
    2  # where nobody can see that a run has found nothing for long, it ends after so much of that
)
GLANCE = 0.1  # seconds between two looks at the clock

# What work takes in CPU-seconds of a usual machine, where it is counted instead of timed.
OF_DETERMINISTIC = 1.6  # a deterministic second of CP-SAT
OF_CONSTRAINT = 3e-5  # building a constraint and handing it over
OF_PLACING = 1e-5  # arranging, settling and judging a submission


class Incumbent:
    """What is best by the evaluator. Nothing else decides."""

    def __init__(self, conference: Conference, budget: Budget, report: BookReport | None) -> None:
        self.conference = conference
        self.budget = budget
        self.report = report
        self.conflicts = Conflicts(conference)
        self.places: Places = [None] * len(conference.submissions)
        self.verdict = evaluate(conference, self.places)
        self.bound: int | None = None
        self.changed = 0.0  # the CPU time of the last improvement

    @property
    def housing(self) -> dict[int, Cell]:
        return {number: (place.session, place.room) for number, place in self.placed()}

    def placed(self) -> list[tuple[int, Place]]:
        return [(number, place) for number, place in enumerate(self.places) if place is not None]

    def parallel(self) -> dict[int, int]:
        """The most rooms that each track holds in one session."""
        held: dict[int, int] = {}
        for (track, _), copy in copies_of(self.conference, self.housing).items():
            held[track] = max(held.get(track, 0), copy + 1)
        return held

    @property
    def cost(self) -> int:
        return self.verdict.cost

    @property
    def complete(self) -> bool:
        return not self.verdict.unplaced

    @property
    def proved(self) -> bool:
        return self.complete and self.bound is not None and self.bound >= self.cost

    def offer(self, housing: Housing, step: str) -> bool:
        """Take it if it is as good; say whether it is better."""
        self.budget.spend(OF_PLACING * len(self.places))
        places = settle(self.conference, arrange(self.conference, housing), self.conflicts)
        return self.offer_places(places, step)

    def offer_places(self, places: Places, step: str) -> bool:
        verdict = evaluate(self.conference, places)
        if verdict.broken or verdict.score > self.verdict.score:
            return False
        better = verdict.score < self.verdict.score
        self.places, self.verdict = places, verdict
        if better:
            if self.bound is not None and verdict.cost < self.bound:
                self.bound = None  # it was proved within limits that this one does not keep
            self.changed = self.budget.clock()
            self.tell(step)
        return better

    def raise_bound(self, bound: int, step: str) -> None:
        lower = max(0, min(bound, self.cost))
        if self.complete and (self.bound is None or lower > self.bound):
            self.bound = lower
            self.tell(step)

    def tell(self, step: str) -> None:
        if self.report is None:
            return
        left = "" if self.complete else f" with {len(self.verdict.unplaced)} unplaced"
        gap = None if self.bound is None or not self.cost else (self.cost - self.bound) / self.cost
        bound = None if self.bound is None else str(self.bound)
        self.report(BookProgress(step, f"{self.cost}{left}", bound, gap, round(self.budget.clock(), 1)))


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of CP-SAT came to."""

    housing: dict[int, Cell] | None
    bound: float
    proved: bool  # nothing better, or nothing at all
    seconds: float  # of CPU


class Watch:
    """Ends a run by the CPU clock, when somebody says stop, or when it has not got better for long."""

    def __init__(
        self, incumbent: Incumbent, solver: cp_model.CpSolver, seconds: float, patience: float
    ) -> None:
        self.incumbent = incumbent
        self.solver = solver
        self.begun = incumbent.budget.clock()
        self.until = self.begun + seconds
        self.patience = patience
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        budget = self.incumbent.budget
        while not self._done.wait(GLANCE):
            now = budget.clock()
            idle = now - max(self.begun, self.incumbent.changed)
            if budget.left <= 0 or now > self.until or idle > self.patience:
                self.solver.stop_search()


class Found(cp_model.CpSolverSolutionCallback):
    def __init__(self, take: Callable[[dict[int, Cell]], object], model: CellModel) -> None:
        super().__init__()
        self.take = take
        self.cells = model

    def on_solution_callback(self) -> None:
        self.take(self.cells.housing(self.boolean_value))


def run_model(
    incumbent: Incumbent,
    cells: CellModel,
    step: str,
    *,
    seed: int,
    seconds: float,
    patience: float = float("inf"),
    effort: float | None = None,
    on_bound: Callable[[float], None] | None = None,
) -> Run:
    """Run CP-SAT with all workers, or with one and a deterministic effort; offer all it finds.

    Where the budget counts work, the workers wait for each other, and nothing but work ends the run. What
    they find on the way comes in the order of chance then, so only the last solution is offered.
    """
    budget = incumbent.budget
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed
    solver.parameters.catch_sigint_signal = False  # the command line hears it
    solver.parameters.num_workers = WORKERS if effort is None else 1
    if budget.repeatable:
        solver.parameters.interleave_search = effort is None
        solver.parameters.interleave_batch_size = WORKERS  # how far a run may go beyond its effort
        budget.spend(OF_CONSTRAINT * len(cells.model.proto.constraints))
        most = min(seconds, PATIENCE_IN_ALL * patience, budget.left) / OF_DETERMINISTIC
        effort = min(effort or math.inf, most)
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    if on_bound is not None:
        solver.best_bound_callback = on_bound
    begun = budget.clock()
    found = None if budget.repeatable else Found(lambda housing: incumbent.offer(housing, step), cells)
    with Watch(incumbent, solver, seconds, patience):
        status = solver.solve(cells.model, found)
    budget.spend(solver.deterministic_time * OF_DETERMINISTIC)
    some = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    housing = cells.housing(solver.boolean_value) if some else None
    if budget.repeatable and housing is not None:
        incumbent.offer(housing, step)
    return Run(
        housing=housing,
        bound=solver.best_objective_bound,
        proved=status in {cp_model.OPTIMAL, cp_model.INFEASIBLE},
        seconds=budget.clock() - begun,
    )
