"""The programme as a table with a row per session, including cancelled ones."""

from collections.abc import Iterator

from muntada.foundations.sheets import SpreadsheetRow
from muntada.programme.exports.exports.format_names import language_tag
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession
from muntada.programme.sessions.rules import SessionRole

_PARTS = {
    "speakers": SessionRole.SPEAKER,
    "moderators": SessionRole.MODERATOR,
    "organisers": SessionRole.ORGANISER,
}
COLUMNS = (
    *("symbol", "title", "language", "kind", "track", "date", "starts", "ends", "time_zone", "starts_at"),
    *("ends_at", "room", "seats", "online_only", "lines", "goals", *_PARTS, "status", "changed_at"),
    *("description", "url", "uid"),
)


def rows_of(programme: ReleasedProgramme, site: str) -> Iterator[SpreadsheetRow]:
    """Yield a row per session; times are in the forum's zone, named in a column."""
    for session in programme.sessions:
        yield _row(programme, session, site)


def _row(programme: ReleasedProgramme, session: ReleasedSession, site: str) -> SpreadsheetRow:
    starts_at, ends_at = (one.astimezone(programme.zone) for one in (session.starts_at, session.ends_at))
    facts, room = session.facts, programme.room[session.room_id]
    return {
        "symbol": f"{programme.prefix}/{session.symbol}",
        "title": session.title,
        "language": language_tag(facts.language),
        "kind": facts.kind,
        "track": facts.track,
        "date": starts_at.date(),
        "starts": starts_at.time(),
        "ends": ends_at.time(),
        "time_zone": programme.zone.key,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "room": room.name,
        "seats": room.seats,
        "online_only": room.is_online_only,
        "lines": facts.lines,
        "goals": facts.goals,
        **{column: [one.name for one in facts.people if one.part == part] for column, part in _PARTS.items()},
        "status": "cancelled" if session.is_cancelled else "confirmed",
        "changed_at": session.changed_at.astimezone(programme.zone),
        "description": facts.description,
        "url": f"{site}{programme.url_of(session)}",
        "uid": str(session.uid),
    }
