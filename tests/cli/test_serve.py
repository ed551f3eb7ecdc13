"""`./muntada serve` and its processes: what dies comes back, and nothing acknowledged is lost."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.core.signing import Signer

from databases import tables_laid_by
from muntada.cli.processes import allow_many_open_files
from muntada.foundations import embedded
from muntada.foundations.embedded.server import find_server
from muntada.foundations.live_streams import SALT

from .served import ROOT, Served, descendants, is_gone, serve, wait_for

pytestmark = pytest.mark.slow

WRITERS = 8
STREAMS = 1_500


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all. Its tables are those of the tests, or else made by the first start."""
    folder = tmp_path_factory.mktemp("var")
    tables = tables_laid_by()
    if tables.exists():
        with embedded.start(folder / "postgres") as cluster:
            cluster.create_database("muntada")
            psql = [str(cluster.binaries / "psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
            subprocess.run([*psql, "-f", str(tables), "-d", cluster.url("muntada")], check=True)
    return folder


@pytest.fixture
def served(var: Path) -> Iterator[Served]:
    running = serve(var)
    yield running
    running.end()


def postgres_of(var: Path) -> int | None:
    server = find_server((var / "postgres").resolve() / "cluster")
    return server.pid if server else None


def database_of(var: Path) -> str:
    socket_folder = str((var / "postgres" / "socket").resolve()).replace("/", "%2F")
    return f"postgresql://muntada@:5432/muntada?host={socket_folder}"


def test_it_says_that_it_serves_when_it_does_and_is_ready_with_its_worker(served: Served):
    assert served.get("/")[0] == 200
    wait_for(lambda: served.readiness().get("ready"))
    assert served.readiness() == {
        "ready": True,
        "database": "ready",
        "worker": "ready",
        "migrations": "ready",
    }


@pytest.mark.parametrize("word", ["web", "worker"])
def test_a_process_that_was_killed_is_started_anew(served: Served, word: str):
    wait_for(lambda: served.children(word))
    [first] = served.children(word)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: served.children(word) not in ([], [first]))
    wait_for(lambda: served.get("/")[0] == 200)
    assert any(f"(process {first}) ended by signal 9; started anew" in line for line in served.said)


def test_while_no_web_process_is_there_a_calm_page_is_answered(served: Served):
    pages: list[str] = []

    def is_calm() -> bool:
        for pid in served.children("web"):
            os.kill(pid, signal.SIGKILL)
        try:
            status, page = served.get("/?lang=ar")
        except (OSError, http.client.HTTPException):
            # What it had in hand goes with a process.
            return False
        pages.append(page)
        return status == 503

    wait_for(is_calm)
    assert '<html lang="ar" dir="rtl">' in pages[-1]
    wait_for(lambda: served.get("/")[0] == 200)


def test_it_ends_with_all_its_processes(served: Served, var: Path):
    children = served.children("web") + served.children("worker")
    assert len(children) == 2
    assert served.end() == 0
    assert [pid for pid in children if not is_gone(pid)] == []
    assert postgres_of(var) is None


def test_a_request_in_hand_is_answered_before_it_ends(served: Served):
    body = urlencode({"email": "nobody@example.org"}).encode()
    with socket.create_connection(("localhost", served.port)) as asking:
        asking.sendall(
            b"POST /account/login/code/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            b"application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        # Another answer says that the server has read this far.
        served.get("/healthz")
        served.process.send_signal(signal.SIGTERM)
        asking.sendall(body)
        assert asking.recv(12).startswith(b"HTTP/1.1 ")
    assert served.end() == 0


def test_nothing_stays_behind_when_it_is_killed(served: Served, var: Path):
    children = served.children("web") + served.children("worker")
    database = postgres_of(var)
    assert len(children) == 2
    assert database is not None
    served.end(signal.SIGKILL)
    wait_for(lambda: all(map(is_gone, [*children, database])))


def test_several_web_processes_share_one_port(var: Path):
    served = serve(var, "--web", "2", "--no-worker")
    try:
        wait_for(lambda: len(served.children("web")) == 2)
        assert served.children("worker") == []
        first, second = served.children("web")
        for halted in (first, second):
            os.kill(halted, signal.SIGSTOP)
            # Answered by the other one, if need be when it has started.
            assert served.get("/healthz")[0] == 200
            os.kill(halted, signal.SIGCONT)
        os.kill(first, signal.SIGKILL)
        assert [served.get("/healthz")[0] for _ in range(10)] == [200] * 10
    finally:
        served.end()


def test_a_newer_database_is_refused_in_a_sentence(served: Served, var: Path):
    with psycopg.connect(database_of(var), autocommit=True) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('forums', '9999_future', now())"
        )
        assert served.readiness()["migrations"] == "newer"
        served.end()
    older = serve(var)
    try:
        assert older.process.wait() == 2
        assert any("made by a newer Muntada" in line for line in older.said)
    finally:
        older.end()
        with embedded.start(var / "postgres") as cluster:
            cluster.sql("DELETE FROM django_migrations WHERE name = '9999_future'", database="muntada")


def test_it_says_when_postgresql_takes_too_few_connections(var: Path):
    served = serve(var, "--web", "8", "--no-worker", MUNTADA_THREADS="32")
    try:
        assert any("PostgreSQL takes 97 connections" in line and "299" in line for line in served.said)
    finally:
        served.end()


def a_stream_of(var: Path) -> bytes:
    """Return the address of a stream, as a public page would give it."""
    signer = Signer(key=(var / "secret-key").read_text().strip(), salt=SALT)
    return b"/live/" + signer.sign_object(["topic", "", datetime.now(UTC).date().toordinal()]).encode()


def test_one_process_holds_more_streams_than_a_thousand(served: Served, var: Path):
    """1,024 is the usual limit of open files."""
    allow_many_open_files()
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2 * STREAMS:
        pytest.skip("this machine allows too few open files")
    stream, streams = a_stream_of(var), []
    try:
        for _ in range(STREAMS):
            asking = socket.create_connection(("localhost", served.port))
            streams.append(asking)
            asking.sendall(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % stream)
            assert asking.recv(15) == b"HTTP/1.1 200 OK"
        assert served.get("/healthz")[0] == 200
        assert served.end() == 0
    finally:
        for asking in streams:
            asking.close()


def test_a_page_is_answered_though_the_database_was_halted(served: Served, var: Path):
    """As by a machine that freezes: all connections stay open, and nothing is answered."""
    server = postgres_of(var)
    assert server is not None
    halted = [server, *descendants(server)]
    for pid in halted:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert served.get("/?not=cached")[0] == 503
    finally:
        for pid in halted:
            os.kill(pid, signal.SIGCONT)
    wait_for(lambda: served.get("/")[0] == 200)


def put_a_call(var: Path) -> None:
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("a_call_for_votes.py"))],
        env=os.environ
        | {
            "DATABASE_URL": database_of(var),
            "MUNTADA_VAR": str(var),
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "muntada.settings",
        },
        check=True,
    )


class Writer:
    """A browser that votes, now so and now so, and knows which of its votes were acknowledged."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.acknowledged: list[int] = []
        self.refused = 0
        self.cookies: dict[str, str] = {}

    def write_until(self, stopped: threading.Event) -> None:
        value = 1
        while not stopped.is_set():
            try:
                if "csrftoken" not in self.cookies:
                    self._ask("GET", "/wsis20/consultation/anyone/vote")
                status = self._ask(
                    "POST",
                    "/wsis20/t/1/vote",
                    {
                        "value": "agree" if value == 1 else "disagree",
                        "csrfmiddlewaretoken": self.cookies.get("csrftoken", ""),
                    },
                )
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 302:
                self.acknowledged.append(value)
                value = -value
            else:
                self.refused += 1
                time.sleep(0.05)

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        asking = http.client.HTTPConnection("localhost", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            asking.request(method, path, urlencode(form or {}), headers)
            answer = asking.getresponse()
            answer.read()
        finally:
            asking.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status


def test_what_was_acknowledged_is_stored_though_the_database_is_killed_under_load(served: Served, var: Path):
    put_a_call(var)
    writers = [Writer(served.port) for _ in range(WRITERS)]
    stopped = threading.Event()
    threads = [threading.Thread(target=writer.write_until, args=(stopped,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: all(len(writer.acknowledged) > 3 for writer in writers))
        killed = postgres_of(var)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: any(writer.refused for writer in writers))
        enough = [len(writer.acknowledged) + 3 for writer in writers]
        wait_for(lambda: all(len(writer.acknowledged) >= enough[i] for i, writer in enumerate(writers)))
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    wait_for(lambda: served.readiness().get("ready"))
    with psycopg.connect(database_of(var)) as database:
        votes = database.execute(
            "SELECT count(*) FROM consultation_statements_vote GROUP BY voter_id"
        ).fetchall()
    stored = sorted(count for (count,) in votes)
    acknowledged = sorted(len(writer.acknowledged) for writer in writers)
    # One may be stored whose answer was lost; none is missing that was acknowledged.
    assert len(stored) == WRITERS
    assert [more >= least for more, least in zip(stored, acknowledged, strict=True)] == [True] * WRITERS
