"""The public programme: what the last release shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from muntada.forums.models import Forum, Line
from muntada.foundations.languages import direction
from muntada.programme.models import (
    Release,
    ReleaseEntry,
    Session,
    SessionPerson,
    SessionRequest,
)
from muntada.programme.rules.sessions import SESSION_KIND_NAMES, SessionKind
from muntada.record.rules import Kind, address


@dataclass(frozen=True)
class PersonLine:
    """Somebody with a part in a session."""

    name: str
    part: str
    part_name: str
    is_confirmed: bool


@dataclass(frozen=True)
class RequestLine:
    """A session request where a page says what a session came from."""

    symbol: str
    title: str
    url: str
    language: str
    direction: str
    organisation: str


@dataclass(frozen=True)
class LineName:
    code: str
    title: str


@dataclass(frozen=True)
class SessionDetail:
    """What the programme knows of a session: when, where, who, and which requests it brings together.

    Times and room are those of the last release, and empty for a session that stands in none.
    """

    symbol: str
    title: str
    language: str
    direction: str
    description: str
    kind: str
    kind_name: str
    minutes: int
    starts_at: datetime | None
    ends_at: datetime | None
    room: str
    room_services: tuple[str, ...]
    is_online_only: bool
    is_cancelled: bool
    cancelled_reason: str
    people: tuple[PersonLine, ...]
    requests: tuple[RequestLine, ...]
    lines: tuple[LineName, ...]
    goals: tuple[LineName, ...]
    url: str
    calendar_url: str
    is_invented: bool


@dataclass(frozen=True)
class ProgrammeEntry:
    """One session in the public programme."""

    symbol: str
    title: str
    language: str
    direction: str
    url: str
    kind: str
    kind_name: str
    room_id: int
    room_position: int
    room: str
    starts_at: datetime
    ends_at: datetime
    lines: tuple[LineName, ...]
    requests: tuple[RequestLine, ...]
    is_cancelled: bool
    is_invented: bool


@dataclass(frozen=True)
class Wanted:
    """What somebody asks of the programme to show; empty means everything."""

    day: str = ""
    room: str = ""
    line: str = ""
    kind: str = ""
    language: str = ""

    @property
    def is_narrow(self) -> bool:
        return any((self.room, self.line, self.kind, self.language))


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Programme:
    """The public programme as one page shows it, in one time zone."""

    release: Release
    zone: ZoneInfo
    days: tuple[date, ...]
    day: date | None
    entries: tuple[ProgrammeEntry, ...]
    rooms: tuple[Choice, ...]
    lines: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    sessions: int

    @property
    def starts_at(self) -> datetime:
        """Return a moment of the programme, by which the distance of a zone is told."""
        return self.entries[0].starts_at if self.entries else self.release.published_at


def entries_of(release: Release) -> QuerySet[ReleaseEntry]:
    """Return the sessions of a release with what a page or a calendar says of them, in three queries."""
    return (
        ReleaseEntry.objects.filter(release=release)
        .select_related("session__symbol", "room")
        .prefetch_related(
            Prefetch("session__lines", queryset=Line.objects.all()),
            Prefetch("session__requests", queryset=_absorbed()),
        )
    )


def _absorbed() -> QuerySet[SessionRequest]:
    return SessionRequest.objects.select_related("symbol", "organisation").order_by("symbol__number")


def programme(release: Release, forum: Forum, wanted: Wanted, zone: ZoneInfo, today: date) -> Programme:
    """Return the programme of a release: one day of it, or all that a filter leaves."""
    everything = [_entry(row, forum.slug) for row in entries_of(release)]
    days = tuple(sorted({_day(entry, zone) for entry in everything}))
    day = _chosen_day(days, wanted, today)
    shown = [
        entry
        for entry in everything
        if (day is None or _day(entry, zone) == day)
        and wanted.room in {"", str(entry.room_id)}
        and wanted.kind in {"", entry.kind}
        and wanted.language in {"", entry.language}
        and (not wanted.line or any(line.code == wanted.line for line in entry.lines))
    ]
    return Programme(
        release=release,
        zone=zone,
        days=days,
        day=day,
        entries=tuple(shown),
        rooms=_choices(((str(entry.room_id), entry.room) for entry in everything), wanted.room),
        lines=_choices(
            sorted((line.code, f"{line.code} {line.title}") for entry in everything for line in entry.lines),
            wanted.line,
        ),
        kinds=_choices(((entry.kind, entry.kind_name) for entry in everything), wanted.kind),
        languages=_choices(((entry.language, entry.language) for entry in everything), wanted.language),
        sessions=sum(not entry.is_cancelled for entry in everything),
    )


def _day(entry: ProgrammeEntry, zone: ZoneInfo) -> date:
    return entry.starts_at.astimezone(zone).date()


def _chosen_day(days: tuple[date, ...], wanted: Wanted, today: date) -> date | None:
    """Return the day asked for, else today while the forum meets, else its first day; none for all days."""
    asked = next((day for day in days if day.isoformat() == wanted.day), None)
    if asked or not days or wanted.day == "all" or wanted.is_narrow:
        return asked
    return today if today in days else days[0]


def _choices(pairs: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in dict(pairs).items())


def _entry(row: ReleaseEntry, slug: str) -> ProgrammeEntry:
    session = row.session
    return ProgrammeEntry(
        symbol=session.symbol.short,
        title=row.title,
        language=session.language,
        direction=direction(session.language),
        url=address(slug, Kind.SESSION, session.symbol.number),
        kind=session.kind,
        kind_name=str(SESSION_KIND_NAMES[SessionKind(session.kind)]),
        room_id=row.room_id,
        room_position=row.room.position,
        room=row.room_name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        lines=tuple(LineName(line.code, line.title_here) for line in session.lines.all()),
        requests=tuple(_request_line(request, slug) for request in session.requests.all()),
        is_cancelled=row.is_cancelled,
        is_invented=any(request.is_invented for request in session.requests.all()),
    )


def _request_line(request: SessionRequest, slug: str) -> RequestLine:
    number = request.symbol.number if request.symbol else 0
    return RequestLine(
        symbol=request.symbol.short if request.symbol else "",
        title=request.title,
        url=address(slug, Kind.REQUEST, number),
        language=request.language,
        direction=direction(request.language),
        organisation=request.organisation.name if request.organisation else "",
    )


def session_detail(session: Session) -> SessionDetail:
    """Return what the programme knows of a session, for the page the meeting stage shows."""
    forum = session.forum
    entry = (
        ReleaseEntry.objects.filter(session=session)
        .select_related("room")
        .order_by("-release__number")
        .first()
    )
    people = SessionPerson.objects.filter(session=session)
    requests = list(_absorbed().filter(session=session))
    return SessionDetail(
        symbol=session.symbol.short,
        title=session.title,
        language=session.language,
        direction=session.direction,
        description=session.description,
        kind=session.kind,
        kind_name=str(SESSION_KIND_NAMES[SessionKind(session.kind)]),
        minutes=session.minutes,
        starts_at=entry.starts_at if entry else None,
        ends_at=entry.ends_at if entry else None,
        room=entry.room_name if entry else "",
        room_services=tuple(entry.room.services) if entry else (),
        is_online_only=entry.room.is_online_only if entry else False,
        is_cancelled=session.cancelled_at is not None or (entry is not None and entry.is_cancelled),
        cancelled_reason=session.cancelled_reason,
        people=tuple(
            PersonLine(person.name, person.part, person.part_name, person.is_confirmed) for person in people
        ),
        requests=tuple(_request_line(request, forum.slug) for request in _absorbed().filter(session=session)),
        lines=tuple(LineName(line.code, line.title_here) for line in session.lines.all()),
        goals=tuple(LineName(goal.code, goal.title_here) for goal in session.goals.all()),
        url=address(forum.slug, Kind.SESSION, session.symbol.number),
        calendar_url=f"/{forum.slug}/s/{session.symbol.number}.ics",
        is_invented=any(request.is_invented for request in requests),
    )
