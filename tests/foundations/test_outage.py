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
def test_a_page_says_so_in_the_language_of_the_reader(client: Client, forum: Forum):
    with the_database_away():
        answer = client.get(f"/{forum.slug}", headers={"accept-language": "ar"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert f'href="/{forum.slug}"' in answer.text


@away
def test_a_page_for_somebody_signed_in_says_so_too(client_as, forum: Forum):
    client = client_as()
    client.raise_request_exception = False
    with the_database_away():
        assert client.get(f"/{forum.slug}").status_code == 503


@away
def test_who_comes_later_waits_for_no_connection(client: Client, forum: Forum):
    with the_database_away():
        client.get(f"/{forum.slug}")
        asked = connection.pool.get_stats()["requests_num"]
        assert client.get(f"/{forum.slug}").status_code == 503
        assert connection.pool.get_stats()["requests_num"] == asked


@away
def test_a_program_gets_json(client: Client, forum: Forum):
    with the_database_away():
        answer = client.get("/api/trace/WSIS20/C/1")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-away")
    assert answer.headers["Retry-After"] == "5"


@away
def test_a_part_of_a_page_stays_as_it_is(client: Client, forum: Forum):
    with the_database_away():
        answer = client.get(f"/{forum.slug}", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Reswap"], answer.content) == (503, "none", b"")


@away
def test_what_was_typed_can_be_sent_again(client: Client, forum: Forum):
    with the_database_away():
        answer = client.post(
            f"/{forum.slug}/receipt/x",
            {"text": "Not lost <b>at all</b>", "csrfmiddlewaretoken": "known"},
            headers={"origin": "http://testserver"},
        )
    assert answer.status_code == 503
    assert "Not lost &lt;b&gt;at all&lt;/b&gt;</textarea>" in answer.text
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="known">' in answer.text


@away
def test_each_text_that_was_typed_stands_under_the_label_of_its_field(client: Client, forum: Forum):
    typed = {"title": "Radio rurale", "text": "Deux mots", "question-7": "Trois mots ici", "step": "save"}
    with the_database_away():
        answer = client.post(
            f"/{forum.slug}/consultation/open/write?lang=fr", typed, headers={"origin": "http://testserver"}
        )
    labels = re.findall(r'<label for="typed-\d+"><bdi>(.*?)</bdi>', answer.text)
    assert labels == ["Titre", "Texte", "Question-7"]


@away
def test_what_another_site_sent_is_written_into_no_page(client: Client, forum: Forum):
    with the_database_away():
        answer = client.post(
            f"/{forum.slug}/receipt/x", {"text": "foreign"}, headers={"origin": "https://other.example"}
        )
    assert answer.status_code == 503
    assert "foreign" not in answer.text


@away
def test_all_is_well_once_the_database_is_back(client: Client, forum: Forum):
    with the_database_away():
        client.get(f"/{forum.slug}")
        assert outage.is_on
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
