"""From a conference workbook to the best timetable that the budget allows, and back into the workbook."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from workbook_solvers.books import INFEASIBLE, BookPlan, BookProgress, BookReport, Budget
from workbook_solvers.conference.anneal import Gone, anneal
from workbook_solvers.conference.chain import has_room
from workbook_solvers.conference.costs import Costs, Numbers, costs_of
from workbook_solvers.conference.evaluate import Assessment, evaluate
from workbook_solvers.conference.problem import Conference, Place, Score
from workbook_solvers.conference.workbook import read_conference
from workbook_solvers.conference.write import solution_workbook

SMALL, MIDDLE = 40, 80  # talks
TELL = 1.0  # CPU-seconds between two reports
MOVE, MOVE_OF_PAIR = 1e-5, 1.2e-9  # CPU-seconds of a usual machine: a step, and for each talk and place
RESERVE = 0.2  # CPU-seconds kept for the last descent and for writing


@dataclass(frozen=True, slots=True)
class Solution:
    places: tuple[Place, ...]  # of each talk
    assessment: Assessment  # the evaluator's word
    moves: int


def solve(conference: Conference, *, seed: int, moves: int) -> Solution:
    """Solve with a budget of moves: the same conference, seed and budget give the same timetable."""

    def round_of(count: int, number: int) -> Gone:
        share = moves * (number + 1) // count - moves * number // count
        return lambda done: done / share if share else 1.0

    return _solved(conference, seed, round_of)


def without_pins(conference: Conference) -> Conference:
    """The same conference, in which a talk pinned by a user may move as the others do."""
    return replace(conference, talks=tuple(replace(talk, pinned=None) for talk in conference.talks))


def solve_book(
    path: Path, *, seed: int, budget: Budget, report: BookReport | None = None, keeps_pins: bool = False
) -> BookPlan:
    """Read a workbook and solve it within the CPU-seconds of the budget. BookFault if it cannot be used.

    Pins are outside the score, and published figures leave them out; `keeps_pins` holds them all the same.
    """
    given = read_conference(path)
    conference = given if keeps_pins else without_pins(given)

    def round_of(count: int, number: int) -> Gone:
        start = budget.clock()
        whole = (budget.left - RESERVE) / (count - number)
        step = _seconds_of_a_move(conference)

        def gone(done: int) -> float:
            if whole <= 0 or budget.left <= 0:
                return 1.0
            if budget.repeatable:
                budget.spend(start + done * step - budget.clock())
            return (budget.clock() - start) / whole

        return gone

    told = _Teller(conference, budget, report) if report else None
    solution = _solved(conference, seed, round_of, told)
    score = solution.assessment.score
    return BookPlan(
        score=score._asdict(),
        bound={"hard": 0, "medium": 0},
        status="feasible" if score.hard >= 0 else INFEASIBLE,
        terms=dict(_terms(solution.assessment)),
        unplaced=(),
        solution=solution_workbook(path, conference, solution.places),
        unpinned=tuple(
            talk.code
            for talk, place in zip(given.talks, solution.places, strict=True)
            if talk.pinned is not None and talk.pinned != place
        ),
    )


def _seconds_of_a_move(conference: Conference) -> float:
    """What a step of the search takes on a usual machine, where work is counted instead of timed."""
    return MOVE + MOVE_OF_PAIR * len(conference.talks) * len(conference.timeslots) * len(conference.rooms)


def _solved(
    conference: Conference, seed: int, round_of: Callable[[int, int], Gone], told: "_Teller | None" = None
) -> Solution:
    """The best of some rounds, by the evaluator. Few talks need many rounds, many talks one long one."""
    costs = _with_room_for_all(conference)
    size = len(conference.talks)
    rounds = 4 if size <= SMALL else 2 if size <= MIDDLE else 1
    best: Solution | None = None
    moves = 0
    for number in range(rounds):
        dice = np.random.default_rng((seed, number))
        report = told.hear(costs, number) if told else None
        found = anneal(costs, dice=dice, gone=round_of(rounds, number), report=report)
        places = tuple(costs.at[seat] for seat in found.seats)
        assessment = evaluate(conference, places)
        moves += found.moves
        if best is None or assessment.score > best.assessment.score:
            best = Solution(places, assessment, moves)
    assert best is not None  # noqa: S101 - there is at least one round
    return Solution(best.places, best.assessment, moves)


def _with_room_for_all(conference: Conference) -> Costs:
    """Where there are more talks than places, some must share one: that costs, and the score says it."""
    copies = 1
    while not has_room(costs := costs_of(conference, copies)):
        copies *= 2
    return costs


def _terms(assessment: Assessment) -> Iterator[tuple[str, int]]:
    """What each constraint adds to the score, in each tier in which it has a weight."""
    for line in assessment.lines:
        for tier, amount in line.score._asdict().items():
            if amount:
                yield f"{line.constraint} ({tier})", amount


class _Teller:
    """Tells the score of the best timetable so far, once in a while and only when it is better."""

    def __init__(self, conference: Conference, budget: Budget, report: BookReport) -> None:
        self.conference = conference
        self.budget = budget
        self.report = report
        self.next = 0.0
        self.best: Score | None = None

    def hear(self, costs: Costs, number: int) -> Callable[[Numbers], None]:
        def told(seats: Numbers) -> None:
            now = self.budget.clock()
            if now < self.next:
                return
            self.next = now + TELL
            score = evaluate(self.conference, [costs.at[seat] for seat in seats]).score
            if self.best is None or score > self.best:
                self.best = score
                self.report(BookProgress(f"round {number + 1}", str(score), None, None, now))

        return told
