"""What a release changes, session by session."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muntada.programme.rules.timetables import moment_in_words


@dataclass(frozen=True)
class Appearance:
    """How one session stands in a release. A session that was taken out stands there as cancelled."""

    title: str
    room_id: int
    room: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True)
class Standing:
    """How a session stands, how often that changed and when last: what calendars follow."""

    appearance: Appearance
    sequence: int
    changed_at: datetime


class Difference(StrEnum):
    """What a release changes for one session."""

    NEW = "new"
    MOVED = "moved"
    RETITLED = "retitled"
    CANCELLED = "cancelled"
    BACK = "back"


DIFFERENCE_NAMES: Mapping[Difference, Promise] = {
    Difference.NEW: _("New"),
    Difference.MOVED: _("Moved"),
    Difference.RETITLED: _("New title"),
    Difference.CANCELLED: _("Cancelled"),
    Difference.BACK: _("Back in the programme"),
}


@dataclass(frozen=True)
class ChangeInWords:
    """What a release changed for one session."""

    session: str
    title: str
    what: tuple[str, ...]
    before: str
    after: str


def changes_in_words(difference: Mapping[str, Any], zone: ZoneInfo) -> list[ChangeInWords]:
    """Write the stored difference of a release in the language of the page."""
    return [
        ChangeInWords(
            session=one["session"],
            title=one["after"]["title"],
            what=tuple(str(DIFFERENCE_NAMES[Difference(word)]) for word in one["what"]),
            before=_place_in_words(one["before"], zone) if one["before"] else "",
            after="" if Difference.CANCELLED in one["what"] else _place_in_words(one["after"], zone),
        )
        for one in difference.get("changes", [])
    ]


# A new title alone is seen on the page; what follows is told by letter.
TOLD = frozenset({Difference.NEW, Difference.MOVED, Difference.CANCELLED, Difference.BACK})


def told_of(difference: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the changes of a release that are told to those with a part in them."""
    return [one for one in difference.get("changes", []) if TOLD.intersection(one["what"])]


def counts_in_words(difference: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [
        (str(DIFFERENCE_NAMES[Difference(word)]), count)
        for word, count in difference.get("counts", {}).items()
    ]


def _place_in_words(place: Mapping[str, str], zone: ZoneInfo) -> str:
    return f"{moment_in_words(datetime.fromisoformat(place['starts_at']), zone)}, {place['room']}"


@dataclass(frozen=True)
class Coming:
    """A session in the release to come: how it will stand, how it stood, what changes."""

    session_id: int
    standing: Standing
    before: Appearance | None
    changes: tuple[Difference, ...]


def differences(before: Appearance | None, after: Appearance) -> tuple[Difference, ...]:
    """Say what changed for a session from one release to the next; nothing is an answer too."""
    if before is None:
        return (Difference.NEW,)
    if before.is_cancelled != after.is_cancelled:
        return (Difference.CANCELLED,) if after.is_cancelled else (Difference.BACK,)
    if after.is_cancelled:
        return ()
    found = []
    if (before.room, before.starts_at, before.ends_at) != (after.room, after.starts_at, after.ends_at):
        found.append(Difference.MOVED)
    if before.title != after.title:
        found.append(Difference.RETITLED)
    return tuple(found)


def coming(before: Mapping[int, Standing], after: Mapping[int, Appearance], now: datetime) -> list[Coming]:
    """Compare a release with a timetable. A session that is gone stays as cancelled in every later one."""
    wanted = dict(after)
    for session_id, standing in before.items():
        wanted.setdefault(session_id, replace(standing.appearance, is_cancelled=True))
    return [_coming(session_id, before.get(session_id), one, now) for session_id, one in wanted.items()]


def _coming(session_id: int, stood: Standing | None, after: Appearance, now: datetime) -> Coming:
    if stood is None:
        return Coming(session_id, Standing(after, 0, now), None, (Difference.NEW,))
    changes = differences(stood.appearance, after)
    standing = Standing(after, stood.sequence + 1, now) if changes else replace(stood, appearance=after)
    return Coming(session_id, standing, stood.appearance, changes)
