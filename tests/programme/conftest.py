"""Rooms, slots and sessions of a forum that is about to make its programme."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from muntada.forums.models import Forum
from muntada.foundations.errors import Refused
from muntada.people.models import Person
from muntada.programme.requests.actions.requests import NewRequest, save_request, submit_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.models import Timetable
from muntada.record import actions as record
from muntada.record.rules import SymbolKind

type MakeSession = Callable[..., Session]


@pytest.fixture
def refuses() -> Callable[[str], pytest.RaisesExc[Refused]]:
    """`with refuses("code"):` a refusal with this code has to come."""
    return lambda code: pytest.raises(Refused, check=lambda refusal: refusal.code == code)


@pytest.fixture
def start(now: datetime) -> datetime:
    return now.replace(hour=7)


@pytest.fixture
def room(forum: Forum) -> Room:
    return Room.objects.create(forum=forum, name="Room A", seats=100, services=["hybrid"], position=1)


@pytest.fixture
def other_room(forum: Forum) -> Room:
    return Room.objects.create(forum=forum, name="Room B", seats=40, position=2)


@pytest.fixture
def slots(forum: Forum, start: datetime) -> list[Slot]:
    return [
        Slot.objects.create(
            forum=forum,
            starts_at=start + timedelta(hours=hour),
            ends_at=start + timedelta(hours=hour + 1),
        )
        for hour in range(3)
    ]


@pytest.fixture
def make_session(forum: Forum, now: datetime) -> MakeSession:
    def make(title: str = "Connecting villages", *, minutes: int = 60) -> Session:
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=SymbolKind.SESSION, title=title, language="en", now=now
        )
        return Session.objects.create(
            forum=forum,
            symbol=symbol,
            title=title,
            language="en",
            kind="workshop",
            minutes=minutes,
            made_at=now,
        )

    return make


@pytest.fixture
def make_draft(forum: Forum, now: datetime) -> Callable[[], Timetable]:
    def make() -> Timetable:
        return Timetable.objects.create(
            forum=forum,
            number=Timetable.objects.filter(forum=forum).count() + 1,
            made_at=now,
        )

    return make


@pytest.fixture
def submitted(request_as, make_person) -> Callable[..., SessionRequest]:
    """`submitted("Villages")`: a session request that waits for a decision."""

    def make(title: str = "Villages", *, author: Person | None = None, **said: object) -> SessionRequest:
        forum_request = request_as(person=author or make_person(name="Author"))
        new = NewRequest(title=title, description=f"About {title}.", language="en", **said)
        draft = save_request(forum_request=forum_request, new=new)
        submit_request(forum_request=forum_request, request=draft)
        draft.refresh_from_db()
        return draft

    return make
