"""Who may vote: anybody, who is signed in, who is vouched for, as the call says; and who is kept out."""

from datetime import timedelta

import pytest

from muntada.consultation.calls import queries as calls_queries
from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.consultation.front import queries as calls
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements.actions import moderation, voters
from muntada.consultation.statements.actions.votes import cast_vote
from muntada.consultation.statements.models import Statement, Vote, Voter
from muntada.consultation.statements.queries import statements
from muntada.consultation.statements.queries.votes import voter_of_request
from muntada.consultation.statements.rules.statements import StatementState
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotAllowed, NotThere, Refused, SignInFirst
from muntada.people.models import Affiliation, Organisation
from muntada.record.models import LogEntry


@pytest.fixture
def nobody(forum, now) -> ForumRequest:
    return ForumRequest(forum=forum, person=None, roles=frozenset(), now=now)


@pytest.fixture
def anyone(make_call, put_statement) -> Statement:
    return put_statement(call=make_call("anyone", votes_open_to=CallVotesOpenTo.ANYONE))


def refusal_of(kind: type[Refused], **words: object) -> Refused:
    with pytest.raises(kind) as refusal:
        cast_vote(**{"value": 1} | words)
    return refusal.value


def test_nobody_votes_without_signing_in_where_the_call_asks_for_it(put_statement, nobody):
    assert refusal_of(SignInFirst, forum_request=nobody, statement=put_statement(), key="k").code == "sign-in"
    assert Vote.objects.count() == 0


def test_a_browser_votes_under_its_key_of_which_only_a_digest_is_kept(anyone, nobody):
    cast_vote(forum_request=nobody, statement=anyone, value=1, key="secret")
    cast_vote(forum_request=nobody, statement=anyone, value=-1, key="secret")
    cast_vote(forum_request=nobody, statement=anyone, value=1, key="another")
    assert Voter.objects.count() == 2
    assert "secret" not in str(list(Voter.objects.values_list("key_digest", "alias")))
    assert Vote.objects.filter(is_current=True).count() == 2


def test_a_browser_is_somebody_else_in_another_call(anyone, make_call, put_statement, nobody):
    other = put_statement("Another", call=make_call("other", votes_open_to=CallVotesOpenTo.ANYONE))
    for statement in (anyone, other):
        cast_vote(forum_request=nobody, statement=statement, value=1, key="secret")
    assert len(set(Voter.objects.values_list("key_digest", flat=True))) == 2


def test_a_browser_without_its_cookie_is_told_so(anyone, nobody):
    refusal = refusal_of(Refused, forum_request=nobody, statement=anyone)
    assert refusal.code == "voter-key-missing"
    assert "cookie" in str(refusal)


@pytest.fixture
def vouched(make_call, put_statement) -> Statement:
    return put_statement(call=make_call("vouched", votes_open_to=CallVotesOpenTo.VOUCHED))


def test_only_who_is_vouched_for_votes_in_a_call_of_the_vouched(vouched, request_as, make_person, now):
    person = make_person()
    of = Organisation.objects.create(name="Masts", kind="civil-society", country="KE")
    assert (
        refusal_of(NotAllowed, forum_request=request_as(person=person), statement=vouched).code
        == "not-vouched"
    )
    claim = Affiliation.objects.create(person=person, organisation=of, claimed_at=now)
    assert (
        refusal_of(NotAllowed, forum_request=request_as(person=person), statement=vouched).code
        == "not-vouched"
    )
    claim.vouched_at = now
    claim.save()
    cast_vote(forum_request=request_as(person=person), statement=vouched, value=1)
    voter = Voter.objects.get()
    assert (voter.kind, voter.country, voter.is_vouched) == ("civil-society", "KE", True)


def test_who_is_vouched_for_no_more_votes_no_more(vouched, request_as, make_person, now):
    person = make_person()
    of = Organisation.objects.create(name="Masts", kind="academia")
    claim = Affiliation.objects.create(person=person, organisation=of, claimed_at=now, vouched_at=now)
    cast_vote(forum_request=request_as(person=person), statement=vouched, value=1)
    claim.ended_at = now
    claim.save()
    refusal = refusal_of(NotAllowed, forum_request=request_as(person=person), statement=vouched, value=-1)
    assert refusal.code == "not-vouched"


def test_each_vote_that_cannot_be_is_refused_with_its_sentence(
    make_call, put_statement, request_as, now, moderator
):
    closed = put_statement("a", call=make_call("over", closes_at=now - timedelta(days=1)))
    complete = put_statement("b", call=make_call("elsewhere", votes_open_to=CallVotesOpenTo.NOBODY))
    hidden, waiting, merged, target = (put_statement(f"Statement {name}") for name in "cdef")
    moderation.hide_statement(statement=hidden, reason="An insult", actor=moderator, now=now)
    Statement.objects.filter(pk=waiting.pk).update(state=StatementState.WAITING)
    moderation.merge_statements(statement=merged, into=target, actor=moderator, now=now)
    codes = [
        refusal_of(Refused, forum_request=request_as(), statement=one).code
        for one in (closed, complete, hidden, waiting, merged)
    ]
    assert codes == [
        "voting-over",
        "votes-complete",
        "statement-hidden",
        "statement-waiting",
        "statement-merged",
    ]
    assert "T/6" in str(refusal_of(Refused, forum_request=request_as(), statement=merged))
    assert Vote.objects.count() == 0


def test_a_statement_of_another_forum_is_not_there(put_statement, other_forum, make_person, now):
    elsewhere = ForumRequest(forum=other_forum, person=make_person(), roles=frozenset(), now=now)
    assert refusal_of(NotAllowed, forum_request=elsewhere, statement=put_statement()).code == "other-forum"


def test_the_votes_of_who_is_kept_out_count_nowhere_and_are_kept(
    put_statement, request_as, call, make_person, now, moderator
):
    statement, person = put_statement(), make_person()
    cast_vote(forum_request=request_as(person=person), statement=statement, value=1)
    cast_vote(forum_request=request_as(), statement=statement, value=-1)
    voter = Voter.objects.get(person=person)
    voters.ban_voter(call=call, voter_id=voter.pk, reason="Voted by a script.", actor=moderator, now=now)
    refusal = refusal_of(NotAllowed, forum_request=request_as(person=person), statement=statement)
    assert refusal.code == "voter-banned"
    assert "Voted by a script." in str(refusal)
    row = statements.row_of(statements.statement_at(request_as(), 1))
    assert (row.tally.agree, row.tally.disagree) == (0, 1)
    assert redraw_opinion_map(call=call, now=now).votes == 1
    assert Vote.objects.count() == 2
    assert voters.let_vote_again(call=call, voter_id=voter.pk, actor=moderator, now=now)
    assert not voters.let_vote_again(call=call, voter_id=voter.pk, actor=moderator, now=now)
    cast_vote(forum_request=request_as(person=person), statement=statement, value=0)
    assert LogEntry.objects.filter(verb__in=("ban_voter", "let_vote_again")).count() == 2


def test_only_those_who_moderate_keep_somebody_out_and_say_why(
    put_statement, request_as, call, now, moderator, participant
):
    cast_vote(forum_request=request_as(), statement=put_statement(), value=1)
    voter = Voter.objects.get()
    with pytest.raises(NotAllowed):
        voters.ban_voter(call=call, voter_id=voter.pk, reason="x", actor=participant, now=now)
    with pytest.raises(Refused) as refusal:
        voters.ban_voter(call=call, voter_id=voter.pk, reason=" ", actor=moderator, now=now)
    assert refusal.value.code == "reason-missing"
    with pytest.raises(NotThere) as refusal:
        voters.ban_voter(call=call, voter_id=0, reason="x", actor=moderator, now=now)
    assert refusal.value.code == "voter-unknown"


def test_who_somebody_is_can_be_said_once_they_voted(anyone, nobody, now):
    def declare(**words: str) -> None:
        voter = voter_of_request(anyone.call_id, nobody, "secret")
        voters.declare(
            forum_request=nobody, call=anyone.call, voter=voter, **{"kind": "", "country": ""} | words
        )

    with pytest.raises(Refused) as refusal:
        declare(kind="press")
    assert refusal.value.code == "not-voted-yet"
    cast_vote(forum_request=nobody, statement=anyone, value=1, key="secret")
    for words, code in (({"kind": "martian"}, "kind-unknown"), ({"country": "KEN"}, "country-unknown")):
        with pytest.raises(Refused) as refusal:
            declare(**words)
        assert refusal.value.code == code
    declare(kind="press", country="ke")
    voter = Voter.objects.get()
    assert (voter.kind, voter.country) == ("press", "KE")
    entry = LogEntry.objects.get(verb="declare_voter")
    assert (entry.person, entry.tells_the_day_alone) == (None, True)


def test_what_an_organisation_says_of_its_people_is_not_declared_over(
    put_statement, request_as, make_person, now
):
    statement, person = put_statement(), make_person()
    of = Organisation.objects.create(name="Masts", kind="civil-society", country="KE")
    claim = Affiliation.objects.create(person=person, organisation=of, claimed_at=now)
    forum_request = request_as(person=person)
    cast_vote(forum_request=forum_request, statement=statement, value=1)

    def declare() -> None:
        voter = voter_of_request(statement.call_id, forum_request, "")
        voters.declare(
            forum_request=forum_request, call=statement.call, voter=voter, kind="press", country="FR"
        )

    with pytest.raises(NotAllowed) as refusal:
        declare()
    assert refusal.value.code == "declared-by-organisation"
    assert Voter.objects.get().kind == "civil-society"
    claim.ended_at = now
    claim.save()
    declare()
    assert Voter.objects.get().kind == "press"


def test_who_somebody_is_is_said_before_the_end_and_the_map_is_drawn_anew(
    anyone, nobody, now, django_capture_on_commit_callbacks
):
    cast_vote(forum_request=nobody, statement=anyone, value=1, key="secret")
    voter, call = voter_of_request(anyone.call_id, nobody, "secret"), anyone.call
    words = {"forum_request": nobody, "voter": voter, "kind": "press", "country": ""}
    with django_capture_on_commit_callbacks() as asked:
        voters.declare(call=call, **words)
        voters.declare(call=call, **words)
    assert len(asked) == 1
    call.closes_at = now - timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        voters.declare(call=call, **words | {"kind": "academia"})
    assert refusal.value.code == "voting-over"
    assert Voter.objects.get().kind == "press"


def test_the_votes_of_who_is_kept_out_are_counted_on_no_page(
    put_statement, request_as, call, make_person, now, moderator
):
    statement, other, person = put_statement(), put_statement("Another"), make_person()
    for number in (statement, other):
        cast_vote(forum_request=request_as(person=person), statement=number, value=1)
    cast_vote(forum_request=request_as(), statement=other, value=1)
    voter = Voter.objects.get(person=person)
    voters.ban_voter(call=call, voter_id=voter.pk, reason="Voted by a script.", actor=moderator, now=now)
    assert calls.votes_cast_in(call.forum) == 1
    assert calls_queries.card_at(call.forum, call.slug, now).voters == 1
    # With no map yet, what has the fewest votes that count comes first.
    assert statements.ballot_of(call, request_as(), None).row.statement == statement
