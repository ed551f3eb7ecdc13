"""A child process ends with its parent, however that ended, and lets it know when it is ready.

The parent holds the one end of a pipe and never writes. The kernel closes it with the parent, and the child,
which waits at the other end, reads that nothing will come any more.
"""

import argparse
import os
import signal
import sys
import threading
import time
from typing import NoReturn

# So long a child whose parent is gone may take to answer what it has in hand.
LAST_SECONDS = 5.0


def add_lifeline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lifeline", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--ready", type=int, help=argparse.SUPPRESS)


def end_with_parent(lifeline: int) -> None:
    """End this process in order once the other end of the pipe is closed; if that takes long, at once."""
    os.set_inheritable(lifeline, False)
    threading.Thread(target=_wait_for_the_end, args=(lifeline,), name="lifeline", daemon=True).start()


def say_ready(ready: int | None) -> None:
    """Let the parent know that this process does now what it was started for."""
    if ready is not None:
        os.write(ready, b"+")
        os.close(ready)


def end_at_once() -> NoReturn:
    """End this process after all is done: without taking apart what is loaded, or waiting for its threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _wait_for_the_end(lifeline: int) -> None:
    os.read(lifeline, 1)
    sys.stderr.write("muntada: the process that started this one is gone; it ends, too.\n")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_SECONDS)
    os._exit(1)
