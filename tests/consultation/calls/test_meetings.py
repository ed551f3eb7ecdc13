"""Meetings of a call: planned, changed, cancelled, on record, and in one's calendar."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from icalendar import Calendar

from muntada.consultation.calls.actions import meetings
from muntada.consultation.calls.actions.meetings import MeetingPlan
from muntada.consultation.calls.models import CallMeeting, MeetingRecord
from muntada.consultation.calls.queries import (
    calendar_of,
    cited_in,
    meeting_at,
    meetings_of,
    meetings_to_come,
    records_of,
)
from muntada.foundations.errors import NotAllowed, NotThere, Refused
from muntada.record.models import LogEntry


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
def meeting(call, plan, now, secretariat) -> CallMeeting:
    return meetings.plan_meeting(call=call, plan=plan, actor=secretariat, now=now)


def test_meetings_are_numbered_within_their_call_and_planned_once(call, plan, meeting, now, secretariat):
    assert meetings.plan_meeting(call=call, plan=plan, actor=secretariat, now=now) == meeting
    other = replace(plan, titles={"en": "Second"}, starts_at=now, ends_at=now + timedelta(hours=1))
    second = meetings.plan_meeting(call=call, plan=other, actor=secretariat, now=now)
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
def test_a_meeting_that_cannot_be_held_is_refused(call, plan, now, change, code, secretariat):
    with pytest.raises(Refused) as refusal:
        meetings.plan_meeting(call=call, plan=replace(plan, **change), actor=secretariat, now=now)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("hours", "code"), [(0, "meeting-ends-early"), (-1, "meeting-ends-early"), (100, "meeting-too-long")]
)
def test_a_meeting_has_a_sensible_length(call, plan, now, hours, code, secretariat):
    wrong = replace(plan, ends_at=plan.starts_at + timedelta(hours=hours))
    with pytest.raises(Refused) as refusal:
        meetings.plan_meeting(call=call, plan=wrong, actor=secretariat, now=now)
    assert (refusal.value.code, refusal.value.field) == (code, "ends_at")


def test_a_record_cites_what_is_there_and_keeps_the_meeting_as_it_was(
    contribute, plan, meeting, now, secretariat
):
    contribute()
    with pytest.raises(Refused) as refusal:
        meetings.file_record(meeting=meeting, text="As in [C/9].", language="en", actor=secretariat, now=now)
    assert (refusal.value.code, refusal.value.field) == ("citation-unknown", "record")
    filed = meetings.file_record(
        meeting=meeting, text="As in [C/1].", language="en", actor=secretariat, now=now
    )
    assert (filed.record, filed.recorded_at) == ("As in [C/1].", now)
    for refused in (
        lambda: meetings.change_meeting(meeting=meeting, plan=plan, actor=secretariat, now=now),
        lambda: meetings.cancel_meeting(meeting=meeting, reason="Late", actor=secretariat, now=now),
    ):
        with pytest.raises(Refused) as refusal:
            refused()
        assert refusal.value.code == "meeting-recorded"
    assert LogEntry.objects.filter(verb="file_record").count() == 1


def test_a_corrected_record_keeps_what_was_filed_and_what_each_version_rests_on(
    contribute, meeting, now, secretariat
):
    first, second = contribute(), contribute(title="Another thing")
    words = {"meeting": meeting, "language": "en", "actor": secretariat}
    meetings.file_record(text="As in [C/1].", now=now, **words)
    for later in (now + timedelta(hours=1), now + timedelta(hours=2)):
        meetings.file_record(text="Rather as in [C/2].", now=later, **words)
    corrected, filed = records_of(meeting)
    assert (filed.number, filed.text, list(filed.cites.all())) == (1, "As in [C/1].", [first.symbol])
    assert (corrected.number, corrected.filed_at) == (2, now + timedelta(hours=1))
    assert list(corrected.cites.all()) == [second.symbol]
    assert cited_in(first.symbol) == []
    assert cited_in(second.symbol) == [meeting]
    assert LogEntry.objects.filter(verb="file_record").count() == 2
    with pytest.raises(IntegrityError, match="a record that was filed is kept"), transaction.atomic():
        MeetingRecord.objects.filter(pk=filed.pk).update(text="Never said.")


def test_the_pages_of_a_meeting_and_of_what_it_spoke_of_show_each_other(
    contribute, meeting, client, now, secretariat
):
    contribute()
    words = {"meeting": meeting, "language": "en", "actor": secretariat, "now": now}
    meetings.file_record(text="Half of it.", **words)
    meetings.file_record(text="As in [C/1].", **words)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "What the record rests on" in page
    assert "Half of it." in page.partition("As it was filed")[2]
    assert "First meeting" in client.get("/wsis20/c/1").content.decode()


def test_calendars_hear_of_each_change_and_of_nothing_else(call, meeting, plan, now, secretariat):
    def event():
        (found,) = Calendar.from_ical(calendar_of(meeting_at(call, 1), "https://forum.example")).events
        return str(found["uid"]), found["sequence"], found["dtstamp"].dt, str(found["status"])

    uid = event()[0]
    assert event() == (uid, 0, now, "CONFIRMED")
    later = now + timedelta(days=1)
    meetings.change_meeting(meeting=meeting, plan=plan, actor=secretariat, now=later)
    assert event() == (uid, 0, now, "CONFIRMED")
    moved = replace(plan, place="Room L")
    meetings.change_meeting(meeting=meeting, plan=moved, actor=secretariat, now=later)
    assert event() == (uid, 1, later, "CONFIRMED")
    assert LogEntry.objects.filter(verb="change_meeting").count() == 1
    last = now + timedelta(days=2)
    meetings.cancel_meeting(meeting=meeting, reason="No quorum.", actor=secretariat, now=last)
    assert event() == (uid, 2, last, "CANCELLED")


def test_no_record_is_filed_of_what_has_not_begun(call, plan, now, secretariat):
    later = replace(plan, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    meeting = meetings.plan_meeting(call=call, plan=later, actor=secretariat, now=now)
    with pytest.raises(Refused) as refusal:
        meetings.file_record(meeting=meeting, text="Said.", language="en", actor=secretariat, now=now)
    assert refusal.value.code == "meeting-not-begun"


def test_a_cancelled_meeting_says_why_and_leaves_calendars(call, meeting, plan, now, secretariat):
    with pytest.raises(Refused) as refusal:
        meetings.cancel_meeting(meeting=meeting, reason=" ", actor=secretariat, now=now)
    assert refusal.value.code == "reason-missing"
    meetings.cancel_meeting(meeting=meeting, reason="No quorum.", actor=secretariat, now=now)
    kept = meeting_at(call, 1)
    (event,) = Calendar.from_ical(calendar_of(kept, "https://forum.example")).events
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    with pytest.raises(Refused):
        meetings.change_meeting(meeting=meeting, plan=plan, actor=secretariat, now=now)


def test_a_calendar_names_the_zone_of_the_forum_and_both_places(meeting):
    written = calendar_of(meeting, "https://forum.example")
    assert written == calendar_of(meeting, "https://forum.example")
    (event,) = Calendar.from_ical(written).events
    assert event["dtstart"].params["TZID"] == "Europe/Zurich"
    assert event.start == meeting.starts_at
    assert str(event["location"]) == "Room K, https://example.org/join"
    assert str(event["url"]) == "https://forum.example/wsis20/consultation/open-call/meetings/1"


def test_only_the_secretariat_plans_changes_cancels_and_records(call, plan, meeting, now, moderator):
    for refused in (
        lambda: meetings.plan_meeting(call=call, plan=plan, actor=moderator, now=now),
        lambda: meetings.change_meeting(meeting=meeting, plan=plan, actor=moderator, now=now),
        lambda: meetings.cancel_meeting(meeting=meeting, reason="x", actor=moderator, now=now),
        lambda: meetings.file_record(meeting=meeting, text="x", language="en", actor=moderator, now=now),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_number_that_was_never_given_is_not_there(call, meeting):
    with pytest.raises(NotThere):
        meeting_at(call, 2)
