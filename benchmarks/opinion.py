"""The opinion engine beside red-dwarf: CPU time and memory on the same votes, one thread each.

`python benchmarks/opinion.py` writes benchmarks/results/opinion.md; `--quick` leaves out the large synthetic
table, measures fewer rounds and writes nothing. The real consultations are read from ../shared/data/polis
where that is laid beside the project.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.votes import VoteTable

ROOT = Path(__file__).resolve().parents[1]
CONVERSATIONS = ROOT.parent / "shared" / "data" / "polis"
RESULTS = ROOT / "benchmarks" / "results" / "opinion.md"
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SYNTHETIC = "synthetic"
RED_DWARF = "red-dwarf"
PARTS = ("numpy", "scipy", "red-dwarf", "scikit-learn")
WAYS = {
    "ours, as red-dwarf": Settings(compat="red-dwarf"),
    "ours, without chance": Settings(chance_rounds=0),
    "ours": Settings(),
}


@dataclass(frozen=True)
class Votes:
    """The votes of a consultation in the plainest form, from which every programme starts."""

    people: int
    statements: int
    participant: list[int]
    statement: list[int]
    value: list[int]
    moderated_out: list[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no synthetic table, three rounds")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds of which the median counts")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measured(*arguments.measure)))
        return
    rounds = 3 if arguments.quick else arguments.rounds
    names = sorted(path.name for path in CONVERSATIONS.iterdir()) if CONVERSATIONS.is_dir() else []
    rows = [row(name, [RED_DWARF, *WAYS], rounds) for name in names]
    if not arguments.quick:
        rows.append(row(SYNTHETIC, list(WAYS), 3))
    page = "\n".join(document(rows, rounds))
    if not arguments.quick:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(page, encoding="utf-8")
    print(page)


def row(name: str, ways: Sequence[str], rounds: int) -> dict[str, str]:
    print(f"{name} ...", file=sys.stderr, flush=True)
    times = in_a_process("time", name, str(rounds), *ways)
    memory = in_a_process("memory", name, "1", *(way for way in (RED_DWARF, "ours") if way in ways))
    size = in_a_process("size", name)
    cells = {
        "votes": f"{name}: {size['people']:,.0f} x {size['statements']:,.0f}, {size['votes']:,.0f} votes"
    }
    cells |= {way: f"{1000 * seconds:,.0f} ms" for way, seconds in times.items()}
    if RED_DWARF in times:
        cells["ratio"] = f"{times[RED_DWARF] / times['ours, as red-dwarf']:.0f} x"
    return cells | {f"memory {way}": f"{megabytes:,.0f} MB" for way, megabytes in memory.items()}


def in_a_process(*words: str) -> dict[str, float]:
    """Measure in a process of its own, so that threads, memory and imports of one do not touch another."""
    done = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, __file__, "--measure", *words],
        env=os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT / "src")},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measured(what: str, name: str, rounds: str = "1", *ways: str) -> dict[str, float]:
    votes = synthetic() if name == SYNTHETIC else real(CONVERSATIONS / name)
    if what == "size":
        return {"people": votes.people, "statements": votes.statements, "votes": len(votes.value)}
    runs = {way: analysis(way, votes) for way in ways}
    if what == "memory":
        return {way: peak(run) for way, run in runs.items()}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(int(rounds)):
        for way, run in runs.items():
            start = time.process_time()
            run()
            seconds[way].append(time.process_time() - start)
    return {way: statistics.median(values) for way, values in seconds.items()}


def peak(run: Callable[[], object]) -> float:
    """Run, and give the most megabytes that Python and numpy held for it at once."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def analysis(way: str, votes: Votes) -> Callable[[], object]:
    if way != RED_DWARF:
        return lambda: analyse(table(votes), WAYS[way])
    from reddwarf.implementations.base import run_pipeline  # noqa: PLC0415 - only where it is measured

    rows = [
        {"participant_id": person, "statement_id": text, "vote": value}
        for person, text, value in zip(votes.participant, votes.statement, votes.value, strict=True)
    ]
    return lambda: run_pipeline(votes=rows, mod_out_statement_ids=votes.moderated_out, random_state=0)


def table(votes: Votes) -> VoteTable:
    return VoteTable.from_arrays(
        [str(person) for person in range(votes.people)],
        [str(text) for text in range(votes.statements)],
        participant=votes.participant,
        statement=votes.statement,
        value=votes.value,
        moderated_out=[str(text) for text in votes.moderated_out],
    )


def real(folder: Path) -> Votes:
    read = read_polis(folder).table()
    return Votes(
        len(read.participants),
        len(read.statements),
        read.participant.tolist(),
        read.statement.tolist(),
        read.value.tolist(),
        [place for place, name in enumerate(read.statements) if name in read.moderated_out],
    )


def synthetic(people: int = 10_000, statements: int = 500, seed: int = 1) -> Votes:
    """Three latent groups in two dimensions, popular and rare statements, busy and quiet people."""
    dice = np.random.default_rng(seed)
    middles = dice.normal(0, 1, (3, 2))
    leaning = middles[dice.choice(3, people, p=[0.5, 0.33, 0.17])] + dice.normal(0, 0.45, (people, 2))
    loading, intercept = dice.normal(0, 1.1, (statements, 2)), dice.normal(0.5, 0.8, statements)
    popularity = np.arange(1, statements + 1) ** -0.7
    popularity /= popularity.sum()
    number = np.clip(dice.lognormal(np.log(31), 0.7, people), 1, statements).astype(int)
    seen = [dice.choice(statements, count, replace=False, p=popularity) for count in number]
    person, text = np.repeat(np.arange(people), number), np.concatenate(seen)
    strength = (leaning[person] * loading[text]).sum(axis=1) + intercept[text]
    strength += dice.logistic(0, 0.8, len(person))
    value = np.where(strength > 0.25, 1, np.where(strength < -0.25, -1, 0))  # noqa: PLR2004 - a band of passing
    value[dice.random(len(value)) < 0.08] = 0  # noqa: PLR2004 - some pass on anything
    return Votes(people, statements, person.tolist(), text.tolist(), value.tolist(), [])


def document(rows: Sequence[dict[str, str]], rounds: int) -> list[str]:
    columns = ["votes", RED_DWARF, *WAYS, "ratio", f"memory {RED_DWARF}", "memory ours"]
    titles = [
        "votes",
        RED_DWARF,
        *WAYS,
        "red-dwarf / ours in its way",
        "memory of red-dwarf",
        "our memory",
    ]
    return [
        "# The opinion engine beside red-dwarf",
        "",
        "Made by `python benchmarks/opinion.py`.",
        "",
        f"CPU time, median of {rounds} interleaved runs (3 for the synthetic table), one thread; memory is",
        "the most that Python and numpy held at once for the analysis. All start from plain lists of votes.",
        "",
        "- *ours, as red-dwarf*: the same computation as red-dwarf, with the result of its exact solver;",
        "- *ours*: what the platform runs: several starts of k-means, and the whole analysis 19 times more",
        "  on shuffled votes, to know whether the groups are more than chance;",
        "- *ours, without chance*: the same without the shuffled votes.",
        "",
        "| " + " | ".join(titles) + " |",
        "|---|" + "--:|" * (len(titles) - 1),
        *("| " + " | ".join(one.get(column, "not run") for column in columns) + " |" for one in rows),
        "",
        ", ".join(["Python " + platform.python_version(), *(f"{part} {version(part)}" for part in PARTS)]),
        f"on {os.cpu_count()} cores, {platform.system()} {platform.machine()}.",
        "",
    ]


if __name__ == "__main__":
    main()
