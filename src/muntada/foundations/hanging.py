"""Ends the waiting for a database that hangs: its system confirms what is sent, and no answer ever comes.

No timeout of a connection finds that out, and a statement may take its time. So a thread looks which
connections wait for an answer. Where one has waited for a while, the database is asked over a new connection.
If nothing comes there either, the outage begins, and whoever waits is let go.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from muntada.foundations.outage import break_off, database_answers, outage
from muntada.foundations.postgresql.base import open_connections

LOOK_EVERY_SECONDS = 1.0
# More than a database needs to answer on a machine that is busy.
PATIENCE_SECONDS = 4


class HangingWatch:
    """Remembers from one look to the next which connections waited."""

    def __init__(self, answers: Callable[[int], bool] = database_answers) -> None:
        self._answers = answers
        self._waited: set[psycopg.Connection[Any]] = set()

    def look(self) -> None:
        """Break off what waits, where the same connection waited at the last look and nothing is answered."""
        waiting = open_connections.waiting()
        if waiting & self._waited and not self._answers(PATIENCE_SECONDS):
            outage.begin()
            for one in open_connections.waiting():
                break_off(one)
        self._waited = waiting

    def look_until(self, stopped: threading.Event) -> None:
        """Look again and again."""
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
