"""What the secretariat decides, and who is told."""

import pytest
from django.core import mail

from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.requests.actions.requests import NewSpeaker
from muntada.programme.sessions.models import Session
from muntada.record.models import LogEntry
from muntada.record.queries import led_to, rests_on
from muntada.record.rules import SYSTEM, Actor

REASON = DecisionReason("Fits the facilitation meeting better.", "en")


def test_an_accepted_request_becomes_a_session_that_rests_on_it(submitted, now):
    request = submitted(
        speakers=[NewSpeaker("Amina"), NewSpeaker("Omar", is_confirmed=True)], line_codes=["C2"], minutes=90
    )
    session = decisions.accept_request(request=request, actor=SYSTEM, now=now)
    request.refresh_from_db()
    assert (request.state, request.session, session.symbol.short) == ("accepted", session, "S/1")
    assert (session.title, session.minutes) == ("Villages", 90)
    assert [(one.name, one.part) for one in session.people.all()] == [
        ("Author", "organiser"),
        ("Amina", "speaker"),
        ("Omar", "speaker"),
    ]
    assert [line.code for line in session.lines.all()] == ["C2"]
    assert [(line.symbol, line.relation_here) for line in rests_on(session.symbol)] == [
        ("WSIS20/P/1", "brings together")
    ]
    assert [line.symbol for line in led_to(request.symbol)] == ["WSIS20/S/1"]
    assert LogEntry.objects.filter(verb="accept_request", symbol=request.symbol).count() == 1


@pytest.mark.parametrize(
    ("act", "state"), [(decisions.decline_request, "declined"), (decisions.refer_request, "referred")]
)
def test_a_no_needs_a_reason_and_shows_it(submitted, now, act, state, refuses):
    request = submitted()
    with refuses("reason-missing"):
        act(request=request, reason=DecisionReason("  "), actor=SYSTEM, now=now)
    act(request=request, reason=REASON, actor=SYSTEM, now=now)
    request.refresh_from_db()
    assert (request.state, request.reason, request.decided_at) == (state, REASON.text, now)


def test_a_request_is_decided_once(submitted, now, refuses):
    request = submitted()
    decisions.accept_request(request=request, actor=SYSTEM, now=now)
    for act in (
        lambda: decisions.accept_request(request=request, actor=SYSTEM, now=now),
        lambda: decisions.decline_request(request=request, reason=REASON, actor=SYSTEM, now=now),
    ):
        with refuses("request-state"):
            act()
    assert Session.objects.count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARIAT}))
def test_no_other_role_decides(submitted, request_as, now, role):
    request = submitted()
    actor = request_as(role).actor(Role.SECRETARIAT)
    for act in (
        lambda: decisions.accept_request(request=request, actor=actor, now=now),
        lambda: decisions.decline_request(request=request, reason=REASON, actor=actor, now=now),
        lambda: decisions.refer_request(request=request, reason=REASON, actor=actor, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_author_gets_a_letter_in_their_language(
    submitted, make_person, now, django_capture_on_commit_callbacks
):
    author = make_person(name="Author", language="fr")
    request = submitted(author=author)
    with django_capture_on_commit_callbacks(execute=True):
        decisions.decline_request(request=request, reason=REASON, actor=SYSTEM, now=now)
    (letter,) = mail.outbox
    assert letter.to == [author.email]
    assert "WSIS20/P/1" in letter.subject
    assert REASON.text in letter.body
    assert "/wsis20/p/1" in letter.body


def test_an_invented_author_gets_no_letter(submitted, make_person, now, django_capture_on_commit_callbacks):
    author = make_person()
    author.is_invented = True
    author.save()
    request = submitted(author=author)
    with django_capture_on_commit_callbacks(execute=True):
        decisions.accept_request(request=request, actor=SYSTEM, now=now)
    assert mail.outbox == []


def test_a_session_is_cancelled_once(make_session, now, refuses):
    session = make_session()
    with refuses("reason-missing"):
        decisions.cancel_session(session=session, reason="", actor=SYSTEM, now=now)
    decisions.cancel_session(session=session, reason="Storm", actor=SYSTEM, now=now)
    with refuses("session-cancelled"):
        decisions.cancel_session(session=session, reason="Storm", actor=SYSTEM, now=now)
    with pytest.raises(NotAllowed):
        decisions.cancel_session(
            session=session, reason="Storm", actor=Actor(1, "speaker", session.forum_id), now=now
        )
