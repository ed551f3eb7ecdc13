"""The state of a database outage, shared by the whole process, so that only the first request waits.

The first request that finds the database gone starts the outage. Others fail at once until the
database answers again. A thread polls it, and drops the connections from before.
"""

import asyncio
import logging
import os
import select
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from psycopg_pool import ConnectionPool

log = logging.getLogger("muntada.outage")

ASK_EVERY_SECONDS = 0.25
ANSWER_SECONDS = 2
# SQLSTATE classes: connection lost; server stopping or starting.
GONE = ("08", "57P")
TOO_MANY_CONNECTIONS = "53300"
UNAVAILABLE = 503


def is_outage(fault: BaseException | None) -> bool:
    """Return whether an exception or its cause means that the database is unavailable."""
    while fault is not None:
        if isinstance(fault, (psycopg.OperationalError, psycopg.InterfaceError)):
            code = fault.sqlstate
            return code is None or code.startswith(GONE) or code == TOO_MANY_CONNECTIONS
        if isinstance(fault, (OperationalError, InterfaceError)) and fault.__cause__ is None:
            return True
        fault = fault.__cause__ or fault.__context__
    return False


class Outage:
    """The state of a process: an outage can be begun repeatedly, and ends when the database answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: float | None = None
        # The number of outages, by which holders of connections recognize old ones.
        self.count = 0

    @property
    def is_on(self) -> bool:
        return self._since is not None

    def begin(self) -> None:
        """Start the outage and poll the database until it answers."""
        with self._lock:
            if self.is_on:
                return
            self._since = time.monotonic()
            self.count += 1
        threading.Thread(target=self._ask_until_it_answers, name="outage", daemon=True).start()

    def check(self) -> None:
        """Test the database now, and start an outage if it does not answer."""
        if not self.is_on and not database_answers():
            self.begin()

    async def over(self) -> None:
        """Wait until the database answers; return at once without an outage."""
        while self.is_on:  # noqa: ASYNC110 - a thread ends it, and many loops may wait
            await asyncio.sleep(ASK_EVERY_SECONDS)

    def _ask_until_it_answers(self) -> None:
        began = time.monotonic()
        log.warning("the database does not answer")
        while not database_answers():
            time.sleep(ASK_EVERY_SECONDS)
        pool: ConnectionPool | None = getattr(connection, "pool", None)
        if pool is not None:
            # Connections opened before the outage are broken, or will be found broken.
            pool.drain()
        log.warning("the database answers again after %.1f seconds", time.monotonic() - began)
        self._since = None


outage = Outage()


def database_answers(within_seconds: int = ANSWER_SECONDS) -> bool:
    """Test over a new connection, with this timeout for connecting and for the answer."""
    parameters = connection.get_connection_params() | {"connect_timeout": within_seconds}
    try:
        with psycopg.connect(**parameters) as asking:
            ending = threading.Timer(within_seconds, break_off, [asking])
            ending.start()
            try:
                asking.execute("SELECT 1")
            finally:
                ending.cancel()
    except psycopg.Error as fault:
        # A refused connection is an answer: open connections continue.
        return fault.sqlstate == TOO_MANY_CONNECTIONS
    return True


def break_off(waiting: "psycopg.Connection[Any]") -> None:
    """Close a connection on which a thread waits; the thread sees an outage."""
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(waiting.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)


class CalmLog(logging.Filter):
    """Keeps the log short in an outage: one line at its beginning and one at its end."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop lines about 503 answers and from the queue library; drop other tracebacks."""
        if record.exc_info and is_outage(record.exc_info[1]):
            if record.name.startswith("procrastinate"):
                return False
            record.exc_info = record.exc_text = None
        return getattr(record, "status_code", None) != UNAVAILABLE


def check_connection(kept: psycopg.Connection) -> None:
    """Refuse a pool connection whose server is gone, without a round trip.

    A stopping server closes its connections, which makes the idle socket readable.
    """
    try:
        poll = select.poll()
        poll.register(kept.pgconn.socket, select.POLLIN)
        if poll.poll(0):
            ConnectionPool.check_connection(kept)
    except psycopg.Error:
        outage.begin()
        raise
