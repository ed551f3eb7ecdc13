"""The programme as iCalendar (RFC 5545, 7986); equal releases give equal bytes.

Lines are written directly, because hundreds of events must be ready in milliseconds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zlib import crc32
from zoneinfo import ZoneInfo

from muntada.programme.exports.exports.clock_changes import zone_rules
from muntada.programme.exports.exports.format_names import language_tag, plain
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession
from muntada.programme.sessions.rules import ON_STAGE

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Muntada//Programme//EN"
# The suggested interval for subscribed calendars.
REFRESH = "PT1H"
# Time zone rules cover a year around the sessions.
MARGIN = timedelta(days=183)
LONGEST_LINE = 75
# CSS 3 colour names, readable on white and black.
COLOURS = (
    *("crimson", "orangered", "darkorange", "goldenrod", "olive", "yellowgreen", "forestgreen", "seagreen"),
    *("teal", "darkturquoise", "steelblue", "dodgerblue", "royalblue", "slateblue", "mediumpurple"),
    *("darkorchid", "mediumvioletred", "hotpink", "indianred", "sienna", "peru", "rosybrown", "slategray"),
)
# UTF-8 continuation bytes.
_INSIDE_A_LETTER = range(0x80, 0xC0)
_ESCAPED = re.compile(r"[\\;,\n]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Heading:
    """Name, language, time and source of a calendar."""

    name: str
    changed_at: datetime
    language: str
    url: str
    source: str


def calendar(
    programme: ReleasedProgramme, sessions: Sequence[ReleasedSession], heading: Heading, site: str
) -> bytes:
    """Return a calendar with its time zone and these sessions, including cancelled ones."""
    return b"".join(_lines(programme, sessions, heading, site))


def _lines(
    programme: ReleasedProgramme, sessions: Sequence[ReleasedSession], heading: Heading, site: str
) -> Iterator[bytes]:
    language = language_tag(heading.language)
    yield _folded("BEGIN:VCALENDAR")
    yield _folded("VERSION:2.0")
    yield _folded(f"PRODID:{PRODUCT}")
    yield _folded("CALSCALE:GREGORIAN")
    yield _folded("METHOD:PUBLISH")
    yield _folded(f"UID:{uuid5(NAMESPACE_URL, heading.source)}")
    yield _folded(f"LAST-MODIFIED:{_moment(heading.changed_at)}")
    yield _folded(f"NAME;LANGUAGE={language}:{_text(heading.name)}")
    yield _folded(f"X-WR-CALNAME;LANGUAGE={language}:{_text(heading.name)}")
    yield _folded(f"X-WR-TIMEZONE:{programme.zone.key}")
    yield _folded(f"URL:{heading.url}")
    yield _folded(f"SOURCE;VALUE=URI:{heading.source}")
    yield _folded(f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}")
    yield _folded(f"X-PUBLISHED-TTL:{REFRESH}")
    if sessions and not _is_utc(programme.zone):
        begin = min(session.starts_at for session in sessions) - MARGIN
        end = max(session.ends_at for session in sessions) + MARGIN
        yield from map(_folded, zone_rules(programme.zone, begin, end))
    for session in sessions:
        yield _event(programme, session, site)
    yield _folded("END:VCALENDAR")


def _event(programme: ReleasedProgramme, session: ReleasedSession, site: str) -> bytes:
    facts, zone = session.facts, programme.zone
    language = language_tag(facts.language)
    changed = _moment(session.changed_at)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{session.uid}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{session.sequence}",
        f"DTSTART{_local(session.starts_at, zone)}",
        f"DTEND{_local(session.ends_at, zone)}",
        f"SUMMARY;LANGUAGE={language}:{_text(session.title)}",
        f"LOCATION:{_text(session.room)}",
    ]
    description = _description(session)
    if description:
        lines.append(f"DESCRIPTION;LANGUAGE={language}:{_text(description)}")
    categories = [one for one in (facts.track, facts.kind, *facts.lines) if one]
    if categories:
        lines.append(f"CATEGORIES:{','.join(map(_text, categories))}")
    if facts.track:
        lines.append(f"COLOR:{colour_of(facts.track)}")
    if session.is_cancelled and facts.cancelled_reason:
        lines.append(f"COMMENT:{_text(facts.cancelled_reason)}")
    lines += [
        f"URL:{site}{programme.url_of(session)}",
        f"STATUS:{'CANCELLED' if session.is_cancelled else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if session.is_cancelled else 'OPAQUE'}",
        "END:VEVENT",
    ]
    return b"".join(map(_folded, lines))


def colour_of(track: str) -> str:
    """Return a stable colour for a track (RFC 7986, 5.9).

    Two tracks may share a colour; CATEGORIES distinguishes them.
    """
    return COLOURS[crc32(" ".join(track.casefold().split()).encode()) % len(COLOURS)]


def _description(session: ReleasedSession) -> str:
    """Return the description with speakers; an ATTENDEE would need an address."""
    names = ", ".join(one.name for one in session.facts.people if one.part in ON_STAGE)
    return "\n\n".join(part for part in (session.facts.description.strip(), names) if part)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    """Format a moment in local time; an ambiguous hour means its first occurrence (RFC 5545)."""
    local = moment.astimezone(zone)
    if local.fold or _is_utc(zone):
        return f":{_moment(moment)}"
    return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"


def _is_utc(zone: ZoneInfo) -> bool:
    return zone.key in {"UTC", "Etc/UTC"}


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Escape a text."""
    return _ESCAPED.sub(
        lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", _UNSEEN.sub("", plain(text))
    )


def _folded(line: str) -> bytes:
    """Fold a line at 75 bytes, never inside a character."""
    written = line.encode(errors="replace")
    if len(written) <= LONGEST_LINE:
        return written + b"\r\n"
    parts, begin, room = [], 0, LONGEST_LINE
    while len(written) - begin > room:
        end = begin + room
        while written[end] in _INSIDE_A_LETTER:
            end -= 1
        parts.append(written[begin:end])
        begin, room = end, LONGEST_LINE - 1
    parts.append(written[begin:])
    return b"\r\n ".join(parts) + b"\r\n"
