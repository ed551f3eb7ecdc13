"""The CoSPLib workbooks at 120 CPU-seconds, scored by CoSPLib's objective, beside what its own solvers reach.

`python benchmarks/timetables/cosplib.py [NAME ...]` writes benchmarks/results/timetable_cosplib.md; rows of
workbooks that are not named stay as they are. The workbooks are read from ../shared/data/scheduling/cosplib;
each run is the command line in a process of its own. The solution is taken from the file that it wrote.
"""

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

from muntada.engines.timetable.cosplib.evaluate import evaluate  # noqa: E402 - the folder is named above
from muntada.engines.timetable.cosplib.problem import Conference, Place  # noqa: E402
from muntada.engines.timetable.cosplib.read import read_conference  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "timetable_cosplib.md"
CPU_SECONDS = 120
# What CoSPLib 1.0.2 reached at the same 120 CPU-seconds: hyper-heuristic (its default) and matheuristic.
PEER = {
    "N2OR": ("1", ""),
    "GECCO19": ("20,044", "49"),
    "GECCO21": ("11,155", "11,048"),
    "GECCO23": ("4,133,359", "6,120,896"),
    "ISF22": ("202,878", "526"),
    "OR60": ("3,955", "398"),
}
HEADING = """\
# CoSPLib: measurements

`python benchmarks/timetables/cosplib.py`. At most {seconds} CPU-seconds of the whole process, seed 1. The
cost is that of the file written, counted by our evaluator, which agrees with CoSPLib's own to the unit on the
golden values of the tests; less is better. HH and MH are CoSPLib's hyper-heuristic and matheuristic at 120
CPU-seconds, with HiGHS: figures taken down earlier, not run again beside these, one seed each.

| workbook | cost | bound | status | CPU s | peak MB | HH | MH | machine |
|---|--:|--:|---|--:|--:|--:|--:|---|
"""
CLOSING = """
*optimal*: nothing better exists. *best of the model*: nothing better exists in which no track holds more
rooms at once than the model allows. *bound*: what nothing within these limits can be below. Several workers
under a clock: figures vary from run to run. On a busy machine the same CPU-seconds get less done.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*PEER, []], help="which workbooks (default: all)")
    shared = ROOT.parent / "shared" / "data" / "scheduling" / "cosplib"
    parser.add_argument("--data", type=Path, default=shared, help="the folder of the workbooks")
    parser.add_argument("--cpu-seconds", type=float, default=CPU_SECONDS)
    arguments = parser.parse_args()
    folder = arguments.data
    if not folder.is_dir():
        print("Skipped: the workbooks of CoSPLib are not laid beside the project (../shared/data).")
        return 0
    rows = dict(_kept())
    for name in arguments.name or PEER:
        rows[name] = _measure(name, folder / f"{name}.xlsx", arguments.cpu_seconds)
        print(rows[name], flush=True)
        table = "\n".join(rows[one] for one in PEER if one in rows)
        RESULTS.write_text(
            HEADING.format(seconds=f"{arguments.cpu_seconds:g}") + f"{table}\n{CLOSING}", encoding="utf-8"
        )
    return 0


def _kept() -> Iterator[tuple[str, str]]:
    if RESULTS.exists():
        for line in RESULTS.read_text(encoding="utf-8").splitlines():
            name = line.removeprefix("| ").split(" |")[0]
            if name in PEER:
                yield name, line


def _measure(name: str, path: Path, seconds: float) -> str:
    conference = read_conference(path)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "solution.xlsx"
        words = ["timetable", str(path), "--format", "cosplib", "--cpu-seconds", f"{seconds:g}", "--json"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "muntada", *words, "--out", str(out)],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = json.loads(done.stdout)
        places = read_solution(conference, out)
    verdict = evaluate(conference, places)
    if verdict.broken or verdict.unplaced or verdict.cost != answer["score"]["cost"]:
        raise SystemExit(f"{name}: the file written is not the solution that was told.")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    machine = f"Python {platform.python_version()}, OR-Tools {version('ortools')}"
    figures = f"{verdict.cost:,} | {answer['bound']['cost']:,} | {answer['status']} | {spent:.0f}"
    peer = " | ".join(PEER[name])
    return f"| {name} | {figures} | {after.ru_maxrss / 1024:.0f} | {peer} | {machine} |"


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
