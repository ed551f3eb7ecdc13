"""Times as they are typed, by the clock of the forum, which may be put forward or back in its week."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext

from muntada.foundations.errors import Refused

LINE = re.compile(r"^\s*(\d{1,2})[:.h](\d{2})\s*[-–—]\s*(\d{1,2})[:.h](\d{2})\s*$")
MOST_SLOTS = 60


def moment_at(day: date, clock: time, zone: ZoneInfo, *, after: datetime | None = None) -> datetime:
    """Return the moment at which the clock shows this; refuse a time that the clock leaves out.

    A time that it shows twice is the first, or the second where it has to come after another moment.
    """
    local = datetime.combine(day, clock, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        sentence = gettext(
            "On %(day)s the clock is put forward and never shows %(time)s. Please choose another time."
        )
        known = {"day": date_format(day, "DATE_FORMAT"), "time": f"{clock:%H:%M}"}
        raise Refused(sentence % known, "no-such-time", "starts")
    if after is not None and moment <= after:
        moment = local.replace(fold=1).astimezone(UTC)
    return moment


def period_at(day: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return a period of one day."""
    begins = moment_at(day, starts, zone)
    return begins, moment_at(day, ends, zone, after=begins)


def grid_of_lines(text: str) -> list[tuple[time, time]]:
    """Read slots from lines such as 09:00-10:30; refuse the first line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        read = LINE.match(line)
        hours = [int(one) for one in read.groups()] if read else []
        if not hours or max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59:  # noqa: PLR2004 - a clock
            sentence = gettext("Line %(number)s is no slot. Please write it like 09:00-10:30.")
            raise Refused(sentence % {"number": number}, "no-slot", "grid")
        starts, ends = time(hours[0], hours[1]), time(hours[2], hours[3])
        if ends <= starts:
            sentence = gettext("In line %(number)s the end is not later than the start.")
            raise Refused(sentence % {"number": number}, "period", "grid")
        found.append((starts, ends))
    if len(found) > MOST_SLOTS:
        sentence = gettext("A day has at most %(most)s slots.")
        raise Refused(sentence % {"most": MOST_SLOTS}, "too-many-slots", "grid")
    return found


def lines_of_grid(periods: list[tuple[datetime, datetime]], zone: ZoneInfo) -> str:
    return "\n".join(
        f"{starts.astimezone(zone):%H:%M}-{ends.astimezone(zone):%H:%M}" for starts, ends in periods
    )


def slots_between(
    day: date, starts: time, ends: time, zone: ZoneInfo, length: timedelta, pause: timedelta
) -> list[tuple[datetime, datetime]]:
    """Cut the time between two times of a day into slots of one length, as many as truly go in."""
    begins, last = period_at(day, starts, ends, zone)
    found = []
    while begins + length <= last:
        found.append((begins, begins + length))
        begins += length + pause
    return found
