"""The pages of statements and votes: what one is asked, and what is shown to whom."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from muntada.consultation.actions import moderation
from muntada.consultation.actions.maps import redraw_opinion_map
from muntada.consultation.actions.votes import cast_vote
from muntada.consultation.models import Call, Statement, Vote, Voter
from muntada.consultation.rules.calls import ResultsVisible, StatementsOpenTo, VotesOpenTo
from muntada.people.rules import Role

from .conftest import MODERATOR


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


@pytest.fixture
def to_anyone(open_now: Call) -> Call:
    open_now.votes_open_to = VotesOpenTo.ANYONE
    open_now.save()
    return open_now


def test_a_vote_is_never_shown_with_a_name(open_now, put_statement, make_person, client_as):
    statement = put_statement(call=open_now)
    client_as(person=make_person(name="Amina Voter")).post(address("cast", 1), {"value": "agree"})
    assert Vote.objects.filter(statement=statement, value=1).count() == 1
    for page in (
        "/wsis20/t/1",
        address("statements", "open-call"),
        address("map", "open-call"),
        address("vote", "open-call"),
        "/wsis20/log",
    ):
        answer = client_as(Role.SECRETARIAT).get(page)
        assert answer.status_code == 200
        assert "Amina" not in answer.text


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
    moderator.post(address("moderate", 1))
    assert "An insult" in client.get("/wsis20/t/1").text


def test_statements_are_asked_one_after_the_other_until_all_are_voted_on(open_now, put_statement, client_as):
    for number in range(3):
        put_statement(f"Statement {number}", call=open_now)
    browser, asked = client_as(), []
    for place in (1, 2, 3):
        page = browser.get(address("vote", "open-call"))
        assert f"{place} of 3" in page.text
        row = page.context["row"]
        asked.append(row.statement.text)
        number = row.statement.symbol.number
        answer = browser.post(address("cast", number), {"value": "pass", "next": page.context["vote_next"]})
        assert answer.url == address("vote", "open-call")
    assert sorted(asked) == ["Statement 0", "Statement 1", "Statement 2"]
    assert "You voted on every statement" in browser.get(address("vote", "open-call")).text


def test_what_is_skipped_comes_again_at_the_end(open_now, put_statement, client_as):
    for number in range(3):
        put_statement(f"Statement {number}", call=open_now)
    browser, url, seen = client_as(), address("vote", "open-call"), []
    for _ in range(3):
        page = browser.get(url)
        seen.append(page.context["row"].statement.symbol.number)
        url = page.context["skip_url"]
    assert sorted(seen) == [1, 2, 3]
    assert browser.get(url).context["row"].statement.symbol.number in {1, 2, 3}


def test_a_vote_goes_on_only_to_this_site(open_now, put_statement, client_as):
    put_statement(call=open_now)
    for onward in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = client_as().post(address("cast", 1), {"value": "agree", "next": onward})
        assert answer.url == "/wsis20/t/1"


def test_a_vote_that_is_none_is_refused_in_words(open_now, put_statement, client_as):
    put_statement(call=open_now)
    answer = client_as().post(address("cast", 1), {"value": "7"})
    assert answer.status_code == 422
    assert "agree, disagree or pass" in answer.text
    assert Vote.objects.count() == 0


def test_results_of_a_call_that_keeps_them_back_are_nowhere_to_be_seen(
    make_call, put_statement, here_as, client, forum, now
):
    call = make_call(
        "quiet", results_visible=ResultsVisible.AFTER_CLOSE, closes_at=now + timedelta(days=99_99)
    )
    statement = put_statement(call=call)
    cast_vote(here=here_as(), statement=statement, value=1)
    redraw_opinion_map(call=call, now=now)
    for page in ("/wsis20/t/1", address("map", "quiet")):
        text = client.get(page).text
        assert "The votes are shown when the call is closed." in text
        assert "100%" not in text
    assert "1 vote" not in client.get(address("statements", "quiet")).text


# ---- without an account ----


def agree(browser: Client, number: int = 1, **words: str):
    return browser.post(address("cast", number), {"value": "agree"} | words)


def test_a_browser_votes_without_an_account_where_the_call_lets_it(to_anyone, put_statement, client):
    put_statement(call=to_anyone)
    page = client.get(address("vote", "open-call"))
    assert "Sign in to vote" not in page.text
    assert page.cookies["voter"]["httponly"]
    assert agree(client).status_code == 302
    assert agree(client).status_code == 302
    assert Vote.objects.count() == Voter.objects.count() == 1
    assert "voter" not in client.get(address("vote", "open-call")).cookies
    assert "You said:" in client.get(address("my_votes", "open-call")).text


def test_reading_alone_sets_no_cookie_where_one_has_to_sign_in(open_now, put_statement, client):
    put_statement(call=open_now)
    page = client.get(address("vote", "open-call"))
    assert "voter" not in page.cookies
    assert "Sign in to vote" in page.text
    answer = agree(client)
    assert answer.url.startswith("/account/login/")
    assert Vote.objects.count() == 0


def test_a_vote_without_or_with_a_forged_cookie_is_refused_in_words(to_anyone, put_statement, client):
    put_statement(call=to_anyone)
    answer = agree(client)
    assert answer.status_code == 422
    assert "Please allow cookies of this site" in answer.text
    client.cookies["voter"] = "somebody-else:1abc:forged"
    answer = agree(client)
    assert answer.status_code == 422
    assert "was not made by this site" in answer.text
    assert Vote.objects.count() == 0
    assert client.get(address("vote", "open-call")).cookies["voter"].value != "somebody-else:1abc:forged"
    assert agree(client).status_code == 302


def test_who_votes_without_an_account_may_say_once_who_they_are(to_anyone, put_statement, client):
    put_statement(call=to_anyone)
    put_statement("Another", call=to_anyone)
    client.get(address("vote", "open-call"))
    assert "say once which group" not in client.get(address("vote", "open-call")).text
    agree(client)
    assert "say once which group" in client.get(address("vote", "open-call")).text
    answer = client.post(address("declare", "open-call"), {"kind": "press", "country": "KE"}, follow=True)
    assert "It is used for counts by group only." in answer.text
    assert "say once which group" not in client.get(address("vote", "open-call")).text
    assert client.post(address("declare", "open-call"), {"kind": "x"}).status_code == 422


def test_who_is_not_vouched_for_is_told_instead_of_asked(open_now, put_statement, client_as):
    open_now.votes_open_to = VotesOpenTo.VOUCHED
    open_now.save()
    put_statement(call=open_now)
    browser = client_as()
    for name, args in (("vote", "open-call"), ("statements", "open-call"), ("statement", 1)):
        page = browser.get(address(name, args)).text
        assert "whose organization has confirmed them" in page
        assert 'name="value" value="agree"' not in page
    assert agree(browser).status_code == 403


def test_who_is_kept_out_reads_why(open_now, put_statement, client_as, make_person, now):
    put_statement(call=open_now)
    person = make_person()
    browser, moderator = client_as(person=person), client_as(Role.MODERATOR)
    agree(browser)
    listed = moderator.get(address("voters", "open-call")).text
    voter = Voter.objects.get()
    assert voter.alias in listed
    assert person.name not in listed
    assert moderator.post(address("ban", "open-call", voter.pk), {"reason": ""}).status_code == 422
    moderator.post(address("ban", "open-call", voter.pk), {"reason": "Voted by a script."})
    for name, args in (("vote", "open-call"), ("my_votes", "open-call"), ("statement", 1)):
        page = browser.get(address(name, args)).text
        assert ("your votes in it do not count: Voted by a script." in page) == (name != "vote")
    assert agree(browser).status_code == 403
    moderator.post(address("ban", "open-call", voter.pk))
    assert browser.post(address("cast", 1), {"value": "pass"}).status_code == 302


# ---- results after one's own vote ----


def test_results_of_a_statement_are_shown_once_one_voted_on_it(open_now, put_statement, client_as, now):
    open_now.results_visible = ResultsVisible.AFTER_VOTE
    open_now.save()
    for number in range(2):
        put_statement(f"Statement {number}", call=open_now)
    agree(client_as())
    agree(client_as(), 2)
    redraw_opinion_map(call=open_now, now=now)
    browser = client_as()
    assert "The votes are shown once you have voted." in browser.get("/wsis20/t/1").text
    assert "100%" not in browser.get(address("statements", "open-call")).text
    agree(browser)
    assert "The votes are shown once you have voted." not in browser.get("/wsis20/t/1").text
    assert "The votes are shown once you have voted." in browser.get("/wsis20/t/2").text
    assert browser.get(address("statements", "open-call")).text.count("2 votes") == 1
    assert not browser.get(address("map", "open-call")).context["results_shown"]
    agree(browser, 2)
    assert browser.get(address("map", "open-call")).context["results_shown"]


# ---- my votes ----


def test_a_vote_is_changed_and_the_change_undone_from_my_votes(open_now, put_statement, client_as):
    put_statement(call=open_now)
    browser, mine = client_as(), address("my_votes", "open-call")
    assert "You have not voted in this call yet." in browser.get(mine).text
    agree(browser)
    assert "Undo" not in browser.get(mine).text
    browser.post(address("cast", 1), {"value": "disagree", "important": "1", "next": mine})
    page = browser.get(mine).text
    assert re.search(r"You said: <strong>Disagree</strong> <span class=.tag.>This matters to me", page)
    answer = browser.post(address("undo", 1), {"next": mine}, follow=True)
    assert "You say again what you said before." in answer.text
    assert Vote.objects.get(is_current=True).value == 1


def test_a_vote_on_a_merged_statement_leads_to_the_other(open_now, put_statement, client_as, now):
    first = put_statement(call=open_now)
    browser = client_as()
    agree(browser)
    second = put_statement("Masts before cables", call=open_now)
    put_statement("Taxes", call=open_now)
    moderation.merge_statements(statement=first, into=second, actor=MODERATOR, now=now)
    page = browser.get(address("vote", "open-call"))
    assert page.context["row"].statement == second
    assert "You voted on T/1, which was merged with this one." in page.text
    assert "your vote stays here" in browser.get(address("my_votes", "open-call")).text
    assert "please vote on:" in browser.get("/wsis20/t/1").text


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
    page = client.get("/wsis20/t/1?lang=fr").text
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
