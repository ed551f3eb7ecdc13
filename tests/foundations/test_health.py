"""What an installation says of itself, to whoever looks after it."""

import json
import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from muntada import asgi
from muntada.foundations.health import AWAY, MISSING, NEWER, READY, SILENT, Health, Readiness, readiness
from muntada.foundations.migration_state import UnknownDatabase, refuse_unknown_database
from muntada.foundations.tasks import WORKER_CONNECTION

from .apart import run_apart
from .outages import PATIENCE_SECONDS, the_database_away

real = pytest.mark.django_db(transaction=True)


def ask(path: str, application: Any = asgi.application) -> tuple[int, dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"host", b"10.0.0.7")]}
    run_apart(application(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


def a_worker_heard(seconds_ago: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_workers CASCADE")
        at = timezone.now() - timedelta(seconds=seconds_ago)
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def a_migration_applied(label: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [label, name]
        )


def test_a_process_that_answers_lives_whatever_the_host_name():
    assert ask("/healthz") == (200, {"alive": True})


def a_worker_connected() -> "psycopg.Connection[Any]":
    """Open such a connection as a worker has; it ends with the block, as with a process that is killed."""
    parameters = connection.get_connection_params()
    return psycopg.connect(**parameters | {"application_name": WORKER_CONNECTION})


@real
def test_all_is_ready_with_a_worker_that_was_heard():
    a_worker_heard(5)
    with a_worker_connected():
        assert readiness() == Readiness(READY, READY, READY)


@real
def test_a_worker_not_heard_is_silent():
    a_worker_heard(300)
    with a_worker_connected():
        assert readiness() == Readiness(READY, SILENT, READY)


@real
def test_a_worker_that_was_killed_is_silent_although_it_was_heard_just_before():
    a_worker_heard(0)
    with a_worker_connected():
        pass
    until = time.monotonic() + PATIENCE_SECONDS
    while readiness() != Readiness(READY, SILENT, READY):
        assert time.monotonic() < until


@real
def test_a_database_that_is_away_is_said():
    with the_database_away():
        found = readiness()
    assert found.database == AWAY
    assert not found.is_ready


@pytest.mark.django_db
def test_a_newer_database_is_said_and_refused():
    a_migration_applied("forums", "9999_from_the_future")
    assert readiness().migrations == NEWER
    with pytest.raises(UnknownDatabase, match=r"a newer Muntada.*forums\.9999_from_the_future"):
        refuse_unknown_database()


@pytest.mark.django_db
def test_a_database_from_before_the_first_release_is_refused_with_what_to_do():
    """The migrations of then were replaced by one for each app."""
    a_migration_applied("forums", "0002_extensions")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'foundations'")
    with pytest.raises(UnknownDatabase, match=r"before the first release.*\./muntada demo --fresh"):
        refuse_unknown_database()


@pytest.mark.django_db
def test_an_older_database_is_said_and_not_refused():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'forums' AND name LIKE '0001%%'")
    assert readiness().migrations == MISSING
    refuse_unknown_database()


def test_what_is_not_ready_is_named_and_answered_with_503():
    found = Readiness(READY, SILENT, READY)
    health = Health(ask=lambda: found)
    status, said = ask("/readyz", lambda scope, _, send: health(scope["path"], send))
    assert status == 503
    assert said == {"ready": False, "database": "ready", "worker": "silent", "migrations": "ready"}
