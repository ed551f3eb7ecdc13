"""The process that keeps the embedded server while somebody uses it, and ends it when nobody does.

Run by path, with nothing but the standard library; it inherits the locked `keeper.lock`,
which is thereby held as long as it lives.
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

# A busy disk can take long to have all written down. What is acknowledged is in the log of the server
# already, and the next start reads it from there.
ORDERLY_SECONDS = 1.0
GRACE_SECONDS = 60.0
STEP_SECONDS = 0.05


def main(order: dict[str, Any]) -> None:
    """Start the server, or adopt one; wait for its end, and bring it about when the last user has left."""
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
    """Remove a folder, the lock in it last: who waits for that must find the rest gone."""
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
            # Signals meant for the keeper's group are the keeper's to pass on.
            start_new_session=True,
            **order["switch"],
        )
    finally:
        os.close(log)


def _end_when_unused(users: str, server: int) -> None:
    with Path(users).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # SIGINT ends open sessions and writes all down; SIGQUIT ends a server that takes too long for it.
        _tell(server, signal.SIGINT)
        time.sleep(ORDERLY_SECONDS)
        _tell(server, signal.SIGQUIT)
        time.sleep(GRACE_SECONDS)


def _tell(server: int, number: int) -> bool:
    """Send a signal; return whether the server is still there."""
    with suppress(ProcessLookupError):
        os.kill(server, number)
        return True
    return False


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
