"""Repair a published timetable after changes, moving as few sessions as possible."""

from muntada.engines.halt import Halt
from muntada.engines.timetable.effort import Effort, Report
from muntada.engines.timetable.plan import Plan
from muntada.engines.timetable.problem import Problem
from muntada.engines.timetable.solve import EFFORT, Search


def repair(
    problem: Problem,
    *,
    seed: int = 1,
    effort: float = EFFORT,
    report: Report | None = None,
    halt: Halt | None = None,
) -> Plan:
    """Place all sessions of the current problem with the fewest moves from `problem.published`.

    A session has moved if its slot or room differs. Wishes are compared only between timetables with
    equally few moves.
    """
    return Search(problem, Effort(effort, seed, report, halt)).run()
