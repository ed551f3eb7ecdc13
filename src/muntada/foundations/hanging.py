"""Detect a hung database: its host acknowledges packets, but no answer arrives.

Connection timeouts do not detect this, and a statement may take its time. A thread therefore
watches the connections that wait for an answer. If one has waited for a while, it tests the
database over a new connection. Without an answer there, an outage begins and waiting connections
are closed.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from muntada.foundations.outage import break_off, database_answers, outage
from muntada.foundations.postgresql.base import open_connections

LOOK_EVERY_SECONDS = 1.0
# Longer than a database on a busy machine needs.
PATIENCE_SECONDS = 4


class HangingWatch:
    """Remembers which connections were waiting at the last check."""

    def __init__(self, answers: Callable[[int], bool] = database_answers) -> None:
        self._answers = answers
        self._waited: set[psycopg.Connection[Any]] = set()

    def look(self) -> None:
        """Close connections that waited at two checks in a row, if the database does not answer."""
        waiting = open_connections.waiting()
        if waiting & self._waited and not self._answers(PATIENCE_SECONDS):
            outage.begin()
            for one in open_connections.waiting():
                break_off(one)
        self._waited = waiting

    def look_until(self, stopped: threading.Event) -> None:
        """Check repeatedly."""
        while not stopped.wait(LOOK_EVERY_SECONDS):
            self.look()


@contextmanager
def watching() -> Iterator[None]:
    """Watch the connections of this process while the block runs."""
    stopped = threading.Event()
    threading.Thread(target=HangingWatch().look_until, args=(stopped,), name="hanging", daemon=True).start()
    try:
        yield
    finally:
        stopped.set()
