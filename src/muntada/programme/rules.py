"""The law of the programme: what may become of a session request, what a release changes. Pure functions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor, SymbolRef, parse_symbol

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 8_000
NAME_LENGTH = 120
TRACK_LENGTH = 80
SOURCE_ID_LENGTH = 80
SHORTEST_MINUTES, LONGEST_MINUTES = 10, 480
MOST_SPEAKERS = 20


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


class RequestState(StrEnum):
    """What became of a session request."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    MERGED = "merged"
    DECLINED = "declined"
    REFERRED = "referred"


REQUEST_STATE_NAMES: Mapping[RequestState, Promise] = {
    RequestState.DRAFT: _("Draft"),
    RequestState.SUBMITTED: _("Waiting for a decision"),
    RequestState.ACCEPTED: _("Accepted"),
    RequestState.MERGED: _("Merged into one session with others"),
    RequestState.DECLINED: _("Declined"),
    RequestState.REFERRED: _("Referred to somewhere else"),
}
REASONED = (RequestState.DECLINED, RequestState.REFERRED)
ABSORBED = (RequestState.ACCEPTED, RequestState.MERGED)


class Part(StrEnum):
    """What a person does in a session."""

    ORGANISER = "organiser"
    MODERATOR = "moderator"
    SPEAKER = "speaker"


PART_NAMES: Mapping[Part, Promise] = {
    Part.ORGANISER: _("Organiser"),
    Part.MODERATOR: _("Moderator"),
    Part.SPEAKER: _("Speaker"),
}
# Who stands on the stage cannot be on two at once. An organiser who does not speak may have several sessions.
ON_STAGE = (Part.MODERATOR, Part.SPEAKER)


class TimetableState(StrEnum):
    """How far the making of a timetable has come."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


TIMETABLE_STATE_NAMES: Mapping[TimetableState, Promise] = {
    TimetableState.WAITING: _("Waiting to be made"),
    TimetableState.MAKING: _("Being made"),
    TimetableState.READY: _("Ready"),
    TimetableState.FAILED: _("Could not be made"),
}


def person_key(person_id: int | None, name: str) -> str:
    """Return by what a person is known across sessions: who they are, else the name as written."""
    return f"person:{person_id}" if person_id else f"name:{' '.join(name.casefold().split())}"


def require_secretariat(actor: Actor) -> None:
    """The programme is made by the secretariat, or by the command line and the calendar in its name."""
    if actor.role not in {Role.SECRETARIAT.value, SYSTEM.role}:
        raise NotAllowed(gettext("Only the secretariat can do this."), "secretariat")


def require_unreleased(*, is_released: bool) -> None:
    if is_released:
        sentence = gettext("This timetable is released and stays as it was. Please make a new draft from it.")
        raise Refused(sentence, "timetable-released")


def require_author(*, author_id: int | None, person_id: int | None) -> None:
    if author_id is None or author_id != person_id:
        raise NotAllowed(gettext("Only the person who wrote this session request can change it."), "author")


def require_state(state: str, allowed: Collection[RequestState]) -> None:
    """Refuse a step that does not follow from where the request stands."""
    if state not in allowed:
        sentence = gettext("This session request stands as “%(state)s”, so this cannot be done any more.")
        raise Refused(sentence % {"state": REQUEST_STATE_NAMES[RequestState(state)]}, "request-state")


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(
            gettext("Please give the reason: it is shown to everybody beside the decision."),
            "reason-missing",
            "reason",
        )


def require_complete(*, title: str, description: str, minutes: int, speakers: int) -> None:
    """Refuse to submit what nobody could decide on."""
    if not title.strip():
        raise Refused(gettext("Please give the session a title."), "title-missing", "title")
    if not description.strip():
        raise Refused(gettext("Please say what the session is about."), "description-missing", "description")
    if len(description) > DESCRIPTION_LENGTH:
        sentence = gettext("The description has %(length)s characters; please keep it under %(limit)s.")
        params = {"length": len(description), "limit": DESCRIPTION_LENGTH}
        raise Refused(sentence % params, "description-too-long", "description")
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        sentence = gettext("A session lasts from %(shortest)s to %(longest)s minutes.")
        params = {"shortest": SHORTEST_MINUTES, "longest": LONGEST_MINUTES}
        raise Refused(sentence % params, "minutes", "minutes")
    if speakers > MOST_SPEAKERS:
        sentence = gettext("A session can name up to %(limit)s speakers.")
        raise Refused(sentence % {"limit": MOST_SPEAKERS}, "speakers-too-many")


def moment_in_words(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment by the clock of a zone, day of the week first."""
    local = at.astimezone(zone)
    return f"{date_format(local, 'D')} {date_format(local, 'MONTH_DAY_FORMAT')}, {local:%H:%M}"


def no_such_slot(starts_at: datetime) -> str:
    sentence = gettext("No slot starts at %(time)s any more. Please make a new timetable.")
    return sentence % {"time": date_format(starts_at, "DATETIME_FORMAT")}


def symbols_given(text: str) -> tuple[SymbolRef, ...]:
    """Read `C/12, M/3` as somebody types it; what is no symbol is refused and named."""
    found: dict[SymbolRef, None] = {}
    for piece in text.replace(";", " ").replace(",", " ").replace("،", " ").split():
        reference = parse_symbol(piece.strip("[]").upper())
        if reference is None:
            sentence = gettext("“%(piece)s” is no symbol. Symbols look like C/12 or M/3.")
            raise Refused(sentence % {"piece": piece}, "symbol", "answers")
        found.setdefault(reference)
    return tuple(found)


def in_words(sentence: str, params: Mapping[str, str | int], zone: ZoneInfo) -> str:
    """Write an engine's sentence in the language of the page, with moments in the zone of the forum."""
    return gettext(sentence) % {key: _in_words(key, value, zone) for key, value in params.items()}


def services_in_words(services: Collection[str]) -> list[str]:
    """Name services; one that the house does not know keeps its own word."""
    return [str(_SERVICES_IN_WORDS.get(service, service)) for service in services]


def _in_words(key: str, value: str | int, zone: ZoneInfo) -> str | int:
    if not isinstance(value, str):
        return value
    if key == "slot":
        return date_format(datetime.fromisoformat(value).astimezone(zone), "DATETIME_FORMAT")
    if key == "day":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if key in {"service", "needs"}:
        return ", ".join(services_in_words(value.split(", ")))
    return value


@dataclass(frozen=True)
class Appearance:
    """How one session stands in a release. A session that was taken out stands there as cancelled."""

    title: str
    room_id: int
    room: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True)
class Standing:
    """How a session stands, how often that changed and when last: what calendars follow."""

    appearance: Appearance
    sequence: int
    changed_at: datetime


TIER_NAMES: Mapping[str, Promise] = {
    "hard": _("Must not be"),
    "move": _("Moved since the last release"),
    "wish": _("Wishes that could not be met"),
    "fit": _("Rooms larger than needed"),
}


FIGURE_NAMES: Mapping[str, Promise] = {
    "unplaced": _("Sessions without a place"),
    "moved": _("Sessions moved since the last release"),
    "wishes": _("Cost of wishes not met"),
    "fit": _("Cost of rooms too large"),
}
STEP_NAMES: Mapping[str, Promise] = {
    "locks": _("Placing what is fixed"),
    "places": _("Finding a place for every session"),
    "moves": _("Moving as few sessions as possible"),
    "wishes": _("Meeting wishes"),
}


class Difference(StrEnum):
    """What a release changes for one session."""

    NEW = "new"
    MOVED = "moved"
    RETITLED = "retitled"
    CANCELLED = "cancelled"
    BACK = "back"


DIFFERENCE_NAMES: Mapping[Difference, Promise] = {
    Difference.NEW: _("New"),
    Difference.MOVED: _("Moved"),
    Difference.RETITLED: _("New title"),
    Difference.CANCELLED: _("Cancelled"),
    Difference.BACK: _("Back in the programme"),
}


@dataclass(frozen=True)
class ChangeInWords:
    """What a release changed for one session."""

    session: str
    title: str
    what: tuple[str, ...]
    before: str
    after: str


def changes_in_words(difference: Mapping[str, Any], zone: ZoneInfo) -> list[ChangeInWords]:
    """Write the stored difference of a release in the language of the page."""
    return [
        ChangeInWords(
            session=one["session"],
            title=one["after"]["title"],
            what=tuple(str(DIFFERENCE_NAMES[Difference(word)]) for word in one["what"]),
            before=_place_in_words(one["before"], zone) if one["before"] else "",
            after="" if Difference.CANCELLED in one["what"] else _place_in_words(one["after"], zone),
        )
        for one in difference.get("changes", [])
    ]


def counts_in_words(difference: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [
        (str(DIFFERENCE_NAMES[Difference(word)]), count)
        for word, count in difference.get("counts", {}).items()
    ]


def _place_in_words(place: Mapping[str, str], zone: ZoneInfo) -> str:
    return f"{moment_in_words(datetime.fromisoformat(place['starts_at']), zone)}, {place['room']}"


@dataclass(frozen=True)
class Coming:
    """A session in the release to come: how it will stand, how it stood, what changes."""

    session_id: int
    standing: Standing
    before: Appearance | None
    changes: tuple[Difference, ...]


def differences(before: Appearance | None, after: Appearance) -> tuple[Difference, ...]:
    """Say what changed for a session from one release to the next; nothing is an answer too."""
    if before is None:
        return (Difference.NEW,)
    if before.is_cancelled != after.is_cancelled:
        return (Difference.CANCELLED,) if after.is_cancelled else (Difference.BACK,)
    if after.is_cancelled:
        return ()
    found = []
    if (before.room, before.starts_at, before.ends_at) != (after.room, after.starts_at, after.ends_at):
        found.append(Difference.MOVED)
    if before.title != after.title:
        found.append(Difference.RETITLED)
    return tuple(found)


def coming(before: Mapping[int, Standing], after: Mapping[int, Appearance], now: datetime) -> list[Coming]:
    """Compare a release with a timetable. A session that is gone stays as cancelled in every later one."""
    wanted = dict(after)
    for session_id, standing in before.items():
        wanted.setdefault(session_id, replace(standing.appearance, is_cancelled=True))
    return [_coming(session_id, before.get(session_id), one, now) for session_id, one in wanted.items()]


def _coming(session_id: int, stood: Standing | None, after: Appearance, now: datetime) -> Coming:
    if stood is None:
        return Coming(session_id, Standing(after, 0, now), None, (Difference.NEW,))
    changes = differences(stood.appearance, after)
    standing = Standing(after, stood.sequence + 1, now) if changes else replace(stood, appearance=after)
    return Coming(session_id, standing, stood.appearance, changes)
