"""The platform that is measured: served as an operator does, with a forum of its own, checked afterwards."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
import psycopg
from load.crowd import CALL, VALUES, Browser, Line, Outcome, Plan

ROOT = Path(__file__).resolve().parents[2]
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
from muntada.consultation.calls.actions.calls import CallQuestion, NewCall, open_call  # noqa: E402
from muntada.consultation.calls.rules.calls import CallVotesOpenTo  # noqa: E402
from muntada.consultation.statements.actions.statements import Wording, put_statement  # noqa: E402
from muntada.forums import actions as forums  # noqa: E402
from muntada.foundations import embedded  # noqa: E402
from muntada.people.models import Person  # noqa: E402
from muntada.record.queries import check_log  # noqa: E402
from muntada.record.rules import SYSTEM  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
READY = 200
SESSION = "sessionid"
KEPT = """
SELECT person.email, symbol.number, vote.value
FROM consultation_statements_vote vote
JOIN consultation_statements_voter voter ON voter.id = vote.voter_id
JOIN people_person person ON person.id = voter.person_id
JOIN consultation_statements_statement statement ON statement.id = vote.statement_id
JOIN record_symbol symbol ON symbol.id = statement.symbol_id
WHERE vote.is_current
"""
COUNTS = """
SELECT (SELECT count(*) FROM consultation_statements_vote),
    (SELECT count(*) FROM record_logentry WHERE verb = 'cast_vote'),
    (SELECT id FROM forums_forum WHERE slug = 'load')
"""


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


def make_forum(plan: Plan) -> tuple[list[Browser], list[int]]:
    """Make a forum with a call, its statements and the people who vote; return them and the numbers."""
    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    forum = a_forum(forums.load_framework(FRAMEWORK), now, slug="load", prefix="LOAD")
    new = NewCall(
        slug=CALL,
        titles={"en": "A call under load"},
        introductions={},
        questions=[CallQuestion("text", {"en": "What do you say?"})],
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        votes_open_to=CallVotesOpenTo.ANYONE if plan.anonymous else CallVotesOpenTo.SIGNED_IN,
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
            status, _, _ = await line.ask("GET", "/readyz", "")
            await line.close()
        except (OSError, EOFError):
            status = 0
        # While the web process starts, `serve` itself answers that nothing is ready.
        if status == READY:
            return
        await asyncio.sleep(0.2)
    sys.exit("the server did not answer within a minute")


def missing(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Look for every acknowledged vote in the database, and check the log."""
    with connections["default"].cursor() as cursor:
        cursor.execute(KEPT)
        kept = {(email, number): value for email, number, value in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM consultation_statements_vote WHERE is_current")
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
    """Return the processor time used so far by `serve` and its processes, by its PostgreSQL, and here."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    # Other clusters on the machine are none of what is measured.
    cluster = _of_process(backend)[0]
    spent = dict(_each_process())
    ours = {server} | {pid for pid, (parent, _, _) in spent.items() if parent == server}
    used = {"server": sum(spent[pid][1] for pid in ours), "PostgreSQL": 0.0, "client": time.process_time()}
    for pid, (parent, own, ended) in spent.items():
        if parent == cluster:
            used["PostgreSQL"] += own
        elif pid == cluster:
            used["PostgreSQL"] += own + ended
    return used


def _each_process() -> Iterator[tuple[int, tuple[int, float, float]]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield int(folder.name), _of_process(int(folder.name))


def _of_process(pid: int) -> tuple[int, float, float]:
    """Return the parent of a process, its processor time, and that of those it began which have ended."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    # The name of a program may hold blanks and brackets; what follows the last one is numbers.
    rest = stat[stat.rindex(")") + 2 :].split()
    user, system, ended_user, ended_system = (int(ticks) / TICKS for ticks in rest[11:15])
    return int(rest[1]), user + system, ended_user + ended_system
