"""The processes of an installation: started, restarted when they die, and stopped together.

Nothing of the platform is imported here, so that the supervising process stays small.
"""

import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from types import FrameType

log = logging.getLogger("muntada.processes")

# Running work is finished or returned to the queue in this time; the rest is killed. The remainder of
# five seconds is for the embedded database.
STOP_SECONDS = 3.5
# Before restarting a process that died soon after its start.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 2.0
# A process that ran this long did not fail at its start.
WELL_AFTER_SECONDS = 10.0
MOST_OPEN_FILES = 65_536
STEP_SECONDS = 0.1


@dataclass(frozen=True)
class ProcessOrder:
    """A process to run: its arguments after `muntada`, and the files it inherits.

    `while_ready` is entered when the process is ready (`lifeline.say_ready`) and left when it ends.
    """

    name: str
    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    handed_on: Sequence[int] = ()
    while_ready: Callable[[], AbstractContextManager[None]] = nullcontext


class Processes:
    """Child processes that end with this one. They have no terminal, so Ctrl-C reaches only this one."""

    def __init__(self) -> None:
        self._leaving = threading.Event()
        self._lock = threading.Lock()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._keeping: list[threading.Thread] = []
        self._lifeline, self._held = os.pipe()

    def run_once(self, order: ProcessOrder, stopped: threading.Event) -> int:
        """Run a process to its end and return its exit code; end it early if all stop."""
        with self._start(order) as running:
            while running.poll() is None:
                if stopped.wait(STEP_SECONDS):
                    running.terminate()
                    with suppress(subprocess.TimeoutExpired):
                        running.wait(STOP_SECONDS)
                    running.kill()
            return running.wait()

    def keep_running(self, order: ProcessOrder) -> None:
        """Start a process, and restart it whenever it ends."""
        keeping = threading.Thread(target=self._keep_running, args=(order,), name=order.name)
        self._keeping.append(keeping)
        keeping.start()

    def number_of(self, name: str) -> int | None:
        """Return the process id of a running process."""
        with self._lock:
            running = self._running.get(name)
        return None if running is None else running.pid

    def stop(self) -> None:
        """Ask all to end; kill those that do not."""
        self._leaving.set()
        self._tell(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for keeping in self._keeping:
            keeping.join(max(0.0, until - time.monotonic()))
        if any(keeping.is_alive() for keeping in self._keeping):
            log.warning("killed after %.1f seconds: %s", STOP_SECONDS, ", ".join(sorted(self._running)))
            self._tell(signal.SIGKILL)
        for keeping in self._keeping:
            keeping.join()

    def _tell(self, number: int) -> None:
        with self._lock:
            for running in self._running.values():
                with suppress(ProcessLookupError):
                    running.send_signal(number)

    def _start(self, order: ProcessOrder) -> "subprocess.Popen[bytes]":
        words = [sys.executable, "-P", "-m", "muntada", *order.words, "--lifeline", str(self._lifeline)]
        return subprocess.Popen(
            words,
            env=os.environ | order.environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[self._lifeline, *order.handed_on],
            start_new_session=True,
        )

    def _keep_running(self, order: ProcessOrder) -> None:
        pause = 0.0
        while not self._leaving.wait(pause):
            began = time.monotonic()
            ended = self._run(order)
            if ended is None or self._leaving.is_set():
                return
            pause = next_pause(pause, time.monotonic() - began)
            log.warning(
                "%s (process %d) ended %s; started anew in %.1f s",
                order.name,
                ended.pid,
                _how(ended.returncode),
                pause,
            )

    def _run(self, order: ProcessOrder) -> "subprocess.Popen[bytes] | None":
        """Run a process until it ends; return None if all stop."""
        reading, writing = os.pipe()
        words, handed_on = [*order.words, "--ready", str(writing)], [*order.handed_on, writing]
        with os.fdopen(reading, "rb", buffering=0) as says:
            with self._lock, os.fdopen(writing, "wb"):
                if self._leaving.is_set():
                    return None
                running = self._start(replace(order, words=words, handed_on=handed_on))
                self._running[order.name] = running
            # A process that ends before it is ready writes nothing.
            is_ready = bool(says.read(1))
            with order.while_ready() if is_ready else nullcontext():
                running.wait()
            with self._lock:
                del self._running[order.name]
        return running


def next_pause(before: float, lived_seconds: float) -> float:
    """Return the pause before restarting a process, given the previous pause."""
    if lived_seconds > WELL_AFTER_SECONDS:
        return 0.0
    return min(max(2 * before, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)


def _how(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with code {code}"


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM, SIGINT and SIGHUP set."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def allow_many_open_files() -> int:
    """Raise the limit of open files, inherited by children, and return it: each event stream needs one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
    return soft
