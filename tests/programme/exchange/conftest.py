"""A programme in two releases: three scripts, signs that formats trip over, a cancelled session."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from lxml import etree

from muntada.forums.models import Forum, Line
from muntada.programme.decisions import actions as decisions
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions.models import Room, Session, SessionPerson, Slot
from muntada.programme.timetable.actions import drafts, timetable_runs
from muntada.programme.timetable.models import Release
from muntada.record.rules import SYSTEM

SCHEMAS = Path(__file__).parent / "schemas"
ARABIC = "الحقوق الرقمية: نحو مجتمع معلومات للجميع"
AWKWARD = 'Cables & <b>"bandwidth"</b>; half, whole \\ and =SUM(A1)'
LONG = "Сети, которые строят сами жители. 网络由居民自己建造。\n\n" * 12 + "\x0bEnd \ud7ff."

type Fetch = Callable[..., HttpResponse]


@pytest.fixture
def sessions(forum: Forum, make_session, room: Room, other_room: Room, slots: list[Slot]) -> list[Session]:
    """Three sessions with people, lines and long texts in several scripts."""
    made = [make_session(AWKWARD), make_session(ARABIC), make_session("Cities")]
    for session, language, description in zip(
        made, ("en", "ar", "zh-hans"), ("Line, one;\nline two", "نص [C/1]", LONG), strict=True
    ):
        session.language, session.description, session.track = language, description, "Access & <rights>"
        session.save()
        session.lines.set(Line.objects.filter(code__in=["C2", "C3"]))
        for position, (name, part) in enumerate([("Amina O'Neil, Dr.", "speaker"), ("李 <明>", "moderator")]):
            key = f"name:{name} {session.pk if part == 'moderator' else ''}"
            SessionPerson.objects.create(session=session, name=name, key=key, part=part, position=position)
    # One person cannot be on two stages at once, and these are three.
    SessionPerson.objects.filter(part="speaker").update(part="organiser")
    return made


@pytest.fixture
def first(forum: Forum, sessions: list[Session], now: datetime) -> Release:
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    return publish_release(timetable=made, actor=SYSTEM, now=now, notes={"en": "First <plan> & more"})


@pytest.fixture
def second(first: Release, sessions: list[Session], now: datetime) -> Release:
    """The third session is cancelled."""
    later = now + timedelta(days=1)
    draft = drafts.copy_timetable(timetable=first.timetable, actor=SYSTEM, now=later)
    decisions.cancel_session(session=sessions[2], reason="Storm; all flights", actor=SYSTEM, now=later)
    return publish_release(timetable=draft, actor=SYSTEM, now=later)


@pytest.fixture
def fetch(client) -> Fetch:
    """`fetch("programme.csv")` of the forum, which has to be there."""

    def get(path: str, **headers: str) -> HttpResponse:
        answer = client.get(f"/wsis20/{path}", headers=headers)
        assert answer.status_code == 200, answer.content
        return answer

    return get


def schedule_of(content: bytes) -> Any:
    """Read schedule XML; what the schema of c3voc or our stricter one refuses fails."""
    found = etree.fromstring(content)
    for schema in ("c3voc/schedule.xml.xsd", "schedule.xsd"):
        etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(found)
    return found


def faults_of(document: object, name: str) -> list[str]:
    """Say what a schema finds wrong. The library takes seconds to load: the first test that asks does it."""
    checks = import_module("jsonschema").Draft202012Validator
    validator = checks(schema(name), format_checker=checks.FORMAT_CHECKER)
    return [f"{list(one.absolute_path)}: {one.message}" for one in validator.iter_errors(document)]


def schema(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / name).read_text())
