"""Votes under load: so many a second through real requests, how long each takes, and what is kept of them.

`python benchmarks/voting.py` serves a forum of its own on a port of its own (its own embedded PostgreSQL in a
temporary folder, or that of `--database`), lets people vote for a minute, and writes
benchmarks/results/votes.md; `--quick` takes ten seconds and writes nothing. Votes leave by a timetable, not
when the one before is answered: a vote that had to wait for a free connection counts its waiting, too.
Afterwards every vote that was acknowledged is looked for in the database, and the log is checked.
"""

import argparse
import asyncio
import os
import platform
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import django
import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
os.environ.setdefault("MUNTADA_SECRET_KEY", secrets.token_urlsafe())
os.environ["DJANGO_SETTINGS_MODULE"] = "muntada.settings"
django.setup()

# Django has to be set up before the rooms of the platform can be entered.
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from conftest import FRAMEWORK, a_forum  # noqa: E402
from muntada.consultation.actions.calls import NewCall, Question, open_call  # noqa: E402
from muntada.consultation.actions.statements import Wording, put_statement  # noqa: E402
from muntada.consultation.rules.calls import VotesOpenTo  # noqa: E402
from muntada.forums import actions as forums  # noqa: E402
from muntada.foundations import embedded  # noqa: E402
from muntada.people.models import Person  # noqa: E402
from muntada.record.queries import check_log  # noqa: E402
from muntada.record.rules import SYSTEM  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "votes.md"
TICKS = os.sysconf("SC_CLK_TCK")
CALL = "load"
VALUES = {"agree": 1, "disagree": -1, "pass": 0}
BY_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SESSION = "sessionid"
CSRF = "csrftoken"
# So many in a hundred change a vote, or send the same one again as a browser does that lost the answer.
CHANGES, REPEATS = 5, 3
# A vote that is changed was cast at least so long before, so that it is clear which of the two came later.
SETTLED_SECONDS = 5
OK, TAKEN = 200, (302, 303)
KEPT = """
SELECT person.email, symbol.number, vote.value
FROM consultation_vote vote
JOIN consultation_voter voter ON voter.id = vote.voter_id
JOIN people_person person ON person.id = voter.person_id
JOIN consultation_statement statement ON statement.id = vote.statement_id
JOIN record_symbol symbol ON symbol.id = statement.symbol_id
WHERE vote.is_current
"""
COUNTS = """
SELECT (SELECT count(*) FROM consultation_vote),
    (SELECT count(*) FROM record_logentry WHERE verb = 'cast_vote'),
    (SELECT id FROM forums_forum WHERE slug = 'load')
"""

HEADING = """\
# Votes under load

`python benchmarks/voting.py`, or `./muntada bench voting`. One process of `muntada serve` with its worker,
one PostgreSQL that waits for the disk at each commit, and the client share the cores of the machine. Votes
leave by a timetable at %(rate)d a second for %(seconds)d seconds over %(connections)d connections that stay
open; the time of a vote runs from the moment it was due to the last byte of its answer. %(changes)d in a
hundred change an earlier vote, %(repeats)d repeat a request. %(voters)d people, %(statements)d statements;
every request carries a session and a CSRF token that came with a page.
"""


@dataclass(frozen=True)
class Plan:
    """How many people vote on how many statements, how fast and for how long."""

    rate: int
    seconds: int
    voters: int
    statements: int
    connections: int
    anonymous: bool

    @property
    def votes(self) -> int:
        return self.rate * self.seconds


@dataclass
class Browser:
    """One voter: the cookies and the token their browser holds."""

    cookies: dict[str, str]
    token: str = ""

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@dataclass(frozen=True)
class Due:
    """A vote that is to leave at a moment, counted in seconds from the start."""

    at: float
    browser: int
    statement: int
    value: str


@dataclass
class Outcome:
    """What came of the votes: seconds each took, those acknowledged in their order, and the other answers."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: list[Due] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    took: float = 0.0


class Line:
    """One connection that stays open; it asks, waits for the whole answer and asks again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, cookie: str, body: bytes = b"") -> tuple[int, bytes, bytes]:
        """Return status, headers and body of one answer."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"Cookie: {cookie}"] if cookie else []
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        text = await self.reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), head, text

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            await self.writer.wait_closed()
        self.reader = self.writer = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten seconds, nothing written")
    parser.add_argument("--rate", type=int, default=200, help="votes a second (default 200)")
    parser.add_argument("--seconds", type=int, default=60, help="for so long (default 60, at most 300)")
    parser.add_argument("--anonymous", action="store_true", help="voters without an account")
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--database", help="address of an empty PostgreSQL database to use instead")
    arguments = parser.parse_args()
    seconds = 10 if arguments.quick else min(arguments.seconds, 300)
    plan = Plan(arguments.rate, seconds, 400, 100, 64, arguments.anonymous)
    with tempfile.TemporaryDirectory() as folder, served_database(arguments.database, Path(folder)) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "MUNTADA_VAR": folder,
            "MUNTADA_ADDRESS": f"http://localhost:{arguments.port}",
            "DJANGO_SETTINGS_MODULE": "muntada.settings",
        }
        lines = list(measure(plan, arguments.port, url))
    text = "\n".join([HEADING % heading(plan), machine(), "", *lines, ""])
    print("\n".join(lines))
    if not arguments.quick and not arguments.anonymous:
        RESULTS.write_text(text, encoding="utf-8")


@contextmanager
def served_database(given: str | None, folder: Path) -> Iterator[str]:
    if given:
        yield given
        return
    with embedded.start(folder / "postgres") as cluster:
        cluster.create_database("votes")
        yield cluster.url("votes")


def use(url: str) -> None:
    """Let this process work on the database that is measured."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    connections.databases["default"] |= {ours: parts.get(theirs, "") for ours, theirs in names.items()}


def measure(plan: Plan, port: int, url: str) -> Iterator[str]:
    use(url)
    call_command("migrate", verbosity=0, interactive=False)
    browsers, statements = make_forum(plan)
    with serving(port) as process:
        asyncio.run(take_pages(port, browsers))
        before, load = cpu_seconds(process.pid), os.getloadavg()[0]
        outcome = asyncio.run(cast(plan, port, browsers, statements))
        spent = {name: value - before[name] for name, value in cpu_seconds(process.pid).items()}
    faults = list(missing(plan, outcome))
    yield from figures(outcome, spent, load)
    yield ""
    yield from faults or ["Every acknowledged vote is in the database, each once; the log is whole."]


def make_forum(plan: Plan) -> tuple[list[Browser], list[int]]:
    """Make a forum with a call, its statements and the people who vote; return them and the numbers."""
    now = datetime.now(UTC)
    forum = a_forum(forums.load_framework(FRAMEWORK), now, slug="load", prefix="LOAD")
    new = NewCall(
        slug=CALL,
        titles={"en": "A call under load"},
        introductions={},
        questions=[Question("text", {"en": "What do you say?"})],
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        votes_open_to=VotesOpenTo.ANYONE if plan.anonymous else VotesOpenTo.SIGNED_IN,
    )
    call = open_call(forum=forum, new=new, actor=SYSTEM, now=now)
    numbers = [
        put_statement(
            call=call, wording=Wording(f"Statement {place} of the load.", "en"), actor=SYSTEM, now=now
        ).symbol.number
        for place in range(plan.statements)
    ]
    people = range(plan.voters)
    return [Browser({} if plan.anonymous else {SESSION: signed_in(place)}) for place in people], numbers


def signed_in(place: int) -> str:
    """Make a person and the session of their browser."""
    person = Person.objects.create_user(f"voter{place}@load.invalid", name=f"Voter {place}")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@contextmanager
def serving(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the platform as an operator does, until the block ends."""
    command = [sys.executable, "-m", "muntada", "serve", "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:  # noqa: S603 - the platform itself
        try:
            asyncio.run(until_answered(port, process))
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


async def until_answered(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            sys.exit(f"the server ended with {process.returncode}")
        try:
            line = Line(port)
            await line.ask("GET", "/", "")
            await line.close()
        except OSError:
            await asyncio.sleep(0.2)
        else:
            return
    sys.exit("the server did not answer within a minute")


async def take_pages(port: int, browsers: Sequence[Browser]) -> None:
    """Open the page of the vote in each browser, and keep the cookies and the token that came with it."""
    line = Line(port)
    for browser in browsers:
        status, head, text = await line.ask("GET", f"/load/consultation/{CALL}/vote", browser.cookie)
        found = BY_CSRF.search(text.decode())
        if status != OK or found is None:
            sys.exit(f"the page of the vote came with status {status} and no form")
        browser.token = found[1]
        for name, value in re.findall(r"(?im)^set-cookie: ([^=]+)=([^;]+)", head.decode()):
            browser.cookies[name] = value
    await line.close()


def timetable(plan: Plan, statements: Sequence[int]) -> list[Due]:
    """Draw who votes on what and when; some change an earlier vote, some send the same request again."""
    chance = Random(20)  # noqa: S311 - a timetable that comes out the same each time, no secret
    pairs = [(browser, number) for browser in range(plan.voters) for number in statements]
    chance.shuffle(pairs)
    due: list[Due] = []
    for place in range(plan.votes):
        at, kind = place / plan.rate, chance.randrange(100)
        settled = place - SETTLED_SECONDS * plan.rate
        if due and kind < REPEATS:
            due.append(replace(due[-1], at=at))
        elif settled > 0 and kind < REPEATS + CHANGES:
            due.append(replace(due[chance.randrange(settled)], at=at, value=chance.choice(list(VALUES))))
        else:
            browser, number = pairs.pop()
            due.append(Due(at, browser, number, chance.choice(list(VALUES))))
    return due


async def cast(plan: Plan, port: int, browsers: Sequence[Browser], statements: Sequence[int]) -> Outcome:
    """Send each vote when it is due, on whichever line is free."""
    outcome, waiting = Outcome(), asyncio.Queue[Due | None]()
    start = time.perf_counter()

    async def keep_sending() -> None:
        line = Line(port)
        while (due := await waiting.get()) is not None:
            browser = browsers[due.browser]
            page = f"/load/t/{due.statement}"
            words = {"csrfmiddlewaretoken": browser.token, "value": due.value, "next": page}
            try:
                status, _, _ = await line.ask(
                    "POST", f"{page}/vote", browser.cookie, urlencode(words).encode()
                )
            except (OSError, asyncio.IncompleteReadError) as fault:
                await line.close()
                status = 0
                outcome.refused[type(fault).__name__] = outcome.refused.get(type(fault).__name__, 0) + 1
            outcome.seconds.append(time.perf_counter() - start - due.at)
            if status in TAKEN:
                outcome.acknowledged.append(due)
            elif status:
                outcome.refused[str(status)] = outcome.refused.get(str(status), 0) + 1
        await line.close()

    senders = [asyncio.create_task(keep_sending()) for _ in range(plan.connections)]
    for due in timetable(plan, statements):
        pause = due.at - (time.perf_counter() - start)
        if pause > 0:
            await asyncio.sleep(pause)
        waiting.put_nowait(due)
    for _ in senders:
        waiting.put_nowait(None)
    await asyncio.gather(*senders)
    outcome.took = time.perf_counter() - start
    return outcome


def missing(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Look for every acknowledged vote in the database, and check the log."""
    with connections["default"].cursor() as cursor:
        cursor.execute(KEPT)
        kept = {(email, number): value for email, number, value in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM consultation_vote WHERE is_current")
        (current,) = cursor.fetchone()
        cursor.execute(COUNTS)
        votes, entries, forum = cursor.fetchone()
    last = {
        (f"voter{due.browser}@load.invalid", due.statement): VALUES[due.value] for due in outcome.acknowledged
    }
    if not plan.anonymous:
        wrong = sum(kept.get(pair) != value for pair, value in last.items())
        if wrong:
            yield f"FAULT: {wrong} acknowledged votes are not in the database as they were cast."
    if current < len(last):
        yield f"FAULT: {len(last)} voices were acknowledged, {current} are in the database."
    if votes != entries:
        yield f"FAULT: {votes} votes, {entries} entries in the log."
    check = check_log(forum)
    if not check.is_whole:
        yield f"FAULT: the log is broken at entry {check.broken_at}."


def cpu_seconds(server: int) -> dict[str, float]:
    """Return the processor time used so far by the server, by PostgreSQL, and by this client."""
    used = {"server": 0.0, "PostgreSQL": 0.0, "client": time.process_time()}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except OSError:
            continue
        name, rest = stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2 :].split()
        seconds = (int(rest[11]) + int(rest[12])) / TICKS
        if int(folder.name) == server:
            used["server"] += seconds
        elif name.startswith("postgres"):
            used["PostgreSQL"] += seconds
    return used


def figures(outcome: Outcome, spent: dict[str, float], load: float) -> Iterator[str]:
    times = sorted(1000 * one for one in outcome.seconds)
    at = {share: times[min(int(len(times) * share / 100), len(times) - 1)] for share in (50, 95, 99)}
    count = len(outcome.acknowledged)
    yield "| votes acknowledged | a second | p50 ms | p95 ms | p99 ms | slowest ms | other answers |"
    yield "|--:|--:|--:|--:|--:|--:|---|"
    others = ", ".join(f"{name}: {number}" for name, number in outcome.refused.items()) or "none"
    yield (
        f"| {count:,} | {count / outcome.took:.0f} | {at[50]:.0f} | {at[95]:.0f} | {at[99]:.0f}"
        f" | {times[-1]:.0f} | {others} |"
    )
    yield ""
    yield (
        "Processor time per vote: "
        + ", ".join(f"{name} {1000 * seconds / max(count, 1):.2f} ms" for name, seconds in spent.items())
        + f". Load of the machine when it began: {load:.1f}."
    )


def heading(plan: Plan) -> dict[str, int]:
    return {
        "rate": plan.rate,
        "seconds": plan.seconds,
        "connections": plan.connections,
        "voters": plan.voters,
        "statements": plan.statements,
        "changes": CHANGES,
        "repeats": REPEATS,
    }


def machine() -> str:
    parts = ", ".join(f"{name} {version(name)}" for name in ("Django", "uvicorn", "psycopg"))
    return f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores, {platform.machine()}."


if __name__ == "__main__":
    main()
