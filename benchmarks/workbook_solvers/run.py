"""Solve the workbook of another timetabling benchmark by its own objective; the solution has its form.

`python benchmarks/workbook_solvers/run.py FILE.xlsx --format cosplib --cpu-seconds 120 --out SOLUTION.xlsx`.
Progress goes to standard error; Ctrl-C keeps the best solution so far.
"""

import argparse
import json
import math
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from workbook_solvers.books import (  # noqa: E402 - the folders are named above
    INFEASIBLE,
    BookFault,
    BookPlan,
    BookProgress,
    BookSolver,
    Budget,
    Work,
)
from workbook_solvers.conference.solve import solve_book as solve_conference  # noqa: E402
from workbook_solvers.cosplib.solve import solve_book as solve_cosplib  # noqa: E402

FORMATS: Mapping[str, BookSolver] = {
    "cosplib": solve_cosplib,
    "timefold": solve_conference,
}
# Those whose workbooks pin: their published figures move what is pinned, so that is the default.
KEEPING_PINS: Mapping[str, BookSolver] = {"timefold": partial(solve_conference, keeps_pins=True)}
CPU_SECONDS = 120.0
ENDING = 0.3  # CPU-seconds kept for writing the solution and for the way out
STARTING = 0.8  # CPU-seconds that start and reading take where work is counted
BETWEEN = 0.5  # CPU-seconds between two lines of progress
GLANCE = 0.2  # seconds between two looks whether somebody wants to stop


def main(words: Sequence[str]) -> int:
    return run_book(_parser().parse_args(words))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", metavar="FILE.xlsx", type=Path, help="the workbook")
    parser.add_argument("--format", choices=[*FORMATS], required=True, help="whose workbook it is")
    parser.add_argument(
        "--seed", metavar="N", type=_seed, default=1, help="the start of the dice (default: 1)"
    )
    parser.add_argument(
        "--cpu-seconds",
        metavar="SECONDS",
        type=_cpu_seconds,
        default=CPU_SECONDS,
        help=f"CPU-seconds to spend at most, all threads together (default: {CPU_SECONDS:g})",
    )
    parser.add_argument("--out", metavar="SOLUTION.xlsx", type=Path, help="the file to write the solution to")
    parser.add_argument(
        "--repeatable",
        action="store_true",
        help="count work, not time: the same seed and budget give the same file",
    )
    parser.add_argument(
        "--keep-pins",
        action="store_true",
        help="for timefold: keep talks where a user pinned them, which no score asks for",
    )
    parser.add_argument("--json", action="store_true", help="print the score and its parts as JSON")
    return parser


def run_book(arguments: argparse.Namespace) -> int:
    """Solve within the budget; Ctrl-C ends the search and keeps the best solution so far."""
    fault = _cannot_write(arguments.out)
    if fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    solvers = KEEPING_PINS if arguments.keep_pins else FORMATS
    if arguments.format not in solvers:
        sys.stderr.write(f"--keep-pins says nothing here: a workbook of {arguments.format} pins nothing.\n")
        return 2
    seconds = max(0.0, arguments.cpu_seconds - ENDING)
    budget = Budget(seconds, Work() if arguments.repeatable else time.process_time)
    budget.spend(STARTING)
    try:
        plan = _solved(solvers[arguments.format], arguments.book, arguments.seed, budget)
    except BookFault as refused:
        sys.stderr.write(f"{arguments.book.name}: {refused}\n")
        return 2
    if arguments.out is not None:
        try:
            _write_whole(arguments.out, plan.solution)
        except OSError as error:
            sys.stderr.write(f"{arguments.out} cannot be written: {error.strerror}.\n")
            return 2
    answer = _as_json(plan, arguments.seed, budget)
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print("\n".join(_page(plan, arguments.out, budget)))
    return 0


def _solved(solver: BookSolver, path: Path, seed: int, budget: Budget) -> BookPlan:
    """Solve in a thread of its own: the main one must stay free to hear Ctrl-C."""
    found: list[BookPlan] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            found.append(solver(path, seed=seed, budget=budget, report=Teller()))
        except Exception as error:  # noqa: BLE001 - raised again below, in the main thread
            failed.append(error)

    worker = threading.Thread(target=work, name="timetable")
    with _stoppable(budget):
        worker.start()
        while worker.is_alive():
            worker.join(GLANCE)
            if time.process_time() > budget.seconds:
                budget.halt.stop()  # counted work may have taken longer than it does elsewhere
    if failed:
        raise failed[0]
    return found[0]


@contextmanager
def _stoppable(budget: Budget) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        sys.stderr.write("Stopping; the best solution so far is kept.\n")
        budget.halt.stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: Any = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Teller:
    """Writes progress to standard error, not more often than somebody can read it."""

    def __init__(self) -> None:
        self.told = -BETWEEN

    def __call__(self, progress: BookProgress) -> None:
        if progress.cpu_seconds - self.told < BETWEEN:
            return
        self.told = progress.cpu_seconds
        bound = "" if progress.bound is None else f", bound {progress.bound}"
        gap = "" if progress.gap is None else f", gap {progress.gap:.1%}"
        seconds = f"{progress.cpu_seconds:7.1f} CPU-s"
        sys.stderr.write(f"{seconds}  best {progress.best}{bound}{gap}  ({progress.step})\n")
        sys.stderr.flush()


def _cannot_write(out: Path | None) -> str:
    """Say before the work whether the solution could not be written after it."""
    if out is None:
        return ""
    if out.is_dir():
        return f"{out} is a folder; --out needs the name of a file."
    if not out.absolute().parent.is_dir():
        return f"There is no folder {out.parent}; make it first, or choose another --out."
    return ""


def _write_whole(out: Path, content: bytes) -> None:
    """Write beside it and rename: whatever stood there is replaced whole or not at all."""
    if out.exists() and not out.is_file():  # a device, such as /dev/stdout
        out.write_bytes(content)
        return
    with tempfile.NamedTemporaryFile(dir=out.absolute().parent, prefix=f".{out.name}.", delete=False) as part:
        beside = Path(part.name)
        part.write(content)
    try:
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def _as_json(plan: BookPlan, seed: int, budget: Budget) -> dict[str, object]:
    return {
        "status": plan.status,
        "score": dict(plan.score),
        "bound": dict(plan.bound),
        "terms": dict(plan.terms),
        "unplaced": list(plan.unplaced),
        "unpinned": list(plan.unpinned),
        "seed": seed,
        "repeatable": budget.repeatable and not budget.halt.called,
        "cpu_seconds": round(time.process_time(), 1),
    }


def _page(plan: BookPlan, out: Path | None, budget: Budget) -> Iterator[str]:
    yield f"Score: {_levels(plan.score)} ({plan.status}; bound: {_levels(plan.bound)})."
    broken = {name: cost for name, cost in plan.terms.items() if cost}
    width = max(map(len, broken), default=0)
    yield from (f"  {name:<{width}}  {cost:,}" for name, cost in broken.items())
    if plan.unplaced:
        yield f"Without a place: {', '.join(plan.unplaced)}."
        yield "More --cpu-seconds may find one, if there is one."
    if plan.status == INFEASIBLE:
        yield "Each timetable found breaks a hard rule. More --cpu-seconds may find one that does not."
    if plan.unpinned:
        moved = ", ".join(plan.unpinned)
        yield f"Pinned by a user, yet moved, as in the published figures: {moved}. --keep-pins keeps them."
    if budget.repeatable and budget.halt.called:
        yield "Cut short before the work was done, so not repeatable; more --cpu-seconds leave time for it."
    yield f"{time.process_time():.1f} CPU-seconds used."
    yield "Nothing was written; name a file with --out." if out is None else f"Written to {out}."


def _levels(score: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {value:,}" for name, value in score.items())


def _cpu_seconds(word: str) -> float:
    """Take an argument for a budget of CPU-seconds."""
    try:
        seconds = float(word)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"'{word}' is not a number of seconds of at least 0")
    return seconds


def _seed(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and int(word) < 2**31):
        raise argparse.ArgumentTypeError(f"'{word}' is not a whole number from 0 to {2**31 - 1}")
    return int(word)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
