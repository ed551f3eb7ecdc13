"""Parts of the votes on a cluster of Dask workers. This needs the extra `cluster`; nothing else here does.

What a part is made of is a task that Dask can run again: when a worker is lost, its parts are made again from
their sources by the others, with all that was made of them since, and what was asked of them is answered.
Parts go to the workers in turn and stay there: whatever is asked of a part runs where it is.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any, Self

import dask
from distributed import Client, Future, LocalCluster

from muntada.engines.opinion.partitions import Parts

MEMORY = "1GiB"  # for each local worker
PATIENCE = 30  # seconds in which a scheduler has to answer
SETTINGS = {
    "distributed.scheduler.allowed-failures": 10,  # so many workers may be lost under one task
    "distributed.scheduler.work-stealing": False,
    "distributed.comm.timeouts.connect": "10s",
    "distributed.scheduler.http.routes": [],
}


@dataclass(frozen=True, slots=True)
class OnCluster[P](Parts[P]):
    """Parts on the workers of a cluster, each with its home; elsewhere only if the home is lost."""

    client: Client
    parts: Sequence[Future[Any]]
    homes: Sequence[str]

    @classmethod
    def loaded(cls, client: Client, load: Callable[[Any], P], sources: Sequence[Any]) -> Self:
        """Make a part of each source. Every worker must be able to read every source."""
        workers = sorted(client.scheduler_info(n_workers=-1)["workers"])
        homes = list(islice(cycle(workers), len(sources)))
        return cls(client, _submitted(client, load, sources, homes, ()), homes)

    def made[Q](self, make: Callable[..., Q], *told: Any) -> "OnCluster[Q]":
        made = _submitted(self.client, make, self.parts, self.homes, told)
        return OnCluster(self.client, made, self.homes)

    def asked[R](self, ask: Callable[..., R], *told: Any) -> list[R]:
        return list(self.client.gather(_submitted(self.client, ask, self.parts, self.homes, told)))


def _submitted(
    client: Client,
    work: Callable[..., Any],
    parts: Sequence[Any],
    homes: Sequence[str],
    told: tuple[Any, ...],
) -> list[Future[Any]]:
    return [
        client.submit(work, one, *told, workers=[home], allow_other_workers=True, pure=False)
        for one, home in zip(parts, homes, strict=True)
    ]


@contextmanager
def local_cluster(workers: int, memory: str = MEMORY) -> Iterator[Client]:
    """Start so many workers on this machine, reachable from nowhere else, and end them afterwards."""
    with (
        dask.config.set(SETTINGS),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            memory_limit=memory,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, timeout=PATIENCE) as client,
    ):
        yield client


@contextmanager
def cluster_at(address: str) -> Iterator[Client]:
    """Join the cluster whose scheduler listens at this address."""
    with dask.config.set(SETTINGS), Client(address, timeout=PATIENCE) as client:
        yield client
