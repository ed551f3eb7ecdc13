"""Meetings of a call: those to come first, and each as an entry of a calendar (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext
from icalendar import Calendar, Event

from muntada.consultation.models import Call, CallMeeting, Contribution, MeetingRecord
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.foundations.languages import language_of
from muntada.record.models import Symbol

PRODUCT = "-//Muntada//Consultation//EN"
# The rules of a zone are written out for a year around the meeting: calendars need no more.
MARGIN = timedelta(days=183)
# No call has as many meetings as these digits can count.
DIGITS = 4


def meetings_of(call: Call) -> list[CallMeeting]:
    """Return all meetings of a call in their order."""
    meetings = list(CallMeeting.objects.filter(call=call))
    for meeting in meetings:
        meeting.call = call
    return meetings


def meetings_to_come(forum: Forum, now: datetime) -> list[CallMeeting]:
    """Return the meetings of all public calls that are still to be held, the next first."""
    meetings = CallMeeting.objects.filter(
        call__forum=forum, call__opened_at__isnull=False, cancelled_at=None, ends_at__gt=now
    )
    return list(meetings.select_related("call__forum"))


def meeting_at(call: Call, number: int) -> CallMeeting:
    found = CallMeeting.objects.select_related("call__forum").filter(call=call, number=number).first()
    if found is None:
        sentence = gettext("There is no meeting of this number. Please choose one from the list.")
        raise NotThere(sentence, "meeting")
    return found


def meeting_named(call: Call, number: str) -> CallMeeting:
    """Return the meeting of a number as an address has it, however long that is."""
    is_number = number.isascii() and number.isdecimal() and len(number) <= DIGITS
    return meeting_at(call, int(number) if is_number else 0)


def said_at(meeting: CallMeeting) -> list[Contribution]:
    """Return the public contributions that were taken in from a meeting."""
    said = Contribution.objects.filter(meeting=meeting, withdrawn_at=None, consent_to_publish=True)
    return list(said.select_related("symbol__forum").order_by("symbol__number"))


def records_of(meeting: CallMeeting) -> list[MeetingRecord]:
    """Return the record of a meeting as it was filed each time, the last first, with what it cites."""
    filed = MeetingRecord.objects.filter(meeting=meeting).order_by("-number")
    return list(filed.prefetch_related("cites__forum"))


def cited_in(symbol: Symbol) -> list[CallMeeting]:
    """Return the public meetings whose record, as it stands, cites something."""
    later = MeetingRecord.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    standing = MeetingRecord.objects.filter(~Exists(later), cites=symbol)
    meetings = CallMeeting.objects.filter(records__in=standing, call__opened_at__isnull=False)
    return list(meetings.select_related("call__forum"))


def provenance_of(meeting: CallMeeting) -> str:
    """Return how a contribution names the meeting it was said in."""
    day = meeting.starts_at.astimezone(meeting.call.forum.timezone).date()
    return f"{meeting.title_here}, {date_format(day, 'DATE_FORMAT')}"


def calendar_of(meeting: CallMeeting, site: str) -> bytes:
    """Return a meeting as a calendar of one event; the same meeting gives the same file."""
    zone = meeting.call.forum.timezone
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    event = Event()
    language = {"LANGUAGE": language_of(meeting.titles)}
    address = f"{site}{meeting.get_absolute_url()}"
    event.add("uid", f"{address.partition('://')[2].replace('/', '-')}@muntada")
    event.add("dtstamp", (meeting.changed_at or meeting.call.prepared_at).astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", meeting.title_here, parameters=language)
    event.add("location", ", ".join(filter(None, (meeting.place, meeting.join_url))))
    event.add("description", meeting.agenda, parameters={"LANGUAGE": meeting.language})
    event.add("url", address)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    found.add_component(event)
    day = meeting.starts_at.astimezone(zone).date()
    found.add_missing_timezones(day - MARGIN, day + MARGIN)
    return bytes(found.to_ical())
