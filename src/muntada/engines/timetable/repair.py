"""After a change: the published timetable with as few sessions moved as possible."""

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
    """The problem as it is now and `problem.published` as it was: all sessions placed, then fewest moved.

    A session has moved when its slot or its room is another one. The wishes count only between timetables
    that move equally few.
    """
    return Search(problem, Effort(effort, seed, report, halt)).run()
