"""A programme that comes in a file: what is wrong in it, which slots it needs, what of it cannot stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext

from muntada.programme.rules.sessions import (
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
FAULTS_SHOWN = 50


class FileState(StrEnum):
    """How far a file is that somebody sent in."""

    LOOKED_AT = "looked"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class FileKind(StrEnum):
    """What a file was recognised as."""

    SCHEDULE_XML = "schedule-xml"
    SCHEDULE_JSON = "schedule-json"
    REQUESTS = "requests"


@dataclass(frozen=True)
class IncomingRoom:
    name: str
    seats: int = 0


@dataclass(frozen=True)
class IncomingSession:
    """A session as a file tells of it. `where` says where in the file, for whoever mends it."""

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
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Incoming:
    """A programme as a file tells of it; `remarks` are what was read otherwise than it stands there."""

    title: str
    rooms: tuple[IncomingRoom, ...]
    sessions: tuple[IncomingSession, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unplaced:
    """A session that is taken in, but cannot stand where the file has it."""

    session: IncomingSession
    reason: str


def faults_in(incoming: Incoming) -> list[str]:
    """Say everything for which the file is refused, each with where it stands."""
    if not incoming.sessions:
        return [gettext("There is no session in this file.")]
    if len(incoming.sessions) > MOST_SESSIONS:
        sentence = gettext("This file has %(count)s sessions, and at most %(limit)s are read at once.")
        return [sentence % {"count": len(incoming.sessions), "limit": MOST_SESSIONS}]
    found = [
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
    sessions: Iterable[IncomingSession], known: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """Return slots in which all these sessions can start, beside those there are, none over another.

    A slot goes on to the next start, or as long as anything runs: what is longer fills the slots after it.
    """
    placed = sorted(sessions, key=lambda session: session.starts_at)
    starts = sorted({session.starts_at for session in placed})
    found, runs_until, at = [], placed[0].starts_at if placed else None, 0
    for number, start in enumerate(starts):
        while at < len(placed) and placed[at].starts_at == start:
            runs_until = max(runs_until or start, placed[at].ends_at)
            at += 1
        end = min(starts[number + 1], runs_until) if number + 1 < len(starts) and runs_until else runs_until
        if end and not any(begin < end and start < stop for begin, stop in known):
            found.append((start, end))
    return found


def parted(
    sessions: Sequence[IncomingSession], starts: Iterable[datetime]
) -> tuple[list[IncomingSession], list[Unplaced]]:
    """Part what can stand where the file has it from what cannot, and say why not."""
    known = set(starts)
    rooms: dict[str, list[IncomingSession]] = defaultdict(list)
    people: dict[str, list[IncomingSession]] = defaultdict(list)
    stands, left = [], []
    for session in sorted(sessions, key=lambda one: (one.starts_at, one.where)):
        reason = _in_the_way(session, known, rooms[session.room.casefold()], people)
        if reason:
            left.append(Unplaced(session, reason))
            continue
        stands.append(session)
        rooms[session.room.casefold()].append(session)
        for name in session.people:
            people[person_key(None, name)].append(session)
    return stands, left


def _in_the_way(
    session: IncomingSession,
    starts: set[datetime],
    in_room: Sequence[IncomingSession],
    people: dict[str, list[IncomingSession]],
) -> str:
    if session.starts_at not in starts:
        return gettext("It starts inside a slot that is there already.")
    for other in in_room:
        if other.ends_at > session.starts_at:
            sentence = gettext("The room %(room)s is taken by “%(title)s” then.")
            return sentence % {"room": session.room, "title": other.title}
    for name in session.people:
        for other in people[person_key(None, name)]:
            if other.ends_at > session.starts_at:
                sentence = gettext("%(name)s is in “%(title)s” then.")
                return sentence % {"name": name, "title": other.title}
    return ""
