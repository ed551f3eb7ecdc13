"""Who answers at the open port: the fallback while no web process does, and nobody else beside one."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from muntada.cli.fallback import Fallback
from muntada.cli.serve import open_port

PATIENCE_SECONDS = 1_800


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    opened = open_port("127.0.0.1", 0)
    assert opened is not None
    with closing(opened):
        yield opened


@pytest.fixture
def fallback(listening: socket.socket, tmp_path: Path) -> Iterator[Fallback]:
    with Fallback(listening, tmp_path / "fallback.json") as running:
        yield running


def connect(listening: socket.socket) -> socket.socket:
    return socket.create_connection(listening.getsockname(), timeout=PATIENCE_SECONDS)


def status_of(listening: socket.socket, method: str = "GET", body: bytes | None = None) -> int:
    host, port = listening.getsockname()
    with closing(http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)) as asking:
        asking.request(method, "/", body)
        response = asking.getresponse()
        response.read()
        return response.status


@contextmanager
def relieved(fallback: Fallback, listening: socket.socket) -> Iterator[None]:
    """Begin once the fallback has surely left: it closes what it took and what asked nothing."""
    assert status_of(listening) == 503
    with connect(listening) as silent:
        # Who connected later was answered, so the silent one was taken, too.
        assert status_of(listening) == 503
        with fallback.relieved():
            assert silent.recv(1) == b""
            yield


def take(listening: socket.socket) -> bytes:
    """Take one connection as a web process does, and return what was sent over it."""
    listening.setblocking(True)
    taken, _ = listening.accept()
    with taken:
        return taken.recv(1_000)


def test_it_answers_while_nobody_else_does(fallback, listening):
    assert status_of(listening) == 503


@pytest.mark.long
def test_what_is_sent_is_read_to_its_end_so_that_the_answer_arrives(fallback, listening):
    assert status_of(listening, "POST", bytes(5_000_000)) == 503


@pytest.mark.long
def test_it_leaves_all_to_a_web_process_and_comes_back_after_it(fallback, listening):
    for _ in range(2):
        with relieved(fallback, listening), connect(listening) as asking:
            asking.sendall(b"for the web process")
            assert take(listening) == b"for the web process"
    assert status_of(listening) == 503


def test_it_stays_away_as_long_as_one_of_several_web_processes_is_there(fallback, listening):
    with relieved(fallback, listening):
        with fallback.relieved():
            pass
        with connect(listening) as asking:
            asking.sendall(b"for the web process")
            assert take(listening) == b"for the web process"


def test_it_says_when_it_was_relieved_for_the_first_time(fallback):
    assert not fallback.was_relieved.is_set()
    with fallback.relieved():
        assert fallback.was_relieved.is_set()


def test_after_its_end_nothing_of_it_is_at_the_port(listening, tmp_path):
    with Fallback(listening, tmp_path / "fallback.json"):
        assert status_of(listening) == 503
    with connect(listening) as asking:
        asking.sendall(b"for nobody")
        assert take(listening) == b"for nobody"
