"""The programme of a day as a table: a row for each time something starts, a column for each room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from muntada.programme.queries.programme import ProgrammeEntry


@dataclass(frozen=True)
class Cell:
    """One cell that is drawn: a session over as many rows as it lasts, or a free room."""

    entry: ProgrammeEntry | None
    rows: int
    column: int


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    starts_at: datetime
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class DayGrid:
    """One day; `others` are sessions taken out, which have no place in the table any more."""

    day: date
    rooms: tuple[str, ...]
    lines: tuple[Line, ...]
    others: tuple[ProgrammeEntry, ...]


def by_day(entries: Sequence[ProgrammeEntry], zone: ZoneInfo) -> tuple[DayGrid, ...]:
    """Draw one table for each day, by the clock of the zone."""
    days = sorted({entry.starts_at.astimezone(zone).date() for entry in entries})
    return tuple(
        grid(day, [entry for entry in entries if entry.starts_at.astimezone(zone).date() == day])
        for day in days
    )


def grid(day: date, entries: Sequence[ProgrammeEntry]) -> DayGrid:
    """Draw the table of one day. A room holds one session at a time, so each cell has one place."""
    placed = [entry for entry in entries if not entry.is_cancelled]
    starts = sorted({entry.starts_at for entry in placed})
    found = {(entry.room_position, entry.room_id, entry.room) for entry in placed}
    rooms = [(room_id, name) for _position, room_id, name in sorted(found)]
    columns: dict[int, dict[int, Cell]] = {room_id: {} for room_id, _name in rooms}
    covered: set[tuple[int, int]] = set()
    order = {room_id: number for number, (room_id, _name) in enumerate(rooms)}
    for entry in placed:
        first = starts.index(entry.starts_at)
        rows = sum(entry.starts_at <= start < entry.ends_at for start in starts)
        columns[entry.room_id][first] = Cell(entry, rows, order[entry.room_id])
        covered.update((entry.room_id, row) for row in range(first + 1, first + rows))
    return DayGrid(
        day=day,
        rooms=tuple(name for _room_id, name in rooms),
        lines=tuple(
            Line(
                starts_at=start,
                cells=tuple(
                    columns[room_id].get(row, Cell(None, 1, order[room_id]))
                    for room_id, _name in rooms
                    if (room_id, row) not in covered
                ),
            )
            for row, start in enumerate(starts)
        ),
        others=tuple(entry for entry in entries if entry.is_cancelled),
    )
