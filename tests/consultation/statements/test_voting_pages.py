"""The pages of statements and votes: what one is asked, and what is shown to whom."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.page_text import tight

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CallVotesOpenTo, ResultsVisible
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements.actions import moderation
from muntada.consultation.statements.actions.votes import cast_vote
from muntada.consultation.statements.models import Vote, Voter
from muntada.consultation.statements.views import statements as statement_views
from muntada.people.rules import Role


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


@pytest.fixture
def to_anyone(open_now: Call) -> Call:
    open_now.votes_open_to = CallVotesOpenTo.ANYONE
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
    browser, asked = client_as(), []
    url = browser.get(address("vote", "open-call")).context["skip_url"]
    for _ in range(3):
        page = browser.get(url)
        asked.append(page.context["row"].statement.symbol.number)
        browser.post(address("cast", asked[-1]), {"value": "pass"})
    assert asked == [2, 3, 1], "what was skipped is asked once nothing else is left"


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
    make_call, put_statement, request_as, client, forum, now
):
    call = make_call(
        "quiet", results_visible=ResultsVisible.AFTER_CLOSE, closes_at=now + timedelta(days=99_99)
    )
    statement = put_statement(call=call)
    cast_vote(forum_request=request_as(), statement=statement, value=1)
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
    open_now.votes_open_to = CallVotesOpenTo.VOUCHED
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
    assert str(voter.pk) in listed
    for page in (listed, moderator.get(address("ban", "open-call", voter.pk)).text):
        assert voter.alias not in page, "whoever knows both names could follow a voter into the open data"
    assert person.name not in listed
    assert moderator.post(address("ban", "open-call", voter.pk), {"reason": ""}).status_code == 422
    moderator.post(address("ban", "open-call", voter.pk), {"reason": "Voted by a script."})
    for name, args in (("vote", "open-call"), ("my_votes", "open-call"), ("statement", 1)):
        page = browser.get(address(name, args)).text
        assert "your votes in it do not count: Voted by a script." in page
        assert "Thank you" not in page
    assert agree(browser).status_code == 403
    moderator.post(address("ban", "open-call", voter.pk), {"to": "in"})
    assert browser.post(address("cast", 1), {"value": "pass"}).status_code == 302


def test_those_who_moderate_read_how_fast_somebody_voted_and_never_at_which_hour(
    open_now, put_statement, client_as
):
    statement, voter = put_statement(call=open_now), Voter.objects.create(call=open_now, external_id="1")
    first = datetime(2025, 3, 4, 10, 5, tzinfo=UTC)
    for minutes in (0, 40):
        at, last = first + timedelta(minutes=minutes), minutes > 0
        Vote.objects.create(voter=voter, statement=statement, value=1, is_current=last, cast_at=at)
    page = tight(client_as(Role.MODERATOR).get(address("voters", "open-call")).text)
    (row,) = re.findall(r"<tbody><tr>(.*)</tr></tbody>", page)
    days = '<td class="day">4 March 2025</td>' * 2
    assert days + "<td>40\xa0minutes</td>" in row
    assert not re.search(r"\d:\d\d", row)


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
    page = tight(browser.get(mine).text)
    assert re.search(r"You said:<strong>Disagree</strong><span class=.tag.>This matters to me", page)
    words = {"next": mine, "vote": re.search(r'name="vote" value="(\d+)"', page)[1]}
    answer = browser.post(address("undo", 1), words, follow=True)
    assert "Your vote is again what it was before." in answer.text
    answer = browser.post(address("undo", 1), words, follow=True)
    assert "This was done already; nothing was changed." in answer.text
    assert Vote.objects.get(is_current=True).value == 1
    assert browser.post(address("undo", 1), words | {"vote": "x"}).status_code == 422


def test_a_vote_on_a_merged_statement_leads_to_the_other(open_now, put_statement, client_as, now, moderator):
    first = put_statement(call=open_now)
    browser = client_as()
    agree(browser)
    second = put_statement("Masts before cables", call=open_now)
    put_statement("Taxes", call=open_now)
    moderation.merge_statements(statement=first, into=second, actor=moderator, now=now)
    page = browser.get(address("vote", "open-call"))
    assert page.context["row"].statement == second
    assert "You voted on T/1, which was merged with this one." in page.text
    assert "your vote stays here" in browser.get(address("my_votes", "open-call")).text
    assert "please vote on:" in browser.get("/wsis20/t/1").text


def test_the_log_tells_of_a_vote_the_day_alone(open_now, put_statement, client_as, client):
    put_statement(call=open_now)
    agree(client_as())
    row = re.search(r"<tr>(?:(?!<tr>).)*cast_vote.*?</tr>", client.get("/wsis20/log").text, re.DOTALL)[0]
    assert "T/1" not in row
    assert re.search(r"<time[^>]*>\d+ \w+ \d{4}</time>", row)
    assert "T/1" in client.get("/wsis20/log").text, "that it was put to the vote is told with its symbol"


def test_keeping_out_sent_twice_keeps_out(open_now, put_statement, client_as):
    put_statement(call=open_now)
    agree(client_as())
    voter, moderator = Voter.objects.get(), client_as(Role.MODERATOR)
    page, done = address("ban", "open-call", voter.pk), "This was done already; nothing was changed."
    for words, is_out in (({"to": "out", "reason": "A script."}, True), ({"to": "in"}, False)):
        assert done not in moderator.post(page, words, follow=True).text
        assert done in moderator.post(page, words, follow=True).text
        voter.refresh_from_db()
        assert (voter.banned_at is not None) == is_out
    assert moderator.get(address("ban", "open-call", 0)).status_code == 404


def test_a_vote_after_the_end_is_told_that_the_earlier_ones_stand(open_now, put_statement, client_as):
    put_statement(call=open_now)
    browser = client_as()
    agree(browser)
    Call.objects.update(closes_at=open_now.opens_at + timedelta(days=1))
    answer = browser.post(address("cast", 1), {"value": "disagree"})
    assert answer.status_code == 422
    assert (
        "Voting in this call has ended, so nothing was changed. What you voted before stands." in answer.text
    )
    assert "kept below" not in answer.text


def test_how_many_a_statement_matters_to_is_said_beside_its_votes(open_now, put_statement, client_as, client):
    open_now.results_visible = ResultsVisible.AFTER_VOTE
    open_now.save()
    put_statement(call=open_now)
    browser = client_as()
    pages = "/wsis20/t/1", address("statements", "open-call"), address("my_votes", "open-call")
    agree(browser)
    agree(client_as(), important="1")
    for page in pages:
        assert "It matters to 1 person." in browser.get(page).text
    agree(browser, important="1")
    for page in pages:
        assert "It matters to 2 people." in browser.get(page).text
        assert "It matters to" not in client.get(page).text


def test_somebody_signed_in_without_an_organisation_may_say_who_they_are(
    open_now, put_statement, client_as, make_person
):
    put_statement(call=open_now)
    put_statement("Another", call=open_now)
    browser = client_as()
    agree(browser)
    assert "say once which group" in browser.get(address("vote", "open-call")).text
    assert 'name="kind"' in browser.get(address("my_votes", "open-call")).text
    answer = browser.post(address("declare", "open-call"), {"kind": "press", "country": ""}, follow=True)
    assert "It is used for counts by group only." in answer.text
    assert Voter.objects.get().kind == "press"


def test_the_list_counts_votes_for_the_statements_it_shows_alone(
    open_now, put_statement, client_as, monkeypatch
):
    monkeypatch.setattr(statement_views, "PER_PAGE", 2)
    for number in range(5):
        put_statement(f"Statement {number}", call=open_now)
    agree(client_as(), 4)
    browser = client_as()
    for order, numbers in (("", [1, 2]), ("newest", [5, 4]), ("votes", [4, 1])):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(address("statements", "open-call"), {"order": order})
        assert [row.statement.symbol.number for row, _ in page.context["rows"]] == numbers
        counting = [one["sql"] for one in queries if "FILTER" in one["sql"] and "GROUP BY" in one["sql"]]
        # The order by votes itself has to count them all, and counts nothing besides.
        assert sum(" IN (" not in sql for sql in counting) == (order == "votes")
        assert sum(" IN (" in sql for sql in counting) == 1
    assert [row.tally.total for row, _ in page.context["rows"]] == [1, 0]


def test_pages_asked_at_each_vote_read_of_the_map_only_what_they_show(
    open_now, put_statement, client_as, now
):
    for number in range(2):
        put_statement(f"Statement {number}", call=open_now)
    for value in ("agree", "disagree"):
        client_as().post(address("cast", 2), {"value": value})
    redraw_opinion_map(call=open_now, now=now)
    browser = client_as()
    for page in ("/wsis20/t/2", address("statement_votes", 2), address("vote", "open-call")):
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        read = [one["sql"] for one in queries if "consultation_statements_opinionmap" in one["sql"]]
        assert len(read) == 1, page
        # Points, voices and the result as a whole grow with the call; a path into the result does not.
        assert not re.search(r'opinionmap"\."(points|voices|result)"(?!\s*[-#]>)', read[0]), page
