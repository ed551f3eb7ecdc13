"""What the first start of the demo takes, how large its processes are, and how soon they end.

`python benchmarks/processes.py`, or `./muntada bench processes`. It starts the demo for the first time, in a
folder of its own, asks for public pages, ends it with SIGTERM, and writes benchmarks/results/processes.md.
Processor time is that of all processes together, with PostgreSQL and what has ended. Linux only. `--quick`
writes nothing.
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from load.spent import machine

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "processes.md"
PORT = 8765
TICKS = os.sysconf("SC_CLK_TCK")
ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER: what outlives its parent is counted, too
LAST_LINE = "Ctrl-C stops everything"
QUIET_SECONDS, QUIET_CPU_SECONDS, QUIET_TIMES = 3.0, 0.3, 3
PAGES = (
    "/",
    "/wsis20",
    "/wsis20/evidence",
    "/wsis20/evidence/cooperation",
    "/wsis20/evidence/coverage",
    "/wsis20/evidence/initiatives/map",
    "/wsis20/evidence/stories",
    "/wsis20/evidence/initiatives",
    "/wsis20/evidence/lines",
    "/wsis20/consultation",
    "/wsis20/consultation/themes",
    "/wsis20/consultation/balance",
    "/wsis20/programme",
    "/wsis20/programme/people",
    "/wsis20/meeting",
    "/wsis20/review",
    "/wsis20/outcome",
    "/wsis20/c/1",
    "/wsis20/i/1",
    "/wsis20/s/1",
    "/wsis20/search?q=school",
    "/wsis20/log",
)
LIBRARIES = ("numpy", "scipy", "ortools")


@dataclass(frozen=True)
class Process:
    """A process that lives: its time with that of its ended children, its own time, its memory and name."""

    pid: int
    parent: int
    cpu_seconds: float
    own_cpu_seconds: float
    megabytes: float
    words: str

    @property
    def libraries(self) -> str:
        mapped = Path(f"/proc/{self.pid}/maps").read_text()
        return ", ".join(one for one in LIBRARIES if f"/{one}" in mapped) or "none"


def living() -> list[Process]:
    """Return all processes below this one."""
    found: dict[int, Process] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
            words = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        rest = stat[stat.rindex(")") + 2 :].split()
        times = [int(one) / TICKS for one in rest[11:15]]
        pages = int(rest[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        pid = int(folder.name)
        found[pid] = Process(pid, int(rest[1]), sum(times), sum(times[:2]), pages, words)
    ours = {os.getpid()}
    while more := {one.pid for one in found.values() if one.parent in ours} - ours:
        ours |= more
    return [found[pid] for pid in ours if pid in found and pid != os.getpid()]


def cpu_seconds() -> float:
    ended = os.times()
    return sum(one.cpu_seconds for one in living()) + ended.children_user + ended.children_system


def process_called(word: str) -> Process:
    return next(one for one in living() if f" muntada {word} " in one.words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--quick", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as var:
        rows = measured(arguments.port, var)
    heading = (__doc__ or "").split("\n\n", 1)
    text = f"# Processes\n\n{heading[0]}\n\n{heading[1]}\n| measured | |\n|---|--:|\n"
    text += "\n".join(f"| {name} | {value} |" for name, value in rows) + f"\n\n{machine()} "
    text += f"Load average meanwhile: {os.getloadavg()[1]:.0f}; what else runs makes processor time longer.\n"
    print(text)
    if not arguments.quick:
        RESULTS.write_text(text)


def measured(port: int, var: str) -> list[tuple[str, str]]:
    command = ["./muntada", "demo", "--port", str(port)]
    environment = os.environ | {"MUNTADA_VAR": var}
    rows = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as serving:  # noqa: S603
        for line in serving.stdout or ():
            said = line.strip()
            print(f"{cpu_seconds():6.1f} CPU-s  {said[:70]}", file=sys.stderr, flush=True)
            if said.startswith("Loading"):
                rows.append(("the database was made after", f"{cpu_seconds():.1f} CPU-s"))
            if LAST_LINE in said:
                break
        rows.append(("the demo is ready after", f"{cpu_seconds():.1f} CPU-s"))
        rows.append(("and the worker idle after", f"{until_quiet():.1f} CPU-s"))
        for page in PAGES:
            begun = process_called("web").own_cpu_seconds
            status = answered(port, page)
            web = process_called("web")
            spent = web.own_cpu_seconds - begun
            named = f"web after {page} ({status}, {spent:.2f} CPU-s)"
            rows.append((named, f"{web.own_cpu_seconds:.1f} CPU-s, {web.megabytes:.0f} MB, {web.libraries}"))
        worker = process_called("worker")
        size = f"{worker.own_cpu_seconds:.1f} CPU-s, {worker.megabytes:.0f} MB, {worker.libraries}"
        rows.append(("worker", size))
        began = time.monotonic()
        serving.send_signal(signal.SIGTERM)
        serving.wait()
        rows.append(("SIGTERM until all have ended", f"{time.monotonic() - began:.1f} s"))
    return rows


def until_quiet() -> float:
    """Wait until nothing takes time any more; return what was taken."""
    times, before = 0, cpu_seconds()
    while times < QUIET_TIMES:
        time.sleep(QUIET_SECONDS)
        now = cpu_seconds()
        times = times + 1 if now - before < QUIET_CPU_SECONDS else 0
        before = now
    return before


def answered(port: int, page: str) -> int:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}{page}") as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code


if __name__ == "__main__":
    main()
