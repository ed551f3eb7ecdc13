"""The process that runs the embedded server while it is used, and stops it afterwards.

It is run by path with only the standard library. It inherits the locked `keeper.lock` and holds it
until it exits.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

# A busy disk can delay a checkpoint. Committed data are in the write-ahead log and are recovered at
# the next start.
ORDERLY_SECONDS = 1.0
GRACE_SECONDS = 60.0
STEP_SECONDS = 0.05


def main(order: dict[str, Any]) -> None:
    """Start the server or adopt a running one; stop it when the last user has left."""
    child = None if order["adopt"] else _started(order)
    server = child.pid if child else order["adopt"]
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: _tell(server, signal.SIGINT))
    threading.Thread(target=_end_when_unused, args=(order["users"], server), daemon=True).start()
    if child:
        child.wait()
    else:
        while _tell(server, 0):
            time.sleep(STEP_SECONDS)
    for path in map(Path, order["remove"]):
        _remove(path, last=order["lock"])


def _remove(path: Path, last: str) -> None:
    """Remove a folder, the lock last: when the lock is free, everything else must be gone."""
    if path.is_symlink():
        path.unlink()
        return
    for inner in path.iterdir() if path.is_dir() else ():
        if inner.is_dir():
            shutil.rmtree(inner, ignore_errors=True)
        elif inner.name != last:
            inner.unlink()
    shutil.rmtree(path, ignore_errors=True)


def _started(order: dict[str, Any]) -> "subprocess.Popen[bytes]":
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    try:
        return subprocess.Popen(  # noqa: S603 - our own PostgreSQL
            order["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # The keeper decides which signals of its group to pass on.
            start_new_session=True,
            **order["switch"],
        )
    finally:
        os.close(log)


def _end_when_unused(users: str, server: int) -> None:
    with Path(users).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # SIGINT ends sessions and writes a checkpoint; SIGQUIT ends a server that takes too long.
        _tell(server, signal.SIGINT)
        time.sleep(ORDERLY_SECONDS)
        _tell(server, signal.SIGQUIT)
        time.sleep(GRACE_SECONDS)


def _tell(server: int, number: int) -> bool:
    """Send a signal; return whether the server still exists."""
    with suppress(ProcessLookupError):
        os.kill(server, number)
        return True
    return False


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
