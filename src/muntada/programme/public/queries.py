"""The public programme of a release with filters."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.forums.queries import goals_of, lines_of
from muntada.foundations.languages import direction
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.sessions.rules import SERVICE_NAMES, SESSION_KIND_NAMES, SessionKind
from muntada.programme.timetable.models import ReleaseEntry
from muntada.record.adapter import condition_of, wanted
from muntada.record.queries import found_by
from muntada.record.rules import SymbolKind, address

GRID, LIST = "grid", "list"


@dataclass(frozen=True)
class ProgrammeFilter:
    """The requested filters; empty means everything."""

    day: str = ""
    room: str = ""
    track: str = ""
    line: str = ""
    goal: str = ""
    kind: str = ""
    language: str = ""
    person: str = ""
    q: str = ""
    view: str = ""

    @property
    def is_narrow(self) -> bool:
        return any(
            (self.room, self.track, self.line, self.goal, self.kind, self.language, self.person, self.q)
        )

    @property
    def is_list(self) -> bool:
        """Whether to show a list instead of a table: when searching or filtering."""
        return self.view == LIST or (bool(self.q or self.person) and self.view != GRID)


@dataclass(frozen=True)
class FilterOption:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class PublicProgramme:
    """A release for one page, in one time zone."""

    release: ReleasedProgramme
    zone: ZoneInfo
    days: tuple[date, ...]
    day: date | None
    sessions: tuple[ReleasedSession, ...]
    rooms: tuple[FilterOption, ...]
    tracks: tuple[FilterOption, ...]
    lines: tuple[FilterOption, ...]
    goals: tuple[FilterOption, ...]
    kinds: tuple[FilterOption, ...]
    languages: tuple[FilterOption, ...]

    @property
    def count(self) -> int:
        return len(self.release.held)

    @property
    def starts_at(self) -> datetime:
        """Return a moment of the programme, for the offset of a zone."""
        return self.sessions[0].starts_at if self.sessions else self.release.published_at


def public_programme(
    release: ReleasedProgramme, forum: Forum, asked: ProgrammeFilter, zone: ZoneInfo, today: date
) -> PublicProgramme:
    """Return the requested day or the filtered sessions of a release."""
    everything = release.sessions
    days = tuple(sorted({session.starts_at.astimezone(zone).date() for session in everything}))
    day = _chosen_day(days, asked, today)
    found = found_numbers(forum, asked.q) if asked.q else None
    shown = (
        session
        for session in everything
        if (day is None or session.starts_at.astimezone(zone).date() == day)
        and (found is None or session.number in found)
        and _is_wanted(session, asked)
    )
    lines = {line.code: f"{line.code} {line.title_here}" for line in lines_of(forum)}
    goals = {goal.code: f"{goal.code} {goal.title_here}" for goal in goals_of(forum)}
    facts = [session.facts for session in everything]
    return PublicProgramme(
        release=release,
        zone=zone,
        days=days,
        day=day,
        sessions=tuple(shown),
        rooms=_choices(((str(room.pk), room.name) for room in release.rooms), asked.room),
        tracks=_choices(sorted((one.track, one.track) for one in facts if one.track), asked.track),
        lines=_named((code for one in facts for code in one.lines), lines, asked.line),
        goals=_named((code for one in facts for code in one.goals), goals, asked.goal),
        kinds=_choices(
            ((kind, kind_name(kind)) for kind in dict.fromkeys(one.kind for one in facts)), asked.kind
        ),
        languages=_choices(((code, code) for one in facts for code in one.languages), asked.language),
    )


def _is_wanted(session: ReleasedSession, asked: ProgrammeFilter) -> bool:
    facts = session.facts
    return (
        asked.room in {"", str(session.room_id)}
        and asked.track in {"", facts.track}
        and asked.kind in {"", facts.kind}
        and asked.language in {"", *facts.languages}
        and (not asked.line or asked.line in facts.lines)
        and (not asked.goal or asked.goal in facts.goals)
        and (not asked.person or any(one.name == asked.person for one in facts.people))
    )


def _chosen_day(days: tuple[date, ...], asked: ProgrammeFilter, today: date) -> date | None:
    """Return the requested day, else today during the forum, else the first day; None for all."""
    day = next((day for day in days if day.isoformat() == asked.day), None)
    if day or not days or asked.day == "all" or asked.is_narrow:
        return day
    return today if today in days else days[0]


def _choices(pairs: Iterable[tuple[str, str]], chosen: str) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(value, label, value == chosen) for value, label in dict(pairs).items())


def _named(codes: Iterable[str], names: Mapping[str, str], chosen: str) -> tuple[FilterOption, ...]:
    """Return the used codes in the order of the framework."""
    used = set(codes)
    return _choices(((code, name) for code, name in names.items() if code in used), chosen)


def kind_name(kind: str) -> str:
    return str(SESSION_KIND_NAMES[SessionKind(kind)]) if kind else ""


def found_numbers(forum: Forum, words: str) -> frozenset[int]:
    """Return the numbers of sessions that match the words, in any language of the forum."""
    symbols = found_by(forum.pk, words, condition_of(wanted(words))).filter(kind=SymbolKind.SESSION)
    return frozenset(symbols.values_list("number", flat=True))


def came_from(forum: Forum, numbers: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the request numbers of each session."""
    pairs = (
        SessionRequest.objects.filter(session__forum=forum, session__symbol__number__in=numbers)
        .order_by("symbol__number")
        .values_list("session__symbol__number", "symbol__number")
    )
    found: dict[int, tuple[int, ...]] = {}
    for session, request in pairs:
        found[session] = (*found.get(session, ()), request)
    return found


def chosen_sessions(release: ReleasedProgramme, numbers: Collection[int]) -> tuple[ReleasedSession, ...]:
    return tuple(session for session in release.sessions if session.number in numbers)


def overlaps(sessions: Iterable[ReleasedSession]) -> dict[int, tuple[ReleasedSession, ...]]:
    """Return, for each session, the others at the same time."""
    held = [session for session in sessions if not session.is_cancelled]
    found: dict[int, tuple[ReleasedSession, ...]] = {}
    for first, second in _pairs(held):
        found[first.number] = (*found.get(first.number, ()), second)
        found[second.number] = (*found.get(second.number, ()), first)
    return found


def _pairs(held: list[ReleasedSession]) -> Iterator[tuple[ReleasedSession, ReleasedSession]]:
    """Yield overlapping pairs, sorted by time."""
    ordered = sorted(held, key=lambda session: (session.starts_at, session.number))
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.starts_at >= first.ends_at:
                break
            yield first, second


def speakers(release: ReleasedProgramme) -> dict[str, tuple[ReleasedSession, ...]]:
    """Return people with their sessions, by name."""
    found: dict[str, dict[int, ReleasedSession]] = {}
    for session in release.held:
        for person in session.facts.people:
            found.setdefault(person.name, {})[session.number] = session
    names = sorted(found, key=str.casefold)
    return {name: tuple(found[name].values()) for name in names}


@dataclass(frozen=True)
class PersonLine:
    """A person with a part in a session."""

    name: str
    part: str
    part_name: str
    is_confirmed: bool


@dataclass(frozen=True)
class RequestLine:
    """A request of a session."""

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
    """The programme data of a session: time, room, people, requests.

    Time and room are from the last release; empty if it is in none.
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


def _absorbed() -> QuerySet[SessionRequest]:
    return SessionRequest.objects.select_related("symbol", "organisation").order_by("symbol__number")


def _request_line(request: SessionRequest, slug: str) -> RequestLine:
    number = request.symbol.number if request.symbol else 0
    return RequestLine(
        symbol=request.symbol.short if request.symbol else "",
        title=request.title,
        url=address(slug, SymbolKind.REQUEST, number),
        language=request.language,
        direction=direction(request.language),
        organisation=request.organisation.name if request.organisation else "",
    )


def session_detail(session: Session) -> SessionDetail:
    """Return the programme data of a session, for the meeting stage."""
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
        url=address(forum.slug, SymbolKind.SESSION, session.symbol.number),
        calendar_url=f"/{forum.slug}/s/{session.symbol.number}.ics",
    )
