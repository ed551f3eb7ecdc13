"""The CoSPLib workbooks at 120 CPU-seconds, scored by CoSPLib's objective, beside what its own solvers reach.

`python benchmarks/timetables/cosplib.py [NAME ...] [--seeds 1 2 3]` writes
benchmarks/results/timetable_cosplib.md; rows of workbooks and seeds that are not run stay as they are.
`--quick` runs the smallest for 5 CPU-seconds and writes nothing. The workbooks are read from
../shared/data/scheduling/cosplib; each run is `workbook_solvers/run.py` in a process of
its own. The solution is taken from the file that it wrote.
"""

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from workbook_solvers.cosplib.evaluate import evaluate  # noqa: E402 - the folder is named above
from workbook_solvers.cosplib.problem import Conference, Place  # noqa: E402
from workbook_solvers.cosplib.read import read_conference  # noqa: E402

SOLVER = ROOT / "benchmarks" / "workbook_solvers" / "run.py"
RESULTS = ROOT / "benchmarks" / "results" / "timetable_cosplib.md"
CPU_SECONDS = 120.0
COLUMNS = 11
WAYS = "by the clock", "repeatable"
QUICK = "N2OR", 5.0


class Known(NamedTuple):
    """The goal, and what CoSPLib 1.0.2 reached in 120 CPU-seconds: hyper-heuristic and matheuristic."""

    goal: int
    hyper: str
    math: str


KNOWN = {
    "N2OR": Known(1, "1", ""),
    "GECCO19": Known(34, "20,044", "49"),
    "GECCO21": Known(10_933, "11,155", "11,048"),
    "GECCO23": Known(659, "4,133,359", "6,120,896"),
    "ISF22": Known(525, "202,878", "526"),
    "OR60": Known(80, "3,955", "398"),
}
HEADING = """\
# CoSPLib: measurements

`python benchmarks/timetables/cosplib.py --seeds 1 2 3`, a part of `./muntada bench timetable`. At most
{seconds} CPU-seconds of the whole process: all its threads, its start and the writing of the file. The cost
is that of the file written, read back and counted by our evaluator, which agrees with CoSPLib's own to the
unit on the golden values of the tests; less is better. *HH* and *MH* are CoSPLib's hyper-heuristic (its
default) and matheuristic at 120 CPU-seconds, with HiGHS, one seed each: **taken down earlier, not run beside
these**. CoSPLib is a repository, not a package of a registry, so this benchmark cannot install it.

**Which solver.** The rows come from a solver made for these workbooks, `benchmarks/workbook_solvers/cosplib`.
The timetable engine that a forum runs is another one: the figures say nothing of it.

Python {python}, OR-Tools {ortools}, {cores} cores, {machine}; load of the machine at the end {load}.

| workbook | way | seed | cost | goal | bound | status | CPU s | peak MB | HH | MH |
|---|---|--:|--:|--:|--:|---|--:|--:|--:|--:|
"""
CLOSING = """
*optimal*: nothing better exists. *best of the model*: nothing better exists in which no track holds more
rooms at once than the model allows. *bound*: what nothing within these limits can be below. *by the clock*:
several workers, ended by CPU time; figures vary from run to run, and a busy machine gets less done in the
same CPU-seconds. *repeatable*: the same command with `--repeatable`, whose file is the same in each run.
"""

type Key = tuple[str, str, int]  # workbook, way, seed


def main() -> int:
    arguments = _arguments()
    if not arguments.data.is_dir():
        print("Skipped: the workbooks of CoSPLib are not laid beside the project (../shared/data).")
        return 0
    if arguments.quick:
        name, seconds = QUICK
        print(_measure((name, WAYS[0], 1), arguments.data / f"{name}.xlsx", seconds))
        return 0
    rows = dict(_kept())
    for name in arguments.name or KNOWN:
        for seed in arguments.seeds:
            path = arguments.data / f"{name}.xlsx"
            key = name, WAYS[arguments.repeatable], seed
            rows[key] = _measure(key, path, arguments.cpu_seconds)
            print(rows[key], flush=True)
            RESULTS.write_text(_told(rows, arguments.cpu_seconds), encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*KNOWN, []], help="which workbooks (default: all)")
    shared = ROOT.parent / "shared" / "data" / "scheduling" / "cosplib"
    parser.add_argument("--data", type=Path, default=shared, help="the folder of the workbooks")
    parser.add_argument("--cpu-seconds", type=float, default=CPU_SECONDS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--repeatable", action="store_true", help="measure the command with this option")
    parser.add_argument("--quick", action="store_true", help="the smallest, 5 CPU-seconds, nothing written")
    return parser.parse_args()


def _told(rows: Mapping[Key, str], seconds: float) -> str:
    heading = HEADING.format(
        seconds=f"{seconds:g}",
        python=platform.python_version(),
        ortools=version("ortools"),
        cores=os.cpu_count(),
        machine=platform.machine(),
        load=f"{os.getloadavg()[0]:.1f}",
    )
    order = list(KNOWN)
    table = "\n".join(rows[key] for key in sorted(rows, key=lambda key: (order.index(key[0]), *key[1:])))
    return f"{heading}{table}\n{_medians(rows)}{CLOSING}"


def _medians(rows: Mapping[Key, str]) -> str:
    """One line for each workbook with several seeds."""
    lines = []
    for name, way in itertools.product(KNOWN, WAYS):
        costs = [_cost(row) for key, row in rows.items() if key[:2] == (name, way)]
        if len(costs) > 1:
            middle = f"{statistics.median(costs):,g}"
            lines.append(f"{name} {way}: {middle} ({min(costs):,} to {max(costs):,}, {len(costs)} seeds)")
    return f"\nMedian cost: {'; '.join(lines)}.\n" if lines else ""


def _cost(row: str) -> int:
    return int(_cells(row)[3].strip("*").replace(",", ""))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _kept() -> Iterator[tuple[Key, str]]:
    if RESULTS.exists():
        for line in RESULTS.read_text(encoding="utf-8").splitlines():
            cells = _cells(line)
            if cells[0] in KNOWN and len(cells) == COLUMNS and cells[2].isdecimal():
                yield (cells[0], cells[1], int(cells[2])), line


def _measure(key: Key, path: Path, seconds: float) -> str:
    name, way, seed = key
    conference = read_conference(path)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "solution.xlsx"
        words = [str(path), "--format", "cosplib", "--cpu-seconds", f"{seconds:g}", "--json"]
        command = [sys.executable, str(SOLVER), *words, "--seed", str(seed), "--out", str(out)]
        command += ["--repeatable"] if way == WAYS[1] else []
        with subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            said = process.stdout.read() if process.stdout else ""
            _, code, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(code)
        if process.returncode:
            raise SystemExit(f"{name}: the command failed.")
        answer = json.loads(said)
        places = read_solution(conference, out)
    verdict = evaluate(conference, places)
    if verdict.broken or verdict.unplaced or verdict.cost != answer["score"]["cost"]:
        raise SystemExit(f"{name}: the file written is not the solution that was told.")
    known = KNOWN[name]
    figures = f"**{verdict.cost:,}** | {known.goal:,} | {answer['bound']['cost']:,} | {answer['status']}"
    used = f"{usage.ru_utime + usage.ru_stime:.1f} | {usage.ru_maxrss / 1024:.0f}"
    return f"| {name} | {way} | {seed} | {figures} | {used} | {known.hyper} | {known.math} |"


def read_solution(conference: Conference, path: Path) -> list[Place | None]:
    """Read a solution as CoSPLib's checker does: by the rows below the tracks, session after session."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    numbers: dict[object, int] = {one.name: number for number, one in enumerate(conference.submissions)}
    places: list[Place | None] = [None] * len(numbers)
    slots = [0] * len(numbers)
    row = len(conference.sessions) + 2
    for session, count in enumerate(conference.slots):
        for slot in range(count):
            for room in range(len(conference.rooms)):
                number = numbers.get(rows[row + slot][room + 1] or None)
                if number is None:
                    continue
                slots[number] += 1
                if places[number] is None:
                    places[number] = Place(session, room, slot)
                track = conference.tracks[conference.submissions[number].track]
                if rows[session + 1][room + 1] != track:
                    raise SystemExit(
                        f"{path.name}: {conference.submissions[number].name} is in a foreign track"
                    )
        row += count
    if slots != [one.slots for one in conference.submissions]:
        raise SystemExit(f"{path.name}: a submission has not the slots that it needs")
    return places


if __name__ == "__main__":
    raise SystemExit(main())
