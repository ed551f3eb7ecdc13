"""The programme as JSON-LD with schema.org terms, for search engines."""

import json
from typing import Any

from muntada.foundations.languages import in_language
from muntada.programme.exports.exports.format_names import language_tag, name_of, plain
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedRoom, ReleasedSession
from muntada.programme.sessions.rules import ON_STAGE, Service, SessionRole

MEDIA_TYPE = "application/ld+json"
_SCHEMA = "https://schema.org/"


def programme_jsonld(programme: ReleasedProgramme, *, language: str, site: str) -> bytes:
    """Return the forum as an event with its sessions as sub-events."""
    rooms = [programme.room[one.room_id] for one in programme.held]
    whole = {
        "@context": _SCHEMA,
        **_forum(programme, language, site),
        "inLanguage": [language_tag(one) for one in programme.languages],
        "eventAttendanceMode": _mode({_is_online(room) for room in rooms}),
        "eventStatus": f"{_SCHEMA}EventScheduled",
        "location": [_place(programme, language), {"@type": "VirtualLocation", "url": _url(programme, site)}],
        "subEvent": [_event(programme, one, language, site) for one in programme.sessions],
    }
    return _written(whole)


def session_jsonld(
    programme: ReleasedProgramme, session: ReleasedSession, *, language: str, site: str
) -> bytes:
    """Return one session as an event."""
    event = _event(programme, session, language, site) | {"superEvent": _forum(programme, language, site)}
    return _written({"@context": _SCHEMA, **event})


def _forum(programme: ReleasedProgramme, language: str, site: str) -> dict[str, Any]:
    return {
        "@type": "Event",
        "@id": f"{site}/{programme.slug}",
        "url": f"{site}/{programme.slug}",
        "name": name_of(programme, language),
        "startDate": programme.starts_date.isoformat(),
        "endDate": programme.ends_date.isoformat(),
    }


def _event(
    programme: ReleasedProgramme, session: ReleasedSession, language: str, site: str
) -> dict[str, Any]:
    facts, room = session.facts, programme.room[session.room_id]
    url = f"{site}{programme.url_of(session)}"
    tags = [language_tag(one) for one in facts.languages]
    people = {
        "performer": [_person(one.name) for one in facts.people if one.part in ON_STAGE],
        "organizer": [_person(one.name) for one in facts.people if one.part == SessionRole.ORGANISER],
    }
    status = "EventCancelled" if session.is_cancelled else "EventScheduled"
    return {
        "@type": "Event",
        "@id": url,
        "url": url,
        "identifier": str(session.uid),
        "name": plain(session.title),
        **({"description": plain(facts.description)} if facts.description else {}),
        "inLanguage": tags[0] if len(tags) == 1 else tags,
        "startDate": session.starts_at.astimezone(programme.zone).isoformat(),
        "endDate": session.ends_at.astimezone(programme.zone).isoformat(),
        "eventStatus": f"{_SCHEMA}{status}",
        "eventAttendanceMode": _mode({_is_online(room)}),
        "location": _where(programme, room, url, language),
        **{key: found for key, found in people.items() if found},
        **({"keywords": [*facts.lines, *facts.goals]} if facts.lines or facts.goals else {}),
    }


def _where(programme: ReleasedProgramme, room: ReleasedRoom, url: str, language: str) -> list[dict[str, Any]]:
    virtual = {"@type": "VirtualLocation", "name": plain(room.name), "url": url}
    if room.is_online_only:
        return [virtual]
    place = {
        "@type": "Place",
        "name": plain(room.name),
        "maximumAttendeeCapacity": room.seats,
        "containedInPlace": _place(programme, language),
    }
    return [place, virtual] if _is_online(room) is None else [place]


def _is_online(room: ReleasedRoom) -> bool | None:
    """Return whether a room is online or on site; None for both."""
    if room.is_online_only:
        return True
    return None if Service.HYBRID in room.services else False


def _mode(found: set[bool | None]) -> str:
    word = "Online" if found == {True} else "Offline" if found == {False} else "Mixed"
    return f"{_SCHEMA}{word}EventAttendanceMode"


def _place(programme: ReleasedProgramme, language: str) -> dict[str, Any]:
    name = plain(in_language(programme.places, language)) or name_of(programme, language)
    return {"@type": "Place", "name": name, "address": name}


def _url(programme: ReleasedProgramme, site: str) -> str:
    return f"{site}/{programme.slug}/programme"


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": plain(name)}


def _written(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
