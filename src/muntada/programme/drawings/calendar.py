"""The programme as iCalendar (RFC 5545): the same release gives the same file, byte by byte."""

from collections.abc import Iterable
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from muntada.programme.models import ReleaseEntry

PRODUCT = "-//Muntada//Programme//EN"
# The rules of a zone are written out for a year around the sessions: calendars need no more.
MARGIN = timedelta(days=183)


def calendar(rows: Iterable[ReleaseEntry], *, name: str, zone: ZoneInfo, site: str) -> bytes:
    """Return a calendar with its time zone and one event for each session, the cancelled ones too."""
    entries = list(rows)
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("name", name)
    found.add("x-wr-calname", name)
    found.add("x-wr-timezone", zone.key)
    for entry in entries:
        found.add_component(_event(entry, zone, site))
    if entries:
        found.add_missing_timezones(*_around(entries, zone))
    return bytes(found.to_ical())


def _around(entries: Iterable[ReleaseEntry], zone: ZoneInfo) -> tuple[date, date]:
    days = [entry.starts_at.astimezone(zone).date() for entry in entries]
    return min(days) - MARGIN, max(days) + MARGIN


def _event(entry: ReleaseEntry, zone: ZoneInfo, site: str) -> Event:
    session = entry.session
    event = Event()
    language = {"LANGUAGE": session.language}
    event.add("uid", str(session.uid))
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.title, parameters=language)
    event.add("location", entry.room_name)
    event.add("description", session.description, parameters=language)
    event.add("url", f"{site}{session.get_absolute_url()}")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    return event
