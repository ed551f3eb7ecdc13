"""An embedded cluster: creation, start, sharing and removal."""

import fcntl
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import quote

from muntada.foundations.embedded.place import (
    ENVIRONMENT,
    ClusterPlace,
    EmbeddedFault,
    faults_in_sentences,
    find_place,
    no_room,
    open_plainly,
    write_plainly,
)
from muntada.foundations.embedded.server import (
    PATIENCE_SECONDS,
    STEP_SECONDS,
    DatabaseServer,
    await_end,
    await_lock,
    end_server,
    find_server,
    forget_stale_notice,
    lock,
    try_lock,
)

KEEPER = Path(__file__).with_name("keeper.py")
ROLE = "muntada"
PORT = 5432
# Socket paths are limited to 104 bytes on macOS and 108 on Linux.
SOCKET_NAME_BYTES = 103
# The time a server needs to stop after its last user was killed.
ENDING_SECONDS = 3.0
LOG_BYTES = 10_000_000

SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "512MB",
    "io_method": "sync",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Texts by people must not appear in the server log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
THROWAWAY_SETTINGS = {
    "max_connections": "300",
    "fsync": "off",
    "autovacuum": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "checkpoint_timeout": "1h",
}
# Increase it when FIRST_SQL changes: every cluster then runs it again.
FIRST_SQL_NUMBER = "1"
FIRST_SQL = """
SELECT format('CREATE ROLE %I', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
ALTER ROLE :"role" LOGIN CREATEDB NOSUPERUSER;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
"""
NEW_DATABASE_SQL = (
    "SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'owner') "
    "WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec"
)


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL, used until `stop`, the end of the `with` block, or the end of this process."""

    folder: Path
    socket_dir: Path
    binaries: Path
    port: int = PORT
    _hold: BinaryIO | None = field(default=None, repr=False, compare=False)
    _keeper: "subprocess.Popen[bytes] | None" = field(default=None, repr=False, compare=False)

    def url(self, database: str = ROLE, role: str = ROLE) -> str:
        """Return the address for psycopg, libpq and DATABASE_URL; it holds no secret."""
        host = quote(str(self.socket_dir), safe="")
        return f"postgresql://{quote(role)}@:{self.port}/{quote(database)}?host={host}"

    def parts(self, database: str = ROLE, role: str = ROLE) -> dict[str, str]:
        """Return the address as connection keywords."""
        return {"host": str(self.socket_dir), "port": str(self.port), "user": role, "dbname": database}

    @property
    def holds(self) -> tuple[int, ...]:
        """The open lock file; a child process that inherits it is a user, too."""
        return () if self._hold is None or self._hold.closed else (self._hold.fileno(),)

    def create_database(self, name: str, owner: str = ROLE) -> None:
        """Create a database with all extensions in UTF-8, unless it exists."""
        self.sql(NEW_DATABASE_SQL, name=name, owner=owner)

    def sql(self, script: str, database: str = "postgres", **variables: str) -> str:
        """Run a psql script as the superuser of the cluster and return what it prints."""
        command = [str(self.binaries / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1"]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        command += ["-d", self.url(database, "postgres")]
        done = subprocess.run(  # noqa: S603 - our own psql
            command, input=script, env=ENVIRONMENT, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise EmbeddedFault(f"The embedded database refused its set-up: {_reason(done.stderr)}")
        return done.stdout

    def stop(self) -> None:
        """Leave the server; if no other process uses it, wait until it has stopped."""
        if self._hold is None or self._hold.closed:
            return
        self._hold.close()
        await_end(self.folder)
        if self._keeper is not None:
            self._keeper.poll()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(data: Path, *, throwaway: bool = False) -> Cluster:
    """Start the server in the folder `data`, or join it if it runs; create it if missing.

    A throwaway is fast and not durable, for tests: its folder must be new and is removed at the end.
    """
    with faults_in_sentences(data):
        place = find_place(data, throwaway=throwaway)
        with lock(place.folder / "start.lock", fcntl.LOCK_EX):
            hold = lock(place.folder / "users.lock", fcntl.LOCK_SH)
            try:
                return _start(place, hold)
            except BaseException:
                hold.close()
                raise


def start_again(data: Path, socket_dir: Path) -> None:
    """Restart the server of this folder at its former address, for its current user."""
    with faults_in_sentences(data):
        place = find_place(data, throwaway=False)
        with lock(place.folder / "start.lock", fcntl.LOCK_EX):
            _server_running(place, socket_dir)


def remove(data: Path) -> None:
    """Delete the cluster of this folder with all data; refuse while it is used."""
    with faults_in_sentences(data):
        folder = data.resolve()
        if folder.exists():
            if not (folder / "users.lock").exists():
                raise EmbeddedFault(f"{data} holds no embedded database, so it was not deleted: look at it.")
            with lock(folder / "start.lock", fcntl.LOCK_EX):
                alone = await_lock(folder / "users.lock", fcntl.LOCK_EX, ENDING_SECONDS)
                if alone is None:
                    raise EmbeddedFault(f"The database in {data} is in use: stop Muntada, then start again.")
                with alone:
                    end_server(folder / "cluster")
                    shutil.rmtree(folder)
        if data.is_symlink():
            data.unlink()


def _start(place: ClusterPlace, hold: BinaryIO) -> Cluster:
    if not place.cluster.exists():
        _make(place)
    _refuse_another_version(place)
    socket_dir, keeper = _server_running(place)
    cluster = Cluster(place.folder, socket_dir, place.binaries, _hold=hold, _keeper=keeper)
    done = place.folder / "first-sql"
    if not done.exists() or done.read_text() != FIRST_SQL_NUMBER:
        cluster.sql(FIRST_SQL, database="template1", role=ROLE)
        write_plainly(done, FIRST_SQL_NUMBER)
    return cluster


def _server_running(
    place: ClusterPlace, socket_dir: Path | None = None
) -> tuple[Path, "subprocess.Popen[bytes] | None"]:
    """Return the socket folder of a running server, started if necessary."""
    log = place.folder / "server.log"
    log_start = _keep_log_short(log)
    keeper = None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        server = find_server(place.cluster)
        keeping = try_lock(place.folder / "keeper.lock", fcntl.LOCK_EX)
        if keeping is None:
            if server is not None and server.is_ready:
                return server.socket_dir, keeper
        else:
            with keeping:
                if keeper is not None:
                    raise EmbeddedFault(_failed_start(place, log, log_start))
                if server is not None or forget_stale_notice(place.cluster):
                    keeper = _launch_keeper(place, server, keeping, socket_dir)
        time.sleep(STEP_SECONDS)
    raise EmbeddedFault(
        f"PostgreSQL in {place.folder} does not answer: end its process, whose number is the first line of "
        f"{place.cluster / 'postmaster.pid'}, with kill -INT, then start again."
    )


def _launch_keeper(
    place: ClusterPlace, server: DatabaseServer | None, keeping: BinaryIO, socket_dir: Path | None
) -> "subprocess.Popen[bytes]":
    order: dict[str, Any] = {
        "users": str(place.folder / "users.lock"),
        "log": str(place.folder / "server.log"),
        "adopt": server.pid if server else None,
        "lock": "keeper.lock",
        "remove": [str(place.folder), str(place.asked)] if place.throwaway else [],
        "switch": place.account.switch,
    }
    if server is None:
        socket_dir = _socket_dir(place) if socket_dir is None else _socket_dir_of_before(place, socket_dir)
        if socket_dir.parent != place.folder:
            # The socket goes before the folder with the lock: when the lock is free, everything else must be
            # gone.
            order["remove"].insert(0, str(socket_dir))
        order["command"] = _server_command(place, socket_dir)
    return subprocess.Popen(  # noqa: S603 - our own keeper
        [sys.executable, "-I", "-S", str(KEEPER), json.dumps(order)],
        env=ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # In its own session, Ctrl-C in the terminal reaches only us, and we stop the server in order.
        start_new_session=True,
        pass_fds=[keeping.fileno()],
    )


def _server_command(place: ClusterPlace, socket_dir: Path) -> list[str]:
    """Write the access rules, and return the command of the server."""
    write_plainly(place.folder / "pg_hba.conf", "local all all peer map=owner\n", 0o644)
    callers = [name.replace('"', '""') for name in (pwd.getpwuid(os.geteuid()).pw_name, place.account.name)]
    rules = "".join(f'owner "{name}" {role}\n' for name in callers for role in ("postgres", ROLE))
    write_plainly(place.folder / "pg_ident.conf", rules, 0o644)
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": '"' + str(socket_dir).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "hba_file": str(place.folder / "pg_hba.conf"),
        "ident_file": str(place.folder / "pg_ident.conf"),
    }
    if sys.platform == "linux":
        # After a crash, one sync of the disk instead of one per file, which took over ten seconds.
        settings["recovery_init_sync_method"] = "syncfs"
    command = [str(place.binaries / "postgres"), "-D", str(place.cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def _socket_dir(place: ClusterPlace) -> Path:
    """Return a private folder with a path short and plain enough for a socket."""
    folder = place.folder / "socket"
    name = str(folder / f".s.PGSQL.{PORT}")
    if len(os.fsencode(name)) > SOCKET_NAME_BYTES or "," in name:
        # A new unpredictable name; the server's notice announces it to processes that join.
        bases = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - mkdtemp makes it safe
        base = next(
            base for base in bases if len(os.fsencode(base)) < SOCKET_NAME_BYTES - 40 or base == bases[-1]
        )
        folder = Path(tempfile.mkdtemp(prefix="muntada-", dir=base))
    else:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
    place.account.own(folder)
    return folder


def _socket_dir_of_before(place: ClusterPlace, folder: Path) -> Path:
    """Recreate the folder if it was removed; refuse one created by someone else."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        place.account.own(folder)
    if folder.is_symlink() or folder.stat().st_uid != place.account.uid:
        raise EmbeddedFault(f"{folder} belongs to another user: stop Muntada, then start it again.")
    return folder


def _make(place: ClusterPlace) -> None:
    """Create the cluster under a temporary name: an interrupted start leaves nothing that looks complete."""
    for left_over in place.folder.glob("new-*"):
        shutil.rmtree(left_over)
    new = Path(tempfile.mkdtemp(prefix="new-", dir=place.folder))
    place.account.own(new)
    # The builtin collation is the same on every machine; the other setting classifies characters.
    ctype = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    options = [f"--pgdata={new}", "--username=postgres", "--auth=peer", "--encoding=UTF8", "--locale=C"]
    options += [f"--lc-ctype={ctype}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--text-search-config=simple", "--no-instructions"]
    settings = SETTINGS | THROWAWAY_SETTINGS if place.throwaway else SETTINGS
    for name, value in settings.items():
        options += ["--set", f"{name}={value}"]
    if place.throwaway:
        options.append("--no-sync")
    done = place.run("initdb", *options)
    if done.returncode != 0:
        shutil.rmtree(new, ignore_errors=True)
        if "No space left" in done.stderr or "quota" in done.stderr:
            raise EmbeddedFault(no_room(place.folder))
        raise EmbeddedFault(f"PostgreSQL could not make its files in {place.folder}: {_reason(done.stderr)}")
    new.rename(place.cluster)


def _refuse_another_version(place: ClusterPlace) -> None:
    ours = place.run("postgres", "--version").stdout.split()[-1].split(".")[0]
    notice = place.cluster / "PG_VERSION"
    if not notice.exists():
        raise EmbeddedFault(
            f"The data in {place.folder} are not whole: restore a backup, "
            f"or move that folder away to start over."
        )
    theirs = notice.read_text().strip()
    if theirs != ours:
        raise EmbeddedFault(
            f"The data in {place.folder} were made by PostgreSQL {theirs}, and this is PostgreSQL {ours}: "
            f"move that folder away, start again, and load your backup."
        )


def _keep_log_short(log: Path) -> int:
    """Return the current position in the log, after rotating a long one."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.rename(log.with_suffix(".log.1"))
    os.close(open_plainly(log))
    return log.stat().st_size


def _failed_start(place: ClusterPlace, log: Path, log_start: int) -> str:
    said = log.read_bytes()[log_start:].decode(errors="replace")
    if "No space left" in said or "quota exceeded" in said:
        return no_room(place.folder)
    return (
        f"PostgreSQL could not start in {place.folder} ({_reason(said)}; more in {log}): restore a backup, "
        f"or move that folder away to start over."
    )


def _reason(said: str) -> str:
    """Return the relevant part of the output of a PostgreSQL program."""
    lines = [line for line in said.splitlines() if line.strip()]
    grave = [line for line in lines if re.search(r"PANIC|FATAL|ERROR|error:", line)]
    line = (grave or lines or ["it gave no reason"])[-1]
    return re.sub(r"^.*?(PANIC|FATAL|ERROR|error):\s*", "", line).strip().rstrip(".")
