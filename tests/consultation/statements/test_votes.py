"""Votes: the last one counts, two at once are one after the other, the database refuses a seven."""

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation.opinion import tasks as opinion
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements.actions.vote_batches import Cast, cast_all
from muntada.consultation.statements.actions.votes import cast_vote, cast_votes, undo_vote
from muntada.consultation.statements.models import OpinionMap, Statement, Vote, Voter
from muntada.consultation.statements.queries.votes import ballot_at, ballots_at
from muntada.consultation.statements.rules.statements import StatementState
from muntada.consultation.statements.rules.votes import VoterFacts
from muntada.foundations.errors import Refused
from muntada.record.models import LogEntry
from muntada.record.queries import check_log


def test_the_last_vote_counts_and_those_before_are_kept(put_statement, request_as, make_person):
    statement, voter = put_statement(), make_person()
    for value in (1, -1, 0):
        cast_vote(forum_request=request_as(person=voter), statement=statement, value=value)
    votes = list(Vote.objects.order_by("pk").values_list("value", "is_current"))
    assert votes == [(1, False), (-1, False), (0, True)]


def test_the_same_vote_again_changes_nothing(put_statement, request_as, make_person):
    statement, forum_request = put_statement(), request_as(person=make_person())
    first = cast_vote(forum_request=forum_request, statement=statement, value=1)
    entries = LogEntry.objects.count()
    again = cast_vote(forum_request=forum_request, statement=statement, value=1)
    assert (again.id, again.is_new) == (first.id, False)
    assert (Vote.objects.count(), LogEntry.objects.count()) == (1, entries)


def test_votes_on_several_statements_are_written_together(
    put_statement, request_as, make_person, forum, django_assert_max_num_queries
):
    ones = [put_statement(f"Statement {number}") for number in range(12)]
    forum_request = request_as(person=make_person())
    before = cast_vote(forum_request=forum_request, statement=ones[0], value=1)
    same = cast_votes(forum_request=forum_request, values={ones[0]: 1})
    assert [(one.id, one.is_new) for one in same] == [(before.id, False)]
    with django_assert_max_num_queries(20):
        kept = cast_votes(forum_request=forum_request, values=dict.fromkeys(ones, -1))
    votes = Vote.objects.filter(is_current=True, value=-1)
    assert [one.id for one in kept] == list(votes.order_by("statement").values_list("pk", flat=True))
    assert (len(kept), Voter.objects.count()) == (len(ones), 1)
    assert LogEntry.objects.filter(verb="cast_vote").count() == 1 + len(ones)
    assert check_log(forum.pk).is_whole
    assert cast_votes(forum_request=forum_request, values={}) == []


def test_of_several_votes_none_is_written_where_one_is_refused(put_statement, request_as, make_person, now):
    ones = [put_statement("Masts."), put_statement("Cables.")]
    forum_request = request_as(person=make_person())
    with pytest.raises(Refused) as refusal:
        cast_votes(forum_request=forum_request, values={ones[0]: 1, ones[1]: 7})
    assert refusal.value.code == "vote-value"
    ballots = ballots_at(forum_request, [one.symbol.number for one in ones])
    # A moderator takes it out of the vote after the ballot was read.
    Statement.objects.filter(pk=ones[1].pk).update(state=StatementState.WAITING)
    with pytest.raises(Refused):
        cast_all(
            [
                Cast(one, VoterFacts(forum_request.person.pk), None, 1, important=False, at=now)
                for one in ballots
            ]
        )
    assert not Vote.objects.exists()
    assert not LogEntry.objects.filter(verb="cast_vote").exists()


def test_calling_it_important_is_another_vote(put_statement, request_as, make_person):
    statement, forum_request = put_statement(), request_as(person=make_person())
    cast_vote(forum_request=forum_request, statement=statement, value=1)
    cast_vote(forum_request=forum_request, statement=statement, value=1, important=True)
    assert Vote.objects.get(is_current=True).important


def test_a_change_is_undone_by_saying_again_what_was_said_before(put_statement, request_as, make_person):
    statement, forum_request = put_statement(), request_as(person=make_person())
    first = cast_vote(forum_request=forum_request, statement=statement, value=1, important=True)
    for vote_id in (first.id, 0):
        with pytest.raises(Refused) as refusal:
            undo_vote(forum_request=forum_request, ballot=ballot_at(forum_request, 1), vote_id=vote_id)
        assert refusal.value.code == "nothing-to-undo"
    second = cast_vote(forum_request=forum_request, statement=statement, value=-1)
    assert undo_vote(
        forum_request=forum_request, ballot=ballot_at(forum_request, 1), vote_id=second.id
    ).is_new
    assert not undo_vote(
        forum_request=forum_request, ballot=ballot_at(forum_request, 1), vote_id=second.id
    ).is_new
    assert list(Vote.objects.order_by("pk").values_list("value", "important", "is_current")) == [
        (1, True, False),
        (-1, False, False),
        (1, True, True),
    ]


def test_what_was_voted_meanwhile_is_not_undone_unseen(put_statement, request_as, make_person):
    statement, forum_request = put_statement(), request_as(person=make_person())
    cast_vote(forum_request=forum_request, statement=statement, value=1)
    seen = cast_vote(forum_request=forum_request, statement=statement, value=-1)
    cast_vote(forum_request=forum_request, statement=statement, value=0)
    with pytest.raises(Refused) as refusal:
        undo_vote(forum_request=forum_request, ballot=ballot_at(forum_request, 1), vote_id=seen.id)
    assert refusal.value.code == "voted-meanwhile"
    assert Vote.objects.get(is_current=True).value == 0


def test_nobody_undoes_the_vote_of_another(put_statement, request_as, make_person):
    statement, forum_request = put_statement(), request_as(person=make_person())
    cast_vote(forum_request=forum_request, statement=statement, value=1)
    theirs = cast_vote(forum_request=forum_request, statement=statement, value=-1)
    with pytest.raises(Refused) as refusal:
        undo_vote(forum_request=request_as(), ballot=ballot_at(request_as(), 1), vote_id=theirs.id)
    assert refusal.value.code == "nothing-to-undo"


def test_the_record_says_that_somebody_voted_that_day_and_neither_who_nor_on_what(
    put_statement, request_as, forum, now
):
    for number in range(2):
        cast_vote(forum_request=request_as(), statement=put_statement(f"Statement {number}"), value=1)
    entries = LogEntry.objects.filter(verb="cast_vote")
    assert list(entries.values_list("person", "symbol", "at")) == [(None, None, now.replace(hour=0))] * 2
    assert len(set(entries.values_list("change_digest", flat=True))) == 2
    assert check_log(forum.pk).is_whole
    # What moderators do to a statement is told with its symbol and its moment, as before.
    assert set(LogEntry.objects.filter(verb="put_statement").values_list("symbol__number", "at")) == {
        (1, now),
        (2, now),
    }


def test_a_vote_of_seven_is_refused_by_rule_and_by_the_database(put_statement, request_as, call, now):
    statement = put_statement()
    with pytest.raises(Refused) as refusal:
        cast_vote(forum_request=request_as(), statement=statement, value=7)
    assert refusal.value.code == "vote-value"
    voter = Voter.objects.create(call=call, external_id="1")
    with pytest.raises(IntegrityError, match="vote_is_agree_disagree_or_pass"), transaction.atomic():
        Vote.objects.create(voter=voter, statement=statement, value=7, cast_at=now)


def test_two_current_votes_of_one_voter_are_refused_by_the_database(put_statement, call, now):
    statement, voter = put_statement(), Voter.objects.create(call=call, external_id="1")
    Vote.objects.create(voter=voter, statement=statement, value=1, cast_at=now)
    with pytest.raises(IntegrityError, match="one_current_vote"), transaction.atomic():
        Vote.objects.create(voter=voter, statement=statement, value=-1, cast_at=now)


def test_a_vote_that_was_cast_is_never_changed(put_statement, request_as):
    cast_vote(forum_request=request_as(), statement=put_statement(), value=1)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Vote.objects.update(value=-1)


def test_a_burst_of_votes_asks_for_one_drawing_and_the_task_draws_it(
    put_statement, request_as, call, django_capture_on_commit_callbacks
):
    statement = put_statement()
    with django_capture_on_commit_callbacks(execute=True):
        for value in (1, -1, 1):
            cast_vote(forum_request=request_as(), statement=statement, value=value)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="redraw_map")
    assert job.lock == job.queueing_lock == f"consultation.redraw_map:{call.pk}"
    opinion.redraw_map(**job.args)
    drawn = OpinionMap.objects.get()
    assert (drawn.call, drawn.votes, drawn.voters) == (call, 3, 3)


def test_a_map_drawn_anew_keeps_its_seed(put_statement, request_as, call, now):
    cast_vote(forum_request=request_as(), statement=put_statement(), value=1)
    assert redraw_opinion_map(call=call, now=now, seed=20).seed == 20
    assert redraw_opinion_map(call=call, now=now).seed == 20


def test_a_vote_asks_the_database_little_and_as_much_for_the_second_as_for_the_tenth(
    put_statement, request_as, make_person, django_assert_max_num_queries
):
    forum_request = request_as(person=make_person())
    ones = [put_statement(f"Statement {number}") for number in range(4)]
    cast_vote(forum_request=forum_request, statement=ones[0], value=1)
    for statement in ones[1:]:
        with django_assert_max_num_queries(10):
            cast_vote(forum_request=forum_request, statement=statement, value=1)
