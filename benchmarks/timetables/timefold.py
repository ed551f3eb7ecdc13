"""The conference workbooks of OptaPlanner and Timefold: ours beside Timefold, in one run, at equal CPU.

`python benchmarks/timetables/timefold.py [NAME ...]` writes benchmarks/results/timetable_timefold.md; rows
that are not run stay as they are. `--quick` takes 5 CPU-seconds for the smallest conference and writes
nothing. Ours is `workbook_solvers/run.py` in a process of its own; what is judged is the file that it wrote.
Timefold is installed where it was not (peer/timefold.py); where it cannot run, the reason stands in the
table. The workbooks are read from ../shared and never committed.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks"), str(Path(__file__).parent)]

from peer.timefold import Answer, CannotTell, Timefold, found  # noqa: E402 - the folders are named above
from workbook_solvers.conference.evaluate import evaluate  # noqa: E402
from workbook_solvers.conference.problem import Conference, Place, Score  # noqa: E402
from workbook_solvers.conference.solve import without_pins  # noqa: E402
from workbook_solvers.conference.workbook import read_conference  # noqa: E402

SOLVER = ROOT / "benchmarks/workbook_solvers/run.py"
RESULTS = ROOT / "benchmarks/results/timetable_timefold.md"
# The goals: what the first numpy annealer reached in 60 CPU-seconds. It left pins out.
GOALS = {
    "18talks-6timeslots-5rooms": -33_795,
    "36talks-12timeslots-5rooms": -198_165,
    "108talks-18timeslots-10rooms": -1_806_780,
}
COLUMNS = 9
QUICK = "18talks-6timeslots-5rooms"
PINS = {"left out": (), "kept": ("--keep-pins",)}

HEADING = """# Conference workbooks of OptaPlanner and Timefold

`python benchmarks/timetables/timefold.py --cpu-seconds {seconds:g}`, a part of `./muntada bench timetable`:
one side after the other, each in a process of its own that was given so many CPU-seconds: all threads, start,
reading and writing included, and the warming up of Java. Larger is better; hard and medium before soft.

**Which solver.** *ours* is a solver made for these workbooks, `benchmarks/workbook_solvers/conference`. The
timetable engine that a forum runs is another one: the figures say nothing of it.

Each timetable is judged twice: by our evaluator, and **by Timefold**: its constraint streams over
`benchmarks/timetables/peer/Peer.java`, written from the definitions for this benchmark. On the golden
timetables of the tests they give the figures of the authors' own model to the unit.

Python {python}, {parts}, {peer}, {cores} cores, {machine}; load of the machine at the end {load}.

| conference | pins | who | seed | hard / medium / soft | by Timefold | goal | CPU s | peak MB |
|---|---|---|--:|--:|---|--:|--:|--:|
"""
CLOSING = """
*Timefold* runs as its authors configure it for this example: construction heuristic, then tabu search. It is
given the same constraints and weights. *goal*: what this project set itself for 60 CPU-seconds.

Each of these conferences pins one talk at a place that costs. Pins are outside the score. The goals were
reached with pins left out, which is what the command does unless it is told `--keep-pins`; here both sides
leave them out, or both keep them.
"""


type Key = tuple[str, str, str, str]  # conference, pins, who, seed


@dataclass(frozen=True)
class Job:
    name: str
    path: Path
    pins: str
    seed: int
    seconds: float

    @property
    def conference(self) -> Conference:
        given = read_conference(self.path)
        return given if self.pins == "kept" else without_pins(given)


def main() -> int:
    arguments = _arguments()
    if not arguments.data.is_dir():
        print("Skipped: the conference workbooks are not laid beside the project (../shared/data).")
        return 0
    peer = found()
    if isinstance(peer, str):
        print(f"Timefold skipped: {peer}")
    rows = dict(_kept())
    for job in _jobs(arguments):
        for row in _both(job, peer):
            print(row, flush=True)
            rows[_key(row)] = row
            if not arguments.quick:
                RESULTS.write_text(_told(rows, arguments.cpu_seconds, peer), encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*GOALS, []], help="which workbooks (default: all)")
    shared = ROOT.parent / "shared/data/scheduling/timefold"
    parser.add_argument("--data", type=Path, default=shared, help="the folder of the workbooks")
    parser.add_argument("--cpu-seconds", type=float, default=60.0, help="for each row (default: 60)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--pins", nargs="+", choices=PINS, default=list(PINS), help="default: both ways")
    parser.add_argument("--quick", action="store_true", help="the smallest, 5 CPU-seconds, nothing written")
    return parser.parse_args()


def _jobs(arguments: argparse.Namespace) -> Iterator[Job]:
    for pins in arguments.pins:
        for name in [QUICK] if arguments.quick else arguments.name or GOALS:
            for seed in arguments.seeds:
                seconds = 5.0 if arguments.quick else arguments.cpu_seconds
                yield Job(name, arguments.data / f"{name}.xlsx", pins, seed, seconds)


def _key(row: str) -> Key:
    name, pins, who, seed = [cell.strip() for cell in row.strip("|").split("|")][:4]
    return name, pins, who, seed


def _kept() -> Iterator[tuple[Key, str]]:
    if RESULTS.exists():
        for line in RESULTS.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if cells[0] in GOALS and len(cells) == COLUMNS and cells[3].isdecimal():
                yield _key(line), line


def _both(job: Job, peer: Timefold | str) -> Iterator[str]:
    conference = job.conference
    ours = _ours(job, conference)
    agreed = "cannot run" if isinstance(peer, str) else _agreed(conference, ours, peer)
    yield _row(job, "**ours**", ours, agreed)
    if isinstance(peer, str):
        return
    try:
        theirs = peer.solve(conference, cpu_seconds=job.seconds, seed=job.seed)
    except CannotTell as fault:
        yield f"| {job.name} | {job.pins} | Timefold | {job.seed} | not run: {fault} | | | | |"
        return
    yield _row(
        job, "Timefold", theirs, _told_agreement(evaluate(conference, theirs.places).score, theirs.score)
    )


def _ours(job: Job, conference: Conference) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "solution.xlsx"
        words = [str(job.path), "--format", "timefold", "--cpu-seconds", f"{job.seconds:g}"]
        words += [*PINS[job.pins], "--seed", str(job.seed), "--json", "--out", str(out)]
        with subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, str(SOLVER), *words],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{job.name}: the command failed.")
        places = _places(conference, out)
    score = evaluate(conference, places).score
    return Answer(score, {}, places, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _places(conference: Conference, path: Path) -> tuple[Place, ...]:
    """Read where the talks stand in a solved workbook, by what its cells say."""
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Talks").to_python()
    while "Code" not in head:
        head, *rows = rows
    at = [head.index(title) for title in ("Code", "Timeslot day", "Start", "End", "Room")]
    slots = {
        (f"{slot.day:%a %Y-%m-%d}", _clock(slot.start), _clock(slot.end)): number
        for number, slot in enumerate(conference.timeslots)
    }
    rooms = {room.name: number for number, room in enumerate(conference.rooms)}
    places: dict[object, Place] = {}
    for row in rows:
        code, day, start, end, room = (row[column] for column in at)
        if code:
            places[code] = Place(slots[str(day), str(start), str(end)], rooms[str(room)])
    return tuple(places[talk.code] for talk in conference.talks)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _agreed(conference: Conference, ours: Answer, peer: Timefold) -> str:
    try:
        return _told_agreement(ours.score, peer.judge(conference, ours.places).score)
    except CannotTell as fault:
        return str(fault)


def _told_agreement(ours: Score, theirs: Score) -> str:
    return "the same" if ours == theirs else f"**{theirs}**"


def _row(job: Job, who: str, answer: Answer, agreed: str) -> str:
    score = " / ".join(f"{figure:,}" for figure in answer.score)
    used = f"{answer.cpu_seconds:.1f} | {answer.peak:.0f}"
    goal = f"{GOALS[job.name]:,}" if job.pins == "left out" else ""
    return f"| {job.name} | {job.pins} | {who} | {job.seed} | {score} | {agreed} | {goal} | {used} |"


def _told(rows: Mapping[Key, str], seconds: float, peer: Timefold | str) -> str:
    heading = HEADING.format(
        seconds=seconds,
        python=platform.python_version(),
        parts=f"numpy {version('numpy')}, SciPy {version('scipy')}",
        peer=f"Timefold not run ({peer.rstrip('.')})" if isinstance(peer, str) else peer.told,
        cores=os.cpu_count(),
        machine=platform.machine(),
        load=f"{os.getloadavg()[0]:.1f}",
    )
    names, pins = list(GOALS), list(PINS)
    order = sorted(rows, key=lambda key: (pins.index(key[1]), names.index(key[0]), int(key[3]), key[2]))
    return heading + "\n".join([rows[key] for key in order]) + f"\n{CLOSING}"


if __name__ == "__main__":
    raise SystemExit(main())
