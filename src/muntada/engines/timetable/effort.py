"""One run of CP-SAT within a budget that gives the same answer on every machine.

The budget is in deterministic seconds, CP-SAT's measure of work, roughly seconds of computing.
There is one worker: several are repeatable only if they wait for each other, which costs what they
gain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from muntada.engines.halt import Halt
from muntada.engines.timetable.plan import SearchProgress

type ReportEffort = Callable[[SearchProgress], None]
type Starts = Callable[[Callable[[cp_model.IntVar], bool]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class EffortOutcome:
    found: bool
    value: int
    bound: int
    proved: bool  # the value is optimal, or infeasibility is proved
    holds: Callable[[cp_model.IntVar], bool]


class Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, effort: "Effort", tier: str, starts: "Starts | None") -> None:
        super().__init__()
        self.effort = effort
        self.tier = tier
        self.starts = starts

    def on_solution_callback(self) -> None:
        best, bound = round(self.objective_value), rounded_up(self.best_objective_bound)
        if self.starts is not None and self.effort.report is not None:
            starts = self.starts(self.boolean_value)
            clock = self.effort.clock + self.wall_time
            self.effort.tell(SearchProgress(self.tier, best, bound, clock, starts=starts))
        if self.effort.halt.called:  # the halt may have come before the search could be stopped
            self.stop_search()


class Effort:
    def __init__(self, seconds: float, seed: int, report: ReportEffort | None, halt: Halt | None) -> None:
        self.seconds = seconds
        self.seed = seed
        self.spent = 0.0
        self.clock = 0.0
        self.report = report
        self.halt = halt or Halt()

    @property
    def left(self) -> float:
        return 0.0 if self.halt.called else max(0.0, self.seconds - self.spent)

    def tell(self, progress: SearchProgress) -> None:
        if self.report is not None:
            self.report(replace(progress, effort=round(progress.effort, 3)))

    def spend(self, seconds: float) -> None:
        """Charge work done outside CP-SAT, at its cost on a typical machine."""
        self.spent += seconds
        self.clock += seconds

    def run(
        self, model: cp_model.CpModel, tier: str, seconds: float, starts: "Starts | None" = None
    ) -> EffortOutcome:
        """Minimize within `seconds` or the rest of the budget.

        `starts` extracts the start of each session from a solution, for progress reports.
        """
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed
        solver.parameters.max_deterministic_time = min(seconds, self.left)
        # The domains are tight and the hint is a complete solution. Presolving and following the hint took
        # three times as long as the search (docs/engines/timetable.md).
        solver.parameters.cp_model_presolve = False
        solver.parameters.hint_conflict_limit = 0
        with self.halt.watching(solver):
            status = solver.solve(model, Listener(self, tier, starts))
        self.spent += solver.deterministic_time
        self.clock += solver.wall_time
        found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
        return EffortOutcome(
            found=found,
            value=round(solver.objective_value) if found else 0,
            bound=rounded_up(solver.best_objective_bound),
            proved=status in {cp_model.OPTIMAL, cp_model.INFEASIBLE},
            holds=solver.boolean_value,
        )


def rounded_up(bound: float) -> int:
    """Round a bound up: costs are integers, so a bound of 3.2 excludes everything below 4."""
    nearest = round(bound)
    return nearest if abs(bound - nearest) < 1e-6 else int(-(-bound // 1))  # noqa: PLR2004 - rounding of a float
