"""How large the processes grow while every hostile file is sent to a platform that runs.

`python benchmarks/hostile_files.py`, or `./muntada bench hostile_files`. It starts the demo with its worker
in a folder of its own, opens its stages, and sends each file of `tests/hostile` as the secretariat through
each page that takes files, one after the other; files sent with a contribution and figures are then read by
the worker. Meanwhile another reader asks for pages. Memory is the most that a process held since its start,
as the system noted it (VmHWM), looked up 20 times a second. Linux only. `--var` is a folder with a loaded
demo; `--quick` writes nothing.
"""

import argparse
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
from load.spent import machine
from processes import Process, living

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from muntada.foundations import embedded  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "hostile_files.md"
PORT = 8766
READY = "Ctrl-C stops everything"
LINK = re.compile(r"Secretariat\s+http://localhost:\d+(/\S+)")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
DETACH = re.compile(r'action="(/wsis20/consultation/files/\d+/\w+)"')
REFUSED = 422
MOST_MEGABYTES = 300
SAMPLED_EACH_SECONDS = 0.05
ASKED_EACH_SECONDS = 0.2
ANSWERED = ("/readyz", "/wsis20", "/wsis20/programme", "/wsis20/search?q=school")
WRITTEN = {"language": "en", "title": "A title", "text": "Some words.", "shown_as": "name"}
NAMES = {
    "muntada.engines.readers": "reader of figures",
    "from muntada.parsers": "reader of another file",
    "muntada web": "web",
    "muntada worker": "worker",
}

# The demo lies in 2025. Its stages and its calls are opened for as long as the files are sent.
OPEN_STAGES = """
UPDATE forums_stagewindow SET opens_at = now() - interval '30 days', closes_at = now() + interval '30 days'
"""
OPEN_CALL = """
UPDATE consultation_calls_call
SET opens_at = now() - interval '2 days', closes_at = now() + interval '9 days',
    takes_contributions = true, takes_attachments = true WHERE slug = %s
"""
CALL = """
SELECT slug FROM consultation_calls_call
WHERE opened_at IS NOT NULL AND forum_id = (SELECT id FROM forums_forum WHERE slug = 'wsis20')
ORDER BY id LIMIT 1
"""
WAITING = """
SELECT count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now())
"""
REFUSED_LATER = "SELECT count(*) FROM jobs_job WHERE state = 'refused' AND id > %s"
LAST_JOB = "SELECT coalesce(max(id), 0) FROM jobs_job"


@dataclass(frozen=True)
class Page:
    """Where files come in, by which field, and what is sent beside the file."""

    what: str
    address: str
    sent_as: str = "file"
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Counts:
    """What became of the files sent to one page."""

    page: Page
    refused: int = 0
    taken: int = 0
    refused_by_worker: int = 0
    slowest: float = 0.0


class Browser:
    """Sends forms and remembers cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, address: str, form: Mapping[str, str | tuple[str, bytes]] | None = None) -> tuple[int, str]:
        line = HTTPConnection("localhost", self.port, timeout=600)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            boundary = secrets.token_hex(16)
            body = multipart(form, boundary)
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        line.request("GET" if form is None else "POST", address, body, headers)
        answer = line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        page = answer.read().decode(errors="replace")
        line.close()
        return answer.status, page

    def send(self, address: str, form: Mapping[str, Any], page_of_form: str) -> tuple[int, str]:
        found = TOKEN.findall(self.ask(page_of_form)[1])
        if not found:
            raise SystemExit(f"{page_of_form} shows no form")
        return self.ask(address, {"csrfmiddlewaretoken": found[-1], **form})


def multipart(form: Mapping[str, str | tuple[str, bytes]], boundary: str) -> bytes:
    parts = []
    for name, value in form.items():
        file_name, content = value if isinstance(value, tuple) else ("", value.encode())
        more = f'; filename="{file_name}"\r\nContent-Type: application/octet-stream' if file_name else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


@dataclass
class Watch:
    """Looks again and again at the processes, and asks for pages, until it is ended."""

    port: int
    most: dict[str, float] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    pids: dict[str, set[int]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0

    @contextmanager
    def running(self) -> Iterator["Watch"]:
        done = threading.Event()
        work = [threading.Thread(target=self._repeat, args=(done, *one)) for one in self._rounds()]
        for thread in work:
            thread.start()
        try:
            yield self
        finally:
            done.set()
            for thread in work:
                thread.join()

    def _rounds(self) -> tuple[tuple[float, Callable[[], None]], ...]:
        return (SAMPLED_EACH_SECONDS, self.sample), (ASKED_EACH_SECONDS, self._ask_pages)

    @staticmethod
    def _repeat(done: threading.Event, pause: float, step: Callable[[], None]) -> None:
        while not done.wait(pause):
            step()

    def sample(self) -> None:
        for process in living():
            name = name_of(process)
            if name and (size := most_megabytes(process.pid)):
                self.first.setdefault(name, size)
                self.most[name] = max(self.most.get(name, 0), size)
                self.pids.setdefault(name, set()).add(process.pid)

    def _ask_pages(self) -> None:
        for address in ANSWERED:
            began = time.monotonic()
            try:
                status, _ = Browser(self.port).ask(address)
            except OSError:
                status = 0
            self.answers[status] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)


def name_of(process: Process) -> str:
    words = process.words
    return next((name for word, name in NAMES.items() if word in words), "")


def most_megabytes(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) * 1024 / 1e6 if found else 0


@contextmanager
def demo(port: int, var: Path) -> Iterator[str]:
    """Serve the demo with its worker; give the address by which the secretariat comes in."""
    command = [sys.executable, "-P", "-m", "muntada", "demo", "--port", str(port)]
    environment = {"MUNTADA_VAR": str(var), "PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"}
    link = ""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as serving:  # noqa: S603
        assert serving.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in serving.stdout:
            print(line.rstrip(), file=sys.stderr, flush=True)
            link = (LINK.search(line) or [link, link])[1]
            if READY in line:
                break
        # What is printed later must not fill the pipe.
        threading.Thread(target=serving.stdout.read, daemon=True).start()
        try:
            yield link
        finally:
            serving.terminate()
            serving.wait()


def hostile_files() -> list[tuple[str, bytes]]:
    """Make the files in another process: what that takes is none of what is measured."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-W", "ignore", "-m", "hostile", folder]
        subprocess.run(command, cwd=ROOT / "tests", check=True)  # noqa: S603
        return [(path.name, path.read_bytes()) for path in sorted(Path(folder).iterdir())]


def pages(call: str) -> list[Page]:
    consultation = f"/wsis20/consultation/{call}"
    return [
        Page("schedules and session requests", "/wsis20/programme/files"),
        Page("scores", "/wsis20/programme/selections/scores"),
        Page("tables of initiatives", "/wsis20/evidence/initiatives/tables"),
        Page("figures", "/wsis20/evidence/imports", typed={"series": "x"}),
        Page("tables of contributions", f"{consultation}/import", "table"),
        Page("files with a contribution", f"{consultation}/write", "attachment", WRITTEN),
    ]


def send_all(
    browser: Browser, page: Page, files: list[tuple[str, bytes]], database: psycopg.Connection[Any]
) -> Counts:
    counts = Counts(page)
    (last_job,) = value_of(database, LAST_JOB)
    for name, content in files:
        began = time.monotonic()
        form = {**page.typed, page.sent_as: (name, content)}
        status, answer = browser.send(page.address, form, page.address)
        counts.slowest = max(counts.slowest, time.monotonic() - began)
        if status == REFUSED:
            counts.refused += 1
        elif status in {200, 302}:
            counts.taken += 1
            until_read(database)
            take_back(browser, page)
        else:
            raise SystemExit(f"{page.address} answers {status} to {name}: {unescape(answer)[:500]}")
    (counts.refused_by_worker,) = value_of(database, REFUSED_LATER, last_job)
    return counts


def take_back(browser: Browser, page: Page) -> None:
    """Remove a file from the draft again: a contribution takes few of them."""
    for address in DETACH.findall(browser.ask(page.address)[1]):
        browser.send(address, {}, page.address)


def until_read(database: psycopg.Connection[Any]) -> None:
    while value_of(database, WAITING) != (0,):
        time.sleep(0.1)


def value_of(database: psycopg.Connection[Any], asked: str, *given: object) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = database.execute(asked, given).fetchone()  # type: ignore[call-overload]
    return row or ()


def measured(port: int, var: Path) -> tuple[list[Counts], Watch, int]:
    files = hostile_files()
    with (
        demo(port, var) as link,
        embedded.start(var / "demo" / "postgres") as cluster,
        psycopg.connect(cluster.url("muntada"), autocommit=True) as database,
    ):
        (call,) = value_of(database, CALL)
        database.execute(OPEN_STAGES)
        database.execute(OPEN_CALL, [call])
        browser = Browser(port)
        browser.send(link, {}, link)
        watch = Watch(port)
        watch.sample()
        before = {name: set(pids) for name, pids in watch.pids.items()}
        with watch.running():
            counts = [send_all(browser, page, files, database) for page in pages(call)]
        watch.pids.clear()
        watch.sample()
    if watch.pids != before:
        raise SystemExit("a process ended and was started anew")
    return counts, watch, len(files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--var", type=Path, help="a folder with a demo that is loaded already")
    parser.add_argument("--quick", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = report(*measured(arguments.port, arguments.var or Path(folder)))
    print(text)
    if not arguments.quick:
        RESULTS.write_text(text)


def report(counts: list[Counts], watch: Watch, files: int) -> str:
    heading, _, about = (__doc__ or "").partition("\n\n")
    lines = [
        f"# Hostile files\n\n{heading}\n\n{about}",
        f"{files} files, each sent to {len(counts)} pages.\n",
        "| page | refused at once | taken | of these refused by the worker | slowest answer |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.page.what} | {one.refused} | {one.taken} | {one.refused_by_worker} | {one.slowest:.1f} s |"
        for one in counts
    ]
    lines += ["", "| process | at the start | at most |", "|---|--:|--:|"]
    lines += [
        f"| {name} | {watch.first[name]:.0f} MB | {most:.0f} MB |"
        for name, most in sorted(watch.most.items())
    ]
    beyond = [name for name, most in watch.most.items() if most > MOST_MEGABYTES]
    said = ", ".join(f"{number} with {status}" for status, number in sorted(watch.answers.items()))
    lines += [
        f"\nBeyond {MOST_MEGABYTES} MB: {', '.join(beyond) or 'none'}. No process of the platform ended.",
        f"Pages asked meanwhile were answered: {said}; the slowest answer took {watch.slowest:.1f} s.",
        "A taken file that no reader refused is one that can be read, such as a picture or a plain table.",
        f"\n{machine()}\n",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
