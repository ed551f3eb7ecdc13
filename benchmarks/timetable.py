"""The timetable engine on made-up forums of real size: CPU time, placed sessions, cost of the wishes, bounds.

`python benchmarks/timetable.py` writes benchmarks/results/timetable.md; `--quick` takes one seed each and
writes nothing. Each row runs in a process of its own; all threads of it are counted.
"""

import argparse
import json
import os
import platform
import resource
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

from engines.timetable.checker import faults  # noqa: E402 - the folders are named above
from engines.timetable.instances import FIRST_DAY, forum  # noqa: E402
from muntada.engines.timetable.plan import Plan  # noqa: E402
from muntada.engines.timetable.problem import Period, Person, Problem  # noqa: E402
from muntada.engines.timetable.repair import repair  # noqa: E402
from muntada.engines.timetable.solve import solve  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "timetable.md"
EFFORT = 60.0
SEEDS = (1, 2, 3)

HEADING = """\
# Timetable engine: measurements

`python benchmarks/timetable.py`, or `./muntada bench timetable`. Made-up forums of
`tests/engines/timetable/instances.py`: 5 days of 8 slots, 3 to 6 people in each session, a tenth of the
sessions over two slots, 30 %% of the people online in 20 zones, a quarter of the others away for a day or
two. One worker; an effort of at most %g deterministic seconds. A second checker that shares no line with the
engine found no fault in any timetable.
"""
CLOSING = """
*effort* is the deterministic time of CP-SAT, by which a search ends. *wishes* is what the broken wishes about
time cost, *rooms* what rooms too large cost (the least for the times chosen). In brackets: what is proved to
be the least; behind a figure that is not proved the bound is 0. *optimal*: not placed, moved and wishes are
proved. A session whose people are never all there has no place in any timetable."""


@dataclass(frozen=True)
class Row:
    name: str
    sessions: int
    rooms: int
    change: str = ""

    def problem(self, seed: int) -> Problem:
        return forum(self.sessions, self.rooms, 5, seed=seed)


ROWS = (
    Row("120 sessions, 10 rooms, 5 days", 120, 10),
    Row("300 sessions, 20 rooms, 5 days", 300, 20),
    Row("300 sessions, 7 rooms: too few", 300, 7),
    Row("repair: nothing has changed", 300, 20, "nothing"),
    Row("repair: 20 speakers lose a day", 300, 20, "speakers"),
    Row("repair: 3 rooms with interpretation close for a day", 300, 20, "rooms"),
)


def lose_a_day(problem: Problem, seed: int) -> Problem:
    random = Random(seed)  # noqa: S311 - made-up people
    names = random.sample(sorted({name for one in problem.sessions for name in one.people}), 20)
    missed = Period(FIRST_DAY, FIRST_DAY.replace(day=8))
    people = [
        Person(one.id, (*one.unavailable, missed), one.zone) if one.id in names else one
        for one in problem.people
    ]
    return replace(problem, people=tuple(people))


def close_rooms(problem: Problem, seed: int) -> Problem:
    with_it = [room.id for room in problem.rooms if "interpretation" in room.services]
    closing = set(Random(seed).sample(with_it, 3))  # noqa: S311 - made-up rooms
    days = {slot.id for slot in problem.slots if slot.start.day == FIRST_DAY.day}
    rooms = [
        replace(room, closed=room.closed | days) if room.id in closing else room for room in problem.rooms
    ]
    return replace(problem, rooms=tuple(rooms))


CHANGES: dict[str, Callable[[Problem, int], Problem]] = {
    "nothing": lambda problem, _: problem,
    "speakers": lose_a_day,
    "rooms": close_rooms,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed each, nothing written")
    parser.add_argument("--measure", nargs=2, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(ROWS[arguments.measure[0]], arguments.measure[1])))
        return
    lines = list(table(SEEDS[:1] if arguments.quick else SEEDS))
    print("\n".join(lines))
    if not arguments.quick:
        RESULTS.write_text("\n".join([*heading(), *lines, CLOSING]) + "\n", encoding="utf-8")


def measure(row: Row, seed: int) -> dict[str, object]:
    problem = row.problem(seed)
    if row.change:
        published = solve(problem, seed=seed, effort=EFFORT).placements
        problem = CHANGES[row.change](replace(problem, published=published), seed)
    started = time.process_time()
    work = repair if row.change else solve
    plan = work(problem, seed=seed, effort=EFFORT)
    seconds = time.process_time() - started
    return {"seconds": seconds, "peak": peak(), "faults": len(list(faults(problem, plan.placements)))} | told(
        plan
    )


def told(plan: Plan) -> dict[str, object]:
    return {
        "placed": len(plan.placements),
        "score": plan.score,
        "bound": plan.bound,
        "status": plan.status.value,
        "effort": plan.effort,
    }


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1_000_000 if sys.platform == "darwin" else 1000
    )


def table(seeds: Sequence[int]) -> Iterator[str]:
    yield (
        "| problem | seed | CPU s | effort | placed | not placed (bound) | moved (bound)"
        " | wishes (bound) | rooms | proved | peak MB |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|"
    for number, row in enumerate(ROWS):
        for seed in seeds:
            command = [sys.executable, __file__, "--measure", str(number), str(seed)]
            answer = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ourselves
            figures = json.loads(answer.stdout)
            if figures["faults"]:
                sys.exit(f"{row.name}, seed {seed}: the timetable breaks a hard rule")
            yield line(row.name, seed, figures)


def line(name: str, seed: int, figures: dict[str, Any]) -> str:
    score, bound = figures["score"], figures["bound"]
    pairs = " | ".join(f"{score[tier]:,} ({bound[tier]:,})" for tier in (1, 2, 3))
    work = f"{figures['seconds']:.1f} | {figures['effort']:.1f}"
    return (
        f"| {name} | {seed} | {work} | {figures['placed']} | {pairs}"
        f" | {score[4]:,} | {figures['status']} | {figures['peak']:.0f} |"
    )


def heading() -> list[str]:
    parts = f"OR-Tools {version('ortools')}, SciPy {version('scipy')}"
    machine = f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores, {platform.machine()}."
    return [HEADING % EFFORT, machine, ""]


if __name__ == "__main__":
    main()
