"""Restart a server that stopped while in use, at the same address."""

import fcntl
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muntada.foundations.embedded.cluster import Cluster, start_again
from muntada.foundations.embedded.place import EmbeddedFault

log = logging.getLogger("muntada.embedded")

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0


@contextmanager
def watched(cluster: Cluster) -> Iterator[None]:
    """Restart server and keeper whenever they stop while the block runs."""
    leaving = threading.Event()
    threading.Thread(target=_watch, args=(cluster, leaving), name="embedded", daemon=True).start()
    try:
        yield
    finally:
        leaving.set()


def _watch(cluster: Cluster, leaving: threading.Event) -> None:
    while True:
        _wait_for_the_end(cluster.folder / "keeper.lock")
        if leaving.is_set():
            return
        began = time.monotonic()
        log.warning("the embedded database ended; it is started anew")
        if not _start_until_it_runs(cluster, leaving):
            return
        log.warning("the embedded database runs again after %.1f seconds", time.monotonic() - began)


def _wait_for_the_end(lock: Path) -> None:
    """Wait for the end of the keeper, and so of the server: the kernel then frees its lock."""
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)


def _start_until_it_runs(cluster: Cluster, leaving: threading.Event) -> bool:
    """Retry with growing pauses: the remains of the old server may need a moment to end."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            start_again(cluster.folder, cluster.socket_dir)
        except EmbeddedFault as fault:
            log.warning("%s", fault)
            if leaving.wait(pause):
                return False
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        else:
            return True
