"""What a call gives out of its votes is chosen before anybody votes, said to whoever votes, and stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from muntada.consultation.calls.actions import preparing
from muntada.consultation.calls.actions.preparing import CallPlan
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.statements.actions import voters
from muntada.consultation.statements.actions.votes import cast_vote
from muntada.consultation.statements.models import Voter
from muntada.consultation.statements.queries.statements import voter_of
from muntada.foundations.errors import Refused


@pytest.fixture
def plan(now) -> CallPlan:
    return CallPlan(
        slug="autumn",
        titles={"en": "Autumn call"},
        introductions={},
        languages=("en",),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
        takes_contributions=False,
        gives_out=GivesOut.ROWS,
    )


@pytest.fixture
def rows_given_out(open_now: Call) -> Call:
    open_now.gives_out = GivesOut.ROWS
    open_now.save()
    return open_now


def test_it_is_chosen_while_a_call_is_prepared_and_stays_when_it_is_open(
    forum, plan, now, secretariat
) -> None:
    words = {"actor": secretariat, "now": now}
    call = preparing.prepare_call(forum=forum, plan=plan, questions=[], **words)
    assert Call.objects.get().gives_out == "rows"
    preparing.open_prepared_call(call=call, **words)
    with pytest.raises(Refused, match="people rely on it") as refusal:
        preparing.edit_call(call=call, plan=plan, **words)
    assert refusal.value.code == "call-opened"
    assert Call.objects.get().gives_out == "rows"


def test_a_call_tells_how_groups_voted_unless_something_else_is_chosen(call) -> None:
    assert Call.objects.get().gives_out == "breakdown"


def test_the_database_keeps_a_call_of_rows_from_weighing_anybody(call) -> None:
    margins = {"stakeholder:wsis": {"basis": "equal", "shares": {"governments": 100.0}, "source": ""}}
    Call.objects.update(margins=margins)
    with pytest.raises(IntegrityError, match="rows_or_breakdowns_never_both"), transaction.atomic():
        Call.objects.update(gives_out="rows")


def test_where_rows_are_given_out_voters_are_told_so(client: Client, rows_given_out, put_statement) -> None:
    put_statement()
    for name in ("", "/vote"):
        page = client.get(f"{rows_given_out.get_absolute_url()}{name}").text
        assert "given out under an alias" in page


def test_where_rows_are_given_out_nobody_says_of_which_group_they_are(
    call, put_statement, request_as, make_person
) -> None:
    Call.objects.update(gives_out="rows")
    call.refresh_from_db()
    forum_request = request_as(person=make_person())
    cast_vote(forum_request=forum_request, statement=put_statement(), value=1)
    with pytest.raises(Refused, match="tells nothing by group"):
        voters.declare(
            forum_request=forum_request,
            call=call,
            voter=voter_of(call, forum_request),
            kind="press",
            country="FR",
        )
    assert not Voter.objects.get().kind


def test_where_groups_are_told_nothing_of_rows_is_said(client: Client, open_now, put_statement) -> None:
    put_statement()
    for name in ("", "/vote"):
        assert "given out under an alias" not in client.get(f"{open_now.get_absolute_url()}{name}").text
