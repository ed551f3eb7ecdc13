"""A day of a draft as an editable table: slots by rooms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.rules import TimetableFinding, in_words


class Seated(Protocol):
    """A session in a room for a time."""

    @property
    def session_id(self) -> int: ...
    @property
    def room_id(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class BoardCard:
    """A session where it stands, and what is wrong with that."""

    session: Session
    room: Room
    starts_at: datetime
    ends_at: datetime
    wrong: tuple[str, ...]
    wishes: tuple[str, ...]
    is_locked: bool


@dataclass(frozen=True)
class BoardCell:
    """A cell: a session over as many slots as it lasts, or a free or closed room."""

    slot: Slot
    room: Room
    card: BoardCard | None = None
    rows: int = 1
    is_closed: bool = False


@dataclass(frozen=True)
class SlotRow:
    slot: Slot
    places: tuple[BoardCell, ...]


@dataclass(frozen=True)
class Board:
    """One day; `others` stand where the table has no row or column for them."""

    day: date
    rooms: tuple[Room, ...]
    rows: tuple[SlotRow, ...]
    others: tuple[BoardCard, ...]

    @property
    def cards(self) -> int:
        return sum(place.card is not None for row in self.rows for place in row.places)


def cards(
    seats: Iterable[Seated],
    sessions: Mapping[int, Session],
    rooms: Mapping[int, Room],
    findings: Iterable[TimetableFinding],
    zone: ZoneInfo,
) -> list[BoardCard]:
    """Join what stands with what is wrong with it; sessions that are cancelled are left out."""
    said: dict[str, dict[str, list[str]]] = {}
    for one in findings:
        words = in_words(one.sentence, one.params, zone)
        for symbol in one.sessions:
            said.setdefault(symbol, {}).setdefault(one.tier, []).append(words)
    found = []
    for seat in seats:
        session, room = sessions.get(seat.session_id), rooms.get(seat.room_id)
        if session is not None and room is not None:
            mine = said.get(session.symbol.short, {})
            found.append(
                BoardCard(
                    session=session,
                    room=room,
                    starts_at=seat.starts_at,
                    ends_at=seat.ends_at,
                    wrong=tuple(mine.get("hard", ())),
                    wishes=tuple(mine.get("wish", ())),
                    is_locked=hasattr(session, "lock"),
                )
            )
    return found


@dataclass(frozen=True)
class Wrong:
    """Something that must not be, said once, and the sessions that it is said of."""

    words: str
    cards: tuple[BoardCard, ...]


def wrong_words(placed: Iterable[BoardCard]) -> list[Wrong]:
    said: dict[str, list[BoardCard]] = {}
    for card in placed:
        for words in card.wrong:
            said.setdefault(words, []).append(card)
    return [Wrong(words, tuple(found)) for words, found in said.items()]


def days_of(slots: Iterable[Slot], placed: Iterable[BoardCard], zone: ZoneInfo) -> list[date]:
    starts = [slot.starts_at for slot in slots] + [card.starts_at for card in placed]
    return sorted({start.astimezone(zone).date() for start in starts})


def board(
    day: date,
    slots: Iterable[Slot],
    rooms: Iterable[Room],
    placed: Sequence[BoardCard],
    closed: frozenset[tuple[int, int]],
    zone: ZoneInfo,
) -> Board:
    """Draw one day. `closed` names the rooms that cannot be used in a slot, as (slot, room)."""
    mine = [card for card in placed if card.starts_at.astimezone(zone).date() == day]
    rows = sorted(
        (slot for slot in slots if slot.starts_at.astimezone(zone).date() == day),
        key=lambda slot: slot.starts_at,
    )
    in_use = {card.room.pk for card in mine}
    columns = [room for room in rooms if room.closed_at is None or room.pk in in_use]
    by_place = {(card.starts_at, card.room.pk): card for card in mine}
    shown: set[int] = set()
    lines = []
    covered: set[tuple[int, int]] = set()
    for number, slot in enumerate(rows):
        places = []
        for room in columns:
            card = by_place.get((slot.starts_at, room.pk))
            if (number, room.pk) in covered:
                continue
            span = _rows_of(card, rows, number, room, by_place) if card else 1
            if card:
                shown.add(card.session.pk)
                covered.update((number + more, room.pk) for more in range(1, span))
            places.append(BoardCell(slot, room, card, span, (slot.pk, room.pk) in closed))
        lines.append(SlotRow(slot, tuple(places)))
    others = tuple(card for card in mine if card.session.pk not in shown)
    return Board(day, tuple(columns), tuple(lines), others)


def _rows_of(
    card: BoardCard,
    rows: Sequence[Slot],
    number: int,
    room: Room,
    by_place: Mapping[tuple[datetime, int], BoardCard],
) -> int:
    """Count the slots a session runs on through; it never hides another one."""
    count = 1
    for slot in rows[number + 1 :]:
        if slot.starts_at >= card.ends_at or (slot.starts_at, room.pk) in by_place:
            break
        count += 1
    return count
