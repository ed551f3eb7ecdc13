"""The pages on which statements are put to the vote and moderated."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.page_text import in_one_line

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import StatementsOpenTo
from muntada.consultation.statements.actions import moderation
from muntada.consultation.statements.models import Statement
from muntada.people.rules import Role


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


def agree(browser: Client, number: int = 1, **words: str):
    return browser.post(address("cast", number), {"value": "agree"} | words)


def test_a_moderator_takes_a_statement_and_its_page_leads_back(contribute, client_as, client):
    contribute()
    answer = client_as(Role.MODERATOR).post(
        address("take_statement", 1), {"text": "Masts come first.", "language": "en"}, follow=True
    )
    assert answer.request["PATH_INFO"] == "/wsis20/t/1"
    page = client.get("/wsis20/t/1").text
    assert "was taken from" in page
    assert "WSIS20/C/1" in page
    assert "Masts come first." in client.get("/wsis20/c/1").text


def test_a_hidden_statement_shows_its_reason_but_not_its_words(put_statement, client_as, client, open_now):
    put_statement("An insult", call=open_now)
    moderator = client_as(Role.MODERATOR)
    assert moderator.post(address("moderate", 1), {"reason": ""}).status_code == 422
    assert moderator.post(address("moderate", 1), {"reason": "It insults."}).status_code == 302
    page = client.get("/wsis20/t/1").text
    assert "It insults." in page
    assert "An insult" not in page
    assert "An insult" not in client.get(address("statements", "open-call")).text
    assert "An insult" in moderator.get("/wsis20/t/1").text
    moderator.post(address("moderate", 1), {"to": "open", "was": "hidden"})
    assert "An insult" in client.get("/wsis20/t/1").text


OUT, BACK = {"to": "hidden", "was": "open", "reason": "It insults."}, {"to": "open", "was": "hidden"}


def test_taking_out_sent_twice_takes_out_once_and_says_so(put_statement, client_as, open_now):
    statement = put_statement(call=open_now)
    moderator, done = client_as(Role.MODERATOR), "This was done already; nothing was changed."
    for words, state in ((OUT, "hidden"), (BACK, "open")):
        assert done not in moderator.post(address("moderate", 1), words, follow=True).text
        assert done in moderator.post(address("moderate", 1), words, follow=True).text
        statement.refresh_from_db()
        assert statement.state == state


def test_what_somebody_else_decided_meanwhile_is_not_undone_unseen(
    put_statement, client_as, open_now, now, moderator
):
    statement, other = put_statement("One", call=open_now), put_statement("Two", call=open_now)
    client = client_as(Role.MODERATOR)
    client.post(address("moderate", 1), OUT)
    client.post(address("moderate", 1), BACK)
    moderation.merge_statements(statement=statement, into=other, actor=moderator, now=now)
    for words in (OUT, BACK):
        answer = client.post(address("moderate", 1), words)
        assert answer.status_code == 422
        assert "Somebody else decided about this statement meanwhile." in answer.text
    statement.refresh_from_db()
    assert statement.state == "merged"


def test_words_that_were_taken_out_are_nowhere_to_be_read(
    put_statement, client_as, client, open_now, now, moderator
):
    same = put_statement("An insult in other words", call=open_now)
    target = put_statement("An insult", call=open_now)
    voter = client_as()
    agree(voter)
    moderation.merge_statements(statement=same, into=target, actor=moderator, now=now)
    assert "An insult" in client.get("/wsis20/t/1").text
    client_as(Role.MODERATOR).post(address("moderate", 2), OUT)
    for page in (
        "/wsis20/t/1",
        "/wsis20/t/2",
        address("statements", "open-call"),
        address("my_votes", "open-call"),
    ):
        text = voter.get(page).text
        assert "An insult" not in text
        assert "lease vote on:" not in text


def test_a_correction_says_that_translations_are_looked_at_again(put_statement, client_as, client, open_now):
    put_statement("Mats come first.", call=open_now)
    moderator = client_as(Role.MODERATOR)
    french = {"language": "fr", "text": "Les mâts d’abord.", "status": "reviewed"}
    moderator.post(address("translate_statement", 1), french)
    words = {"text": "Masts come first.", "reason": "Typing"}
    answer = moderator.post(address("correct_statement", 1), words, follow=True)
    assert "Please look at its translations again" in answer.text
    assert "To be looked at again" in client.get("/wsis20/t/1").text


def test_after_votes_a_translation_is_corrected_with_a_reason_that_shows(
    put_statement, client_as, client, open_now
):
    put_statement(call=open_now)
    moderator, page = client_as(Role.MODERATOR), address("translate_statement", 1)
    french = {"language": "fr", "text": "Les mâts vienent d’abord.", "status": "reviewed"}
    moderator.post(page, french)
    agree(client_as())
    right = french | {"text": "Les mâts viennent d’abord."}
    answer = moderator.post(page, right)
    assert answer.status_code == 422
    assert right["text"] in answer.text
    assert moderator.post(page, right | {"reason": "Typing"}).status_code == 302
    shown = client.get("/wsis20/t/1").text
    assert '<del lang="fr" dir="auto">Les mâts vienent d’abord.</del>' in shown
    assert "Typing" in shown


# ---- putting and moderating ----


@pytest.fixture
def open_to_all(open_now: Call) -> Call:
    open_now.statements_open_to = StatementsOpenTo.SIGNED_IN
    open_now.save()
    return open_now


WORDS = {"text": "Every village should have acces to the internet.", "language": "en"}


def test_what_says_the_same_is_shown_and_one_goes_on_by_confirming(open_to_all, put_statement, client_as):
    put_statement("Every village should have access to the internet.", call=open_to_all)
    agree(client_as())
    browser, page = client_as(), address("put_statement", "open-call")
    answer = browser.post(page, WORDS)
    assert answer.status_code == 422
    assert "1 person voted on this." in answer.text
    assert WORDS["text"] in answer.text
    assert Statement.objects.count() == 1
    seen = re.search(r'name="seen" value="(\w+)"', answer.text)[1]
    changed = browser.post(page, WORDS | {"text": WORDS["text"] + " Now.", "seen": seen})
    assert changed.status_code == 422, "other words than those that were looked at"
    answer = browser.post(page, WORDS | {"seen": seen}, follow=True)
    assert "waits for a moderator" in answer.text
    assert Statement.objects.count() == 2


def test_a_statement_that_waits_is_read_by_its_author_and_those_who_moderate(
    open_to_all, client_as, make_person, client
):
    author, moderator = client_as(person=make_person()), client_as(Role.MODERATOR)
    author.post(address("put_statement", "open-call"), WORDS)
    for browser, reads in ((author, True), (moderator, True), (client_as(), False), (client, False)):
        assert (WORDS["text"] in browser.get("/wsis20/t/1").text) == reads
    assert WORDS["text"] not in client.get(address("statements", "open-call")).text
    assert WORDS["text"] in moderator.get(address("statement_queue", "open-call")).text
    assert moderator.post(address("decide_statement", 1), {"reason": ""}).status_code == 422
    moderator.post(address("decide_statement", 1), {"let_in": "1"})
    assert WORDS["text"] in client.get(address("statements", "open-call")).text


def test_five_thousand_pasted_come_back_with_a_sentence_and_nothing_is_kept(open_now, client_as):
    text = "\n".join(f"Statement {number}" for number in range(5_000))
    words = {"text": text, "language": "en"}
    moderator, page = client_as(Role.MODERATOR), address("paste_statements", "open-call")
    answer = moderator.post(page, words)
    assert answer.status_code == 422
    assert "You pasted 5000 statements; at most 500 go in at once." in answer.text.replace(",", "")
    assert "Statement 4999" in answer.text
    assert Statement.objects.count() == 0
    answer = moderator.post(page, words | {"text": text[: text.index("\nStatement 3")]}, follow=True)
    assert "3 statements are put to the vote." in answer.text


def test_the_tools_of_a_moderator_change_a_statement_and_it_shows(open_now, put_statement, client_as, client):
    put_statement("Masts come frist, and taxes go down.", call=open_now)
    moderator = client_as(Role.MODERATOR)
    words = {"text": "Masts come first, and taxes go down.", "reason": "Typing"}
    assert moderator.post(address("correct_statement", 1), words).status_code == 302
    french = {"language": "fr", "text": "Les mâts d’abord.", "status": "machine"}
    assert moderator.post(address("translate_statement", 1), french).status_code == 302
    page = client.get("/wsis20/t/1").text
    assert "<del lang" in page
    assert "Typing" in page
    page = in_one_line(client.get("/wsis20/t/1?lang=fr").text)
    assert re.search(r"<h1>.*Les mâts d’abord\..*</h1>", page)
    assert "#original" in page
    client.get("/?lang=en")
    parts = {"text": "Masts come first.\nTaxes go down."}
    assert moderator.post(address("split_statement", 1), parts).status_code == 302
    page = client.get("/wsis20/t/1").text
    assert "Split into T/2, T/3." in page
    assert "Moderator" in page
    assert moderator.post(address("merge_statement", 2), {"into": "T/9"}).status_code == 422
    assert moderator.post(address("merge_statement", 2), {"into": "T/3"}).status_code == 302
    assert "merged into it" in client.get("/wsis20/t/3").text


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("my_votes", "open-call"),
        ("statement_queue", "open-call"),
        ("voters", "open-call"),
        ("statements", "open-call"),
    ],
)
def test_a_page_asks_as_often_for_three_rows_as_for_one(
    open_to_all, put_statement, make_person, client_as, name, args
):
    person = make_person(Role.MODERATOR)
    browser, counts = client_as(person=person), []
    for number in (1, 2, 3):
        statement = put_statement(f"Statement {number}", call=open_to_all)
        for voter in (browser, client_as()):
            agree(voter, statement.symbol.number)
        browser.get(address(name, args))
        with CaptureQueriesContext(connection) as queries:
            browser.get(address(name, args))
        counts.append(len(queries))
    assert counts[0] == counts[2]
