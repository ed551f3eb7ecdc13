"""What is released, and what the next release would change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from muntada.forums.models import Forum, Goal, Line
from muntada.foundations.errors import NotThere
from muntada.foundations.stored import read_stored
from muntada.people.models import Person
from muntada.programme.releases.models import ReleaseLetter
from muntada.programme.releases.rules import (
    ChangeCounts,
    NamedPerson,
    NewRelease,
    Picked,
    ReleaseChanges,
    ReleasedFacts,
    SessionChange,
    coming,
    person_guid,
    told_of,
)
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries.merging import originals_of
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.timetable.models import Release, ReleaseEntry, Timetable
from muntada.programme.timetable.queries import last_release, placements_of
from muntada.programme.timetable.rules import Appearance, ReleasedState
from muntada.record.rules import SymbolKind, address

_COLUMNS = (
    *("session__uid", "session__symbol__number", "room_id", "title", "room_name", "starts_at", "ends_at"),
    *("is_cancelled", "sequence", "changed_at", "facts"),
)
_FIELDS = (
    *("uid", "number", "room_id", "title", "room", "starts_at", "ends_at"),
    *("is_cancelled", "sequence", "changed_at"),
)

# A release is as it is since it was published, or since a name was withdrawn from it.
_CHANGED = Coalesce("revised_at", "published_at")


def topic_of_programme(forum: Forum) -> str:
    """Return the live topic on which a release, or what else changes the public programme, is announced."""
    return f"{forum.slug}-programme"


def releases_of(forum: Forum) -> QuerySet[Release]:
    return Release.objects.filter(forum=forum).select_related("timetable").order_by("-number")


def standings(release: Release | None) -> dict[int, ReleasedState]:
    """Return how each session stands in a release."""
    return {entry.session_id: entry.standing for entry in ReleaseEntry.objects.filter(release=release)}


def appearances(timetable: Timetable) -> dict[int, Appearance]:
    """Return how each session would stand if this timetable were released; cancelled ones would not."""
    return {
        one.session_id: Appearance(
            one.session.title, one.room_id, one.room.name, one.period.lower, one.period.upper
        )
        for one in placements_of(timetable)
        if one.session.cancelled_at is None
    }


def release_to_come(timetable: Timetable, now: datetime) -> list[NewRelease]:
    """Return what releasing this timetable would make public, session by session."""
    release = last_release(timetable.forum)
    before = standings(release) if release else {}
    return coming(before, appearances(timetable), now)


@dataclass(frozen=True)
class Affected:
    """Who is told: people with an account, and speakers who said yes by a link and have none."""

    people: list[Person]
    speakers: list[RequestSpeaker]

    @property
    def count(self) -> int:
        return len(self.people) + len(self.speakers)


def changes_of(release: Release) -> ReleaseChanges:
    """Return all that a release changed."""
    return read_stored(ReleaseChanges, release.difference)


def counts_of(release: Release) -> ChangeCounts:
    """Return how much a release changed, for lists."""
    return read_stored(ChangeCounts, release.difference)


def affected_by(forum: Forum, changes: Iterable[SessionChange]) -> Affected:
    """Return those with a part in what changes, each address once; invented people get no letter."""
    numbers = [int(one.session.partition("/")[2]) for one in told_of(changes)]
    taking_part = SessionPerson.objects.filter(session__forum=forum, session__symbol__number__in=numbers)
    people = list(
        Person.objects.filter(pk__in=taking_part.values("person"), is_active=True, is_invented=False)
        .exclude(email="")
        .order_by("pk")
    )
    keys = set(taking_part.filter(person=None).values_list("key", flat=True))
    return Affected(people, _without_account(forum, keys, {one.email.lower() for one in people}))


def _without_account(forum: Forum, keys: Collection[str], told: Collection[str]) -> list[RequestSpeaker]:
    if not keys:
        return []
    accepted = SessionRequest.objects.filter(forum=forum, session__isnull=False).exclude(
        author__is_invented=True
    )
    said_yes = RequestSpeaker.objects.filter(
        request__in=originals_of(accepted), answer=SpeakerAnswer.YES, person=None
    ).exclude(email="")
    found: dict[str, RequestSpeaker] = {}
    for speaker in said_yes.order_by("pk"):
        if speaker.key in keys and speaker.email.lower() not in told:
            found.setdefault(speaker.email.lower(), speaker)
    return list(found.values())


def changes_for(letter: ReleaseLetter) -> list[SessionChange]:
    """Return the changes that the reader of a letter is told of."""
    taking_part = SessionPerson.objects.filter(session__forum=letter.release.forum)
    if letter.person is not None:
        mine = taking_part.filter(person=letter.person)
    else:
        mine = taking_part.filter(person=None, key=letter.speaker.key if letter.speaker else "")
    symbols = {
        f"{SymbolKind.SESSION}/{number}" for number in mine.values_list("session__symbol__number", flat=True)
    }
    return [one for one in told_of(changes_of(letter.release).changes) if one.session in symbols]


def letter_to_send(letter_id: int) -> ReleaseLetter | None:
    """Take a letter that was not sent yet; whoever asks for the same at the same time waits for it."""
    return (
        ReleaseLetter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("release__forum", "person", "speaker")
        .filter(pk=letter_id, sent_at=None)
        .first()
    )


@dataclass(frozen=True)
class ReleaseRef:
    """Which release is asked for and since when it is as it is: enough to say that nobody needs it anew."""

    number: int
    changed_at: datetime


@dataclass(frozen=True)
class ReleaseNews:
    """A release as a feed tells of it."""

    number: int
    published_at: datetime
    notes: Mapping[str, str]
    difference: ReleaseChanges


@dataclass(frozen=True)
class ReleasedRoom:
    """A room in which a released programme meets."""

    pk: int
    name: str
    guid: UUID
    seats: int
    is_online_only: bool
    services: tuple[str, ...]


@dataclass(frozen=True)
class ReleasedSession:
    """A session as a release shows it. Moments are aware; `changed_at` is that of its last change."""

    uid: UUID
    number: int
    room_id: int
    title: str
    room: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    sequence: int
    changed_at: datetime
    facts: ReleasedFacts

    @property
    def symbol(self) -> str:
        return f"{SymbolKind.SESSION}/{self.number}"


@dataclass(frozen=True)
class ReleasedProgramme:
    """One release, whole: what every export is drawn from."""

    slug: str
    prefix: str
    names: Mapping[str, str]
    places: Mapping[str, str]
    zone: ZoneInfo
    languages: tuple[str, ...]
    has_invented_content: bool
    starts_date: date
    ends_date: date
    number: int
    published_at: datetime
    rooms: tuple[ReleasedRoom, ...]
    sessions: tuple[ReleasedSession, ...]

    @cached_property
    def room(self) -> Mapping[int, ReleasedRoom]:
        return {room.pk: room for room in self.rooms}

    @property
    def held(self) -> tuple[ReleasedSession, ...]:
        """Return the sessions that take place."""
        return tuple(session for session in self.sessions if not session.is_cancelled)

    def url_of(self, session: ReleasedSession) -> str:
        """Return the address of a session below that of the site."""
        return address(self.slug, SymbolKind.SESSION, session.number)


def programme_of(forum: Forum, ref: ReleaseRef, *, session: int | None = None) -> ReleasedProgramme:
    """Read a release whole, in two queries or, where it was read before, in one; or one session of it."""
    if session is None:
        sessions = _sessions_read(forum.pk, ref)
    else:
        sessions = _sessions(_entries(forum.pk, ref).filter(session__symbol__number=session))
    used = {session.room_id: session.room for session in sessions}
    rooms = forum.rooms.filter(pk__in=used).order_by("position", "pk")
    return ReleasedProgramme(
        slug=forum.slug,
        prefix=forum.prefix,
        names=forum.names,
        places=forum.places,
        zone=forum.timezone,
        languages=tuple(forum.languages),
        has_invented_content=forum.has_invented_content,
        starts_date=forum.starts_date,
        ends_date=forum.ends_date,
        number=ref.number,
        published_at=ref.changed_at,
        rooms=tuple(
            ReleasedRoom(pk, used[pk], _room_guid(forum.slug, pk), seats, is_online_only, tuple(services))
            for pk, seats, is_online_only, services in rooms.values_list(
                "pk", "seats", "is_online_only", "services"
            )
        ),
        sessions=sessions,
    )


# What such a reference names never changes, so what was read of it holds; the last few are enough.
@lru_cache(maxsize=6)
def _sessions_read(forum_pk: int, ref: ReleaseRef) -> tuple[ReleasedSession, ...]:
    return _sessions(_entries(forum_pk, ref))


def _sessions(rows: QuerySet[ReleaseEntry]) -> tuple[ReleasedSession, ...]:
    ordered = rows.order_by("starts_at", "room__position", "session_id")
    return tuple(_session(row) for row in ordered.values_list(*_COLUMNS))


def _entries(forum_pk: int, ref: ReleaseRef) -> QuerySet[ReleaseEntry]:
    return ReleaseEntry.objects.filter(release__forum=forum_pk, release__number=ref.number)


def sessions_picked(programme: ReleasedProgramme, picked: Picked) -> tuple[ReleasedSession, ...]:
    """Return the sessions that are asked for; one that is not in this release is not there."""
    if picked.room is not None and picked.room not in programme.room:
        raise NotThere(gettext("This room is not in the published programme."), "room")
    return tuple(
        one
        for one in programme.sessions
        if (not picked.numbers or one.number in picked.numbers)
        and picked.room in {None, one.room_id}
        and (not picked.line or picked.line in one.facts.lines)
        and picked.language in {"", *one.facts.languages}
        and picked.kind in {"", one.facts.kind}
    )


def session_ref(forum: Forum, ref: ReleaseRef, number: int) -> ReleaseRef | None:
    """Return when a session of a release last changed, by one small query; nothing where it is not in it."""
    found = _entries(forum.pk, ref).filter(session__symbol__number=number)
    changed_at = found.values_list("changed_at", flat=True).first()
    return ReleaseRef(ref.number, changed_at) if changed_at else None


def last_releases(forum: Forum, most: int = 20) -> list[ReleaseNews]:
    """Return the newest releases and what each changed."""
    rows = Release.objects.filter(forum=forum).order_by("-number")[:most]
    return [
        ReleaseNews(number, published_at, notes, read_stored(ReleaseChanges, difference))
        for number, published_at, notes, difference in rows.values_list(
            "number", "published_at", "notes", "difference"
        )
    ]


def _session(row: Sequence[Any]) -> ReleasedSession:
    *columns, facts = row
    return ReleasedSession(
        **dict(zip(_FIELDS, columns, strict=True)), facts=read_stored(ReleasedFacts, facts)
    )


def _room_guid(slug: str, pk: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"muntada:{slug}:room:{pk}")


def release_ref(forum: Forum, number: int | None = None) -> ReleaseRef | None:
    """Return the last release of a forum, or the one of this number, by one small query."""
    found = Release.objects.filter(forum=forum)
    if number is not None:
        found = found.filter(number=number)
    row = found.order_by("-number").values_list("number", _CHANGED).first()
    return ReleaseRef(*row) if row else None


def earlier_releases(forum: Forum, ref: ReleaseRef) -> list[ReleaseRef]:
    """Return the releases before one, the newest first."""
    rows = Release.objects.filter(forum=forum, number__lt=ref.number).order_by("-number")
    return [ReleaseRef(*row) for row in rows.values_list("number", _CHANGED)]


def rooms_in(forum: Forum, ref: ReleaseRef) -> list[tuple[int, str]]:
    """Return the rooms of a release by the names they had."""
    rows = _entries(forum.pk, ref).order_by("room__position", "room_id").values_list("room_id", "room_name")
    return list(dict(rows).items())


def facts_of(forum: Forum) -> dict[int, ReleasedFacts]:
    """Return what is said of each session of a forum today, in five queries."""
    people: dict[int, list[NamedPerson]] = defaultdict(list)
    for one in SessionPerson.objects.filter(session__forum=forum, is_shown=True):
        people[one.session_id].append(NamedPerson(one.name, one.part, person_guid(forum.slug, one.key)))
    lines, goals = _codes(Line.objects.all(), forum), _codes(Goal.objects.all(), forum)
    spoken: dict[int, set[str]] = defaultdict(set)
    requests = SessionRequest.objects.filter(session__forum=forum)
    for session_id, languages in requests.values_list("session_id", "spoken"):
        spoken[session_id].update(languages)
    return {
        session.pk: ReleasedFacts(
            description=session.description,
            language=session.language,
            kind=session.kind,
            track=session.track,
            lines=tuple(lines[session.pk]),
            goals=tuple(goals[session.pk]),
            people=tuple(people[session.pk]),
            cancelled_reason=session.cancelled_reason,
            spoken=tuple(sorted(spoken[session.pk])),
        )
        for session in Session.objects.filter(forum=forum)
    }


def _codes(rows: QuerySet[Line] | QuerySet[Goal], forum: Forum) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    pairs = rows.filter(sessions__forum=forum).annotate(session=F("sessions")).order_by("position")
    for session_id, code in pairs.values_list("session", "code"):
        found[session_id].append(code)
    return found


def key_of(release_id: int, language: str) -> str:
    """Return the key of the jobs that make the book of a release in a language."""
    return f"programme.book:{release_id}:{language}"
