"""Votes at the same moment, and a database that is lost in the middle of them."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections, transaction

from muntada.consultation.statements.actions import moderation, vote_batches, voters
from muntada.consultation.statements.actions.votes import cast_vote
from muntada.consultation.statements.models import Vote, Voter
from muntada.consultation.statements.queries.votes import voter_of_request
from muntada.foundations.errors import Refused
from muntada.record.actions import hold_log
from muntada.record.models import LogEntry
from muntada.record.queries import check_log

pytestmark = pytest.mark.django_db(transaction=True)


def together(count: int, act: Callable[[int], None]) -> list[Exception]:
    """Let so many threads act at the same moment; return what went wrong."""
    ready, faults = threading.Barrier(count), list[Exception]()

    def run(number: int) -> None:
        try:
            ready.wait(10)
            act(number)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test has to know
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return faults


def test_two_votes_at_the_same_time_leave_one_current_and_a_whole_chain(
    put_statement, request_as, make_person, forum
):
    statement, forum_request = put_statement(), request_as(person=make_person())
    values = (1, -1, 0, 1)
    faults = together(
        4, lambda number: cast_vote(forum_request=forum_request, statement=statement, value=values[number])
    )
    assert faults == []
    assert Voter.objects.count() == 1
    assert Vote.objects.filter(is_current=True).count() == 1
    assert Vote.objects.latest("pk").is_current
    assert check_log(forum.pk).is_whole


def test_a_request_the_browser_repeats_is_one_vote(put_statement, request_as, make_person):
    statement, forum_request = put_statement(), request_as(person=make_person())
    assert together(6, lambda _: cast_vote(forum_request=forum_request, statement=statement, value=1)) == []
    assert Vote.objects.count() == 1
    assert LogEntry.objects.filter(verb="cast_vote").count() == 1


def test_votes_of_many_at_once_are_all_there_in_fewer_transactions(
    put_statement, request_as, make_person, forum, monkeypatch
):
    ones = [put_statement(f"Statement {number}") for number in range(3)]
    people = [request_as(person=make_person()) for _ in range(8)]
    sizes: list[int] = []
    write = vote_batches._write
    monkeypatch.setattr(vote_batches, "_write", lambda casts: sizes.append(len(casts)) or write(casts))

    def vote(number: int) -> None:
        for statement in ones:
            cast_vote(forum_request=people[number], statement=statement, value=1)

    assert together(8, vote) == []
    assert Vote.objects.filter(is_current=True).count() == 24
    assert LogEntry.objects.filter(verb="cast_vote").count() == 24
    assert sum(sizes) == 24
    assert max(sizes) > 1
    assert check_log(forum.pk).is_whole


def test_when_the_database_is_lost_nothing_acknowledged_is_lost_and_nothing_half_stands(
    put_statement, request_as, make_person, forum
):
    """Connections are cut from outside while votes are written, as when PostgreSQL goes away."""
    ones = [put_statement(f"Statement {number}") for number in range(25)]
    people = [request_as(person=make_person()) for _ in range(5)]
    acknowledged: list[int] = []
    lost: list[Exception] = []

    def vote(number: int) -> None:
        for statement in ones:
            try:
                acknowledged.append(
                    cast_vote(forum_request=people[number], statement=statement, value=1).id or 0
                )
            except OperationalError as fault:
                lost.append(fault)
                connections["default"].close()

    def cut(number: int) -> None:
        if number < len(people):
            vote(number)
            return
        for _ in range(6):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                    "AND state <> 'idle' AND backend_type = 'client backend'"
                )
            threading.Event().wait(0.03)

    assert together(len(people) + 1, cut) == []
    assert lost, "no connection was cut while it wrote: the test proves nothing"
    kept = set(Vote.objects.values_list("pk", flat=True))
    assert set(acknowledged) <= kept
    assert len(set(acknowledged)) == len(acknowledged)
    assert LogEntry.objects.filter(verb="cast_vote").count() == len(kept)
    assert check_log(forum.pk).is_whole


def test_a_correction_waits_for_the_vote_that_is_being_written_and_keeps_to_what_it_allows(
    put_statement, request_as, make_person, now, moderator
):
    statement, forum_request = put_statement("Masts come first."), request_as(person=make_person())
    words = {"text": "Cables never come first.", "reason": "Misread", "actor": moderator, "now": now}
    codes: list[str] = []

    def correct() -> None:
        try:
            moderation.correct_statement(statement=statement, **words)
        except Refused as refusal:
            codes.append(refusal.code)
        finally:
            connections.close_all()

    correcting = threading.Thread(target=correct)
    with transaction.atomic():
        cast_vote(forum_request=forum_request, statement=statement, value=1)
        correcting.start()
        correcting.join(0.5)
        assert correcting.is_alive(), "it has to know whether there are votes"
    correcting.join(30)
    assert codes == ["correction-too-large"]
    statement.refresh_from_db()
    assert statement.text == "Masts come first."


@pytest.mark.parametrize("what", ["declare", "ban"])
def test_what_changes_a_voter_waits_for_votes_before_it_holds_the_voter(
    put_statement, request_as, make_person, call, now, what, moderator
):
    """Votes hold the log first, then the voter they make somebody's; the other way around both wait."""
    forum_request = request_as(person=make_person())
    cast_vote(forum_request=forum_request, statement=put_statement(), value=1)
    voter = voter_of_request(call.pk, forum_request, "")

    def change() -> None:
        if what == "declare":
            voters.declare(forum_request=forum_request, call=call, voter=voter, kind="press", country="")
        else:
            voters.ban_voter(call=call, voter_id=voter.pk, reason="A script.", actor=moderator, now=now)
        connections.close_all()

    changing = threading.Thread(target=change)
    with transaction.atomic():
        hold_log(call.forum_id)
        changing.start()
        changing.join(0.5)
        assert changing.is_alive()
        assert Voter.objects.select_for_update(nowait=True).get(pk=voter.pk).kind == ""
    changing.join(30)
    kept = Voter.objects.get()
    assert kept.kind == "press" if what == "declare" else kept.banned_at is not None


def test_a_vote_the_database_refuses_leaves_the_others_of_its_batch(
    put_statement, request_as, make_person, monkeypatch
):
    """A person is erased between the page and the vote: theirs alone is refused."""
    statement = put_statement()
    gone, forum_request = request_as(person=make_person()), request_as(person=make_person())
    casts = []
    monkeypatch.setattr(vote_batches._batches, "take", casts.append)
    for one in (gone, forum_request):
        cast_vote(forum_request=one, statement=statement, value=1)
    gone.person.delete()
    results = vote_batches._write_together(casts)
    assert [isinstance(result, Exception) for result in results] == [True, False]
    assert Vote.objects.get().voter.person == forum_request.person
