"""What somebody is asked next: a lottery by the priorities of the map, of their own for everybody."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements.actions.votes import cast_vote
from muntada.consultation.statements.models import OpinionMap
from muntada.consultation.statements.queries.statements import ballot_of
from muntada.consultation.statements.queries.votes import voter_of_request
from muntada.forums.queries import ForumRequest

NEWCOMERS, VOTERS = 400, 120


@pytest.fixture
def drawn(make_call, put_statement, request_as, now) -> OpinionMap:
    """Ten people have voted, on the first statements more than on the last; the map was drawn."""
    call = make_call("anyone", votes_open_to=CallVotesOpenTo.ANYONE)
    ones = [put_statement(f"Statement {number}", call=call) for number in range(5)]
    for place in range(10):
        forum_request = request_as()
        for number, statement in enumerate(ones):
            if place >= 2 * number:
                cast_vote(
                    forum_request=forum_request, statement=statement, value=1 if (place + number) % 3 else -1
                )
    return redraw_opinion_map(call=call, now=now)


@pytest.fixture
def nobody(forum, now) -> ForumRequest:
    return ForumRequest(forum=forum, person=None, roles=frozenset(), now=now)


def first_of(call: Call, forum_request: ForumRequest, key: str) -> int:
    return ballot_of(call, forum_request, None, key=key).row.statement.symbol.number


def test_what_the_map_wants_to_know_most_is_asked_first_and_then_the_next(drawn, nobody):
    """How often what is drawn by its weights is shown on the rule alone, in test_rules."""
    drawn.priorities = dict.fromkeys(drawn.priorities, 1e-12) | {"3": 1.0, "4": 1e-6}
    drawn.save()
    keys = [f"key {number}" for number in range(8)]
    first = ballot_of(drawn.call, nobody, None, key=keys[0]).row.statement
    assert {first_of(drawn.call, nobody, key) for key in keys} == {first.symbol.number} == {3}
    cast_vote(forum_request=nobody, statement=first, value=1, key=keys[0])
    following = ballot_of(drawn.call, nobody, voter_of_request(drawn.call_id, nobody, keys[0]), key=keys[0])
    assert (following.voted, following.row.statement.symbol.number) == (1, 4)


@pytest.mark.slow
def test_newcomers_are_asked_by_the_priorities_of_the_map_and_not_all_the_same(drawn, nobody):
    call, weights = drawn.call, {int(number): weight for number, weight in drawn.priorities.items()}
    assert len(set(weights.values())) > 1, "the map says what should be asked more"
    asked = Counter(first_of(call, nobody, f"key {number}") for number in range(NEWCOMERS))
    assert set(asked) == set(weights)
    for number, weight in weights.items():
        share = weight / sum(weights.values())
        spread = (NEWCOMERS * share * (1 - share)) ** 0.5
        assert abs(asked[number] - NEWCOMERS * share) < 5 * spread, (number, asked[number], share)


def test_somebody_is_asked_the_same_again_until_they_voted_or_skipped(drawn, nobody, request_as, make_person):
    assert len({first_of(drawn.call, nobody, "mine") for _ in range(5)}) == 1
    forum_request = request_as(person=make_person())
    assert len({first_of(drawn.call, forum_request, "") for _ in range(5)}) == 1


def test_people_who_are_signed_in_get_a_draw_of_their_own(drawn, request_as):
    mine = first_of(drawn.call, request_as(), "")
    assert any(first_of(drawn.call, request_as(), "") != mine for _ in range(60))


@pytest.mark.slow
def test_whoever_has_voted_is_asked_by_the_priorities_of_what_is_left(drawn, nobody):
    call = drawn.call
    weights = {int(number): weight for number, weight in drawn.priorities.items()}
    asked, whole = Counter[int](), sum(weights.values())
    for number in range(VOTERS):
        first = ballot_of(call, nobody, None, key=f"voter {number}").row.statement
        cast_vote(forum_request=nobody, statement=first, value=1, key=f"voter {number}")
        voter = voter_of_request(call.pk, nobody, f"voter {number}")
        following = ballot_of(call, nobody, voter, key=f"voter {number}")
        assert following.voted == 1
        assert following.row.statement != first
        asked[following.row.statement.symbol.number] += 1
    for number, weight in weights.items():
        share = sum(
            first / whole * weight / (whole - first) for other, first in weights.items() if other != number
        )
        spread = (VOTERS * share * (1 - share)) ** 0.5
        assert abs(asked[number] - VOTERS * share) < 5 * spread, (number, asked[number], share)


def test_a_ballot_counts_all_votes_only_where_the_map_says_nothing(drawn, nobody):
    def counts_all() -> bool:
        with CaptureQueriesContext(connection) as asked:
            first_of(drawn.call, nobody, "mine")
        return any('AS "count"' in query["sql"] for query in asked)

    assert not counts_all()
    drawn.delete()
    assert counts_all()


def test_whoever_has_only_newer_statements_left_has_those_counted_alone(
    drawn, nobody, request_as, put_statement
):
    call, forum_request = drawn.call, request_as()
    for statement in list(call.statements.all()):
        cast_vote(forum_request=forum_request, statement=statement, value=1)
    newer = [put_statement(f"Newer {number}", call=call) for number in range(2)]
    cast_vote(forum_request=nobody, statement=newer[0], value=1, key="other")
    voter = voter_of_request(call.pk, forum_request, "")
    with CaptureQueriesContext(connection) as asked:
        following = ballot_of(call, forum_request, voter)
    assert following.row.statement == newer[1], "the one with fewer votes"
    (counting,) = [query["sql"] for query in asked if 'AS "count"' in query["sql"]]
    numbers = ", ".join(str(one.symbol.number) for one in newer)
    assert f"IN ({numbers})" in counting
