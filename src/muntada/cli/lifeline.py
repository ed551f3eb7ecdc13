"""A child process ends with its parent, and reports when it is ready.

The parent holds one end of a pipe and never writes. The kernel closes it when the parent ends, and
the child reads the end of file.
"""

import argparse
import os
import signal
import sys
import threading
import time
from typing import NoReturn

# The time a child without a parent may take to finish running requests.
LAST_SECONDS = 5.0


def add_lifeline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lifeline", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--ready", type=int, help=argparse.SUPPRESS)


def end_with_parent(lifeline: int) -> None:
    """End this process when the other end of the pipe is closed; if that takes too long, kill it."""
    os.set_inheritable(lifeline, False)
    threading.Thread(target=_wait_for_the_end, args=(lifeline,), name="lifeline", daemon=True).start()


def say_ready(ready: int | None) -> None:
    """Tell the parent that this process is ready."""
    if ready is not None:
        os.write(ready, b"+")
        os.close(ready)


def end_at_once() -> NoReturn:
    """End this process immediately, without cleanup or waiting for its threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _wait_for_the_end(lifeline: int) -> None:
    os.read(lifeline, 1)
    sys.stderr.write("muntada: the process that started this one is gone; it ends, too.\n")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_SECONDS)
    os._exit(1)
