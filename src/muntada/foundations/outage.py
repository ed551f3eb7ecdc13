"""Whether the database is away, known by the whole process, so that only the first request waits in vain.

The first request that finds the database gone begins the outage. Until the database answers again, the
others are told at once. One thread asks for it meanwhile, and drops the connections from before.
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
# Classes of SQLSTATE: the connection broke, and the server stops or starts.
GONE = ("08", "57P")
TOO_MANY_CONNECTIONS = "53300"
UNAVAILABLE = 503


def is_outage(fault: BaseException | None) -> bool:
    """Tell whether a fault, or what led to it, means that the database cannot be had."""
    while fault is not None:
        if isinstance(fault, (psycopg.OperationalError, psycopg.InterfaceError)):
            code = fault.sqlstate
            return code is None or code.startswith(GONE) or code == TOO_MANY_CONNECTIONS
        if isinstance(fault, (OperationalError, InterfaceError)) and fault.__cause__ is None:
            return True
        fault = fault.__cause__ or fault.__context__
    return False


class Outage:
    """The state of one process. Begun as often as somebody notices, ended by the database alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: float | None = None
        # How many began: who kept connections knows by it that they are from before.
        self.count = 0

    @property
    def is_on(self) -> bool:
        return self._since is not None

    def begin(self) -> None:
        """Say that the database is away; from now on it is asked for until it answers."""
        with self._lock:
            if self.is_on:
                return
            self._since = time.monotonic()
            self.count += 1
        threading.Thread(target=self._ask_until_it_answers, name="outage", daemon=True).start()

    def check(self) -> None:
        """Ask the database now, and begin an outage where it does not answer."""
        if not self.is_on and not database_answers():
            self.begin()

    async def over(self) -> None:
        """Wait until the database answers again; go on at once where it is not away."""
        while self.is_on:  # noqa: ASYNC110 - a thread ends it, and many loops may wait
            await asyncio.sleep(ASK_EVERY_SECONDS)

    def _ask_until_it_answers(self) -> None:
        began = time.monotonic()
        log.warning("the database does not answer")
        while not database_answers():
            time.sleep(ASK_EVERY_SECONDS)
        pool: ConnectionPool | None = getattr(connection, "pool", None)
        if pool is not None:
            # What was open before the outage is broken, or will be found to be.
            pool.drain()
        log.warning("the database answers again after %.1f seconds", time.monotonic() - began)
        self._since = None


outage = Outage()


def database_answers(within_seconds: int = ANSWER_SECONDS) -> bool:
    """Ask over a new connection, and wait so long for it and so long for the answer."""
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
        # Who is turned away at the door was answered: the connections that are open go on.
        return fault.sqlstate == TOO_MANY_CONNECTIONS
    return True


def break_off(waiting: "psycopg.Connection[Any]") -> None:
    """End a connection under the thread that waits for an answer; there it is an outage."""
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(waiting.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)


class CalmLog(logging.Filter):
    """Lets an outage fill no log: it has its line when it begins and when it ends."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the lines of answers that are a 503 and of the queue's library; of others the traceback."""
        if record.exc_info and is_outage(record.exc_info[1]):
            if record.name.startswith("procrastinate"):
                return False
            record.exc_info = record.exc_text = None
        return getattr(record, "status_code", None) != UNAVAILABLE


def check_connection(kept: psycopg.Connection) -> None:
    """Refuse a connection of the pool whose server is gone; costs no question to a server that lives.

    A server that ends closes its connections, which shows as something to read where nothing was asked.
    """
    try:
        poll = select.poll()
        poll.register(kept.pgconn.socket, select.POLLIN)
        if poll.poll(0):
            ConnectionPool.check_connection(kept)
    except psycopg.Error:
        outage.begin()
        raise
