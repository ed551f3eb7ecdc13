"""The public programme: what a page shows of a release, as it was asked for."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from muntada.forums.models import Forum
from muntada.forums.queries import goals_of, lines_of
from muntada.programme.models import SessionRequest
from muntada.programme.queries.exchange import ReleasedProgramme, ReleasedSession
from muntada.programme.rules.sessions import SESSION_KIND_NAMES, SessionKind
from muntada.record.engine import condition_of, wanted
from muntada.record.queries import found_by
from muntada.record.rules import Kind

GRID, LIST = "grid", "list"


@dataclass(frozen=True)
class Wanted:
    """What somebody asks of the programme to show; empty means everything."""

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
        """Who looks for something reads a list; a day is a table of rooms and times."""
        return self.view == LIST or (bool(self.q or self.person) and self.view != GRID)


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class PublicProgramme:
    """A release as one page shows it, in one time zone."""

    release: ReleasedProgramme
    zone: ZoneInfo
    days: tuple[date, ...]
    day: date | None
    sessions: tuple[ReleasedSession, ...]
    rooms: tuple[Choice, ...]
    tracks: tuple[Choice, ...]
    lines: tuple[Choice, ...]
    goals: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    languages: tuple[Choice, ...]

    @property
    def count(self) -> int:
        return len(self.release.held)

    @property
    def starts_at(self) -> datetime:
        """Return a moment of the programme, by which the distance of a zone is told."""
        return self.sessions[0].starts_at if self.sessions else self.release.published_at


def public_programme(
    release: ReleasedProgramme, forum: Forum, asked: Wanted, zone: ZoneInfo, today: date
) -> PublicProgramme:
    """Return what a release shows: one day of it, or all that a choice leaves."""
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


def _is_wanted(session: ReleasedSession, asked: Wanted) -> bool:
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


def _chosen_day(days: tuple[date, ...], asked: Wanted, today: date) -> date | None:
    """Return the day asked for, else today while the forum meets, else its first day; none for all days."""
    day = next((day for day in days if day.isoformat() == asked.day), None)
    if day or not days or asked.day == "all" or asked.is_narrow:
        return day
    return today if today in days else days[0]


def _choices(pairs: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in dict(pairs).items())


def _named(codes: Iterable[str], names: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
    """Return the codes that are used, in the order of the framework."""
    used = set(codes)
    return _choices(((code, name) for code, name in names.items() if code in used), chosen)


def kind_name(kind: str) -> str:
    return str(SESSION_KIND_NAMES[SessionKind(kind)]) if kind else ""


def found_numbers(forum: Forum, words: str) -> frozenset[int]:
    """Return the numbers of the sessions in which these words stand, in any of the forum's languages."""
    symbols = found_by(forum.pk, words, condition_of(wanted(words))).filter(kind=Kind.SESSION)
    return frozenset(symbols.values_list("number", flat=True))


def came_from(forum: Forum, numbers: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the numbers of the session requests that each of these sessions brings together."""
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
    """Return for each session the others among these that are held at the same time."""
    held = [session for session in sessions if not session.is_cancelled]
    found: dict[int, tuple[ReleasedSession, ...]] = {}
    for first, second in _pairs(held):
        found[first.number] = (*found.get(first.number, ()), second)
        found[second.number] = (*found.get(second.number, ()), first)
    return found


def _pairs(held: list[ReleasedSession]) -> Iterator[tuple[ReleasedSession, ReleasedSession]]:
    """Go along time: after the first that begins when this one is over, nothing overlaps it any more."""
    ordered = sorted(held, key=lambda session: (session.starts_at, session.number))
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.starts_at >= first.ends_at:
                break
            yield first, second


def speakers(release: ReleasedProgramme) -> dict[str, tuple[ReleasedSession, ...]]:
    """Return who has a part in which sessions, by name."""
    found: dict[str, dict[int, ReleasedSession]] = {}
    for session in release.held:
        for person in session.facts.people:
            found.setdefault(person.name, {})[session.number] = session
    names = sorted(found, key=str.casefold)
    return {name: tuple(found[name].values()) for name in names}
