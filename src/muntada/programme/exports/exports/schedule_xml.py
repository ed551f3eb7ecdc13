"""The programme as schedule XML for conference apps (media type of IANA and c3voc).

Cancelled sessions are left out, because the format cannot express them.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from muntada.programme.exports.exports.format_names import (
    GENERATOR,
    acronym,
    clock_length,
    language_tag,
    name_of,
    plain,
    slug_of,
    zone_name,
)
from muntada.programme.exports.pages import PrintedDay, days_of
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedRoom, ReleasedSession
from muntada.programme.sessions.rules import ON_STAGE

MEDIA_TYPE = "application/vnd.c3voc.schedule+xml"
TIMESLOT = "00:15"


def schedule_xml(programme: ReleasedProgramme, *, language: str, site: str) -> bytes:
    """Return the sessions that take place, by day and room."""
    days = days_of(programme)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<schedule>\n',
        f"<generator name={quoteattr(GENERATOR)}/>\n",
        _element("version", str(programme.number)),
        "<conference>\n",
        _element("title", name_of(programme, language)),
        _element("acronym", acronym(programme)),
        _element("start", days[0].date.isoformat()),
        _element("end", days[-1].date.isoformat()),
        _element("days", str(len(days))),
        _element("timeslot_duration", TIMESLOT),
        _element("base_url", f"{site}/{programme.slug}/"),
        _element("time_zone_name", zone_name(programme)) if zone_name(programme) else "",
        "</conference>\n",
    ]
    for day in days:
        parts += _day(programme, day, site)
    parts.append("</schedule>\n")
    return "".join(parts).encode()


def _day(programme: ReleasedProgramme, day: PrintedDay, site: str) -> Iterator[str]:
    yield (
        f'<day index="{day.index}" date="{day.date.isoformat()}"'
        f' start="{day.starts_at.isoformat()}" end="{day.ends_at.isoformat()}">\n'
    )
    for room, sessions in day.rooms:
        yield f"<room name={quoteattr(plain(room.name))}>\n"
        for session in sessions:
            yield _event(programme, room, session, site)
        yield "</room>\n"
    yield "</day>\n"


def _event(programme: ReleasedProgramme, room: ReleasedRoom, session: ReleasedSession, site: str) -> str:
    starts_at = session.starts_at.astimezone(programme.zone)
    facts = session.facts
    persons = "".join(_element("person", one.name) for one in facts.people if one.part in ON_STAGE)
    return "".join(
        (
            f'<event id="{session.number}" guid="{session.uid}">\n',
            _element("date", starts_at.isoformat()),
            _element("start", f"{starts_at:%H:%M}"),
            _element("duration", clock_length(session.starts_at, session.ends_at)),
            _element("room", room.name),
            _element("slug", slug_of(programme, session)),
            _element("url", f"{site}{programme.url_of(session)}"),
            _element("title", session.title),
            _element("subtitle", ""),
            _element("track", facts.track),
            _element("type", facts.kind),
            _element("language", language_tag(facts.language)),
            _element("abstract", ""),
            _element("description", facts.description),
            f"<persons>\n{persons}</persons>\n<links/>\n</event>\n",
        )
    )


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(plain(text))}</{name}>\n"
