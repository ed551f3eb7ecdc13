"""A real worker in a process of its own, with a task that takes as long as it is told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from muntada.foundations.tasks import task

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import asyncio
import django
django.setup()
from muntada.cli import worker
from muntada.foundations import worker as loops
from tests import worker_process

loops.SWEEP_EVERY_SECONDS = loops.BEGIN_AGAIN_SECONDS = 0.5
asyncio.run(worker.work_until_stopped())
"""


@task()
def slow(*, path: str, seconds: float) -> None:
    """Write down the beginning and the end."""


@slow.carried_out_by
def write_beginning_and_end(*, path: str, seconds: float) -> None:
    with Path(path).open("a") as said:
        said.write("begun\n")
    time.sleep(float(os.environ.get("SECONDS", seconds)))
    with Path(path).open("a") as said:
        said.write("done\n")


def said(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


class WorkerProcess:
    """A worker that works off the queue of the test's own database."""

    def __init__(self, log: Path | None = None, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | {"DATABASE_URL": _address(), "PYTHONPATH": str(ROOT / "src")} | environment,
            stdout=subprocess.PIPE,
            stderr=None if log is None else log.open("w"),
            text=True,
            cwd=ROOT,
        )

    def wait_until(self, what: Callable[[], bool], seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < until
            time.sleep(0.1)


@contextmanager
def a_worker(log: Path | None = None, **environment: str) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(log, **environment)
    try:
        assert worker.process.stdout is not None
        assert "Working off the queue" in worker.process.stdout.readline()
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.process.send_signal(signal.SIGTERM)
        worker.process.communicate()


def _address() -> str:
    here = connection.settings_dict
    who = quote(here["USER"]) + (f":{quote(here['PASSWORD'])}" if here["PASSWORD"] else "")
    return f"postgresql://{who}@/{here['NAME']}?host={quote(here['HOST'], safe='')}&port={here['PORT']}"
