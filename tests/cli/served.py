"""A real `./muntada serve`, with processes and a database of its own."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Long enough for a busy machine; no test fails for being slow.
PATIENCE_SECONDS = 1_800.0
STEP_SECONDS = 0.1
# What each one that is served has of its own, whatever the run of the tests has.
OF_ITS_OWN = {"DATABASE_URL", "MUNTADA_SECRET_KEY"}


@dataclass
class Served:
    """One that runs: what it printed, and how it is asked."""

    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        line = next(line for line in self.said if "http://localhost:" in line)
        return "http://localhost:" + line.split("http://localhost:")[1].split()[0]

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def get(self, path: str) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE_SECONDS)) as asking:
            asking.request("GET", path)
            answer = asking.getresponse()
            return answer.status, answer.read().decode()

    def readiness(self) -> dict[str, object]:
        try:
            found: dict[str, object] = json.loads(self.get("/readyz")[1])
        except (OSError, ValueError):
            return {"ready": False}
        return found

    def children(self, word: str) -> list[int]:
        """Return the numbers of the child processes that run this word."""
        return [pid for pid in descendants(self.process.pid) if word in words_of(pid)]

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


def serve(var: Path, *words: str, word: str = "serve", sign: str = "is served", **environment: str) -> Served:
    """Start it on a free port and wait for the line that says that it serves."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "muntada", word, "--port", "0", *words],
        env={name: value for name, value in os.environ.items() if name not in OF_ITS_OWN}
        | {"MUNTADA_VAR": str(var), "PYTHONPATH": str(ROOT / "src")}
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    served = Served(process)
    threading.Thread(target=_listen, args=(served,), daemon=True).start()
    try:
        wait_for(lambda: any(sign in line for line in served.said) or process.poll() is not None)
    except BaseException:
        process.kill()
        raise
    return served


def _listen(served: Served) -> None:
    assert served.process.stdout
    for line in served.process.stdout:
        served.said.append(line.rstrip())


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < until
        time.sleep(STEP_SECONDS)


def words_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    found = [int(child) for child in children]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    found = sorted(set(found))
    return found + [one for child in found for one in descendants(child)]


def is_gone(pid: int) -> bool:
    try:
        # One that ended and was not waited for yet has no words any more.
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True
