"""From a CoSPLib workbook to the best solution that the budget allows.

Draft, a few repairs of parts, then the whole model below ever tighter cutoffs, then parts again to the end.
Which step finds most depends on the conference; each stops when it has not found anything for long.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook_solvers.books import BookPlan, BookReport, Budget
from workbook_solvers.cosplib.draft import draft
from workbook_solvers.cosplib.frozen import Scope
from workbook_solvers.cosplib.model import CellModel
from workbook_solvers.cosplib.neighbourhoods import CHOOSERS, Part
from workbook_solvers.cosplib.parallel import Parallel
from workbook_solvers.cosplib.problem import Conference
from workbook_solvers.cosplib.read import read_conference
from workbook_solvers.cosplib.search import Incumbent, Run, run_model
from workbook_solvers.cosplib.write import solution_book

DRAFTS = 20
FIRST_SHARE = 0.05  # of the budget, for parts of the draft before anything is asked of the whole
LEAP_SHARE = 0.25  # for each search below a cutoff far under the best
LEAPS_SHARE = 0.4  # for all of them
LEAP_CUTOFFS = (100, 1_000, 10_000, 100_000, 1_000_000)
LEAP = 10  # a cutoff so many times under the best is worth a search of its own
WHOLE_SHARE = 0.5
PATIENCE = 0.12  # of the budget without anything better, then another step
WIDER = 0.25  # of the parts allow a track one room more at once than it needs
LAST_SHARE = 0.25  # for parts after the model is proved, where its limits leave something open
PART_EFFORT = 1.0  # deterministic seconds for a part
SIZES = 0.4, 8.0
UNPLACED = 10**12


def solve_book(path: Path, *, seed: int, budget: Budget, report: BookReport | None = None) -> BookPlan:
    """Read a workbook of CoSPLib and solve it within the CPU-seconds of the budget."""
    conference = read_conference(path)
    search = Search(conference, seed, budget, report)
    search.run()
    best = search.best
    verdict = best.verdict
    return BookPlan(
        score={"unplaced": len(verdict.unplaced), "cost": verdict.cost},
        bound={"unplaced": 0, "cost": best.bound or 0},
        status=search.status,
        terms=verdict.terms._asdict(),
        unplaced=tuple(str(conference.submissions[number].name) for number in verdict.unplaced),
        solution=solution_book(conference, best.places),
    )


def solve(
    conference: Conference, *, seed: int = 1, budget: Budget, report: BookReport | None = None
) -> Incumbent:
    """Place as many as possible at the least cost by the objective of CoSPLib; any moment has an answer."""
    search = Search(conference, seed, budget, report)
    search.run()
    return search.best


@dataclass
class Share:
    """How one way to choose parts has fared: its size grows while parts are solved to the end."""

    size: float = 1.0
    tried: int = 0
    better: int = 0

    def learn(self, run: Run, *, better: bool) -> None:
        self.tried += 1
        self.better += better
        least, most = SIZES
        self.size = min(most, self.size * 1.05) if run.proved else max(least, self.size * 0.9)


class Search:
    def __init__(self, conference: Conference, seed: int, budget: Budget, report: BookReport | None) -> None:
        self.conference = conference
        self.seed = seed
        self.budget = budget
        self.begun = budget.clock()
        self.best = Incumbent(conference, budget, report)
        self.dice = random.Random(seed)  # noqa: S311 - dice, not secrets
        self.shares = {name: Share() for name in CHOOSERS}
        self.everything = tuple(range(len(conference.tracks)))
        self.part_number = 0

    @property
    def whole_budget(self) -> float:
        return max(0.0, self.budget.seconds - self.begun)

    def run(self) -> None:
        for number in range(DRAFTS):
            self.best.offer_places(draft(self.conference, seed=self.seed + number), "draft")
            if self.budget.left <= 0:
                return
        self.complete()
        if not self.best.complete:
            return
        self.parts(FIRST_SHARE)
        self.leaps()
        self.whole()
        while self.budget.left > 0 and not self.best.proved:
            self.parts(1.0, patience=PATIENCE)
            self.whole(patience=PATIENCE / 2)
        if self.best.proved and self.open_beyond_limits():
            self.parts(LAST_SHARE, beyond=True)

    def complete(self) -> None:
        """Find a place for everybody, with as many rooms at once for a track as that takes."""
        rooms = len(self.conference.rooms)
        for parallel in (Parallel(self.conference, UNPLACED), lambda _track: rooms):
            while not self.best.complete and self.budget.left > 0:
                run = self.leap(UNPLACED, parallel)
                if run is None or run.proved:
                    break

    def open_beyond_limits(self) -> bool:
        """Whether what the model proves leaves out something that could be better."""
        weights, submissions = self.conference.weights, self.conference.submissions
        limits = Parallel(self.conference, self.best.cost)
        ranked = weights.submissions_order and any(limits(one.track) > 1 for one in submissions if one.order)
        return bool(ranked) or limits.binds()

    @property
    def status(self) -> str:
        if not self.best.complete:
            return "incomplete"
        if not self.best.proved:
            return "feasible"
        return "best of the model" if self.open_beyond_limits() else "optimal"

    # -- the whole ---------------------------------------------------------------------------------

    def leaps(self) -> None:
        """Far above what is thinkable, first ask for any solution that has nothing dear in it."""
        until = self.budget.clock() + self.whole_budget * LEAPS_SHARE
        for cutoff in LEAP_CUTOFFS:
            if cutoff * LEAP > self.best.cost or self.budget.clock() > until:
                break
            run = self.leap(cutoff, Parallel(self.conference, cutoff))
            if run is not None and run.housing is not None:
                break

    def leap(self, cutoff: int, parallel: Callable[[int], int]) -> Run | None:
        cells = CellModel(self.conference, Scope(self.everything, parallel, cutoff, {}))
        if cells.impossible:
            return None
        step = "everybody" if cutoff == UNPLACED else f"nothing dearer than {cutoff}"
        seconds = self.whole_budget * LEAP_SHARE
        return run_model(self.best, cells, step, seed=self.dice.randrange(2**31), seconds=seconds)

    def whole(self, patience: float = PATIENCE) -> None:
        """Everything at once, from the best, below its cost."""
        if self.budget.left <= 0 or self.best.cost == 0:
            self.best.raise_bound(0, "whole")
            return
        cells = self.model_below_best()
        seconds = self.whole_budget * WHOLE_SHARE
        run = run_model(
            self.best,
            cells,
            "whole",
            seed=self.seed,
            seconds=seconds,
            patience=self.whole_budget * patience,
            on_bound=lambda bound: self.best.raise_bound(_up(bound + cells.constant), "whole"),
        )
        if run.proved:
            bound = self.best.cost if run.housing is None else _up(run.bound + cells.constant)
            self.best.raise_bound(bound, "whole")

    def model_below_best(self) -> CellModel:
        housing = self.best.housing
        limits = Parallel(self.conference, self.best.cost + 1)
        held = self.best.parallel()
        scope = Scope(self.everything, lambda track: max(limits(track), held[track]), self.best.cost + 1, {})
        cells = CellModel(self.conference, scope)
        cells.model.minimize(cells.objective)
        cells.hint(housing)
        return cells

    # -- parts -------------------------------------------------------------------------------------

    def parts(self, share: float, patience: float = 1.0, *, beyond: bool = False) -> None:
        """Take a part of the best solution apart and put it together again at no higher cost, many times."""
        clock = self.budget.clock
        begun = clock()
        until = begun + self.whole_budget * share
        while clock() < until and self.budget.left > 0 and (beyond or not self.best.proved):
            if clock() - max(begun, self.best.changed) > self.whole_budget * patience:
                return
            self.part()

    def part(self) -> None:
        name = list(CHOOSERS)[self.part_number % len(CHOOSERS)]
        self.part_number += 1
        share = self.shares[name]
        cutoff = self.best.cost + 1
        limits = Parallel(self.conference, cutoff)
        parallel = limits.wider if self.dice.random() < WIDER else limits
        part = Part(self.conference, self.best.housing, cutoff, parallel, share.size, self.dice)
        cells = CellModel(self.conference, CHOOSERS[name](part))
        cells.model.minimize(cells.objective)
        cells.hint(self.best.housing)
        before = self.best.cost
        run = run_model(
            self.best,
            cells,
            name,
            seed=self.dice.randrange(2**31),
            seconds=self.budget.left,
            effort=PART_EFFORT,
        )
        share.learn(run, better=self.best.cost < before)


def _up(bound: float) -> int:
    """The next whole figure: costs are whole, so a bound of 3.2 means that nothing below 4 exists."""
    nearest = round(bound)
    return nearest if abs(bound - nearest) < 1e-6 else int(-(-bound // 1))  # noqa: PLR2004 - rounding
