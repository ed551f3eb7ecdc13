"""The live opinion map and the analysis in parts: what a vote, a refresh and a pass over the parts cost.

`python benchmarks/opinion_live.py` writes benchmarks/results/opinion_live.md; `--quick` leaves out the crowds
that are made up and writes nothing. The real consultations are read from ../shared/data/polis where that is
laid beside the project.
"""

import argparse
import json
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from distributed import Client
from votes.crowd import crowd

from muntada.engines.opinion import part
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.cluster import OnCluster, local_cluster
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.live import LiveMap, renewed
from muntada.engines.opinion.part_files import NamedPart, read_part, write_parts
from muntada.engines.opinion.partitions import SUMS_ALONE, Here, Parts, combine
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.renewal import angle
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.votes import VoteTable

ROOT = Path(__file__).resolve().parents[1]
CONVERSATIONS = ROOT.parent / "shared" / "data" / "polis"
RESULTS = ROOT / "benchmarks" / "results" / "opinion_live.md"
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
CROWDS = ((10_000, 500), (100_000, 2_000))
IN_PARTS = ((100_000, 2_000), (1_000_000, 5_000))
PARTS, WORKERS = 4, 2
STEP = 500  # votes between two refreshes in the replay
CHUNK = 100
BATCH = 10_000

type Vote = tuple[str, str, int]
type Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no made-up crowds; nothing is written")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measured(*arguments.measure)))
        return
    names = sorted(path.name for path in CONVERSATIONS.iterdir()) if CONVERSATIONS.is_dir() else []
    live = [in_a_process("real", name) for name in names]
    parts: list[Row] = []
    if not arguments.quick:
        live += [in_a_process("crowd", str(people), str(texts)) for people, texts in CROWDS]
        for people, texts in IN_PARTS:
            parts += [in_a_process(way, str(people), str(texts)) for way in ("whole", "here", "cluster")]
    page = "\n".join(document(live, parts))
    if not arguments.quick:
        RESULTS.write_text(page, encoding="utf-8")
    print(page)


def in_a_process(*words: str) -> Row:
    """Measure in a process of its own, so that the threads and the memory of one do not touch another."""
    print(*words, "...", file=sys.stderr, flush=True)
    done = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, __file__, "--measure", *words],
        env=os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT / "src")},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    row: Row = json.loads(done.stdout)
    return row


def measured(what: str, *words: str) -> Row:
    if what == "real":
        return real(words[0])
    people, texts = map(int, words)
    if what == "crowd":
        return made_up(people, texts)
    return in_parts(what, people, texts)


# Live


def real(name: str) -> Row:
    export = read_polis(CONVERSATIONS / name)
    whole = export.table()
    events = sorted(export.votes, key=lambda vote: vote.at)
    votes = [(vote.participant, vote.statement, vote.value) for vote in events]
    out = whole.left_out()

    def begun(count: int) -> LiveMap:
        table = VoteTable.from_events(events[:count], moderated_out=whole.moderated_out, meta=whole.meta)
        return LiveMap.of(table, SUMS_ALONE)

    angles = replayed(begun(STEP), votes[STEP:])
    size = f"{name}: {len(whole.participants):,} x {np.count_nonzero(~out):,}, {len(whole):,} votes"
    shown = {"kept": "{:.0f}°", "before": "{:.1f}°", "renewed": "{:.2f}°", "passes": "{:.0f}"}
    return (
        {"votes": size}
        | costs(begun, votes)
        | {
            what: f"{shown[what].format(statistics.median(row))} / {shown[what].format(max(row))}"
            for what, row in angles.items()
        }
    )


def made_up(people: int, texts: int) -> Row:
    columns = crowd_columns(people, texts)
    order = np.random.default_rng(0).permutation(len(columns[0]))
    person, text, value = (column[order] for column in columns)
    names, titles = [str(place) for place in range(people)], [str(place) for place in range(texts)]
    late = 100_000  # votes of the end, counted one by one

    def begun(count: int) -> LiveMap:
        table = VoteTable.from_arrays(
            names, titles, participant=person[:count], statement=text[:count], value=value[:count]
        )
        return LiveMap.of(table, SUMS_ALONE)

    start = len(order) - late
    ends = zip(person[start:].tolist(), text[start:].tolist(), value[start:].tolist(), strict=True)
    votes = [("", "", 0)] * start + [(names[who], titles[what], said) for who, what, said in ends]
    return {"votes": f"made up: {people:,} x {texts:,}, {len(order):,} votes"} | costs(begun, votes, start)


def crowd_columns(people: int, texts: int) -> list[Any]:
    folder = crowd(people, texts)
    return [np.load(folder / f"{column}.npy") for column in ("participant", "statement", "value")]


def costs(begun: Callable[[int], LiveMap], votes: Sequence[Vote], start: int | None = None) -> Row:
    """Begin with half of the votes (or so many) and count the others one by one, in batches, and whole."""
    start = len(votes) // 2 if start is None else start
    late = votes[start:]
    live = begun(start)
    singles = [
        1e6 * seconds(lambda some=some: [live.vote(*vote) for vote in some]) / len(some)
        for some in chunks(late, CHUNK)
    ]
    refresh = [1e3 * seconds(lambda: live.adopt(renewed(live.snapshot()))) for _ in range(3)]
    whole = 1e3 * seconds(lambda: analyse(live.table(), Settings()))
    at_once = begun(start)
    batches = [
        1e6 * seconds(lambda some=some: at_once.vote_all(*map(list, zip(*some, strict=True)))) / len(some)
        for some in chunks(late, BATCH)
    ]
    return {
        "one": f"{statistics.median(singles):.1f} µs",
        "slow": f"{np.quantile(singles, 0.99):.1f} µs",
        "batch": f"{statistics.median(batches):.2f} µs",
        "refresh": f"{statistics.median(refresh):,.1f} ms",
        "whole": f"{whole:,.0f} ms",
    }


def chunks(votes: Sequence[Vote], size: int) -> Iterator[Sequence[Vote]]:
    return (votes[start : start + size] for start in range(0, len(votes), size))


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def replayed(live: LiveMap, votes: Sequence[Vote]) -> dict[str, list[float]]:
    """Replay the votes; give the angles of the exact plane to planes that could stand in for it."""
    first = before = live.snapshot().axes
    angles: dict[str, list[float]] = {"kept": [], "before": [], "renewed": [], "passes": []}
    for some in chunks(votes, STEP):
        live.vote_all(*map(list, zip(*some, strict=True)))
        snapshot = live.snapshot()
        renewal = renewed(snapshot)
        live.adopt(renewal)
        plane = exact(snapshot.votes, snapshot.left_out)
        first, before = (np.pad(old, ((0, len(plane) - len(old)), (0, 0))) for old in (first, before))
        angles["kept"].append(angle(first, plane))
        angles["before"].append(angle(before, plane))
        angles["renewed"].append(angle(renewal.directions, plane))
        angles["passes"].append(renewal.passes)
        before = plane
    return angles


def exact(votes: CodedVotes, left_out: Any) -> Any:
    """The plane by a dense eigenvalue decomposition of the imputed and centred votes."""
    matrix = np.full((votes.participants, votes.statements), np.nan)
    matrix[votes.participant(), votes.statement()] = votes.value()
    matrix[:, left_out] = np.nan
    seen = np.maximum((~np.isnan(matrix)).sum(axis=0), 1)
    matrix = np.nan_to_num(matrix - np.nansum(matrix, axis=0) / seen)
    return np.linalg.eigh(matrix.T @ matrix)[1][:, :-3:-1]


# In parts


class Watched:
    """Parts whose questions and answers are weighed as they would travel."""

    def __init__(self, parts: Parts[Any], sizes: dict[str, list[int]]) -> None:
        self.parts, self.sizes = parts, sizes

    def made(self, make: Any, *told: Any) -> "Watched":
        return Watched(self.parts.made(make, *told), self.sizes)

    def asked(self, ask: Any, *told: Any) -> list[Any]:
        answers = self.parts.asked(ask, *told)
        travelled = sum(len(pickle.dumps(told)) + len(pickle.dumps(answer)) for answer in answers)
        self.sizes.setdefault(ask.__name__, []).append(travelled)
        return answers


def in_parts(way: str, people: int, texts: int) -> Row:
    coded = CodedVotes.of_cells(people, texts, *crowd_columns(people, texts))
    title = f"{people:,} x {texts:,}, {len(coded):,} votes"
    if way == "whole":
        table = VoteTable.of_coded(coded)
        row = timed(lambda: analyse(table, SUMS_ALONE))
        return {"votes": title, "way": "all votes in one place", "passes": "", "pass": "", "all": ""} | row
    with tempfile.TemporaryDirectory() as folder:
        sources = write_parts(Path(folder), list(pieces(coded)))
        del coded
        out, sizes = np.zeros(texts, dtype=np.bool_), {}
        if way == "here":
            here = Watched(Here([read_part(source) for source in sources]), sizes)
            row = timed(lambda: combine(here, out))
        else:
            row = clustered(sources, out, sizes)
    passes = sizes[part.passed.__name__]
    return {
        "votes": title,
        "way": f"{PARTS} parts, one process"
        if way == "here"
        else f"{PARTS} parts, {WORKERS} workers of Dask",
        "passes": str(len(passes)),
        "pass": f"{statistics.median(passes) / PARTS / 1e3:,.0f} kB",
        "all": f"{sum(map(sum, sizes.values())) / 1e6:.1f} MB",
    } | row


def pieces(coded: CodedVotes) -> Iterator[NamedPart]:
    """Cut the votes into runs of people; in earnest they are divided by the hash of their names."""
    borders = np.linspace(0, coded.participants, PARTS + 1).astype(int)
    for first, last in pairwise(borders):
        start, stop = coded.offsets[first], coded.offsets[last]
        offsets = coded.offsets[first : last + 1] - start
        yield NamedPart((), CodedVotes(coded.statements, coded.codes[start:stop], offsets))


def timed(work: Callable[[], object]) -> Row:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "wall": f"{time.perf_counter() - wall:.2f} s",
        "processor": f"{time.process_time() - processor:.2f} s",
    }


def clustered(sources: Sequence[Path], out: Any, sizes: dict[str, list[int]]) -> Row:
    with local_cluster(WORKERS, memory="4GiB") as client:
        on_cluster = OnCluster.loaded(client, read_part, sources)
        on_cluster.asked(part_size)  # read before the clock runs, as in the other ways
        before = processor_of(client)
        wall = time.perf_counter()
        combine(Watched(on_cluster, sizes), out)
        wall = time.perf_counter() - wall
        return {"wall": f"{wall:.2f} s", "processor": f"{processor_of(client) - before:.2f} s"}


def part_size(votes: CodedVotes) -> int:
    return len(votes)


def processor_of(client: Client) -> float:
    return time.process_time() + sum(client.run(time.process_time).values())


# The page

LIVE_COLUMNS = {
    "votes": "votes",
    "one": "one vote",
    "slow": "slowest hundredth",
    "batch": "a vote in a batch",
    "refresh": "refresh",
    "whole": "whole analysis",
    "kept": "off if kept",
    "before": "turns",
    "renewed": "off if refreshed",
    "passes": "passes",
}
PARTS_COLUMNS = {
    "votes": "votes",
    "way": "way",
    "wall": "wall time",
    "processor": "CPU time",
    "passes": "passes",
    "pass": "a part and pass",
    "all": "all that travels",
}


LIVE_WORDS = f"""
Half of the votes are there, the others come one by one (median and slowest hundredth of {CHUNK} in a row), or
in batches of up to {BATCH:,}; of the made-up crowds the last 100,000 votes come. *Refresh* renews the axes
and puts everybody in place and group; *whole analysis* is all that `analyse` does: chance, people drawn anew,
scores.

For the rest the real votes are replayed in the order of time, {STEP} between two refreshes and never analysed
anew: medians and largest angles between the exact plane and that of the first {STEP} votes (*off if kept*),
that of {STEP} votes ago (*turns*) and the renewed one (*off if refreshed*), and how many passes that took.
"""
PARTS_WORDS = """
Places, groups and counts, without what needs each person's votes (chance, drawing anew, scores). CPU time is
that of all processes; the workers are on this machine. *A part and pass* is what travels to a part and back,
*all that travels* is for the whole analysis and all parts.
"""


def document(live: Sequence[Row], parts: Sequence[Row]) -> list[str]:
    names = ("numpy", "scipy", "distributed")
    return [
        "# The live opinion map, and votes in parts",
        "",
        "Made by `python benchmarks/opinion_live.py`. CPU time unless said otherwise, one thread.",
        "",
        "## Live",
        LIVE_WORDS,
        *table(LIVE_COLUMNS, live),
        "",
        *(["## In parts", PARTS_WORDS, *table(PARTS_COLUMNS, parts), ""] if parts else []),
        ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names)]),
        f"on {os.cpu_count()} cores, {platform.system()} {platform.machine()}.",
        "",
    ]


def table(columns: Row, rows: Sequence[Row]) -> list[str]:
    return [
        "| " + " | ".join(columns.values()) + " |",
        "|---|" + "--:|" * (len(columns) - 1),
        *("| " + " | ".join(row.get(column, "") for column in columns) + " |" for row in rows),
    ]


if __name__ == "__main__":
    main()
