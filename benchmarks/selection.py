"""The selection engine on made-up calls of real size, beside greedy choices and HiGHS alone.

`python benchmarks/selection.py` writes benchmarks/results/selection.md; `--quick` takes the smallest call and
writes nothing; `--ours` measures the engine alone and leaves the peers' columns as they stand. Each figure is
taken in a process of its own; CPU seconds of all its threads are counted.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from engines.selection.instances import call  # noqa: E402 - the folders are named above
from muntada.engines.selection.answer import Advance, Excluded, SelectionAnswer  # noqa: E402
from muntada.engines.selection.exclusions import ComparedChoice, excluded_of  # noqa: E402
from muntada.engines.selection.further import Later  # noqa: E402
from muntada.engines.selection.judge import broken  # noqa: E402
from muntada.engines.selection.matrix import matrix_of  # noqa: E402
from muntada.engines.selection.prices import ROUGH, held, prices_of  # noqa: E402
from muntada.engines.selection.problem import SelectionProblem  # noqa: E402
from muntada.engines.selection.rows import rows_of  # noqa: E402
from muntada.engines.selection.search import SelectionSearch, in_order  # noqa: E402
from muntada.engines.selection.select import PRICE_EFFORT, PRICES_EFFORT, select  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "selection.md"
HIGHS_SECONDS = 60.0
COLUMNS = 12

HEADING = """\
# Selection engine: measurements

`python benchmarks/selection.py`, or `./muntada bench selection`. Made-up calls of
`tests/engines/selection/instances.py`: a place for every third request, three kinds of session, room minutes,
30 rules (shares of stakeholder groups, regions, country categories, first-timers and women, caps for
organisations and people, themes by demand, near duplicates), 5 pins, 5 vetoes. *tight 1*: nearly every rule
binds. *tight 0.8*: the minimum shares are a fifth lower.
"""
CLOSING = """
CPU seconds of all threads; two work at prices and others, which then take about half as long by the clock.
*choice*: found and proved. *prices*: of all conditions (30 rules, 10 pins and vetoes, one more place or
hour); in brackets how many are exact, and the widest interval of the others in points. *others*: the hundred
nearest requests that are left out; in brackets how many are exact, and of how many the cost is known to a
fiftieth of a per cent of the score. *greedy* takes requests by score as long as caps and capacities
allow, and breaks minimum shares; *repaired* then exchanges requests, one pair at a time, as long as that
breaks less. HiGHS is given the same rows as they stand, and stopped after %g seconds of the clock; its gap
is what it has not ruled out.
"""


@dataclass(frozen=True)
class Case:
    requests: int
    seed: int
    tight: float

    @property
    def cells(self) -> tuple[str, ...]:
        return f"{self.requests:,}", f"{self.seed}", f"{self.tight:g}"

    def problem(self) -> SelectionProblem:
        return in_order(call(self.requests, seed=self.seed, tight=self.tight))


CASES = (
    Case(300, 1, 1.0),
    Case(1000, 1, 0.8),
    Case(1000, 2, 0.8),
    Case(1000, 1, 1.0),
    Case(1000, 2, 1.0),
    Case(1000, 3, 1.0),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the smallest call, nothing written")
    parser.add_argument(
        "--ours", action="store_true", help="the engine alone, the peers' figures as they stand"
    )
    parser.add_argument(
        "--further", action="store_true", help="how exact it gets after the selection is made; takes long"
    )
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        number, what = arguments.measure
        print(json.dumps(MEASURES[what](CASES[int(number)].problem())))
        return
    if arguments.further:
        lines = list(further_table())
        FURTHER.write_text("\n".join([*further_heading(), *lines, ""]), encoding="utf-8")
        return
    kept = peers_kept() if arguments.ours else {}
    lines = list(table(CASES[:1] if arguments.quick else CASES, kept))
    print("\n".join(lines))
    if not arguments.quick:
        RESULTS.write_text("\n".join([*heading(), *lines, CLOSING % HIGHS_SECONDS]), encoding="utf-8")


FURTHER = RESULTS.with_name("selection_further.md")
FURTHER_EFFORT = 180.0
FURTHER_STEPS = (0.0, 30.0, 60.0, 120.0, FURTHER_EFFORT)
FURTHER_CASES = (1, 3)
FURTHER_HEADING = """\
# Selection engine: how exact it gets after the selection is made

`python benchmarks/selection.py --further`. The calls of `selection.md`. *effort after*: deterministic
seconds spent after the selection was handed out; the stage spends up to 600, or ends before when all is
exact. *exact* counts requests that are left out, and prices, of which no interval is left.
"""


def engine(problem: SelectionProblem) -> dict[str, object]:
    clock = Clock()
    search = SelectionSearch(problem, held(problem), seed=1)
    found = search.best(effort=60.0)
    choice = clock.lap()
    priced = prices_of(problem, found, seed=1, effort=PRICE_EFFORT, whole=PRICES_EFFORT, workers=2)
    prices = clock.lap()
    excluded, _ = excluded_of(
        ComparedChoice(problem, search, found, priced, 1), effort=0.3, whole=20.0, workers=2
    )
    names = [problem.requests[number].id for number in found.chosen or ()]
    return {
        "score": found.score / 1000,
        "proved": found.proved,
        "broken": len(broken(problem, names)),
        "choice": choice,
        "prices": prices,
        "exact": sum(one.price.points is not None for one in priced),
        "priced": len(priced),
        "widest": max((one.price.most or 0) - one.price.least for one in priced),
        "others": clock.lap(),
        "settled": sum(one.cost is not None for one in excluded[:100]),
        "narrow": sum(is_narrow(one, found.score / ROUGH / 1000) for one in excluded[:100]),
        "peak": peak(),
    }


def is_narrow(one: Excluded, points: float) -> bool:
    """Whether the cost is known to within so many points; of what is impossible that is known."""
    return not one.possible or (one.most is not None and one.most - (one.least or 0) <= points)


def highs(problem: SelectionProblem) -> dict[str, object]:
    clock = Clock()
    rows = [row for one in held(problem) for row in rows_of(problem, one)]
    matrix = matrix_of(rows, len(problem.requests))
    answer = milp(
        -np.array([one.points for one in problem.requests], dtype=float),
        integrality=np.ones(len(problem.requests)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix.coefficients, -np.inf, matrix.limits),
        options={"mip_rel_gap": 0.0, "time_limit": HIGHS_SECONDS},
    )
    score = None if answer.x is None else -float(answer.fun) / 1000
    bound = None if answer.mip_dual_bound is None else -float(answer.mip_dual_bound) / 1000
    return {"score": score, "bound": bound, "seconds": clock.lap()}


def greedy(problem: SelectionProblem) -> dict[str, object]:
    clock = Clock()
    model = Rows(problem)
    taken = model.by_score()
    plain = {"score": model.score(taken), "broken": model.conditions_broken(taken), "seconds": clock.lap()}
    repaired = model.repaired(taken)
    return plain | {
        "repaired": model.score(repaired),
        "still": model.conditions_broken(repaired),
        "repairing": clock.lap(),
    }


class Rows:
    """What a plain programme would do with the same rules: arrays, and nothing proved."""

    def __init__(self, problem: SelectionProblem) -> None:
        self.problem = problem
        rows = [row for one in held(problem) for row in rows_of(problem, one)]
        matrix = matrix_of(rows, len(problem.requests))
        self.weights, self.limits = matrix.coefficients.toarray(), matrix.limits
        self.points = np.array([one.points for one in problem.requests], dtype=float)
        self.order = np.argsort(-self.points, kind="stable")
        self.pinned = {pin.request for pin in problem.pins}

    def by_score(self) -> np.ndarray[Any, Any]:
        """Pins first, then by score whatever breaks no limit that only more requests can break."""
        upper = (self.weights >= 0).all(axis=1)
        taken = np.array([one.id in self.pinned for one in self.problem.requests])
        for number in self.order:
            after = self.weights[upper] @ taken + self.weights[upper, number]
            if not taken[number] and (after <= self.limits[upper]).all():
                taken[number] = True
        return taken

    def excess(self, sums: np.ndarray[Any, Any]) -> Any:
        return np.maximum(sums - self.limits[:, None], 0).sum(axis=0)

    def repaired(self, taken: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The exchange of two that breaks least, as long as one breaks less than none."""
        taken = taken.copy()
        while True:
            sums = self.weights @ taken
            now = float(self.excess(sums[:, None])[0])
            best, pair = now, None
            out = np.flatnonzero(~taken)
            for number in np.flatnonzero(taken):
                after = (sums - self.weights[:, number])[:, None] + self.weights[:, out]
                values = self.excess(after)
                at = int(np.argmin(values))
                if values[at] < best:
                    best, pair = float(values[at]), (number, out[at])
            if pair is None:
                return taken
            taken[pair[0]], taken[pair[1]] = False, True

    def score(self, taken: np.ndarray[Any, Any]) -> float:
        return float(self.points[taken].sum()) / 1000

    def conditions_broken(self, taken: np.ndarray[Any, Any]) -> int:
        names = [self.problem.requests[number].id for number in np.flatnonzero(taken)]
        return len(broken(self.problem, names))


def further(problem: SelectionProblem) -> dict[str, object]:
    """How much is exact as the work goes on after the selection is made."""
    clock = Clock()
    seen: list[tuple[float, Advance]] = []

    def heard(_: SelectionAnswer, advance: Advance) -> None:
        seen.append((clock.total(), advance))

    select(problem, later=Later(FURTHER_EFFORT, heard))
    steps = []
    for effort in FURTHER_STEPS:
        seconds, advance = [one for one in seen if one[1].effort <= effort][-1]
        steps.append(
            {
                "effort": effort,
                "seconds": seconds,
                "requests": f"{advance.requests_exact} of {advance.requests}",
                "prices": f"{advance.prices_exact} of {advance.prices}",
            }
        )
    return {"steps": steps}


MEASURES: dict[str, Callable[[SelectionProblem], dict[str, object]]] = {
    "engine": engine,
    "highs": highs,
    "greedy": greedy,
    "further": further,
}


class Clock:
    def __init__(self) -> None:
        self.started = self.first = time.process_time()

    def total(self) -> float:
        return time.process_time() - self.first

    def lap(self) -> float:
        now = time.process_time()
        passed, self.started = now - self.started, now
        return passed


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1_000_000 if sys.platform == "darwin" else 1000
    )


def table(cases: Sequence[Case], kept: Mapping[tuple[str, ...], list[str]]) -> Iterator[str]:
    yield (
        "| requests | seed | tight | score | proved | choice | prices (exact; widest)"
        " | others (exact; narrow) | peak MB | HiGHS: score, gap, CPU s | greedy: score, broken"
        " | repaired: score, broken, CPU s |"
    )
    yield "|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|"
    for number, case in enumerate(cases):
        ours = measured(number, "engine")
        if ours["broken"]:
            sys.exit(f"{case}: the choice breaks a rule")
        peers = kept.get(case.cells)
        if peers is None:
            peers = peers_cells(measured(number, "highs"), measured(number, "greedy"))
        row = f"| {' | '.join([*case.cells, *our_cells(ours), *peers])} |"
        print(row, file=sys.stderr, flush=True)
        yield row


def further_table() -> Iterator[str]:
    yield "| requests | seed | tight | effort after | CPU s in all | requests exact | prices exact |"
    yield "|--:|--:|--:|--:|--:|--:|--:|"
    for number in FURTHER_CASES:
        for step in measured(number, "further")["steps"]:
            figures = [f"{step['effort']:.0f}", f"{step['seconds']:.0f}", step["requests"], step["prices"]]
            row = f"| {' | '.join([*CASES[number].cells, *figures])} |"
            print(row, file=sys.stderr, flush=True)
            yield row


def further_heading() -> list[str]:
    return [FURTHER_HEADING, *heading()[1:]]


def peers_kept() -> dict[tuple[str, ...], list[str]]:
    """What the table says of the peers so far, by the cells of the case."""
    rows = [row.strip("| ").split(" | ") for row in RESULTS.read_text(encoding="utf-8").splitlines()]
    return {tuple(row[:3]): row[-3:] for row in rows if len(row) == COLUMNS}


def measured(number: int, what: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", str(number), what]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ourselves
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def our_cells(ours: dict[str, Any]) -> list[str]:
    return [
        f"{ours['score']:.2f}",
        "yes" if ours["proved"] else "no",
        f"{ours['choice']:.1f}",
        f"{ours['prices']:.1f} ({ours['exact']} of {ours['priced']}; {ours['widest']:.2f})",
        f"{ours['others']:.1f} ({ours['settled']}; {ours['narrow']} of 100)",
        f"{ours['peak']:.0f}",
    ]


def peers_cells(theirs: dict[str, Any], naive: dict[str, Any]) -> list[str]:
    highs_said = "none"
    if theirs["score"] is not None:
        gap = (theirs["bound"] - theirs["score"]) / theirs["bound"]
        highs_said = f"{theirs['score']:.2f}, {gap:.2%}, {theirs['seconds']:.1f}"
    return [
        highs_said,
        f"{naive['score']:.2f}, {naive['broken']}",
        f"{naive['repaired']:.2f}, {naive['still']}, {naive['repairing']:.1f}",
    ]


def heading() -> list[str]:
    parts = f"OR-Tools {version('ortools')}, SciPy {version('scipy')}"
    machine = f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores, {platform.machine()}."
    return [HEADING, machine, ""]


if __name__ == "__main__":
    main()
