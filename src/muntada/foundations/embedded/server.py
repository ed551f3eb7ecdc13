"""Check whether the server of a cluster runs, and handle the locks by which processes share it."""

import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from muntada.foundations.embedded.place import EmbeddedFault, open_plainly

PATIENCE_SECONDS = 120.0
STEP_SECONDS = 0.005
# The time a keeper may need to notice that it is alone.
NOTICE_SECONDS = 0.5


@dataclass(frozen=True)
class DatabaseServer:
    """A running server, found by the pid file in its cluster."""

    pid: int
    socket_dir: Path
    is_ready: bool


def find_server(cluster: Path) -> DatabaseServer | None:
    """Return the server of this cluster if it answers; its pid file may be stale and its pid reused."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        server = DatabaseServer(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready")
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            probe.connect(str(server.socket_dir / f".s.PGSQL.{lines[3]}"))
            return server if _pid_behind(probe) == server.pid else None
    except (OSError, ValueError, IndexError):
        return None


def _pid_behind(probe: socket.socket) -> int:
    if sys.platform == "linux":
        size = struct.calcsize("3i")
        return int(struct.unpack("3i", probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[0])
    # SOL_LOCAL and LOCAL_PEERPID of macOS, which the standard library does not define.
    return probe.getsockopt(0, 2)


def forget_stale_notice(cluster: Path) -> bool:
    """Remove the pid file of a dead server; return whether a new one may start."""
    notice = cluster / "postmaster.pid"
    try:
        first = notice.read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return True
    if first.isdigit() and _works_in(int(first), cluster):
        return False
    notice.unlink()
    return True


def _works_in(pid: int, cluster: Path) -> bool:
    """Return whether this process is a server of this cluster, by its working directory."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cwd").samefile(cluster)
        except OSError:
            return False
    done = subprocess.run(  # noqa: S603 - a fixed command
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
    )
    return os.fsencode(cluster) in done.stdout


def end_server(cluster: Path) -> None:
    """Stop a server without a keeper."""
    server = find_server(cluster)
    if server is not None:
        with suppress(ProcessLookupError):
            os.kill(server.pid, signal.SIGINT)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _works_in(server.pid, cluster) and time.monotonic() < deadline:
            time.sleep(STEP_SECONDS)


def try_lock(path: Path, kind: int) -> BinaryIO | None:
    file = os.fdopen(open_plainly(path), "r+b")
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def await_lock(path: Path, kind: int, seconds: float) -> BinaryIO | None:
    deadline = time.monotonic() + seconds
    while (file := try_lock(path, kind)) is None and time.monotonic() < deadline:
        time.sleep(STEP_SECONDS)
    return file


def lock(path: Path, kind: int) -> BinaryIO:
    file = await_lock(path, kind, PATIENCE_SECONDS)
    if file is None:
        raise EmbeddedFault(
            f"Another process has been starting or ending the database in {path.parent} for "
            f"{PATIENCE_SECONDS:.0f} seconds: end it, then start again."
        )
    return file


def await_end(folder: Path) -> None:
    """Wait until the keeper is gone, or other users are found."""
    alone_since = time.monotonic()
    deadline = alone_since + PATIENCE_SECONDS
    while time.monotonic() < deadline and _is_held(folder / "keeper.lock"):
        if _is_held(folder / "users.lock") or not (folder / "users.lock").exists():
            # The keeper has the lock and is stopping the server.
            alone_since = time.monotonic()
        elif time.monotonic() - alone_since > NOTICE_SECONDS:
            return
        time.sleep(STEP_SECONDS)


def _is_held(path: Path) -> bool:
    """Return whether a process holds this lock exclusively."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
