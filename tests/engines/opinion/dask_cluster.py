"""A cluster of Dask workers on this machine, reachable from nowhere else."""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster

QUIET = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}


@contextmanager
def local_cluster(workers: int = 2) -> Iterator[LocalCluster]:
    """Start workers as processes of their own, and end them."""
    with (
        dask.config.set(QUIET),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            memory_limit="400MiB",
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


def kill_the_worker_with_most_parts(address: str) -> None:
    with Client(address, set_as_default=False) as client:
        held = client.has_what()
        victim = max(held, key=lambda worker: len(held[worker]))
        assert held[victim]
        os.kill(client.run(os.getpid, workers=[victim])[victim], signal.SIGKILL)
