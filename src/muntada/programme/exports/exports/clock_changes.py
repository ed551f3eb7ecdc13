"""Clock changes of a time zone for iCalendar (RFC 5545, section 3.6.5)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_SECONDS = 24 * 60 * 60


def zone_rules(zone: ZoneInfo, begin: datetime, end: datetime) -> list[str]:
    """Return the lines of a VTIMEZONE: the initial offset, then each change."""
    first = int(begin.timestamp())
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}", *_observance(zone, first, first)]
    for second in clock_changes(zone, first, int(end.timestamp())):
        lines += _observance(zone, second - 1, second)
    return [*lines, "END:VTIMEZONE"]


def clock_changes(zone: ZoneInfo, first: int, last: int) -> Iterator[int]:
    """Return the Unix times at which the offset changes.

    Two opposite changes within a day would be missed; no zone has had them.
    """
    for early in range(first, last, DAY_SECONDS):
        late = min(early + DAY_SECONDS, last)
        if _shown(zone, early) != _shown(zone, late):
            yield _change_between(zone, early, late)


def _change_between(zone: ZoneInfo, early: int, late: int) -> int:
    before = _shown(zone, early)
    while late - early > 1:
        middle = (early + late) // 2
        early, late = (middle, late) if _shown(zone, middle) == before else (early, middle)
    return late


def _shown(zone: ZoneInfo, second: int) -> tuple[timedelta | None, str | None]:
    local = datetime.fromtimestamp(second, zone)
    return local.utcoffset(), local.tzname()


def _observance(zone: ZoneInfo, before: int, after: int) -> list[str]:
    """Return the beginning of an observance; its start is in the preceding local time."""
    new = datetime.fromtimestamp(after, zone)
    old_offset = datetime.fromtimestamp(before, zone).utcoffset() or timedelta()
    new_offset = new.utcoffset() or timedelta()
    kind = "DAYLIGHT" if new.dst() else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{datetime.fromtimestamp(after, UTC) + old_offset:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(old_offset)}",
        f"TZOFFSETTO:{_offset(new_offset)}",
        f"TZNAME:{new.tzname() or _offset(new_offset)}",
        f"END:{kind}",
    ]


def _offset(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, left = ("-" if seconds < 0 else "+"), abs(seconds)
    tail = f"{left % 60:02}" if left % 60 else ""
    return f"{sign}{left // 3600:02}{left % 3600 // 60:02}{tail}"
