"""Evaluate any timetable by the rules, independently of the solver."""

from collections.abc import Sequence

from muntada.engines.timetable.layout import Layout
from muntada.engines.timetable.plan import Tier, TimetableAssessment, TimetableScore
from muntada.engines.timetable.problem import PlacementSpec, TimetableProblem
from muntada.engines.timetable.rules.book import Rulebook


def evaluate(problem: TimetableProblem, placements: Sequence[PlacementSpec]) -> TimetableAssessment:
    """Return violations and score of these placements; an unknown place raises `TimetableFault`."""
    layout = Layout(problem)
    placed = [layout.placed(placement) for placement in placements]
    rules = Rulebook(problem).in_force
    violations = tuple(violation for rule in rules for violation in rule.violations(layout, placed))
    standing = {one.session.id for one in placed}
    unplaced = tuple(session.id for session in problem.sessions if session.id not in standing)
    cost = dict.fromkeys(Tier, 0)
    for violation in violations:
        cost[violation.tier] += violation.cost
    score = TimetableScore(
        locked_out=sum(layout.sessions[name].locked is not None for name in unplaced),
        unplaced=len(unplaced),
        moved=cost[Tier.MOVE],
        wishes=cost[Tier.WISH],
        fit=cost[Tier.FIT],
    )
    return TimetableAssessment(score, violations, unplaced)
