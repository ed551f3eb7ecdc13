"""The opinion engine beside red-dwarf: CPU seconds and peak memory of whole processes, one thread each.

`./muntada bench opinion` writes benchmarks/results/opinion.md. `python benchmarks/opinion.py --quick`
measures few rounds and no large crowd, and writes nothing; `--largest` adds ten million people, for which
it needs ten minutes, 4 GB of memory and 4 GB of disk. The real consultations are read from
../shared/data/polis where that is laid beside the project; the made-up crowds are kept in the folder
MUNTADA_BENCH, or with temporary files.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from votes.crowd import place_of

from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.votes import VoteTable

ROOT = Path(__file__).resolve().parents[1]
CONVERSATIONS = ROOT.parent / "shared" / "data" / "polis"
RESULTS = ROOT / "benchmarks" / "results" / "opinion.md"
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
PEER, OWN, CROWD = (ROOT / "benchmarks" / "votes" / name for name in ("peer.py", "own.py", "crowd.py"))
PARTS = ("numpy", "scipy", "red-dwarf", "scikit-learn")
RED_DWARF = "red-dwarf"
WAYS = {
    "as red-dwarf": OpinionSettings(compat="red-dwarf"),
    "once": OpinionSettings(chance_rounds=0, redraw_rounds=0, scores=False),
    "whole": OpinionSettings(),
}
BEGINNING = """\
# The opinion engine beside red-dwarf

Made by `./muntada bench opinion` (with the largest crowd: `python benchmarks/opinion.py --largest`).

Medians of up to seven interleaved runs, one thread each. CPU seconds are those of user and system,
memory is the most that was resident. The crowds come from `benchmarks/votes/crowd.py`.
"""
REAL = """\
## Whole processes on real consultations

From the files of the export to the printed result, with the start of Python and all imports; a first run of
each, in which Python keeps what it compiled, is not counted. *Ours, whole* is what the platform runs: besides
the map 19 shuffled copies and 60 drawings of the people, and three measures of what unites. *Numpy alone* is
a Python that imports numpy and ends: no program that uses it takes less.
"""
ALONE = """\
## The analysis alone

CPU time in a process that has read the votes and imported everything; red-dwarf starts from its list of
votes, ours from columns of numbers. *Once* is our way without shuffled copies, drawings and further
measures.
"""
CROWDS = """\
## Whole processes on made-up crowds

From columns of participant, statement and value on disk (the largest: from votes coded before) to the
result in memory. red-dwarf is not run above 10,000 people: it holds several copies of a full table of
floats, and measures all distances.
"""
PACE = """\
## Distance to memory bandwidth

In the same run, in CPU time: reading as many bytes as the coded votes have, at the speed at which this
machine adds up 256 MB; one pass of the kernel over the votes (a gather and a scatter for each); and the
analysis *once*, whose axes take as long as about fourteen passes, with what does not depend on the votes.
"""
SMALL, MIDDLE, LARGE, LARGEST = (10_000, 500), (100_000, 2_000), (1_000_000, 5_000), (10_000_000, 5_000)


@dataclass(frozen=True)
class Process:
    """What a whole process took: CPU seconds, the most memory in megabytes, and what it printed."""

    seconds: float
    megabytes: float
    printed: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no large crowds, three rounds")
    parser.add_argument("--largest", action="store_true", help="ten million people as well")
    parser.add_argument("--alone", nargs=2, metavar=("FOLDER", "ROUNDS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        print(json.dumps(alone(Path(arguments.alone[0]), int(arguments.alone[1]))))
        return
    rounds = 3 if arguments.quick else 7
    folders = sorted(path for path in CONVERSATIONS.glob("*") if path.is_dir())
    sizes = [SMALL] if arguments.quick else [SMALL, MIDDLE, LARGE]
    page = [
        BEGINNING,
        *real_table(folders, rounds),
        *alone_table(folders, rounds),
        *crowd_table([*sizes, *([LARGEST] if arguments.largest else [])], 1 if arguments.quick else 3),
        *pace_table(sizes),
        "",
        ", ".join(["Python " + platform.python_version(), *(f"{part} {version(part)}" for part in PARTS)]),
        f"on {os.cpu_count()} cores, {platform.system()} {platform.machine()}, which other work may share.",
        "",
    ]
    if not arguments.quick:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text("\n".join(page), encoding="utf-8")
    print("\n".join(page))


def process(*words: str | Path) -> Process:
    """Run a Python by itself to its end and read from the system what it took."""
    print(*words, file=sys.stderr, flush=True)
    with tempfile.TemporaryFile("w+") as printed:
        child = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, *map(str, words)],
            cwd=ROOT,
            env=environment(),
            stdout=printed,
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{words} ended with {child.returncode}")
        printed.seek(0)
        return Process(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, printed.read())


def environment() -> dict[str, str]:
    """One thread, and a Python that keeps what it compiled, whatever is set where this is measured."""
    ours = {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": ""}
    return os.environ | ONE_THREAD | ours


def middle(runs: Sequence[Process]) -> Process:
    return Process(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.megabytes for run in runs),
        runs[-1].printed,
    )


def interleaved(commands: Sequence[Sequence[str | Path]], rounds: int) -> list[Process]:
    """Run each command once in every round, so that what else the machine does meets all alike."""
    runs: list[list[Process]] = [[] for _ in commands]
    for command in commands if rounds > 1 else ():
        process(*command)
    for _ in range(rounds):
        for kept, command in zip(runs, commands, strict=True):
            kept.append(process(*command))
    return [middle(kept) for kept in runs]


def real_table(folders: Sequence[Path], rounds: int) -> list[str]:
    rows = []
    for folder in folders:
        ours = ("-m", "muntada", "opinion", folder, "--json")
        theirs, same, whole, least = interleaved(
            [(PEER, folder), (*ours, "--compat", "red-dwarf"), ours, ("-c", "import numpy")], min(rounds, 5)
        )
        ratio = f"{theirs.seconds / same.seconds:.0f} x"
        rows.append([folder.name, *map(spent, (theirs, same)), ratio, *map(spent, (whole, least))])
    return [
        REAL,
        *table(
            [
                "consultation",
                RED_DWARF,
                "ours, as red-dwarf",
                "red-dwarf / ours",
                "ours, whole",
                "numpy alone",
            ],
            rows,
        ),
        "",
    ]


def alone_table(folders: Sequence[Path], rounds: int) -> list[str]:
    rows = []
    for folder in folders:
        took = json.loads(process(__file__, "--alone", folder, str(rounds)).printed)
        milliseconds = [f"{1000 * took[way]:.1f} ms" for way in (RED_DWARF, *WAYS)]
        ratios = [f"{took[RED_DWARF] / took[way]:.0f} x" for way in ("as red-dwarf", "once")]
        rows.append([f"{folder.name} ({took['votes']:,} votes)", *milliseconds, *ratios])
    return [
        ALONE,
        *table(
            [
                "consultation",
                RED_DWARF,
                *(f"ours, {way}" for way in WAYS),
                "red-dwarf / ours as red-dwarf",
                "red-dwarf / ours once",
            ],
            rows,
        ),
        "",
    ]


def alone(folder: Path, rounds: int) -> dict[str, float]:
    """Time the analyses of both in turns within this process."""
    from reddwarf.implementations.base import run_pipeline  # noqa: PLC0415 - only where it is measured

    export = read_polis(folder).table()
    columns = {"participant": export.participant, "statement": export.statement, "value": export.value}
    votes = [
        {"participant_id": person, "statement_id": text, "vote": value}
        for person, text, value in zip(*(column.tolist() for column in columns.values()), strict=True)
    ]
    out = [place for place, name in enumerate(export.statements) if name in export.moderated_out]

    def ours(way: str) -> Callable[[], object]:
        return lambda: analyse(
            VoteTable.from_arrays(
                export.participants, export.statements, **columns, moderated_out=export.moderated_out
            ),
            WAYS[way],
        )

    runs = {
        RED_DWARF: lambda: run_pipeline(votes=votes, mod_out_statement_ids=out, random_state=0),
        **{way: ours(way) for way in WAYS},
    }
    seconds: dict[str, list[float]] = {way: [] for way in runs}
    for _ in range(rounds):
        for way, run in runs.items():
            for _ in range(1 if way in {RED_DWARF, "whole"} else 5):
                start = time.process_time()
                run()
                seconds[way].append(time.process_time() - start)
    return {"votes": len(export)} | {way: statistics.median(values) for way, values in seconds.items()}


def crowd_table(sizes: Sequence[tuple[int, int]], rounds: int) -> list[str]:
    rows = []
    for people, statements in sizes:
        from_codes = (people, statements) == LARGEST
        folder = made("coded" if from_codes else "crowd", people, statements)
        once, whole = interleaved(
            [(OWN, folder, "once"), (OWN, folder, "whole")], 1 if from_codes else rounds
        )
        told = json.loads(once.printed)
        rows.append(
            [
                f"{people:,} x {statements:,}, {told['votes']:,} votes",
                spent(process(PEER, made("export", people, statements)))
                if (people, statements) == SMALL
                else "not run",
                spent(once),
                f"{told['code']:.2f} s" if not from_codes else "coded before",
                f"{told['analyse']:.2f} s",
                spent(whole),
            ]
        )
    return [
        CROWDS,
        *table(["crowd", RED_DWARF, "ours, once", "of it coding", "of it analysis", "ours, whole"], rows),
        "",
    ]


def pace_table(sizes: Sequence[tuple[int, int]]) -> list[str]:
    rows = []
    for people, statements in sizes:
        folder = made("crowd", people, statements)
        told = json.loads(process(OWN, folder, "pass").printed)
        once = json.loads(process(OWN, folder, "once").printed)
        rows.append(
            [
                f"{told['votes']:,} votes, {told['bytes'] / 1e6:,.1f} MB",
                f"{told['bandwidth'] / 1e9:.1f} GB/s",
                f"{1000 * told['read']:.2f} ms",
                f"{1000 * told['pass']:.1f} ms, {1e9 * told['pass'] / told['votes']:.2f} ns a vote",
                f"{told['pass'] / told['read']:.0f} x",
                f"{once['analyse'] / told['read']:,.0f} x",
            ]
        )
    return [
        PACE,
        *table(
            [
                "votes",
                "read bandwidth",
                "reading them once",
                "one pass of the kernel",
                "pass / reading",
                "analysis / reading",
            ],
            rows,
        ),
    ]


def made(form: str, people: int, statements: int) -> Path:
    """Have a crowd made by a process of its own: what it needs would be counted as memory of all after it."""
    process(CROWD, form, str(people), str(statements))
    return place_of(form, people, statements)


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(titles) + " |",
        "|---|" + "--:|" * (len(titles) - 1),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def spent(run: Process) -> str:
    return f"{run.seconds:.2f} s, {run.megabytes:,.0f} MB"


if __name__ == "__main__":
    main()
