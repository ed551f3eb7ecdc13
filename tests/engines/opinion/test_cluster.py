"""Parts on a local cluster of two worker processes, one of which is killed half-way."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from typing import Any

import psutil
import pytest
from distributed import Client

from engines.opinion.random_votes import camps, table_of
from engines.opinion.test_partitions import same, same_bytes, without_votes
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.cluster import OnCluster, cluster_at, local_cluster
from muntada.engines.opinion.part_files import read_part, split, write_parts
from muntada.engines.opinion.partitions import SUMS_ALONE, Combined, Here, Parts, combine, described
from muntada.engines.opinion.votes import VoteTable

PATIENCE = 60  # seconds, for everything that is asked of a cluster here


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with local_cluster(2, memory="400MiB") as client:
        yield client


@pytest.fixture(scope="module")
def table() -> VoteTable:
    return table_of(camps(600, 40), ("3",))


@pytest.fixture(scope="module")
def sources(table: VoteTable, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_parts(tmp_path_factory.mktemp("parts"), split(table, 4))


def in_time(parts: Parts[Any], table: VoteTable) -> Combined:
    with ThreadPoolExecutor(1) as waiting:
        return waiting.submit(combine, parts, table.left_out(), SUMS_ALONE).result(timeout=PATIENCE)


class Interrupted:
    """Parts that do something at the n-th question, while it is being answered."""

    def __init__(self, parts: Parts[Any], calls: list[str], at: int, do: Any) -> None:
        self.parts, self.calls, self.at, self.do = parts, calls, at, do

    def made(self, make: Any, *told: Any) -> "Interrupted":
        return Interrupted(self.parts.made(make, *told), self.calls, self.at, self.do)

    def asked(self, ask: Any, *told: Any) -> list[Any]:
        self.calls.append(ask.__name__)
        if len(self.calls) == self.at:
            self.do()
        return self.parts.asked(ask, *told)


def test_parts_on_a_cluster_give_the_bytes_of_parts_in_one_process(
    client: Client, table: VoteTable, sources: list[Path]
) -> None:
    here = combine(Here([read_part(path) for path in sources]), table.left_out(), SUMS_ALONE)
    found = in_time(OnCluster.loaded(client, read_part, sources), table)
    same_bytes(found, here)
    same(described(found, without_votes(table)), analyse(table, SUMS_ALONE))


def test_each_part_is_on_one_worker_and_the_parts_on_both(
    client: Client, table: VoteTable, sources: list[Path]
) -> None:
    found = in_time(OnCluster.loaded(client, read_part, sources), table)
    homes = [client.who_has([one])[one.key] for one in found.people.parts]
    assert [len(home) for home in homes] == [1] * 4
    assert len({home[0] for home in homes}) == 2


@pytest.mark.parametrize(("question", "delay"), [(1, 0.0), (6, 0.02), (24, 0.0)])
def test_a_worker_killed_half_way_changes_nothing(
    table: VoteTable, sources: list[Path], question: int, delay: float
) -> None:
    """In the count, in a pass over the votes, and when people are already in their places."""
    here = combine(Here([read_part(path) for path in sources]), table.left_out(), SUMS_ALONE)
    calls: list[str] = []
    with local_cluster(2, memory="400MiB") as client:
        victim, pid = min(client.run(os.getpid).items())
        kill = Timer(delay, os.kill, (pid, signal.SIGKILL))
        parts = OnCluster.loaded(client, read_part, sources)
        begun = time.monotonic()
        found = in_time(Interrupted(parts, calls, question, kill.start), table)
        kill.join()
        while victim in client.scheduler_info(n_workers=-1)["workers"]:
            assert time.monotonic() - begun < PATIENCE
            time.sleep(0.05)
        homes = [client.who_has([one])[one.key] for one in found.people.parts.parts]
    assert time.monotonic() - begun < PATIENCE
    assert all(home and victim not in home for home in homes)
    assert len(calls) > 24
    same_bytes(found, here)


def test_a_cluster_is_joined_at_its_address(client: Client, table: VoteTable, sources: list[Path]) -> None:
    with cluster_at(client.scheduler.address) as other:
        same_bytes(
            in_time(OnCluster.loaded(other, read_part, sources), table),
            combine(Here([read_part(path) for path in sources]), table.left_out(), SUMS_ALONE),
        )


def test_what_cannot_be_read_is_said(client: Client, table: VoteTable, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        in_time(OnCluster.loaded(client, read_part, [tmp_path / "gone.npz"]), table)


def test_a_local_cluster_listens_on_this_machine_alone(client: Client) -> None:
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    listening = [
        one.laddr.ip
        for process in processes
        for one in process.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3
    assert set(listening) == {"127.0.0.1"}
