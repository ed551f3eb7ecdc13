"""Parts on a cluster of two worker processes on this machine, one of which is killed half-way."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from engines.opinion.dask_cluster import kill_the_worker_with_most_parts, local_cluster
from engines.opinion.random_votes import camps, table_of
from engines.opinion.test_parts import in_parts, same
from muntada.engines.opinion import cluster
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.cluster import PartsOnCluster, cluster_at
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.parts import Parts, PartsLost
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.votes import VoteTable

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with local_cluster() as workers:
        yield workers.scheduler_address


@pytest.fixture(scope="module")
def table() -> VoteTable:
    return table_of(camps(400, 30), ("3",))


class Interrupted(Parts):
    """Parts with which something happens just before a question."""

    def __init__(self, parts: Parts, at: int, happens: Callable[[], None]) -> None:
        self.parts, self.left, self.happens = parts, at, happens

    def add(self, votes: CodedVotes) -> None:
        self.parts.add(votes)

    def ask[R](self, question: Callable[..., R], told: Iterable[tuple[Any, ...]]) -> Iterator[R]:
        self.left -= 1
        if not self.left:
            self.happens()
        return self.parts.ask(question, told)


def test_parts_on_a_cluster_give_the_bytes_of_parts_in_one_process(address: str, table: VoteTable) -> None:
    with cluster_at(address) as parts:
        found = analyse(in_parts(table, 5, parts), seed=3)
    assert as_plain_values(found) == as_plain_values(analyse(in_parts(table, 5), seed=3))
    same(found, analyse(table, seed=3))


@pytest.mark.parametrize("question", [2, 12, 40])
def test_a_worker_killed_half_way_changes_nothing(table: VoteTable, question: int) -> None:
    """Killed after the count, in the passes for the axes, and in the factor model."""
    killed: list[str] = []

    with local_cluster() as workers, cluster_at(workers.scheduler_address) as parts:

        def kill() -> None:
            kill_the_worker_with_most_parts(workers.scheduler_address)
            killed.append("one")

        found = analyse(in_parts(table, 5, Interrupted(parts, question, kill)), seed=3)
    assert killed
    assert as_plain_values(found) == as_plain_values(analyse(in_parts(table, 5), seed=3))


def test_a_cluster_that_is_not_there_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTED_WITHIN", 0.5)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(PartsLost), cluster_at(f"tcp://127.0.0.1:{port}"):
        pass


def test_a_cluster_without_workers_is_lost_before_anything_is_sent() -> None:
    with (
        local_cluster(workers=0) as nobody,
        pytest.raises(PartsLost, match="have none"),
        cluster_at(nobody.scheduler_address),
    ):
        pass


def test_a_cluster_whose_workers_are_all_gone_is_lost_in_time(table: VoteTable) -> None:
    with local_cluster() as workers, Client(workers, set_as_default=False) as client:
        parts = PartsOnCluster(client, patience=2)

        def end_all() -> None:
            workers.scale(0)
            while client.scheduler_info(n_workers=-1)["workers"]:
                time.sleep(0.05)

        with pytest.raises(PartsLost):
            analyse(in_parts(table, 5, Interrupted(parts, 5, end_all)))


def test_a_scheduler_killed_half_way_is_lost(table: VoteTable, tmp_path: Path) -> None:
    told = tmp_path / "scheduler.json"
    with started("dask_scheduler", told, "--host", "127.0.0.1", "--port", "0") as scheduler:
        while not told.exists():
            time.sleep(0.1)
        address = json.loads(told.read_text())["address"]
        with started("dask_worker", told, "--nthreads", "1", "--no-nanny"):
            with Client(address, set_as_default=False) as client:
                client.wait_for_workers(1)
            with cluster_at(address) as parts, pytest.raises(PartsLost):
                analyse(in_parts(table, 5, Interrupted(parts, 5, scheduler.kill)))


@contextmanager
def started(command: str, told: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a part of Dask as its own command, and end it."""
    module = f"distributed.cli.{command}"
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--scheduler-file", str(told), "--no-dashboard", *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
