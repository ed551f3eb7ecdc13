"""What a session can be, need and bring, and who has a part in it."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused

TITLE_LENGTH = 200


NAME_LENGTH = 120
# Of what somebody is known by across sessions: their name, or their account, and which of the two it is.
KEY_LENGTH = 140


TRACK_LENGTH = 80


SHORTEST_MINUTES, LONGEST_MINUTES = 10, 480
LINE = re.compile(r"^\s*(\d{1,2})[:.h](\d{2})\s*[-–—]\s*(\d{1,2})[:.h](\d{2})\s*$")
MOST_SLOTS = 60


class SessionKind(StrEnum):
    """The form of a session."""

    HIGH_LEVEL = "high-level"
    FACILITATION = "facilitation"
    WORKSHOP = "workshop"
    PANEL = "panel"
    ROUND_TABLE = "round-table"
    TRAINING = "training"
    SHOWCASE = "showcase"


SESSION_KIND_NAMES: Mapping[SessionKind, Promise] = {
    SessionKind.HIGH_LEVEL: _("High-level session"),
    SessionKind.FACILITATION: _("Action line facilitation meeting"),
    SessionKind.WORKSHOP: _("Workshop"),
    SessionKind.PANEL: _("Panel"),
    SessionKind.ROUND_TABLE: _("Round table"),
    SessionKind.TRAINING: _("Training"),
    SessionKind.SHOWCASE: _("Showcase"),
}


class Service(StrEnum):
    """What a session can need and a room can have."""

    HYBRID = "hybrid"
    INTERPRETATION = "interpretation"
    CAPTIONS = "captions"
    STEP_FREE = "step-free"
    RECORDING = "recording"
    TABLES = "tables"


SERVICE_NAMES: Mapping[Service, Promise] = {
    Service.HYBRID: _("Online participation with voice and picture"),
    Service.INTERPRETATION: _("Interpretation"),
    Service.CAPTIONS: _("Live captions"),
    Service.STEP_FREE: _("Step-free access"),
    Service.RECORDING: _("Recording"),
    Service.TABLES: _("Tables for groups"),
}


# A session that is not held online alone needs a room of brick, and a room of brick brings that.
ON_SITE, ONLINE = "on-site", "online"


ONLINE_SERVICES = frozenset({ONLINE, Service.HYBRID.value, Service.STEP_FREE.value})


_SERVICES_IN_WORDS: Mapping[str, Promise] = {
    **{service.value: name for service, name in SERVICE_NAMES.items()},
    ON_SITE: _("a room on site"),
    ONLINE: _("an online room"),
}


class SessionRole(StrEnum):
    """What a person does in a session."""

    ORGANISER = "organiser"
    MODERATOR = "moderator"
    SPEAKER = "speaker"
    REMOTE_MODERATOR = "remote-moderator"
    RAPPORTEUR = "rapporteur"


PART_NAMES: Mapping[SessionRole, Promise] = {
    SessionRole.ORGANISER: _("Organizer"),
    SessionRole.MODERATOR: _("Moderator"),
    SessionRole.SPEAKER: _("Speaker"),
    SessionRole.REMOTE_MODERATOR: _("Remote moderator"),
    SessionRole.RAPPORTEUR: _("Rapporteur"),
}


# Who stands on the stage cannot be on two at once. An organiser who does not speak may have several sessions.
ON_STAGE = (SessionRole.MODERATOR, SessionRole.SPEAKER, SessionRole.REMOTE_MODERATOR, SessionRole.RAPPORTEUR)


def person_key(person_id: int | None, name: str) -> str:
    """Return by what a person is known across sessions: who they are, else the name as written."""
    return f"person:{person_id}" if person_id else f"name:{' '.join(name.casefold().split())}"


def services_in_words(services: Collection[str]) -> list[str]:
    """Name services; one that the house does not know keeps its own word."""
    return [str(_SERVICES_IN_WORDS.get(service, service)) for service in services]


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
