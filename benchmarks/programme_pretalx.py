"""Our public programme beside that of pretalx, in one run: what each page and file costs the server.

`PRETALX_PYTHON=/path/to/python python benchmarks/programme_pretalx.py`, where that Python has pretalx and
gunicorn (`uv venv V && VIRTUAL_ENV=V uv pip install pretalx==2026.2.1 gunicorn`). Without it the run says so
and ends. Both get the same 300 sessions, 1,200 speakers and 20 rooms, through their own doors; both are
served by one process over one open line and are asked for each file anew, nothing kept. pretalx (AGPL-3.0)
is measured only: no part of Muntada imports it, and none of its code is here.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from load.served import ROOT, served_database, serving, use

# isort: split
import programme_exports as ours

from muntada.programme.timetable.models import Placement

RESULTS = ROOT / "benchmarks" / "results" / "pretalx.md"
FILL = ROOT / "benchmarks" / "load" / "pretalx_event.py"
EVENT = "/forum/schedule"
MANY = 10
# What, ours, theirs. Their page is a frame whose program fetches the sessions as a second file.
PAIRS = (
    ("page", ("programme?day=all",), (f"{EVENT}/", f"{EVENT}/widgets/schedule.json")),
    ("schedule XML", ("schedule.xml",), (f"{EVENT}/export/schedule.xml",)),
    ("schedule JSON", ("schedule.json",), (f"{EVENT}/export/schedule.json",)),
    ("iCalendar", ("programme.ics",), (f"{EVENT}/export/schedule.ics",)),
)
SETTINGS = """\
from pretalx.settings import *

# Faster than the Redis it asks for, and nothing to be set up.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# 1,200 passwords that nobody uses need not be hard to guess; no page that is measured asks for one.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""
CONFIGURATION = """\
[filesystem]
data={folder}/data
logs={folder}/logs
static={folder}/static
[site]
url=http://localhost:{port}
secret=measured
[database]
backend=sqlite3
name={folder}/pretalx.sqlite3
"""
HEADING = """\
# Our public programme beside that of pretalx

`PRETALX_PYTHON=… ./muntada bench programme_pretalx`. The same {sessions} sessions of {speakers} speakers in
{rooms} rooms in both, both served by one process over one open line, in one run; milliseconds of processor
time for each answer, that of PostgreSQL added to ours. Nothing is kept: each answer is drawn anew. pretalx
{version} works on SQLite and a cache in memory, which is faster for it than PostgreSQL and Redis, under
gunicorn with one worker. Its page is a frame and the file of sessions its program fetches then: both are
counted; ours is the whole programme as text. A kept answer of ours costs what exports.md says.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pretalx", default=os.environ.get("PRETALX_PYTHON", ""), help="its Python")
    parser.add_argument("--quick", action="store_true", help="a few requests, nothing written")
    parser.add_argument("--port", type=int, default=8795)
    arguments = parser.parse_args()
    if not arguments.pretalx:
        print("Skipped: PRETALX_PYTHON names no Python in which pretalx is installed.")
        return
    often, seldom = (10, 2) if arguments.quick else (60, 4)
    with tempfile.TemporaryDirectory() as folder, served_database(None, Path(folder)) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "MUNTADA_VAR": folder,
            "MUNTADA_WORKER": "none",
            "MUNTADA_ADDRESS": f"http://localhost:{arguments.port}",
        }
        use(url)
        forum = ours.make_programme()
        sessions = Path(folder) / "sessions.json"
        sessions.write_text(json.dumps(list(sessions_of(forum.pk)), ensure_ascii=False), encoding="utf-8")
        with serving(arguments.port) as process:
            mine = measured(
                arguments.port, process.pid, [f"/wsis20/{one}" for _, all_, _ in PAIRS for one in all_], often
            )
        with pretalx(arguments.pretalx, Path(folder), sessions, arguments.port + 1) as (worker, version):
            page, *files = [paths for _, _, paths in PAIRS]
            theirs = measured(arguments.port + 1, worker, list(page), often)
            # Each of these takes a good part of a second.
            theirs |= measured(arguments.port + 1, worker, [one for paths in files for one in paths], seldom)
    lines = list(table(mine, theirs))
    print("\n".join(lines))
    if not arguments.quick:
        heading = HEADING.format(
            sessions=ours.SESSIONS,
            speakers=f"{ours.SESSIONS * ours.SPEAKERS:,}",
            rooms=ours.ROOMS,
            version=version,
        )
        RESULTS.write_text("\n".join([heading + ours.machine(), "", *lines, ""]), encoding="utf-8")


def sessions_of(forum_id: int) -> Iterator[dict[str, object]]:
    """Tell of each session what both are given."""
    rows = Placement.objects.filter(timetable__forum=forum_id).select_related("session", "room")
    for one in rows.order_by("session_id").prefetch_related("session__people"):
        yield {
            "title": one.session.title,
            "description": one.session.description,
            "track": one.session.track,
            "room": one.room.name,
            "starts_at": one.period.lower.isoformat(),
            "speakers": [person.name for person in one.session.people.all()],
        }


def measured(port: int, server: int, paths: list[str], times: int) -> dict[str, float]:
    """Return the milliseconds of processor time of each answer, asked for often enough to be warm."""
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip"} | ours.UNKEPT
    found = {}
    for path in paths:
        ours.ask(port, path, headers, 1 if times < MANY else 3)
        used = ours.spent(server, port, path, headers, times)
        found[path] = used["server"] + used["PostgreSQL"]
    return found


def table(mine: dict[str, float], theirs: dict[str, float]) -> Iterator[str]:
    yield "| what | Muntada ms | pretalx ms | times |"
    yield "|---|--:|--:|--:|"
    for what, our_paths, their_paths in PAIRS:
        here = sum(mine[f"/wsis20/{path}"] for path in our_paths)
        there = [theirs[path] for path in their_paths]
        parts = f" ({' + '.join(f'{one:.1f}' for one in there)})" if len(there) > 1 else ""
        yield f"| {what} | {here:.1f} | {sum(there):.1f}{parts} | {sum(there) / here:.1f} |"


@contextmanager
def pretalx(python: str, folder: Path, sessions: Path, port: int) -> Iterator[tuple[int, str]]:
    """Run pretalx with these sessions until the block ends; give its worker and its version."""
    (folder / "pretalx.cfg").write_text(CONFIGURATION.format(folder=folder, port=port))
    (folder / "measured_settings.py").write_text(SETTINGS)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "PRETALX_CONFIG_FILE": str(folder / "pretalx.cfg"),
        "DJANGO_SETTINGS_MODULE": "measured_settings",
        "PYTHONPATH": str(folder),
    }

    def run(*arguments: str) -> str:
        command = [python, *arguments]
        return subprocess.run(  # noqa: S603 - the Python that was named
            command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    run("-m", "django", "migrate", "-v0")
    run("-m", "django", "collectstatic", "--noinput", "-v0")
    # The list of its scripts is gathered by a step that needs Node; the page wants one name of it.
    manifest = folder / "static" / "pretalx-manifest.json"
    if not manifest.exists():
        manifest.write_text(json.dumps({"schedule/src/main.js": {"file": "schedule.js"}}))
    print(f"pretalx: {run(str(FILL), str(sessions)).strip()}")
    version = run("-c", "import pretalx; print(pretalx.__version__)").strip()
    command = [python, "-m", "gunicorn", "pretalx.wsgi", "-w", "1", "-k", "gthread", "--threads", "1"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--timeout", "300"]
    with subprocess.Popen(command, cwd=folder, env=environment) as process:  # noqa: S603 - as above
        try:
            yield worker_of(process.pid), version
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def worker_of(master: int) -> int:
    """Wait for the worker of a gunicorn and return it."""
    children = Path(f"/proc/{master}/task/{master}/children")
    for _ in range(300):
        found = children.read_text().split()
        if found:
            time.sleep(2)
            return int(found[0])
        time.sleep(0.1)
    sys.exit("gunicorn began no worker")


if __name__ == "__main__":
    main()
