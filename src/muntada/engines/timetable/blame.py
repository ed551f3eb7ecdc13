"""Find the smallest sets of rules that make it impossible to place all sessions.

First, `preflight` counts. Then one feasibility model requires every session to be placed, and every
instance of a rule (an absent person, a person in two sessions, suitable rooms, a lock, an order
...) has a literal that disables it. Times found by the model are passed to the room stage; missing
rooms come back as further instances (a set of rooms to count, a session that keeps its room) until
rooms are found for all, or none exist. CP-SAT's assumptions give a set of rules that cannot all
hold. A deletion filter (Chinneck, Feasibility and Infeasibility in Optimization, 2008, section 2.3)
removes every rule that is not needed for the conflict. The remainder is confirmed in a model of its
own before it is reported. Reported rules are disabled, and the search continues with the next set.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from muntada.engines.timetable.guarded import FixedRules, Guarded, Instance
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.plan import TimetableReason
from muntada.engines.timetable.preflight import preflight
from muntada.engines.timetable.problem import TimetableProblem
from muntada.engines.timetable.roomless import roomless
from muntada.engines.timetable.roomstage import Timed, assign_rooms
from muntada.engines.timetable.timestage import Needs

EFFORT = 10.0  # deterministic seconds, in total
MOST = 5  # sets of rules
MOST_ROUNDS = 40  # rounds of times and rooms
FIRST_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Blame:
    """Rules that cannot all hold if all sessions are placed; dropping any of them resolves this set.

    `counted` means that counting found the set; it then has a single reason.
    """

    reasons: tuple[TimetableReason, ...]
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    counted: bool = False


def blame(problem: TimetableProblem, *, effort: float = EFFORT) -> tuple[Blame, ...]:
    """Return the sets of rules that prevent a complete timetable; empty if there is none, or none was found.

    `effort` is in deterministic seconds, roughly seconds of computing. The same problem and effort give
    the same answer.
    """
    counted = tuple(
        Blame((finding.reason,), finding.sessions, finding.people, counted=True)
        for finding in preflight(problem)
    )
    if counted or not problem.sessions:
        return counted
    return tuple(Court(problem, effort).sentences())


class Court:
    def __init__(self, problem: TimetableProblem, effort: float) -> None:
        self.ground = FixedRules(Options(problem))
        self.needs = Needs(frozenset(), frozenset())
        self.left = effort

    def sentences(self) -> Iterator[Blame]:
        pardoned: set[Instance] = set()
        for _ in range(MOST):
            guilty = self.guilty(pardoned)
            if not guilty:
                return
            yield Blame(
                reasons=tuple(one.reason for one in guilty),
                sessions=tuple(dict.fromkeys(name for one in guilty for name in one.sessions)),
                people=tuple(dict.fromkeys(name for one in guilty for name in one.people)),
            )
            pardoned.update(guilty)

    def guilty(self, pardoned: Collection[Instance]) -> list[Instance]:
        """Return a minimal set of conflicting rules, without those already reported."""
        core = self.core(pardoned)
        if not core:
            return []
        kept = list(core)
        for one in core:
            without = [other for other in kept if other != one]
            if self.impossible(without):
                kept = without
        return kept if self.impossible(kept) else []

    def core(self, pardoned: Collection[Instance]) -> list[Instance]:
        """Return conflicting rules; empty if times and rooms are found, or nothing is proved."""
        for _ in range(MOST_ROUNDS):
            model = Guarded(self.ground, self.needs, pardoned=pardoned)
            model.model.add_assumptions(list(model.literals.values()))
            solver = self.solver(self.left * FIRST_SHARE)
            status = solver.solve(model.model)
            self.left -= solver.deterministic_time
            if status == cp_model.INFEASIBLE:
                named = {variable.index: one for one, variable in model.literals.items()}
                core = solver.sufficient_assumptions_for_infeasibility()
                return [named[index] for index in core if index in named]
            if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE} or not self.learn(model, solver):
                return []
        return []

    def learn(self, model: Guarded, solver: cp_model.CpSolver) -> bool:
        """Add what missing rooms teach about these times; return whether it is new."""
        timed = [
            Timed(number, choice.start, choice.room)
            for number, choices in enumerate(model.choices)
            for choice in choices
            if solver.boolean_value(choice.taken)
        ]
        rooming = assign_rooms(self.ground.options, timed)
        to_name = rooming.to_name and self.narrowed(timed, rooming.to_name)
        learned = Needs(self.needs.sets | rooming.broken_sets, self.needs.roomed | to_name)
        new = learned != self.needs
        self.needs = learned
        return new

    def narrowed(self, timed: Sequence[Timed], concerned: frozenset[int]) -> frozenset[int]:
        """Return those of the long and walking sessions without rooms that conflict with each other."""
        solver = self.solver(self.left * FIRST_SHARE)
        few = roomless(self.ground.options, timed, solver) & concerned
        self.left -= solver.deterministic_time
        return few if few - self.needs.roomed else concerned

    def impossible(self, rules: Sequence[Instance]) -> bool:
        """Return whether these rules alone conflict, in a model with nothing else."""
        model = Guarded(self.ground, self.needs, only=set(rules))
        solver = self.solver(max(0.0, self.left))
        status = solver.solve(model.model)
        self.left -= solver.deterministic_time
        return status == cp_model.INFEASIBLE

    def solver(self, seconds: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1  # with several workers there is no core (OR-tools 2563)
        solver.parameters.cp_model_presolve = False  # ten times as fast; no stray literals (5141)
        solver.parameters.max_deterministic_time = seconds
        return solver
