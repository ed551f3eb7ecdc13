"""The workspace of a timetable: what a move costs the server, with 300 sessions in 20 rooms and 40 slots.

`python benchmarks/programme_workspace.py` starts a PostgreSQL of its own, makes a forum with 1,200 speakers
and a timetable of it, asks for each page of the workspace through the whole of Django, and writes
benchmarks/results/workspace.md; `--quick` takes 60 sessions and writes nothing.
"""

import argparse
import gc
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
from load.served import ROOT, served_database, use

from conftest import FRAMEWORK, a_forum
from muntada.forums import actions as forums
from muntada.forums.models import Forum
from muntada.people import actions as people
from muntada.people.rules import Role
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.timetable.actions import drafts, timetable_runs
from muntada.programme.timetable.adapter import frames
from muntada.programme.timetable.adapter.moving import choices
from muntada.programme.timetable.models import Timetable
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind

RESULTS = ROOT / "benchmarks" / "results" / "workspace.md"
ROOMS, DAYS, HOURS, SPEAKERS, PER_SESSION = 20, 5, 8, 1200, 4
TIMES = 30
GOAL = 200
# Styles need not be collected to be named.
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
HEADING = """\
# The workspace of a timetable: measurements

`python benchmarks/programme_workspace.py`, or `./muntada bench programme_workspace`. %(sessions)d sessions
with %(people)d people each out of %(speakers)d, %(rooms)d rooms, %(slots)d slots, against a released
timetable; each page is asked for %(times)d times through all of Django and its middleware, in one process,
on an embedded PostgreSQL that waits for the disk. *CPU*: processor time of this process. *whole*: with the
waiting for the database. The goal is a move in under %(goal)d ms.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="60 sessions, nothing written")
    arguments = parser.parse_args()
    sessions = 60 if arguments.quick else 300
    with tempfile.TemporaryDirectory() as folder, served_database(None, Path(folder)) as url:
        os.environ |= {"MUNTADA_VAR": folder}
        use(url)
        call_command("migrate", verbosity=0, interactive=False)
        with override_settings(STORAGES=settings.STORAGES | PLAIN):
            lines = list(measure(sessions))
    text = "\n".join([HEADING % heading(sessions), machine(), "", *lines, ""])
    print(text)
    if not arguments.quick:
        RESULTS.write_text(text, encoding="utf-8")


def measure(sessions: int) -> Iterator[str]:
    forum = make_forum(sessions)
    now = datetime.now(UTC)
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=5.0)
    publish_release(timetable=made, actor=SYSTEM, now=now)
    draft = drafts.copy_timetable(timetable=made, actor=SYSTEM, now=now)
    browser = secretariat(forum)
    at = f"/load/programme/timetables/{draft.number}"
    dice = Random(1)  # noqa: S311 - the same moves in each run
    numbers = [one.session.symbol.number for one in draft.placements.select_related("session__symbol")]

    def move() -> None:
        number = dice.choice(numbers)
        free = next(one for one in a_place(draft, number) if one.is_allowed)
        form = {"place": f"{free.slot_id}-{free.room_id}", "from": "board", "version": version_of(draft)}
        watched(lambda: browser.post(f"{at}/move/{number}", form))

    def after_a_change() -> None:
        frames._kept.clear()  # noqa: SLF001 - as where a row has changed
        watched(lambda: browser.get(f"{at}?part=board"))

    def get(address: Callable[[], str]) -> Callable[[], None]:
        return lambda: watched(lambda: browser.get(address()))

    rows: dict[str, Callable[[], None]] = {
        "a move on the board, and the board anew": move,
        "undo, and the way to the page": lambda: watched(lambda: browser.post(f"{at}/undo")),
        "the page of a draft, one day": get(lambda: at),
        "the board alone": get(lambda: f"{at}?part=board"),
        "the board after something has changed: all is read anew": after_a_change,
        "what each place means, for a drag": get(lambda: f"{at}/places/{dice.choice(numbers)}"),
        "the list of places of a session": get(lambda: f"{at}/move/{dice.choice(numbers)}"),
        "two timetables side by side": get(lambda: f"{at}/compare?with={made.number}"),
        "publish: what it would change": get(lambda: f"{at}/publish"),
    }
    yield f"{draft.placements.count()} of {sessions} sessions are placed."
    yield ""
    yield "| what | CPU ms, median | whole ms, median | whole ms, slowest |"
    yield "|---|--:|--:|--:|"
    for name, act in rows.items():
        TOOK.clear()
        act()
        TOOK.clear()
        for _ in range(TIMES):
            act()
        cpu, whole = ([1000 * one[place] for one in TOOK] for place in (0, 1))
        yield f"| {name} | {statistics.median(cpu):.0f} | {statistics.median(whole):.0f} | {max(whole):.0f} |"


TOOK: list[tuple[float, float]] = []


def watched(ask: Callable[[], object]) -> None:
    gc.collect()
    cpu, whole = time.process_time(), time.perf_counter()
    answer = ask()
    TOOK.append((time.process_time() - cpu, time.perf_counter() - whole))
    status = getattr(answer, "status_code", 0)
    if status not in {200, 302}:
        sys.exit(f"it answered {status}")


def a_place(draft: Timetable, number: int) -> list[object]:
    frame, _state = frames.frame_now(draft.forum)
    return choices(frame, frames.seats_of(draft), f"S/{number}")  # type: ignore[return-value]


def version_of(draft: Timetable) -> int:
    return Timetable.objects.values_list("version", flat=True).get(pk=draft.pk)


def make_forum(count: int) -> Forum:
    now = datetime.now(UTC)
    forum = a_forum(forums.load_framework(FRAMEWORK), now, slug="load", prefix="LOAD")
    dice = Random(7)  # noqa: S311 - the same forum in each run
    for number in range(ROOMS):
        places.add_room(forum=forum, name=f"Room {number + 1}", seats=40 + 20 * number, actor=SYSTEM, now=now)
    start = datetime.combine(forum.starts_date, datetime.min.time(), forum.timezone).astimezone(UTC)
    begins = [start + timedelta(days=day, hours=9 + hour) for day in range(DAYS) for hour in range(HOURS)]
    places.add_slots(
        forum=forum, periods=[(one, one + timedelta(hours=1)) for one in begins], actor=SYSTEM, now=now
    )
    lines = list(forum.framework.lines.all())
    for number in range(count):
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=SymbolKind.SESSION, title=f"Session {number}", language="en", now=now
        )
        session = Session.objects.create(
            forum=forum,
            symbol=symbol,
            title=f"Session {number}: what a forum of this size wants to talk about",
            language="en",
            kind="workshop",
            minutes=60,
            audience=dice.randrange(20, 200),
            made_at=now,
        )
        session.lines.set(dice.sample(lines, 2))
        speakers = dice.sample(range(SPEAKERS), PER_SESSION)
        SessionPerson.objects.bulk_create(
            SessionPerson(
                session=session,
                name=f"Speaker {one}",
                key=f"name:speaker {one}",
                part="speaker",
                position=place,
            )
            for place, one in enumerate(speakers)
        )
    return forum


def secretariat(forum: Forum) -> Client:
    person = get_user_model().objects.create_user("secretariat@load.invalid", name="Secretariat")
    people.give_role(
        person=person, forum_id=forum.pk, role=Role.SECRETARIAT, actor=SYSTEM, now=datetime.now(UTC)
    )
    browser = Client(headers={"host": "localhost"})
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def heading(sessions: int) -> dict[str, int]:
    return {
        "sessions": sessions,
        "people": PER_SESSION,
        "speakers": SPEAKERS,
        "rooms": ROOMS,
        "slots": DAYS * HOURS,
        "times": TIMES,
        "goal": GOAL,
    }


def machine() -> str:
    parts = ", ".join(f"{name} {version(name)}" for name in ("Django", "psycopg", "ortools"))
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores, {platform.machine()};"
        f" load of the machine at the end {load:.1f}."
    )


if __name__ == "__main__":
    main()
