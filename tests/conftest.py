"""A forum in the middle of its life, and people in each role. The database is a real PostgreSQL."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client

from muntada.forums import actions as forums
from muntada.forums.models import Forum, Framework
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.people.models import Person, RoleHeld
from muntada.people.queries import roles_of
from muntada.people.rules import Role
from muntada.people.web_sessions import SessionStore
from muntada.record.rules import SYSTEM

pytest_plugins = ["databases", "kinds"]

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")

type MakePerson = Callable[..., Person]
type ClientAs = Callable[..., Client]
type EachRole = Callable[..., Iterator[tuple[Role | None, Client]]]
type RequestAs = Callable[..., ForumRequest]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no search for garbage go through what stays until the end: modules, models, and all tests."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()
    return collected


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared_data") and not SHARED_DATA.is_dir():
        pytest.skip("the real data are not laid beside the project (../shared/data)")


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Pages are tested without collecting static files first."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def shared_data() -> Path:
    return SHARED_DATA


@pytest.fixture
def now() -> datetime:
    return datetime(2025, 7, 8, 10, 0, tzinfo=UTC)


def in_six(text: str) -> dict[str, str]:
    return {language: text if language == "en" else f"{text} ({language})" for language in LANGUAGES}


FRAMEWORK = {
    "code": "tiny",
    "version": "1",
    "titles": in_six("Tiny framework"),
    "lines": [{"code": code, "titles": in_six(f"Line {code}")} for code in ("C1", "C2", "C3")],
    "goals": [{"code": code, "titles": in_six(f"Goal {code}")} for code in ("4", "9")],
    "targets": [
        {"number": 1, "statements": [{"valid_from": 2003, "text": in_six("Connect"), "status": "sourced"}]}
    ],
    "links": [{"line": "C2", "goal": "9", "targets": ["9.c"], "status": "sourced"}],
}


@pytest.fixture
def framework(db) -> Framework:
    return forums.load_framework(FRAMEWORK)


def a_forum(
    framework: Framework,
    now: datetime,
    slug: str = "wsis20",
    prefix: str = "WSIS20",
    *,
    zone: str = "Europe/Zurich",
) -> Forum:
    """Set up a forum all of whose stages are open."""
    forum = forums.open_forum(
        new=forums.NewForum(
            slug=slug,
            prefix=prefix,
            names=in_six("Test forum"),
            abouts=in_six("A forum for tests"),
            places=in_six("Geneva and online"),
            starts_date=date(2025, 7, 7),
            ends_date=date(2025, 7, 11),
            zone=zone,
            languages=LANGUAGES,
        ),
        framework=framework,
        actor=SYSTEM,
        now=now,
    )
    windows = [
        forums.NewWindow(
            stage=stage,
            labels=in_six(f"{stage} window"),
            opens_at=now - timedelta(days=30),
            closes_at=now + timedelta(days=3650),
        )
        for stage in Stage
    ]
    forums.open_windows(forum=forum, windows=windows, actor=SYSTEM, now=now)
    return forum


@pytest.fixture
def forum(framework: Framework, now: datetime) -> Forum:
    return a_forum(framework, now)


@pytest.fixture
def other_forum(framework: Framework, now: datetime) -> Forum:
    return a_forum(framework, now, slug="nigf", prefix="NIGF")


@pytest.fixture
def make_person(forum: Forum, now: datetime) -> MakePerson:
    """`make_person(Role.MODERATOR)`: a new person who holds these roles in the forum."""

    def make(*roles: Role, name: str = "", language: str = "en") -> Person:
        number = Person.objects.count() + 1
        name = name or f"{roles[0] if roles else 'participant'} {number}".title()
        person = Person.objects.create_user(f"person{number}@example.org", name=name, language=language)
        for role in roles:
            RoleHeld.objects.create(person=person, forum=forum, role=role, given_at=now)
        return person

    return make


def sign_in(client: Client, person: Person) -> None:
    """Give a browser the session of somebody; the way through Django makes two and asks fifteen times."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


@pytest.fixture
def client_as(make_person: MakePerson) -> ClientAs:
    """`client_as(Role.SECRETARIAT)` or `client_as(person=somebody)`: a signed-in browser."""

    def make(*roles: Role, person: Person | None = None) -> Client:
        client = Client()
        sign_in(client, person or make_person(*roles))
        return client

    return make


@pytest.fixture
def each_role(client_as: ClientAs) -> EachRole:
    """`for role, browser in each_role():` somebody without an account and each role, one after the other.

    What one of them does is undone before the next. A scene is set up once for all, as that takes longer.
    """

    def go(roles: Iterable[Role | None] = (None, *Role)) -> Iterator[tuple[Role | None, Client]]:
        for role in roles:
            with transaction.atomic():
                yield role, client_as(role) if role else Client()
                transaction.set_rollback(True)

    return go


@pytest.fixture
def request_as(forum: Forum, make_person: MakePerson, now: datetime) -> RequestAs:
    """`request_as(Role.MODERATOR)`: what a view hands to an action."""

    def make(*roles: Role, person: Person | None = None) -> ForumRequest:
        someone = person or make_person(*roles)
        return ForumRequest(forum=forum, person=someone, roles=roles_of(someone, forum.pk), now=now)

    return make
