"""The programme as schedule JSON, version 1 of c3voc, without cancelled sessions."""

import json
from typing import Any

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
from muntada.programme.exports.exports.schedule_xml import TIMESLOT
from muntada.programme.exports.pages import PrintedDay, days_of
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession
from muntada.programme.sessions.rules import ON_STAGE

MEDIA_TYPE = "application/json"
SCHEMA = "https://c3voc.de/schedule/schema.json"


def schedule_json(programme: ReleasedProgramme, *, language: str, site: str) -> bytes:
    """Return the sessions that take place, by day and room."""
    days = days_of(programme)
    base = f"{site}/{programme.slug}/"
    conference = {
        "acronym": acronym(programme),
        "title": name_of(programme, language),
        "start": days[0].date.isoformat(),
        "end": days[-1].date.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": TIMESLOT,
        **({"time_zone_name": zone_name(programme)} if zone_name(programme) else {}),
        "url": f"{base}programme",
        "rooms": [
            {"name": plain(room.name), "guid": str(room.guid), "description": None, "capacity": room.seats}
            for room in programme.rooms
        ],
        "tracks": [{"name": plain(name)} for name in _tracks(programme)],
        "days": [_day(programme, day, site) for day in days],
    }
    return json.dumps(
        {
            "$schema": SCHEMA,
            "generator": {"name": GENERATOR},
            "schedule": {"version": str(programme.number), "base_url": base, "conference": conference},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def _tracks(programme: ReleasedProgramme) -> list[str]:
    return sorted({session.facts.track for session in programme.held if session.facts.track})


def _day(programme: ReleasedProgramme, day: PrintedDay, site: str) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.starts_at.isoformat(),
        "day_end": day.ends_at.isoformat(),
        "rooms": {
            plain(room.name): [_event(programme, session, site) for session in sessions]
            for room, sessions in day.rooms
        },
    }


def _event(programme: ReleasedProgramme, session: ReleasedSession, site: str) -> dict[str, Any]:
    starts_at = session.starts_at.astimezone(programme.zone)
    facts = session.facts
    return {
        "id": session.number,
        "guid": str(session.uid),
        "date": starts_at.isoformat(),
        "start": f"{starts_at:%H:%M}",
        "duration": clock_length(session.starts_at, session.ends_at),
        "room": plain(programme.room[session.room_id].name),
        "slug": slug_of(programme, session),
        "url": f"{site}{programme.url_of(session)}",
        "title": plain(session.title),
        "subtitle": "",
        "track": plain(facts.track) or None,
        "type": facts.kind,
        "language": language_tag(facts.language),
        "abstract": "",
        "description": plain(facts.description),
        "persons": [
            {"guid": one.guid, "name": plain(one.name)} for one in facts.people if one.part in ON_STAGE
        ],
        "links": [],
        "attachments": [],
    }
