"""While the database is away every kind of request is answered calmly, and nobody waits in vain."""

import logging
import re

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from psycopg.errors import AdminShutdown, DeadlockDetected, DiskFull, TooManyConnections
from psycopg_pool import PoolTimeout

from muntada.forums.models import Forum
from muntada.foundations.outage import CalmLog, is_outage, outage

from .outages import the_database_away, wait_until_it_is_over

away = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@away
def test_every_kind_of_request_is_answered_calmly(client: Client, client_as, forum: Forum, subtests):
    """One outage for all: to take the database away and bring it back takes longer than to ask."""
    signed_in = client_as()
    signed_in.raise_request_exception = False
    with the_database_away():
        page = client.get(f"/{forum.slug}", headers={"accept-language": "ar"})
        page_of_somebody = signed_in.get(f"/{forum.slug}")
        as_json = client.get("/api/trace/WSIS20/C/1")
        part = client.get(f"/{forum.slug}", headers={"hx-request": "true"})
        typed = client.post(
            f"/{forum.slug}/receipt/x",
            {"text": "Not lost <b>at all</b>", "csrfmiddlewaretoken": "known"},
            headers={"origin": "http://testserver"},
        )
        labelled = client.post(
            f"/{forum.slug}/consultation/open/write?lang=fr",
            {"title": "Radio rurale", "text": "Deux mots", "question-7": "Trois mots ici", "step": "save"},
            headers={"origin": "http://testserver"},
        )
        foreign = client.post(
            f"/{forum.slug}/receipt/x", {"text": "foreign"}, headers={"origin": "https://other.example"}
        )
        waited = connection.pool.get_stats()["requests_num"]
        later = client.get(f"/{forum.slug}")
        waited_since = connection.pool.get_stats()["requests_num"] - waited
        assert outage.is_on
    for answer in (page, page_of_somebody, as_json, part, typed, labelled, foreign, later):
        assert answer.status_code == 503
    with subtests.test("a page says so in the language of the reader"):
        assert page.headers["Retry-After"] == "5"
        assert page.headers["Cache-Control"] == "no-store"
        assert '<html lang="ar" dir="rtl">' in page.text
        assert f'href="/{forum.slug}"' in page.text
    with subtests.test("a program gets JSON"):
        assert as_json.json()["code"] == "database-away"
        assert as_json.headers["Retry-After"] == "5"
    with subtests.test("a part of a page stays as it is"):
        assert (part.headers["HX-Reswap"], part.content) == ("none", b"")
    with subtests.test("what was typed can be sent again"):
        assert "Not lost &lt;b&gt;at all&lt;/b&gt;</textarea>" in typed.text
        assert '<input type="hidden" name="csrfmiddlewaretoken" value="known">' in typed.text
    with subtests.test("each text that was typed stands under the label of its field"):
        labels = re.findall(r'<label for="typed-\d+"><bdi>(.*?)</bdi>', labelled.text)
        assert labels == ["Titre", "Texte", "Question-7"]
    with subtests.test("what another site sent is written into no page"):
        assert "foreign" not in foreign.text
    with subtests.test("who comes later waits for no connection"):
        assert waited_since == 0
    with subtests.test("all is well once the database is back"):
        assert client.get(f"/{forum.slug}").status_code == 200


@away
def test_a_connection_that_was_ended_is_given_to_nobody(forum: Forum):
    kept = connection.pool.getconn()
    number = kept.info.backend_pid
    connection.pool.putconn(kept)
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10_000)", [number])
    connection.close()
    try:
        assert Forum.objects.filter(pk=forum.pk).exists()
    finally:
        wait_until_it_is_over()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (AdminShutdown(), True),
        (TooManyConnections(), True),
        (PoolTimeout(), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (DeadlockDetected(), False),
        (DiskFull(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_which_faults_are_an_outage(fault: Exception | None, expected: object):
    assert is_outage(fault) is expected


def test_an_outage_fills_no_log():
    calm = CalmLog()
    answered = logging.makeLogRecord({"msg": "Service Unavailable: /", "status_code": 503})
    broken = logging.makeLogRecord(
        {
            "name": "muntada.tasks",
            "msg": "a job broke off",
            "exc_info": (AdminShutdown, AdminShutdown(), None),
        }
    )
    defect = logging.makeLogRecord({"msg": "a defect", "exc_info": (ValueError, ValueError(), None)})
    queue = logging.makeLogRecord({"name": "procrastinate.worker", "exc_info": broken.exc_info})
    assert [calm.filter(record) for record in (answered, queue, broken, defect)] == [False, False, True, True]
    assert broken.exc_info is None
    assert defect.exc_info is not None


def test_an_outage_is_known_behind_what_it_led_to():
    fault = LookupError()
    fault.__cause__ = OperationalError()
    fault.__cause__.__cause__ = AdminShutdown()
    assert is_outage(fault)
