"""Our analysis of a made-up crowd as a process of its own, with what each step took: `own.py FOLDER WAY`."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from crowd import read

from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.kernel import Loops
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.votes import VoteTable

ONCE = OpinionSettings(chance_rounds=0, redraw_rounds=0, scores=False)
WAYS = {"once": ONCE, "whole": OpinionSettings()}
ROUNDS = 3


def main(folder: Path, way: str) -> None:
    started = time.process_time()
    votes = read(folder)
    coded = time.process_time()
    if way == "pass":
        print(json.dumps(pace(votes)))
        return
    found = analyse(VoteTable.of_coded(votes), WAYS[way])
    done = time.process_time()
    sizes = [group.size for group in found.groups]
    print(
        json.dumps({"votes": len(votes), "code": coded - started, "analyse": done - coded, "groups": sizes})
    )


def pace(votes: CodedVotes) -> dict[str, float]:
    """Time one pass of the kernel over the votes, and reading as many bytes once."""
    loops, table = Loops(votes), np.random.default_rng(0).standard_normal(3 * votes.statements)
    memory = np.zeros(1 << 28, dtype=np.uint8).view(np.uint64)
    memory += np.uint64(1)
    loops.fused_pass(table)
    passes, reads = [], []
    for _ in range(ROUNDS):
        passes.append(timed(lambda: loops.fused_pass(table)))
        reads.append(timed(memory.sum) / memory.nbytes)
    return {
        "votes": len(votes),
        "bytes": votes.codes.nbytes,
        "pass": min(passes),
        "read": min(reads) * votes.codes.nbytes,
        "bandwidth": 1 / min(reads),
    }


def timed(run: object) -> float:
    start = time.process_time()
    run()  # type: ignore[operator]
    return time.process_time() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
