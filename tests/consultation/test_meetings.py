"""Meetings of a call: planned, changed, cancelled, on record, and in one's calendar."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from muntada.consultation.actions import meetings
from muntada.consultation.actions.meetings import MeetingPlan
from muntada.consultation.models import CallMeeting
from muntada.consultation.queries.meetings import calendar_of, meeting_at, meetings_of, meetings_to_come
from muntada.foundations.errors import NotAllowed, NotThere, Refused
from muntada.record.models import LogEntry

from .conftest import MODERATOR, SECRETARIAT


@pytest.fixture
def plan(now) -> MeetingPlan:
    return MeetingPlan(
        titles={"en": "First meeting", "ar": "الاجتماع الأول"},
        agenda="What came in so far.",
        language="en",
        place="Room K",
        join_url="https://example.org/join",
        starts_at=now - timedelta(hours=2),
        ends_at=now - timedelta(hours=1),
    )


@pytest.fixture
def meeting(call, plan, now) -> CallMeeting:
    return meetings.plan_meeting(call=call, plan=plan, actor=SECRETARIAT, now=now)


def test_meetings_are_numbered_within_their_call_and_planned_once(call, plan, meeting, now):
    assert meetings.plan_meeting(call=call, plan=plan, actor=SECRETARIAT, now=now) == meeting
    other = replace(plan, titles={"en": "Second"}, starts_at=now, ends_at=now + timedelta(hours=1))
    second = meetings.plan_meeting(call=call, plan=other, actor=SECRETARIAT, now=now)
    assert [one.number for one in meetings_of(call)] == [1, 2]
    assert meetings_to_come(call.forum, now) == [second]
    assert second.get_absolute_url() == "/wsis20/consultation/open-call/meetings/2"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"titles": {}}, "title-missing"),
        ({"place": "", "join_url": ""}, "meeting-nowhere"),
        ({"agenda": "See [C/99]."}, "citation-unknown"),
    ],
)
def test_a_meeting_that_cannot_be_held_is_refused(call, plan, now, change, code):
    with pytest.raises(Refused) as refusal:
        meetings.plan_meeting(call=call, plan=replace(plan, **change), actor=SECRETARIAT, now=now)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("hours", "code"), [(0, "meeting-ends-early"), (-1, "meeting-ends-early"), (100, "meeting-too-long")]
)
def test_a_meeting_has_a_sensible_length(call, plan, now, hours, code):
    wrong = replace(plan, ends_at=plan.starts_at + timedelta(hours=hours))
    with pytest.raises(Refused) as refusal:
        meetings.plan_meeting(call=call, plan=wrong, actor=SECRETARIAT, now=now)
    assert (refusal.value.code, refusal.value.field) == (code, "ends_at")


def test_a_record_cites_what_is_there_and_keeps_the_meeting_as_it_was(contribute, plan, meeting, now):
    contribute()
    with pytest.raises(Refused) as refusal:
        meetings.file_record(meeting=meeting, text="As in [C/9].", language="en", actor=SECRETARIAT, now=now)
    assert (refusal.value.code, refusal.value.field) == ("citation-unknown", "record")
    filed = meetings.file_record(
        meeting=meeting, text="As in [C/1].", language="en", actor=SECRETARIAT, now=now
    )
    assert (filed.record, filed.recorded_at) == ("As in [C/1].", now)
    for refused in (
        lambda: meetings.change_meeting(meeting=meeting, plan=plan, actor=SECRETARIAT, now=now),
        lambda: meetings.cancel_meeting(meeting=meeting, reason="Late", actor=SECRETARIAT, now=now),
    ):
        with pytest.raises(Refused) as refusal:
            refused()
        assert refusal.value.code == "meeting-recorded"
    assert LogEntry.objects.filter(verb="file_record").count() == 1


def test_no_record_is_filed_of_what_has_not_begun(call, plan, now):
    later = replace(plan, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    meeting = meetings.plan_meeting(call=call, plan=later, actor=SECRETARIAT, now=now)
    with pytest.raises(Refused) as refusal:
        meetings.file_record(meeting=meeting, text="Said.", language="en", actor=SECRETARIAT, now=now)
    assert refusal.value.code == "meeting-not-begun"


def test_a_cancelled_meeting_says_why_and_leaves_calendars(call, meeting, plan, now):
    with pytest.raises(Refused) as refusal:
        meetings.cancel_meeting(meeting=meeting, reason=" ", actor=SECRETARIAT, now=now)
    assert refusal.value.code == "reason-missing"
    meetings.cancel_meeting(meeting=meeting, reason="No quorum.", actor=SECRETARIAT, now=now)
    kept = meeting_at(call, 1)
    (event,) = Calendar.from_ical(calendar_of(kept, "https://forum.example")).events
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    with pytest.raises(Refused):
        meetings.change_meeting(meeting=meeting, plan=plan, actor=SECRETARIAT, now=now)


def test_a_calendar_names_the_zone_of_the_forum_and_both_places(meeting):
    written = calendar_of(meeting, "https://forum.example")
    assert written == calendar_of(meeting, "https://forum.example")
    (event,) = Calendar.from_ical(written).events
    assert event["dtstart"].params["TZID"] == "Europe/Zurich"
    assert event.start == meeting.starts_at
    assert str(event["location"]) == "Room K, https://example.org/join"
    assert str(event["url"]) == "https://forum.example/wsis20/consultation/open-call/meetings/1"


def test_only_the_secretariat_plans_changes_cancels_and_records(call, plan, meeting, now):
    for refused in (
        lambda: meetings.plan_meeting(call=call, plan=plan, actor=MODERATOR, now=now),
        lambda: meetings.change_meeting(meeting=meeting, plan=plan, actor=MODERATOR, now=now),
        lambda: meetings.cancel_meeting(meeting=meeting, reason="x", actor=MODERATOR, now=now),
        lambda: meetings.file_record(meeting=meeting, text="x", language="en", actor=MODERATOR, now=now),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_number_that_was_never_given_is_not_there(call, meeting):
    with pytest.raises(NotThere):
        meeting_at(call, 2)
