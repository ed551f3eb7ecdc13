"""All that the programme knows of one session."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from muntada.foundations.languages import direction
from muntada.programme.models import ReleaseEntry, Session, SessionPerson, SessionRequest
from muntada.programme.rules.sessions import SERVICE_NAMES, SESSION_KIND_NAMES, SessionKind
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
    needs: tuple[str, ...]
    spoken: tuple[str, ...]
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


def _absorbed() -> QuerySet[SessionRequest]:
    return SessionRequest.objects.select_related("symbol", "organisation").order_by("symbol__number")


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
    people = SessionPerson.objects.filter(session=session, is_shown=True)
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
        needs=tuple(str(name) for code, name in SERVICE_NAMES.items() if code in session.needs),
        spoken=tuple(sorted({code for request in requests for code in request.spoken})),
        is_online_only=entry.room.is_online_only if entry else False,
        is_cancelled=session.cancelled_at is not None or (entry is not None and entry.is_cancelled),
        cancelled_reason=session.cancelled_reason,
        people=tuple(
            PersonLine(person.name, person.part, person.part_name, person.is_confirmed) for person in people
        ),
        requests=tuple(_request_line(request, forum.slug) for request in requests),
        lines=tuple(LineName(line.code, line.title_here) for line in session.lines.all()),
        goals=tuple(LineName(goal.code, goal.title_here) for goal in session.goals.all()),
        url=address(forum.slug, Kind.SESSION, session.symbol.number),
        calendar_url=f"/{forum.slug}/s/{session.symbol.number}.ics",
        is_invented=any(request.is_invented for request in requests),
    )
