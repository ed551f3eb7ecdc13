"""What the programme costs the server: the page and each export, kept, known already, and drawn.

`python benchmarks/programme_exports.py` makes a forum of 300 sessions, 1,200 speakers and ten rooms in an
embedded PostgreSQL of its own, serves it as an operator does, and writes benchmarks/results/exports.md.
Processor time is that of the server and of PostgreSQL, read from the system around many requests; the time
on the clock is not told, as other work may run on the machine. `--quick` asks a tenth as often and writes
nothing.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from load.served import ROOT, served_database, serving, use
from load.spent import ask, machine, spent, sum_of

# isort: split
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from conftest import FRAMEWORK, a_forum
from muntada.forums import actions as forums
from muntada.forums.models import Forum, Line
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions.models import Room, Session, SessionPerson, Slot
from muntada.programme.timetable.models import Placement, Timetable
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind

RESULTS = ROOT / "benchmarks" / "results" / "exports.md"
SESSIONS, ROOMS, DAYS, HOURS, SPEAKERS = 300, 20, 5, 3, 4
OFTEN, SELDOM = 3_000, 60
TEXTS = {
    "en": "How villages get connected, and who pays for it. ",
    "ar": "كيف تتصل القرى بالشبكة ومن يدفع ثمن ذلك. ",
    "zh-hans": "村庄如何接入网络，由谁付费。",
    "fr": "Comment les villages se connectent, et qui paie. ",
    "ru": "Как подключают деревни и кто за это платит. ",
    "es": "Cómo se conectan los pueblos y quién lo paga. ",
}
FILES = (
    *("programme", "programme?day=all", "programme/downloads"),
    *(
        "schedule.xml",
        "schedule.json",
        "programme.ics",
        "programme.jsonld",
        "programme.csv",
        "programme.xlsx",
    ),
    *("programme/changes.atom", "programme/changes.json", "s/1.ics", "programme.ics?s=12,15"),
)
# Never answered from what is kept.
UNKEPT = {"Authorization": "none"}
HEADING = f"""\
# What the programme costs the server

`python benchmarks/programme_exports.py`, or `./muntada bench programme_exports`. {SESSIONS} sessions with
texts of 600 letters in six languages, {SESSIONS * SPEAKERS} speakers, {ROOMS} rooms, {DAYS} days. One process
of `muntada serve`; milliseconds of processor time for each request, the server's and that of PostgreSQL.

- *kept*: whoever is not signed in, compressed, from memory
- *304*: the reader names the edition it has
- *304, unkept*: the same where nothing is kept: the database is asked, nothing is drawn
- *drawn*: each time anew

"""
PEER = "\n[pretalx.md](pretalx.md) has the same beside a peer, measured in one run.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests, nothing written")
    parser.add_argument("--port", type=int, default=8793)
    arguments = parser.parse_args()
    share = 10 if arguments.quick else 1
    with tempfile.TemporaryDirectory() as folder, served_database(None, Path(folder)) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "MUNTADA_VAR": folder,
            "MUNTADA_WORKER": "none",
            "MUNTADA_ADDRESS": f"http://localhost:{arguments.port}",
        }
        use(url)
        make_programme()
        with serving(arguments.port) as process:
            lines = list(measure(arguments.port, process.pid, OFTEN // share, SELDOM // share))
    print("\n".join(lines))
    if not arguments.quick:
        RESULTS.write_text("\n".join([HEADING + machine(), "", *lines, PEER]), encoding="utf-8")


def make_programme() -> Forum:
    """Make and publish a forum's week."""
    call_command("migrate", verbosity=0, interactive=False)
    now = datetime(2025, 6, 1, tzinfo=UTC)
    forum = a_forum(forums.load_framework(FRAMEWORK), now)
    rooms = [
        Room.objects.create(forum=forum, name=f"Room {number}", seats=100, position=number)
        for number in range(ROOMS)
    ]
    monday = datetime(2025, 7, 7, 7, tzinfo=UTC)
    starts = [monday + timedelta(days=day, hours=hour) for day in range(DAYS) for hour in range(HOURS)]
    for start in starts:
        Slot.objects.create(forum=forum, starts_at=start, ends_at=start + timedelta(hours=1))
    draft = Timetable.objects.create(forum=forum, number=1, made_at=now)
    lines = list(Line.objects.all())
    languages = list(TEXTS)
    for number in range(SESSIONS):
        language = languages[number % len(languages)]
        session = make_session(forum, number, language, now)
        session.lines.add(lines[number % len(lines)])
        start = starts[number // ROOMS]
        Placement.objects.create(
            timetable=draft,
            session=session,
            room=rooms[number % ROOMS],
            period=DateTimeTZRange(start, start + timedelta(hours=1)),
        )
    publish_release(timetable=draft, actor=SYSTEM, now=now)
    return forum


def make_session(forum: Forum, number: int, language: str, now: datetime) -> Session:
    text = TEXTS[language]
    title = f"{text.strip(' .。')} {number + 1}"
    symbol = record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.SESSION, title=title, language=language, now=now
    )
    session = Session.objects.create(
        forum=forum,
        symbol=symbol,
        title=title,
        description=(text * (600 // len(text) + 1))[:600],
        language=language,
        kind="workshop",
        minutes=60,
        track=f"Track {number % 6}",
        made_at=now,
    )
    SessionPerson.objects.bulk_create(
        SessionPerson(session=session, name=f"Speaker {number}-{one}", key=f"{number}-{one}", part="speaker")
        for one in range(SPEAKERS)
    )
    return session


def measure(port: int, server: int, often: int, seldom: int) -> Iterator[str]:
    yield "| address | size, packed kB | kept ms | 304 ms | 304, unkept ms | drawn ms | of it PostgreSQL |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    packed = {"Accept-Encoding": "gzip"}
    for file in FILES:
        path = f"/wsis20/{file}"
        tag, size = ask(port, path, packed, 3)
        kept = spent(server, port, path, packed, often)
        known = spent(server, port, path, packed | {"If-None-Match": tag}, often)
        unkept_tag, _ = ask(port, path, packed | UNKEPT, 3)
        asked = spent(server, port, path, packed | UNKEPT | {"If-None-Match": unkept_tag}, seldom)
        drawn = spent(server, port, path, packed | UNKEPT, seldom)
        is_page = not tag.startswith(('"wsis20', 'W/"wsis20'))
        unkept = "–" if is_page else f"{asked['server'] + asked['PostgreSQL']:.2f}"
        yield (
            f"| {file} | {size / 1000:.1f} | {sum_of(kept):.3f} | {sum_of(known):.3f} | {unkept} "
            f"| {sum_of(drawn):.1f} | {drawn['PostgreSQL']:.1f} |"
        )


if __name__ == "__main__":
    main()
