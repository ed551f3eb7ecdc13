"""A form that is sent twice has one effect."""

import re
import threading
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from muntada.foundations.models import SentForm
from muntada.foundations.sent_forms import _content
from muntada.foundations.worker import forget_sent_forms
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.models import LogEntry, Symbol
from muntada.record.rules import SymbolKind
from muntada.review.findings.models import Finding

PAGE = "/wsis20/review/propose"
PATIENCE = 20


@pytest.fixture
def forum(forum):
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    return forum


@pytest.fixture
def browser(client_as) -> Client:
    return client_as(Role.FACILITATOR)


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


def typed(browser, forum, **other) -> dict[str, object]:
    """Return the form as it is filled in on a page that was just opened."""
    main = browser.get(PAGE).content.decode().partition("<main")[2]
    line = forum.framework.lines.get(code="C1")
    words = {
        "line": line.pk,
        "kind": "achievement",
        "text": "Done [C/1].",
        "strength": "medium",
        "language": "en",
    }
    return words | {"csrfmiddlewaretoken": token_in(main)} | other


@pytest.fixture
def cited(forum) -> None:
    record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.CONTRIBUTION, title="Ground", language="en", now=timezone.now()
    )


@pytest.mark.usefixtures("cited")
class TestAFormSentTwice:
    def test_has_one_effect_and_one_answer(self, browser, forum):
        form = typed(browser, forum)
        first, second = browser.post(PAGE, form), browser.post(PAGE, form)
        assert Finding.objects.count() == 1
        assert LogEntry.objects.filter(verb="propose_finding").count() == 1
        assert (first.status_code, second.status_code) == (302, 302)
        assert first["Location"] == second["Location"]

    def test_from_a_page_that_was_opened_again_is_another_form(self, browser, forum):
        browser.post(PAGE, typed(browser, forum))
        browser.post(PAGE, typed(browser, forum))
        assert Finding.objects.count() == 2

    def test_with_other_words_is_another_form(self, browser, forum):
        form = typed(browser, forum)
        for text in ("One [C/1].", "Two [C/1].", "One [C/1]."):
            browser.post(PAGE, form | {"text": text})
        assert sorted(Finding.objects.values_list("text", flat=True)) == [
            "One [C/1].",
            "One [C/1].",
            "Two [C/1].",
        ]

    def test_after_a_refusal_is_asked_again(self, browser, forum):
        form = typed(browser, forum, text="Nothing cited.")
        assert [browser.post(PAGE, form).status_code for _ in range(2)] == [422, 422]
        assert not SentForm.objects.exists()
        assert browser.post(PAGE, form | {"text": "Cited [C/1]."}).status_code == 302

    def test_says_on_the_next_page_that_it_was_done_once(self, browser, forum):
        form = typed(browser, forum)
        browser.post(PAGE, form)
        page = browser.get(browser.post(PAGE, form)["Location"]).content.decode()
        assert "It was done once." in page

    def test_in_another_browser_is_another_form(self, browser, forum, client_as):
        """A page that two people were given from one store must not let one's form hide the other's."""
        other = client_as(Role.FACILITATOR)
        browser.post(PAGE, typed(browser, forum))
        other.post(PAGE, typed(other, forum))
        assert Finding.objects.values("author").distinct().count() == 2


@pytest.mark.usefixtures("cited")
def test_what_breaks_leaves_nothing_and_can_be_sent_again(browser, forum, monkeypatch):
    form = typed(browser, forum)
    browser.raise_request_exception = False

    def breaks(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(Finding, "get_absolute_url", breaks)
        assert browser.post(PAGE, form).status_code == 500
    assert not Finding.objects.exists()
    assert browser.post(PAGE, form).status_code == 302
    assert Finding.objects.count() == 1


def waiting_for_a_lock() -> int:
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL shows the same activity again unless it is asked to look anew.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("cited")
def test_at_the_same_moment_the_second_waits_for_the_first_and_is_answered_the_same(browser, forum):
    form, answers = typed(browser, forum), []

    def send() -> None:
        other = Client()
        other.cookies = browser.cookies
        answer = other.post(PAGE, form)
        answers.append((answer.status_code, answer.headers.get("Location")))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    with transaction.atomic():
        # Nobody can be given a symbol meanwhile, so the first sending stands still with its effect undone.
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Symbol._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        until = time.monotonic() + PATIENCE
        while waiting_for_a_lock() < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert waiting_for_a_lock() == 2
    for thread in threads:
        thread.join(PATIENCE)
    assert len(answers) == 2
    assert len(set(answers)) == 1
    assert answers[0][0] == 302
    assert Finding.objects.count() == 1


@pytest.mark.django_db
def test_files_are_part_of_what_is_sent(rf):
    token = {"csrfmiddlewaretoken": "a" * 64}
    digests = [
        _content(rf.post("/", token | {"table": SimpleUploadedFile("same.csv", words)}))
        for words in (b"a,1", b"a,2", b"a,1")
    ]
    assert digests[0] == digests[2] != digests[1]


@pytest.mark.django_db
def test_a_file_can_still_be_read_after_it_was_counted(rf):
    request = rf.post("/", {"table": SimpleUploadedFile("one.csv", b"a,1")})
    _content(request)
    assert request.FILES["table"].read() == b"a,1"


@pytest.mark.usefixtures("cited")
def test_after_a_day_a_form_is_forgotten(browser, forum):
    browser.post(PAGE, typed(browser, forum))
    forget_sent_forms(now=timezone.now())
    assert SentForm.objects.exists()
    forget_sent_forms(now=timezone.now() + timedelta(hours=25))
    assert not SentForm.objects.exists()


def test_a_page_that_is_given_to_everybody_holds_no_token(forum):
    """The token is drawn for one browser: a page that is cached for all must not carry it."""
    browser = Client()
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.get("/wsis20/programme")
    assert answer.headers["X-Muntada-Cache"]
    assert "csrfmiddlewaretoken" not in answer.content.decode()
