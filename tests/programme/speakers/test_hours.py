"""A minister's office calls: hours change after a session was accepted, and timetables follow."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from muntada.forums.queries import goals_of
from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.programme.changes import actions as hours
from muntada.programme.changes.queries import standing_while_away
from muntada.programme.decisions import actions as decisions
from muntada.programme.releases.actions import publish_release
from muntada.programme.requests.models.hours import HoursTold
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries.speakers import availabilities
from muntada.programme.requests.rules.speakers import PAUSE_BEFORE_ASKING_AGAIN, Availability, DaySpan
from muntada.programme.sessions.models import SessionPerson
from muntada.programme.sessions.rules import SessionRole
from muntada.programme.speakers.actions import speakers
from muntada.programme.speakers.actions.speakers import Naming, SpeakerReply, token_of
from muntada.programme.timetable.actions.timetable_runs import make_timetable
from muntada.programme.timetable.adapter.frames import state_of_tables
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM, Actor

MINISTER = Naming("Minister Placeholder", "office@example.org", "fr")


@pytest.fixture
def request_(submitted, request_as, make_person, now) -> SessionRequest:
    """An accepted request; its minister was asked and has said yes, its second speaker is silent."""
    author = make_person(name="Author")
    kept = submitted("Villages", author=author, audience=10)
    # Letters are dated by the clock that the pages read, so that their links hold.
    forum_request = replace(request_as(person=author), now=timezone.now())
    for naming in (MINISTER, Naming("Silent Placeholder", "silent@example.org")):
        one = speakers.name_speaker(forum_request=forum_request, request=kept, naming=naming)
        speakers.ask(forum_request=forum_request, request=kept, asked=one)
    speakers.answer(
        asked=RequestSpeaker.objects.get(name=MINISTER.name), reply=SpeakerReply(is_yes=True), now=now
    )
    decisions.accept_request(request=kept, actor=SYSTEM, now=now)
    kept.refresh_from_db()
    return kept


@pytest.fixture
def minister(request_) -> SessionPerson:
    return request_.session.people.get(name=MINISTER.name)


@pytest.fixture
def at(minister) -> str:
    return f"/wsis20/programme/sessions/1/people/{minister.pk}/hours"


def test_what_the_secretariat_is_told_holds_instead_until_they_say_otherwise(minister, forum, now):
    before = state_of_tables()
    told = Availability(days_away=(forum.starts_date,), spans=(DaySpan(forum.ends_date, time(9), time(10)),))
    hours.tell_hours(person=minister, said=told, actor=SYSTEM, now=now)
    assert availabilities(forum, [minister.key]) == {minister.key: [told]}
    assert state_of_tables() != before, "timetables are judged anew"
    asked = RequestSpeaker.objects.get(name=MINISTER.name)
    page = Client().get(f"/wsis20/programme/asked/{token_of(asked)}").content.decode()
    assert 'value="10:00"' in page, "they begin with what holds now"
    own = Availability(zone="Africa/Dakar", hours_from=time(9), hours_to=time(17))
    speakers.answer(asked=asked, reply=SpeakerReply(is_yes=True, availability=own), now=now)
    assert availabilities(forum, [minister.key]) == {minister.key: [own]}
    assert not HoursTold.objects.exists()


def test_what_was_told_is_taken_back_once_and_both_are_in_the_log(minister, forum, now):
    hours.tell_hours(
        person=minister, said=Availability(days_away=(forum.starts_date,)), actor=SYSTEM, now=now
    )
    hours.take_back_hours(person=minister, actor=SYSTEM, now=now)
    hours.take_back_hours(person=minister, actor=SYSTEM, now=now)
    verbs = LogEntry.objects.filter(verb__contains="hours").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["tell_hours", "take_back_hours"]
    assert availabilities(forum, [minister.key]) == {}
    with pytest.raises(NotAllowed):
        hours.tell_hours(
            person=minister, said=Availability(), actor=Actor(1, Role.SPEAKER, forum.pk), now=now
        )


def test_the_page_says_where_they_stand_while_they_cannot(minister, at, forum, room, slots, client_as, now):
    made = make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    publish_release(timetable=made, actor=SYSTEM, now=now)
    day = made.placements.get().period.lower.astimezone(forum.timezone).date()
    browser = client_as(Role.SECRETARIAT)
    assert at in browser.get("/wsis20/programme/sessions/1").content.decode()
    assert "On a stage while they cannot" not in browser.get(at).content.decode()
    said = {"days_away": [day.isoformat()], "zone": ""}
    page = browser.post(at, said, follow=True).content.decode()
    assert "On a stage while they cannot" in page
    assert "/wsis20/programme/timetables/1" in page
    assert [one.timetable for one in standing_while_away(forum, minister.key)] == [made]
    page = browser.post(at, {"take_back": ""}, follow=True).content.decode()
    assert "On a stage while they cannot" not in page


def test_wrong_hours_are_refused_and_nothing_typed_is_lost(at, client_as):
    page = client_as(Role.SECRETARIAT).post(
        at, {"zone": "Mars/Base", "hours_from": "09:00", "hours_to": "10:00"}
    )
    assert page.status_code == 422
    assert "Mars/Base" in page.content.decode()
    assert not HoursTold.objects.exists()


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.SPEAKER, Role.MODERATOR, None])
def test_nobody_else_sees_or_says_when_somebody_can(at, client_as, role):
    browser = client_as(role) if role else Client()
    assert browser.get(at).status_code in {302, 403}
    assert browser.post(at, {"zone": "UTC"}).status_code in {302, 403}
    assert not HoursTold.objects.exists()


def test_who_is_on_no_stage_has_no_hours_in_the_timetable(request_, client_as):
    organiser = request_.session.people.get(part=SessionRole.ORGANISER)
    page = client_as(Role.SECRETARIAT).get(f"/wsis20/programme/sessions/1/people/{organiser.pk}/hours")
    assert page.status_code == 404


def test_after_the_session_was_accepted_who_is_silent_can_be_asked_again(
    request_, client_as, request_as, refuses
):
    silent = RequestSpeaker.objects.get(name="Silent Placeholder")
    browser = client_as(person=request_.author)
    people = f"/wsis20/programme/requests/{request_.pk}/people"
    assert people in browser.get("/wsis20/p/1").content.decode()
    assert 'name="ask"' in browser.get(people).content.decode()
    later = replace(
        request_as(person=request_.author),
        now=timezone.now() + PAUSE_BEFORE_ASKING_AGAIN + timedelta(hours=1),
    )
    speakers.ask(forum_request=later, request=request_, asked=silent)
    silent.refresh_from_db()
    assert (silent.letters, silent.asked_at) == (2, later.now)
    with refuses("request-state"):
        speakers.name_speaker(forum_request=later, request=request_, naming=Naming("Another Placeholder"))


def test_the_page_of_a_session_tells_services_and_goals_and_leads_the_secretariat_on(
    request_, forum, client_as
):
    session = request_.session
    session.needs = ["interpretation", "captions"]
    session.save(update_fields=["needs"])
    goal = goals_of(forum)[0]
    session.goals.add(goal)
    page = Client().get("/wsis20/s/1").content.decode()
    assert "Interpretation · Live captions" in page
    assert goal.title_here in page
    assert "/wsis20/programme/sessions/1" not in page
    assert "/wsis20/programme/sessions/1" in client_as(Role.SECRETARIAT).get("/wsis20/s/1").content.decode()
