"""A map is drawn anew when enough is new, and the reader's own place is theirs at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.worker_process import a_worker

from kinds import first_in_core
from muntada.consultation.calls.models import Call
from muntada.consultation.opinion.actions.maps import redraw_opinion_map, weigh_by
from muntada.consultation.opinion.adapter.places import place_now
from muntada.consultation.opinion.rules import Basis, ChosenShares
from muntada.consultation.statements.actions import redrawing as drawing
from muntada.consultation.statements.actions.redrawing import ask_for_redraw, ask_for_redraw_of
from muntada.consultation.statements.models import OpinionMap, Statement, Vote, Voter
from muntada.consultation.statements.task_types import REDRAW_LATER, redraw_map
from muntada.forums.rules.schemes import scheme_at
from muntada.record.rules import SYSTEM

STAKEHOLDERS = scheme_at("stakeholder:wsis")


@pytest.fixture
def put(call: Call, put_statement: Callable[..., Statement]) -> list[Statement]:
    return [put_statement(f"Statement {number}") for number in range(10)]


@pytest.fixture
def drawn(call: Call, put: list[Statement], now: datetime) -> OpinionMap:
    """Twenty people in two camps have voted ten times each."""
    voters = Voter.objects.bulk_create(Voter(call=call) for _ in range(20))
    Vote.objects.bulk_create(
        Vote(
            voter=voter,
            statement=statement,
            value=1 if (place < 10) == (number < 5) else -1,
            cast_at=now,
        )
        for place, voter in enumerate(voters)
        for number, statement in enumerate(put)
    )
    return redraw_opinion_map(call=call, now=now)


@pytest.fixture(autouse=True)
def nothing_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process remembers of the queue is of another test."""
    monkeypatch.setattr(drawing, "_looked_until", {})
    monkeypatch.setattr(drawing, "_served_until", {})


def a_voter_says(call: Call, put: list[Statement], values: list[int], now: datetime) -> Voter:
    voter = Voter.objects.create(call=call)
    for statement, value in zip(put, values, strict=False):
        Vote.objects.create(voter=voter, statement=statement, value=value, cast_at=now)
    return voter


def due_in() -> list[float]:
    """Return in how many seconds each drawing that waits is due."""
    jobs = ProcrastinateJob.objects.filter(status="todo", task_name=redraw_map.name)
    due = jobs.order_by("pk").values_list("scheduled_at", flat=True)
    return [(one - timezone.now()).total_seconds() for one in due if one]


def test_few_new_votes_wait_and_a_twentieth_is_drawn_soon(
    call, put, drawn, now, django_capture_on_commit_callbacks, monkeypatch
) -> None:
    """Of 200 votes a twentieth are ten."""
    a_voter_says(call, put, [1] * 9, now)
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_redraw_of(call.pk)
        ask_for_redraw_of(call.pk)
    (later,) = due_in()
    assert later > drawing.LONGEST_PAUSE_SECONDS
    a_voter_says(call, put, [1], now)
    monkeypatch.setattr(drawing, "_looked_until", {})
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_redraw_of(call.pk)
    (soon,) = due_in()
    assert soon <= drawing.LONGEST_PAUSE_SECONDS


def test_what_is_no_vote_has_the_map_drawn_soon(call, drawn, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_redraw(call)
    (soon,) = due_in()
    assert soon <= drawing.LONGEST_PAUSE_SECONDS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", first_in_core(["by votes", "by the secretariat"]))
def test_a_worker_draws_the_map_soon_though_a_drawing_was_ordered_for_later(call, put, now, asked) -> None:
    redraw_map.order_after(REDRAW_LATER, call_id=call.pk)
    a_voter_says(call, put, [1], now)
    if asked == "by votes":
        ask_for_redraw_of(call.pk)
    else:
        even = ChosenShares(Basis.EQUAL)
        weigh_by(call=call, scheme=STAKEHOLDERS, chosen=even, actor=SYSTEM, now=now)
    ordered = timezone.now()
    with a_worker() as worker:
        worker.wait_until(OpinionMap.objects.filter(call=call).exists)
    drawn = OpinionMap.objects.get(call=call)
    assert drawn.votes == 1
    assert drawn.made_at < ordered + REDRAW_LATER


def test_who_voted_since_stands_where_the_next_map_has_them_nearly(call, put, drawn, now) -> None:
    voter = a_voter_says(call, put, [1] * 5 + [-1] * 5, now + timedelta(minutes=1))
    found = place_now(drawn, voter.pk)
    assert found is not None
    _, x, y, group = found
    after = redraw_opinion_map(call=call, now=now + timedelta(minutes=2))
    place = next(point for point in after.points if point[0] == voter.pk)
    # The camp of the first ten, which says just that.
    camp = next(point for point in drawn.points if point[1] * x > 0)
    assert group == camp[3]
    assert (x, y) == pytest.approx((place[1], place[2]), abs=0.2)


def test_who_voted_on_few_statements_has_a_place_and_no_group(call, put, drawn, now) -> None:
    voter = a_voter_says(call, put, [1, 1], now)
    found = place_now(drawn, voter.pk)
    assert found is not None
    assert found[3] is None


def test_who_did_not_vote_since_stands_where_the_map_has_them(call, drawn) -> None:
    assert place_now(drawn, drawn.points[0][0]) is None
    assert place_now(drawn, 0) is None
