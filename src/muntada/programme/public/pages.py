"""The programme of a day as a table: rows by start time, columns by room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from muntada.foundations.languages import direction
from muntada.programme.public.queries import kind_name
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession
from muntada.record.rules import SymbolKind, address


@dataclass(frozen=True)
class GridSession:
    """A session for a page, with times in a zone."""

    number: int
    symbol: str
    title: str
    url: str
    language: str
    languages: tuple[str, ...]  # spoken languages; `language` is that of its text
    direction: str
    starts_at: datetime
    when: str
    room_id: int
    room: str
    kind_name: str
    track: str
    lines: tuple[str, ...]
    goals: tuple[str, ...]
    people: tuple[str, ...]
    description: str
    requests: tuple[tuple[str, str], ...]  # symbol and address of each of its requests
    is_cancelled: bool
    is_invented: bool


@dataclass(frozen=True)
class GridCell:
    """A table cell: a session spanning rows, or a free room."""

    told: GridSession | None
    rows: int


@dataclass(frozen=True)
class GridRow:
    """One row of the table."""

    at: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class ProgrammeDay:
    """A day in order of time, and as a table. `others` are cancelled sessions without a place."""

    day: date
    rooms: tuple[str, ...]
    lines: tuple[GridRow, ...]
    told: tuple[GridSession, ...]
    others: tuple[GridSession, ...]


def by_day(
    release: ReleasedProgramme,
    sessions: Sequence[ReleasedSession],
    zone: ZoneInfo,
    requests: Mapping[int, tuple[int, ...]],
) -> tuple[ProgrammeDay, ...]:
    """Return each day in the given zone."""
    by_date: dict[date, list[ReleasedSession]] = {}
    for session in sessions:
        by_date.setdefault(session.starts_at.astimezone(zone).date(), []).append(session)
    return tuple(_day(release, day, by_date[day], zone, requests) for day in sorted(by_date))


def _day(
    release: ReleasedProgramme,
    day: date,
    sessions: Sequence[ReleasedSession],
    zone: ZoneInfo,
    requests: Mapping[int, tuple[int, ...]],
) -> ProgrammeDay:
    told = {
        session.number: tell(release, session, zone, requests.get(session.number, ())) for session in sessions
    }
    held = [session for session in sessions if not session.is_cancelled]
    rooms = [room for room in release.rooms if any(session.room_id == room.pk for session in held)]
    return ProgrammeDay(
        day=day,
        rooms=tuple(room.name for room in rooms),
        lines=_lines(held, told, [room.pk for room in rooms], zone),
        told=tuple(told[session.number] for session in held),
        others=tuple(told[session.number] for session in sessions if session.is_cancelled),
    )


def _lines(
    held: Sequence[ReleasedSession], told: Mapping[int, GridSession], rooms: Sequence[int], zone: ZoneInfo
) -> tuple[GridRow, ...]:
    """Return the table rows; a room holds one session at a time."""
    starts = sorted({session.starts_at for session in held})
    cells: dict[tuple[int, int], GridCell] = {}
    covered: set[tuple[int, int]] = set()
    for session in held:
        first = starts.index(session.starts_at)
        rows = sum(session.starts_at <= start < session.ends_at for start in starts)
        cells[session.room_id, first] = GridCell(told[session.number], rows)
        covered.update((session.room_id, row) for row in range(first + 1, first + rows))
    free = GridCell(None, 1)
    return tuple(
        GridRow(
            at=f"{start.astimezone(zone):%H:%M}",
            cells=tuple(cells.get((room, row), free) for room in rooms if (room, row) not in covered),
        )
        for row, start in enumerate(starts)
    )


def tell(
    release: ReleasedProgramme, session: ReleasedSession, zone: ZoneInfo, requests: tuple[int, ...] = ()
) -> GridSession:
    """Return a session for a page."""
    facts = session.facts
    starts_at, ends_at = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return GridSession(
        number=session.number,
        symbol=session.symbol,
        title=session.title,
        url=release.url_of(session),
        language=facts.language,
        languages=facts.languages,
        direction=direction(facts.language),
        starts_at=starts_at,
        when=f"{starts_at:%H:%M}–{ends_at:%H:%M}",
        room_id=session.room_id,
        room=session.room,
        kind_name=kind_name(facts.kind),
        track=facts.track,
        lines=facts.lines,
        goals=facts.goals,
        people=tuple(dict.fromkeys(person.name for person in facts.people)),
        description=facts.description,
        requests=tuple(
            (f"{SymbolKind.REQUEST}/{number}", address(release.slug, SymbolKind.REQUEST, number))
            for number in requests
        ),
        is_cancelled=session.is_cancelled,
        is_invented=release.has_invented_content,
    )
