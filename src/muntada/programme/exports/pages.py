"""The days of a release with rooms and sessions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from muntada.programme.releases.queries import ReleasedProgramme, ReleasedRoom, ReleasedSession


@dataclass(frozen=True)
class PrintedDay:
    """A day in the forum's zone, possibly empty. A session belongs to the day it starts on."""

    index: int
    date: date
    starts_at: datetime
    ends_at: datetime
    rooms: tuple[tuple[ReleasedRoom, tuple[ReleasedSession, ...]], ...]


def days_of(programme: ReleasedProgramme) -> tuple[PrintedDay, ...]:
    """Return the days of the forum, and others with sessions, in order."""
    held: dict[date, list[ReleasedSession]] = {day: [] for day in _forum_days(programme)}
    for session in programme.held:
        held.setdefault(session.starts_at.astimezone(programme.zone).date(), []).append(session)
    return tuple(_day(programme, index, day, held[day]) for index, day in enumerate(sorted(held), start=1))


def _forum_days(programme: ReleasedProgramme) -> Iterator[date]:
    for offset in range((programme.ends_date - programme.starts_date).days + 1):
        yield programme.starts_date + timedelta(days=offset)


def _day(
    programme: ReleasedProgramme, index: int, day: date, sessions: Sequence[ReleasedSession]
) -> PrintedDay:
    midnight = datetime.combine(day, time(), tzinfo=programme.zone)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=programme.zone)
    by_room: dict[int, list[ReleasedSession]] = {}
    for session in sessions:
        by_room.setdefault(session.room_id, []).append(session)
    return PrintedDay(
        index=index,
        date=day,
        starts_at=min((one.starts_at for one in sessions), default=midnight).astimezone(programme.zone),
        ends_at=max((one.ends_at for one in sessions), default=next_midnight).astimezone(programme.zone),
        rooms=tuple((room, tuple(by_room[room.pk])) for room in programme.rooms if room.pk in by_room),
    )
