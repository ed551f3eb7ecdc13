"""Votes that cannot be: each gets its own sentence, with and without htmx, and nothing is written."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.consultation.statements.actions import moderation, voters
from muntada.consultation.statements.models import Statement, Vote, Voter
from muntada.consultation.statements.rules.statements import StatementState
from muntada.forums.models import Forum
from muntada.forums.rules import Stage
from muntada.record.models import LogEntry
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

HTMX = pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])


@pytest.fixture
def statement(open_now, put_statement) -> Statement:
    return put_statement(call=open_now)


def cast(browser: Client, headers: dict[str, str], number: int = 1, forum: str = "wsis20", **words: str):
    address = reverse("consultation:cast", args=[forum, number])
    return browser.post(address, {"value": "agree"} | words, headers=headers)


def end(call: Call, statement: Statement) -> None:
    Call.objects.update(closes_at=call.opens_at + timedelta(days=1))


def begin_later(call: Call, statement: Statement) -> None:
    Call.objects.update(opens_at=call.closes_at - timedelta(days=1))


def end_the_stage(call: Call, statement: Statement) -> None:
    windows = call.forum.windows.filter(stage=Stage.CONSULTATION)
    windows.update(closes_at=call.opens_at + timedelta(days=1))


def take_no_votes(call: Call, statement: Statement) -> None:
    Call.objects.update(votes_open_to=CallVotesOpenTo.NOBODY)


def ask_for_vouching(call: Call, statement: Statement) -> None:
    Call.objects.update(votes_open_to=CallVotesOpenTo.VOUCHED)


def hide(call: Call, statement: Statement) -> None:
    moderation.hide_statement(statement=statement, reason="It insults.", actor=SYSTEM, now=call.opens_at)


def let_wait(call: Call, statement: Statement) -> None:
    Statement.objects.update(state=StatementState.WAITING)


def unprepare(call: Call, statement: Statement) -> None:
    Call.objects.update(opened_at=None)


@pytest.mark.parametrize(
    ("happens", "status", "sentence"),
    [
        (end, 422, "Voting in this call has ended, so nothing was changed. What you voted before stands."),
        (begin_later, 422, "This call opens on"),
        (end_the_stage, 422, "is closed. Everything said is kept and can be read;"),
        (take_no_votes, 422, "The votes of this call were cast elsewhere and are complete."),
        (ask_for_vouching, 403, "Please ask its focal point, under “My account”, to confirm you."),
        (hide, 422, "This statement was taken out of the vote. Please go on with another one."),
        (let_wait, 422, "This statement still waits for a moderator. Please go on with another one."),
        (unprepare, 404, "There is no statement of this number."),
    ],
)
@HTMX
def test_a_vote_that_came_too_early_too_late_or_for_what_is_closed_is_told_so(
    open_now,
    statement,
    client_as,
    headers,
    happens: Callable[[Call, Statement], None],
    status: int,
    sentence: str,
):
    happens(open_now, statement)
    answer = cast(client_as(), headers)
    assert (answer.status_code, sentence in answer.text) == (status, True), answer.text
    assert Vote.objects.count() == Voter.objects.count() == 0


@HTMX
def test_a_vote_on_a_merged_statement_names_the_other(
    open_now, statement, put_statement, client_as, headers, moderator
):
    other = put_statement("Masts before cables.", call=open_now)
    moderation.merge_statements(statement=statement, into=other, actor=moderator, now=open_now.opens_at)
    answer = cast(client_as(), headers)
    assert answer.status_code == 422
    assert "Please vote on T/2." in answer.text
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("number", [1, 77, 10**30])
@HTMX
def test_a_statement_of_another_forum_or_of_none_is_not_there(
    statement, other_forum: Forum, client_as, headers, number
):
    answer = cast(client_as(), headers, number=number, forum=other_forum.slug)
    assert answer.status_code == 404
    assert "There is no statement of this number. Please check it, or use the search." in answer.text
    assert Vote.objects.count() == 0


@HTMX
def test_a_vote_of_who_is_kept_out_is_refused_with_the_reason_and_what_to_do(
    open_now, statement, client_as, headers, moderator
):
    browser = client_as()
    cast(browser, headers)
    pk = Voter.objects.get().pk
    voters.ban_voter(call=open_now, voter_id=pk, reason="A script.", actor=moderator, now=open_now.opens_at)
    answer = cast(browser, headers, value="disagree")
    assert answer.status_code == 403
    assert "your votes in it do not count: A script." in answer.text
    assert "Please write to the secretariat if you think that this is a mistake." in answer.text
    assert [vote.value for vote in Vote.objects.all()] == [1]


@HTMX
def test_a_vote_sent_twice_is_one(statement, client_as, headers, forum):
    browser = client_as()
    assert [cast(browser, headers).status_code for _ in range(2)] == [302, 302]
    assert Vote.objects.count() == LogEntry.objects.filter(verb="cast_vote").count() == 1
    assert check_log(forum.pk).is_whole


@pytest.mark.parametrize("value", ["", "7", "1", "AGREE", "agree\x00"])
@HTMX
def test_a_vote_that_is_none_is_refused_in_words(statement, client_as, headers, value):
    answer = cast(client_as(), headers, value=value)
    assert answer.status_code == 422
    assert "A vote is agree, disagree or pass. Please choose one of them." in answer.text
    assert Vote.objects.count() == 0


@HTMX
def test_a_vote_without_an_account_leads_to_signing_in_where_the_call_asks_for_it(statement, client, headers):
    answer = cast(client, headers)
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/")
    assert Vote.objects.count() == 0


@pytest.mark.parametrize(
    ("cookie", "sentence"),
    [
        (None, "Your browser did not send the cookie under which it votes. Please allow cookies"),
        ("somebody-else:1abc:forged", "was not made by this site, so no vote was counted."),
    ],
)
@HTMX
def test_a_browser_without_its_key_is_told_how_to_get_one(
    open_now, statement, client, headers, cookie, sentence
):
    Call.objects.update(votes_open_to=CallVotesOpenTo.ANYONE)
    if cookie:
        client.cookies["voter"] = cookie
    answer = cast(client, headers)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("named", ["", "x", "0", "9" * 18, "9" * 40])
@HTMX
def test_undoing_what_was_never_voted_is_refused_in_words(statement, client_as, headers, named):
    browser = client_as()
    cast(browser, headers)
    answer = browser.post(reverse("consultation:undo", args=["wsis20", 1]), {"vote": named}, headers=headers)
    assert answer.status_code == 422
    assert "There is no earlier vote on this statement. Please choose what you say now." in answer.text
    assert [vote.value for vote in Vote.objects.all()] == [1]
