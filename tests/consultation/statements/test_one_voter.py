"""Somebody who votes without an account and then signs in is one voter, and stays one after signing out."""

import pytest
from django.test import Client
from django.urls import reverse

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements.actions import voters
from muntada.consultation.statements.actions.votes import cast_on, cast_vote
from muntada.consultation.statements.models import Statement, Vote, Voter
from muntada.consultation.statements.queries import statements
from muntada.consultation.statements.queries.votes import ballot_at, voter_of_request
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotAllowed, SignInFirst
from muntada.people.models import Affiliation, Organisation
from muntada.record.queries import check_log

KEY = "secret"


@pytest.fixture
def to_anyone(make_call) -> Call:
    return make_call("anyone", votes_open_to=CallVotesOpenTo.ANYONE)


@pytest.fixture
def ones(to_anyone, put_statement) -> list[Statement]:
    return [put_statement(f"Statement {number}", call=to_anyone) for number in range(3)]


@pytest.fixture
def nobody(forum, now) -> ForumRequest:
    return ForumRequest(forum=forum, person=None, roles=frozenset(), now=now)


@pytest.fixture
def somebody(request_as, make_person) -> ForumRequest:
    return request_as(person=make_person())


def current() -> list[tuple[int, int]]:
    votes = Vote.objects.filter(is_current=True).order_by("statement")
    return list(votes.values_list("statement__symbol__number", "value"))


def test_what_was_voted_before_signing_in_is_theirs_and_counts_once(ones, nobody, somebody, forum):
    for statement in ones[:2]:
        cast_vote(forum_request=nobody, statement=statement, value=1, key=KEY)
    cast_vote(forum_request=somebody, statement=ones[0], value=-1, key=KEY)
    voter = Voter.objects.get()
    assert voter.person == somebody.person
    assert current() == [(1, -1), (2, 1)]
    assert statements.row_of(statements.statement_at(somebody, 1)).tally.total == 1
    assert check_log(forum.pk).is_whole


def test_before_their_first_vote_with_the_account_they_go_on_where_they_were(
    ones, nobody, somebody, to_anyone
):
    cast_vote(forum_request=nobody, statement=ones[0], value=1, key=KEY)
    voter = voter_of_request(to_anyone.pk, somebody, KEY)
    assert statements.ballot_of(to_anyone, somebody, voter, key=KEY).voted == 1
    assert voter_of_request(to_anyone.pk, somebody, "another") is None
    assert Voter.objects.get().person is None, "reading changes nothing"


def test_their_organisation_says_who_they_are_over_what_they_declared(ones, nobody, somebody, to_anyone, now):
    cast_vote(forum_request=nobody, statement=ones[0], value=1, key=KEY)
    voter = voter_of_request(to_anyone.pk, nobody, KEY)
    voters.declare(forum_request=nobody, call=to_anyone, voter=voter, kind="press", country="FR")
    of = Organisation.objects.create(name="Masts", kind="civil-society", country="KE")
    Affiliation.objects.create(person=somebody.person, organisation=of, claimed_at=now, vouched_at=now)
    cast_vote(forum_request=somebody, statement=ones[1], value=1, key=KEY)
    voter = Voter.objects.get()
    assert (voter.kind, voter.country, voter.is_vouched) == ("civil-society", "KE", True)


def test_what_they_declared_stays_where_no_organisation_says_otherwise(ones, nobody, somebody, to_anyone):
    cast_vote(forum_request=nobody, statement=ones[0], value=1, key=KEY)
    voter = voter_of_request(to_anyone.pk, nobody, KEY)
    voters.declare(forum_request=nobody, call=to_anyone, voter=voter, kind="press", country="FR")
    cast_vote(forum_request=somebody, statement=ones[1], value=1, key=KEY)
    voter = Voter.objects.get()
    assert (voter.kind, voter.country) == ("press", "FR")


def test_whoever_voted_with_the_account_before_keeps_those_votes_and_gains_the_others(
    ones, nobody, somebody, to_anyone, now, forum
):
    cast_vote(forum_request=somebody, statement=ones[0], value=1)
    for statement, important in zip(ones, (False, True, False), strict=True):
        cast_vote(forum_request=nobody, statement=statement, value=-1, important=important, key=KEY)
    cast_vote(forum_request=somebody, statement=ones[2], value=0, key=KEY)
    assert current() == [(1, 1), (2, -1), (3, 0)]
    mine = Voter.objects.get(person=somebody.person)
    assert set(Vote.objects.filter(is_current=True).values_list("voter", flat=True)) == {mine.pk}
    assert Vote.objects.get(is_current=True, statement=ones[1]).important
    drawn = redraw_opinion_map(call=to_anyone, now=now)
    assert (drawn.votes, drawn.voters) == (3, 1)
    assert check_log(forum.pk).is_whole
    # It is done once: what is voted later stands.
    cast_vote(forum_request=somebody, statement=ones[1], value=1, key=KEY)
    assert current() == [(1, 1), (2, 1), (3, 0)]


@pytest.mark.parametrize("voted_before", [False, True])
def test_after_signing_out_the_same_browser_is_no_second_voter(
    ones, nobody, somebody, to_anyone, voted_before
):
    if voted_before:
        cast_vote(forum_request=somebody, statement=ones[0], value=1)
    cast_vote(forum_request=nobody, statement=ones[0], value=1, key=KEY)
    cast_vote(forum_request=somebody, statement=ones[1], value=1, key=KEY)
    with pytest.raises(SignInFirst) as refusal:
        cast_vote(forum_request=nobody, statement=ones[2], value=1, key=KEY)
    assert refusal.value.code == "voter-has-account"
    assert len(current()) == 2
    left = voter_of_request(to_anyone.pk, nobody, KEY)
    assert list(statements.my_votes(to_anyone, left)) == [], "whoever comes next reads nobody's votes"


@pytest.mark.parametrize("voted_before", [False, True])
def test_a_vote_under_way_while_somebody_signs_in_and_votes_counts_for_them_or_not_at_all(
    ones, nobody, somebody, voted_before
):
    if voted_before:
        cast_vote(forum_request=somebody, statement=ones[0], value=1)
    cast_vote(forum_request=nobody, statement=ones[0], value=1, key=KEY)
    under_way = ballot_at(nobody, 3, KEY)
    cast_vote(forum_request=somebody, statement=ones[1], value=1, key=KEY)
    if voted_before:
        with pytest.raises(SignInFirst):
            cast_on(forum_request=nobody, ballot=under_way, value=1, important=False, key=KEY)
    else:
        cast_on(forum_request=nobody, ballot=under_way, value=1, important=False, key=KEY)
    counting = Vote.objects.filter(is_current=True).values_list("voter__person", flat=True)
    assert set(counting) == {somebody.person.pk}


def test_another_person_in_the_same_browser_is_somebody_else(ones, nobody, somebody, request_as):
    cast_vote(forum_request=nobody, statement=ones[0], value=1, key=KEY)
    cast_vote(forum_request=somebody, statement=ones[0], value=1, key=KEY)
    cast_vote(forum_request=request_as(), statement=ones[0], value=-1, key=KEY)
    assert current() == [(1, 1), (1, -1)]


def test_who_was_kept_out_is_so_with_an_account_too(
    ones, nobody, somebody, request_as, to_anyone, now, moderator
):
    cast_vote(forum_request=nobody, statement=ones[0], value=1, key=KEY)
    pk = Voter.objects.get().pk
    voters.ban_voter(call=to_anyone, voter_id=pk, reason="A script.", actor=moderator, now=now)
    with pytest.raises(NotAllowed) as refusal:
        cast_vote(forum_request=somebody, statement=ones[1], value=1, key=KEY)
    assert refusal.value.code == "voter-banned"
    # Whoever has votes of their own is not kept out for what a browser did, and gains none of it.
    other = request_as()
    cast_vote(forum_request=other, statement=ones[1], value=1)
    cast_vote(forum_request=other, statement=ones[2], value=1, key=KEY)
    assert Vote.objects.filter(voter__person=other.person, is_current=True).count() == 2


def test_the_pages_lead_through_signing_in_and_out(open_now, put_statement, make_person, client):
    open_now.votes_open_to = CallVotesOpenTo.ANYONE
    open_now.save()
    for number in range(3):
        put_statement(f"Statement {number}", call=open_now)

    def page(name: str, *args: object) -> str:
        return reverse(f"consultation:{name}", args=["wsis20", *args])

    def vote(browser: Client, number: int) -> int:
        return browser.post(page("cast", number), {"value": "agree"}).status_code

    client.get(page("vote", "open-call"))
    vote(client, 1)
    key = client.cookies["voter"].value
    client.force_login(make_person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "You voted. You can change it." in client.get("/wsis20/t/1").text
    assert "You said:" in client.get(page("my_votes", "open-call")).text
    vote(client, 2)
    assert client.get(page("my_votes", "open-call")).text.count("You said:") == 2
    out = Client()
    out.cookies["voter"] = key
    shown = out.get(page("my_votes", "open-call")).text
    assert "You said:" not in shown
    assert "Please sign in to vote or to change a vote." in shown
    assert "Sign in to vote" in out.get(page("vote", "open-call")).text
    assert out.post(page("cast", 3), {"value": "agree"}).url.startswith("/account/login/")
    assert Voter.objects.count() == 1
