"""Rules of imported programmes: faults, needed slots, conflicts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext

from muntada.programme.sessions.rules import (
    LONGEST_MINUTES,
    NAME_LENGTH,
    SHORTEST_MINUTES,
    TITLE_LENGTH,
    TRACK_LENGTH,
    person_key,
)

MOST_SESSIONS = 5_000
LONGEST_TEXT = 50_000
ROOM_NAME_LENGTH = 80


class FileKind(StrEnum):
    """The kind of a file."""

    SCHEDULE_XML = "schedule-xml"
    SCHEDULE_JSON = "schedule-json"
    REQUESTS = "requests"


@dataclass(frozen=True)
class ImportFault:
    """A fault: with row and column in a table, otherwise in the sentence."""

    sentence: str
    row: int | None = None
    column: str = ""


@dataclass(frozen=True)
class IncomingRoom:
    name: str
    seats: int = 0


@dataclass(frozen=True)
class IncomingSession:
    """A session in a file; `where` is its position."""

    where: str
    uid: UUID
    title: str
    description: str
    language: str
    kind: str
    track: str
    people: tuple[str, ...]
    room: str
    starts_at: datetime
    minutes: int

    @property
    def period(self) -> tuple[datetime, datetime]:
        """Return its start and end."""
        return self.starts_at, self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Incoming:
    """A programme in a file.

    `remarks` are deviations from the file, `faults` what cannot be read.
    """

    title: str
    rooms: tuple[IncomingRoom, ...]
    sessions: tuple[IncomingSession, ...]
    remarks: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnplacedImport:
    """An imported session that cannot keep its place."""

    session: IncomingSession
    reason: str


def faults_in(incoming: Incoming) -> list[str]:
    """Return all faults of a file with their positions."""
    if not incoming.sessions and not incoming.faults:
        return [gettext("There is no session in this file.")]
    if len(incoming.sessions) > MOST_SESSIONS:
        sentence = gettext("This file has %(count)s sessions, and at most %(limit)s are read at once.")
        return [sentence % {"count": len(incoming.sessions), "limit": MOST_SESSIONS}]
    found = list(incoming.faults)
    found += [
        f"{session.where}: {sentence}" for session in incoming.sessions for sentence in _faults_of(session)
    ]
    found += _doubles(incoming.sessions)
    found += [
        gettext("The name of a room is longer than %(limit)s characters: %(name)s")
        % {"limit": ROOM_NAME_LENGTH, "name": f"{room.name[:40]}…"}
        for room in incoming.rooms
        if len(room.name) > ROOM_NAME_LENGTH
    ]
    return found


def _faults_of(session: IncomingSession) -> Iterable[str]:
    if not session.title:
        yield gettext("There is no title.")
    if not session.room:
        yield gettext("There is no room.")
    lengths = (
        (session.title, TITLE_LENGTH),
        (session.track, TRACK_LENGTH),
        (session.description, LONGEST_TEXT),
    )
    for text, limit in (*lengths, *((name, NAME_LENGTH) for name in session.people)):
        if len(text) > limit:
            sentence = gettext("“%(text)s” is longer than %(limit)s characters.")
            yield sentence % {"text": f"{text[:40]}…", "limit": limit}
    if not SHORTEST_MINUTES <= session.minutes <= LONGEST_MINUTES:
        sentence = gettext("It lasts %(minutes)s minutes; sessions last from %(least)s to %(most)s.")
        yield sentence % {"minutes": session.minutes, "least": SHORTEST_MINUTES, "most": LONGEST_MINUTES}


def _doubles(sessions: Sequence[IncomingSession]) -> Iterable[str]:
    first: dict[UUID, IncomingSession] = {}
    for session in sessions:
        known = first.setdefault(session.uid, session)
        if known is not session:
            sentence = gettext("%(here)s has the same guid as %(there)s. Each session needs its own.")
            yield sentence % {"here": session.where, "there": known.where}


def slots_needed(
    periods: Iterable[tuple[datetime, datetime]], known: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """Return new slots in which all sessions of these periods can start.

    Slots do not overlap: each lasts until the next start or the end of all sessions; longer sessions
    fill several.
    """
    held = sorted(set(periods))
    starts = sorted({start for start, _ in held})
    found = []
    for number, start in enumerate(starts):
        runs_until = max(end for begin, end in held if begin <= start)
        end = min(runs_until, *starts[number + 1 : number + 2], runs_until)
        if end > start and not any(begin < end and start < stop for begin, stop in known):
            found.append((start, end))
    return found


class _Held:
    """Occupied times by room and person."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[IncomingSession]] = defaultdict(list)

    def put(self, session: IncomingSession) -> None:
        for key, _ in self._keys(session):
            self._by_key[key].append(session)

    def in_the_way(self, session: IncomingSession) -> str:
        start, _ = session.period
        for key, name in self._keys(session):
            for other in self._by_key[key]:
                if other.period[1] > start:
                    return _taken(name, other, is_room=key.startswith("room:"))
        return ""

    @staticmethod
    def _keys(session: IncomingSession) -> Iterable[tuple[str, str]]:
        yield f"room:{session.room.casefold()}", session.room
        for name in session.people:
            yield person_key(None, name), name


def _taken(name: str, other: IncomingSession, *, is_room: bool) -> str:
    params = {"name": name, "title": other.title}
    if is_room:
        return gettext("The room %(name)s is taken by “%(title)s” then.") % params
    return gettext("%(name)s is in “%(title)s” then.") % params


def parted(
    sessions: Sequence[IncomingSession], starts: Iterable[datetime]
) -> tuple[list[IncomingSession], list[UnplacedImport]]:
    """Part what can stand where the file has it from what cannot, and say why not."""
    known = set(starts)
    held = _Held()
    stands = []
    left = []
    for session in sorted(sessions, key=lambda one: (one.starts_at, one.where)):
        is_inside = session.starts_at not in known
        reason = (
            gettext("It starts inside a slot that is there already.")
            if is_inside
            else held.in_the_way(session)
        )
        if reason:
            left.append(UnplacedImport(session, reason))
        else:
            stands.append(session)
            held.put(session)
    return stands, left
