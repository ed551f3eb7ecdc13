"""A database that hangs: what waits for its answer is let go, and one that is only slow is waited for."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from muntada.foundations.hanging import HangingWatch
from muntada.foundations.outage import database_answers, is_outage, outage
from muntada.foundations.postgresql.base import open_connections

from .outages import PATIENCE_SECONDS, wait_until_it_is_over

pytestmark = pytest.mark.django_db(transaction=True)
LOCK = 7_301


def ask_for_the_lock() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    finally:
        connection.close()


@contextmanager
def without_an_answer(asking: Callable[[], None]) -> Iterator[Future[None]]:
    """Have a thread ask for what it does not get until the end of the block."""
    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            asked = pool.submit(asking)
            until = time.monotonic() + PATIENCE_SECONDS
            while not open_connections.waiting():
                assert time.monotonic() < until
                time.sleep(0.01)
            yield asked
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def test_who_waits_is_let_go_when_the_database_answers_nobody():
    watch = HangingWatch(answers=lambda _: False)
    with without_an_answer(ask_for_the_lock) as asked:
        watch.look()
        assert not outage.is_on
        watch.look()
        with pytest.raises(OperationalError) as fault:
            asked.result(PATIENCE_SECONDS)
    assert is_outage(fault.value)
    wait_until_it_is_over()


def test_who_waits_for_a_database_that_answers_others_goes_on_waiting():
    count = outage.count
    watch = HangingWatch()
    with without_an_answer(ask_for_the_lock) as asked:
        for _ in range(3):
            watch.look()
    asked.result(PATIENCE_SECONDS)
    assert outage.count == count


def test_nothing_is_asked_while_nobody_waits():
    asked: list[int] = []
    watch = HangingWatch(answers=lambda seconds: bool(asked.append(seconds)))
    for _ in range(3):
        watch.look()
    assert asked == []


def test_a_server_that_takes_connections_and_never_speaks_does_not_answer(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        monkeypatch.setitem(connection.settings_dict, "HOST", host)
        monkeypatch.setitem(connection.settings_dict, "PORT", str(port))
        assert not database_answers(within_seconds=2)
