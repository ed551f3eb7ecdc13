"""Repair a published timetable after changes, moving as few sessions as possible."""

from muntada.engines.halt import Halt
from muntada.engines.timetable.effort import Effort, ReportEffort
from muntada.engines.timetable.plan import TimetablePlan
from muntada.engines.timetable.problem import TimetableProblem
from muntada.engines.timetable.solve import EFFORT, TimetableSearch


def repair(
    problem: TimetableProblem,
    *,
    seed: int = 1,
    effort: float = EFFORT,
    report: ReportEffort | None = None,
    halt: Halt | None = None,
) -> TimetablePlan:
    """Place all sessions of the current problem with the fewest moves from `problem.published`.

    A session has moved if its slot or room differs. Wishes are compared only between timetables with
    equally few moves.
    """
    return TimetableSearch(problem, Effort(effort, seed, report, halt)).run()
