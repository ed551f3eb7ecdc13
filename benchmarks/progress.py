"""The progress engine on a whole database of indicators, beside pandas and scipy in the same run.

`./muntada bench progress` writes benchmarks/results/progress.md: 1,500 series x 217 areas x 25 years, from
the CSV file to the verdicts, as whole processes. `python benchmarks/progress.py --quick` takes 60 series and
writes nothing. The made-up series are kept in the folder MUNTADA_BENCH, or with temporary files.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from series.made import AREAS, YEARS, made

from muntada.engines.progress.assess import assess
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel_files import read_panel
from muntada.engines.progress.targets import read_targets

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "progress.md"
PROGRAMS = ROOT / "benchmarks" / "series"
PROGRAMS = ROOT / "benchmarks" / "series"
MADE, OWN, COLUMNS, LOOP = (PROGRAMS / f"{name}.py" for name in ("made", "own", "columns", "loop"))
ALL, QUICK, SAMPLE = 1500, 60, 10
RUNS = 3
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
PARTS = ("numpy", "scipy", "pandas")
GOALS = "Asked for: every method under 5 s and 512 MiB, with Mann-Kendall and Sen under 10 s."


@dataclass(frozen=True)
class Used:
    """What a whole process used; the best of several runs."""

    cpu: float
    wall: float
    memory: int
    output: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="60 series, and no results written")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each process, the best counts ({RUNS})")
    arguments = parser.parse_args()
    count = QUICK if arguments.quick else ALL
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(os.environ.get("MUNTADA_BENCH", temporary)) / f"series-{count}"
        if not (folder / "series.csv").exists():
            subprocess.run([sys.executable, MADE, folder, str(count)], check=True)  # noqa: S603 - our own program
        page = "\n".join(_page(folder, count, arguments.runs)) + "\n"
    print(page)
    if not arguments.quick:
        RESULTS.write_text(page, encoding="utf-8")


def _page(folder: Path, count: int, runs: int) -> Iterator[str]:
    known = float(np.isfinite(made(count)).mean())
    cells = count * AREAS * YEARS
    yield "# The progress engine on a whole database"
    yield ""
    yield "Made by `./muntada bench progress`; the method is in docs/engines/progress.md."
    yield ""
    size = (folder / "series.csv").stat().st_size / 1e6
    yield f"{count:,} series x {AREAS} areas x {YEARS} years: {cells:,} cells, {1 - known:.1%} missing;"
    yield f"a CSV file of {size:.0f} MB. Whole processes, from their start over the file to the result;"
    yield f"{'one run' if runs == 1 else f'the best of {runs} runs'} of each, one thread."
    yield GOALS
    yield ""
    yield "| what | by | CPU s | wall s | MiB |"
    yield "|---|---|--:|--:|--:|"
    files = (folder / "series.csv", "--targets", folder / "targets.csv")
    word: list[str | Path] = [sys.executable, "-m", "muntada", "progress", *files]
    for what, by, command in (
        (f"level, rate and verdict of all {len(METHODS)} methods", "`muntada progress`", word),
        ("the same, with Mann-Kendall and Sen", "the engine", [sys.executable, OWN, folder]),
        ("level, line and verdict of one method", "vectorised pandas", [sys.executable, COLUMNS, folder]),
    ):
        used = min((_measured(command) for _ in range(runs)), key=lambda used: used.cpu)
        yield f"| {what} | {by} | {used.cpu:.2f} | {used.wall:.2f} | {used.memory} |"
    yield from _loop(folder, count)
    yield ""
    yield from _one(folder)
    yield from _foot()


def _loop(folder: Path, count: int) -> Iterator[str]:
    sample = min(SAMPLE, count)
    used = _measured([sys.executable, LOOP, folder, str(sample)])
    _, verdicts, trends = map(float, used.output.split())
    times = count / sample
    by = f"loop with pandas and scipy, scaled from {sample} series"
    yield f"| level, line and verdict of one method | {by} | {verdicts * times:.0f} | | |"
    yield f"| the same, with Kendall and Sen | {by} | {(verdicts + trends) * times:.0f} | | |"


def _one(folder: Path) -> Iterator[str]:
    """Tell how long it takes when one series has changed: in all areas, and in one."""
    panel, targets = read_panel(folder / "series.csv"), read_targets(folder / "targets.csv")
    series = replace(
        panel,
        series=panel.series[:1],
        values=panel.values[:1].copy(),
        listed=panel.listed[:1],
        doubled=panel.doubled[:1],
    )
    area = replace(
        series,
        areas=panel.areas[:1],
        values=series.values[:, :1],
        listed=series.listed[:, :1],
        doubled=series.doubled[:, :1],
    )
    for what, one in ((f"all {AREAS} areas", series), ("one area", area)):
        times = []
        for _ in range(50):
            start = time.process_time()
            assess(one, targets)
            times.append(1000 * (time.process_time() - start))
        late = sorted(times)[47]
        usual = statistics.median(times)
        yield f"- One changed series, {what}, every method: {usual:.1f} ms, 95th percentile {late:.1f} ms."


def _measured(command: list[str | Path]) -> Used:
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT / "src")}
    with tempfile.TemporaryFile("w+") as output:
        start = time.monotonic()
        child = subprocess.Popen(  # noqa: S603 - our own programs
            [str(part) for part in command], stdout=output, env=environment, cwd=ROOT
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        if status:
            raise SystemExit(f"failed: {command}")
        output.seek(0)
        return Used(used.ru_utime + used.ru_stime, wall, used.ru_maxrss // 1024, output.read())


def _foot() -> Iterator[str]:
    yield ""
    yield f"Python {platform.python_version()}, {', '.join(f'{part} {version(part)}' for part in PARTS)},"
    yield f"{os.cpu_count()} cores that others used as well, {platform.system()} {platform.machine()}."


if __name__ == "__main__":
    main()
