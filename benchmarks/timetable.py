"""The timetable engine on made-up forums of real size: CPU time, placed sessions, cost of the wishes, bounds.

`python benchmarks/timetable.py` writes benchmarks/results/timetable.md, and then runs the benchmarks beside
others' engines in benchmarks/timetables, each of which writes a file of its own: half an hour of CPU in all,
as each row ends by a budget. `--forum` leaves these out. `--quick` runs the small rows of all of them in a
minute of CPU, and writes nothing. `--seeds 1 2 3` takes each forum three times and gives medians. Each row
runs in a process of its own; all threads of it are counted, its start and imports too, but not the making up
of the forum.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from made.timetables import CASES, ERRANDS, case_of, errand_of, peak  # noqa: E402

from engines.timetable.checker import faults  # noqa: E402 - the folders are named above
from engines.timetable.instances import FIRST_DAY, forum  # noqa: E402
from muntada.engines.timetable.plan import TimetablePlan  # noqa: E402
from muntada.engines.timetable.problem import PersonSpec, TimePeriod, TimetableProblem  # noqa: E402
from muntada.engines.timetable.repair import repair  # noqa: E402
from muntada.engines.timetable.solve import solve  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "timetable.md"
EFFORT = 60.0
PUBLISHED = 3.0  # effort for the timetable that is then repaired
# What --quick takes, by number: cases of many favourites, errands, and rows that are solved to the end.
QUICK = (0, 2, 3), (0, 2), (0,)

HEADING = """\
# Timetable engine: measurements

`python benchmarks/timetable.py`, or `./muntada bench timetable`. Made-up forums of
`tests/engines/timetable/instances.py`: 5 days of 8 slots, 3 to 6 people in each session, a tenth of the
sessions over two slots, 30 % of the people online in 20 zones, a quarter of the others away for a day or
two. One worker. CPU seconds of the whole process, all threads, its start and imports with it, without the
time to make up the forum. A second checker that shares no line with the engine found no fault in any
timetable. Seeds are those of forum and engine; where there are several, a line gives the medians.
"""
FAVOURITES = """\
## Many favourites

20 attendees for each 3 sessions have marked 10 sessions each: at 300 sessions 20,000 favourites of 2,000
people. *objective*: 5 for each hour of somebody online (1 from 7 to 23 h, 10 at night), 2 for each favourite
missed, 8 for each session of a track beyond the first in a slot, counted by a function of the benchmark that
knows nothing of the engine."""
ERRANDS_HEADING = """\
## Repair, reasons, places, and far too many

CPU seconds of the call alone, in a process that has loaded everything and made the timetable before."""
EXACT = """\
## Few wishes: solved to the end

No favourites; lines are spread over days. An effort of at most 60 deterministic seconds; CPU seconds of the
call alone."""
CLOSING = """
*effort* counts the deterministic time of CP-SAT and the steps of the local search; by it a search ends.
*wishes* is what the broken wishes about
time cost, *rooms* what rooms too large cost (the least for the times chosen). In brackets: what is proved to
be the least; behind a figure that is not proved the bound is 0. *optimal*: not placed, moved and wishes are
proved. A session whose people are never all there has no place in any timetable."""


@dataclass(frozen=True)
class Choice:
    """Which rows of the three tables, and with which seeds."""

    seeds: Sequence[int]
    favourites: Sequence[int]
    errands: Sequence[int]
    exact: Sequence[int]


@dataclass(frozen=True)
class Row:
    name: str
    sessions: int
    rooms: int
    change: str = ""

    def problem(self, seed: int) -> TimetableProblem:
        return forum(self.sessions, self.rooms, 5, seed=seed)


ROWS = (
    Row("120 sessions, 10 rooms, 5 days", 120, 10),
    Row("300 sessions, 20 rooms, 5 days", 300, 20),
    Row("300 sessions, 7 rooms: too few", 300, 7),
    Row("repair: nothing has changed", 300, 20, "nothing"),
    Row("repair: 20 speakers lose a day", 300, 20, "speakers"),
    Row("repair: 3 rooms with interpretation close for a day", 300, 20, "rooms"),
)


def lose_a_day(problem: TimetableProblem, seed: int) -> TimetableProblem:
    random = Random(seed)  # noqa: S311 - made-up people
    names = random.sample(sorted({name for one in problem.sessions for name in one.people}), 20)
    missed = TimePeriod(FIRST_DAY, FIRST_DAY.replace(day=8))
    people = [
        PersonSpec(one.id, (*one.unavailable, missed), one.zone) if one.id in names else one
        for one in problem.people
    ]
    return replace(problem, people=tuple(people))


def close_rooms(problem: TimetableProblem, seed: int) -> TimetableProblem:
    with_it = [room.id for room in problem.rooms if "interpretation" in room.services]
    closing = set(Random(seed).sample(with_it, 3))  # noqa: S311 - made-up rooms
    days = {slot.id for slot in problem.slots if slot.start.day == FIRST_DAY.day}
    rooms = [
        replace(room, closed=room.closed | days) if room.id in closing else room for room in problem.rooms
    ]
    return replace(problem, rooms=tuple(rooms))


CHANGES: dict[str, Callable[[TimetableProblem, int], TimetableProblem]] = {
    "nothing": lambda problem, _: problem,
    "speakers": lose_a_day,
    "rooms": close_rooms,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small rows, nothing written")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="default: 1")
    parser.add_argument(
        "--forum", action="store_true", help="leave out the benchmarks beside others' engines"
    )
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        kind, number, seed = arguments.measure
        print(json.dumps(KINDS[kind](int(number), int(seed))))
        return
    every = range(len(CASES)), range(len(ERRANDS)), range(len(ROWS))
    choice = Choice(arguments.seeds, *(QUICK if arguments.quick else every))
    lines = [*favourites_table(choice), "", *errands_table(choice), "", EXACT, "", *table(choice)]
    if not arguments.quick:
        RESULTS.write_text("\n".join([*heading(), *lines, CLOSING]) + "\n", encoding="utf-8")
    if not arguments.forum:
        sys.exit(beside_others(["--quick"] if arguments.quick else []))


def beside_others(options: Sequence[str]) -> int:
    scripts = sorted((ROOT / "benchmarks" / "timetables").glob("*.py"))
    codes = [
        subprocess.run([sys.executable, script, *options], check=False).returncode  # noqa: S603 - ours
        for script in scripts
    ]
    return max(codes, default=0)


def middle(figures: Sequence[dict[str, Any]], name: str, digits: int) -> str:
    return f"{statistics.median(one[name] for one in figures):,.{digits}f}"


def measured(kind: str, number: int, seed: int) -> dict[str, Any]:
    """One row in a process of its own."""
    command = [sys.executable, __file__, "--measure", kind, str(number), str(seed)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603 - ourselves
    figures: dict[str, Any] = json.loads(answer.stdout)
    if figures["faults"]:
        sys.exit(f"{kind} {number}, seed {seed}: the timetable breaks a hard rule")
    return figures


def favourites_table(choice: Choice) -> Iterator[str]:
    yield FAVOURITES
    yield ""
    yield "| problem | seed | way | CPU s | placed | objective | hours | favourites | tracks | MB |"
    yield "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|"
    for number in choice.favourites:
        sessions, rooms, way, _ = CASES[number]
        all_figures = []
        for seed in choice.seeds:
            figures = measured("favourites", number, seed)
            all_figures.append(figures | {"whole": sum(figures["objective"])})
            costs = figures["objective"]
            done = f"{figures['seconds']:.1f} | {figures['placed']} | **{sum(costs):,}**"
            parts = " | ".join(f"{cost:,}" for cost in (*costs, round(figures["peak"])))
            row = f"| {sessions:,} x {rooms} x 40 | {seed} | {way} | {done} | {parts} |"
            print(row, flush=True)
            yield row
        if len(all_figures) > 1:
            seconds, whole = middle(all_figures, "seconds", 1), middle(all_figures, "whole", 0)
            memory = middle(all_figures, "peak", 0)
            yield f"| {sessions:,} x {rooms} x 40 | median | {way} | {seconds} | | {whole} | | | | {memory} |"


def errands_table(choice: Choice) -> Iterator[str]:
    yield ERRANDS_HEADING
    yield ""
    yield "| what | seed | CPU s | outcome |"
    yield "|---|--:|--:|---|"
    for number in choice.errands:
        name, _ = ERRANDS[number]
        all_figures = []
        for seed in choice.seeds:
            figures = measured("errands", number, seed)
            all_figures.append(figures)
            row = f"| {name} | {seed} | {figures['seconds']:.2f} | {figures['told']} |"
            print(row, flush=True)
            yield row
        if len(all_figures) > 1:
            yield f"| {name} | median | {middle(all_figures, 'seconds', 2)} | |"


def measure(place: int, seed: int) -> dict[str, object]:
    row = ROWS[place]
    problem = row.problem(seed)
    if row.change:
        published = solve(problem, seed=seed, effort=PUBLISHED).placements
        problem = CHANGES[row.change](replace(problem, published=published), seed)
    started = time.process_time()
    work = repair if row.change else solve
    plan = work(problem, seed=seed, effort=EFFORT)
    seconds = time.process_time() - started
    return {"seconds": seconds, "peak": peak(), "faults": len(list(faults(problem, plan.placements)))} | told(
        plan
    )


def told(plan: TimetablePlan) -> dict[str, object]:
    return {
        "placed": len(plan.placements),
        "score": plan.score,
        "bound": plan.bound,
        "status": plan.status.value,
        "effort": plan.effort,
    }


def table(choice: Choice) -> Iterator[str]:
    yield (
        "| problem | seed | CPU s | effort | placed | not placed (bound) | moved (bound)"
        " | wishes (bound) | rooms | proved | peak MB |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|"
    for number in choice.exact:
        name = ROWS[number].name
        all_figures = [measured("exact", number, seed) for seed in choice.seeds]
        for seed, figures in zip(choice.seeds, all_figures, strict=True):
            told = line(name, seed, figures)
            print(told, flush=True)
            yield told
        if len(all_figures) > 1:
            seconds, memory = middle(all_figures, "seconds", 1), middle(all_figures, "peak", 0)
            yield f"| {name} | median | {seconds} | | | | | | | | {memory} |"


def line(name: str, seed: int, figures: dict[str, Any]) -> str:
    score, bound = figures["score"], figures["bound"]
    pairs = " | ".join(f"{score[tier]:,} ({bound[tier]:,})" for tier in (1, 2, 3))
    work = f"{figures['seconds']:.1f} | {figures['effort']:.1f}"
    return (
        f"| {name} | {seed} | {work} | {figures['placed']} | {pairs}"
        f" | {score[4]:,} | {figures['status']} | {figures['peak']:.0f} |"
    )


KINDS: dict[str, Callable[[int, int], dict[str, object]]] = {
    "exact": measure,
    "favourites": case_of,
    "errands": errand_of,
}


def heading() -> list[str]:
    parts = f"OR-Tools {version('ortools')}, SciPy {version('scipy')}"
    load = f"load of the machine at the end {os.getloadavg()[0]:.1f}"
    machine = (
        f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores, {platform.machine()}; {load}."
    )
    return [HEADING, machine, ""]


if __name__ == "__main__":
    main()
