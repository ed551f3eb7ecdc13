"""What a release changes, session by session."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.programme.timetable.rules import Appearance, ReleasedState, moment_in_words

# One more whenever the same release is drawn otherwise than before: nobody keeps the old drawing.
DRAWN = 1
MOST_LISTED = 1_000
_NUMBERS = re.compile(r"\d{1,9}(,\d{1,9})*")


class ReleaseDifference(StrEnum):
    """What a release changes for one session."""

    NEW = "new"
    MOVED = "moved"
    RETITLED = "retitled"
    CANCELLED = "cancelled"
    BACK = "back"


DIFFERENCE_NAMES: Mapping[ReleaseDifference, Promise] = {
    ReleaseDifference.NEW: _("New"),
    ReleaseDifference.MOVED: _("Moved"),
    ReleaseDifference.RETITLED: _("New title"),
    ReleaseDifference.CANCELLED: _("Cancelled"),
    ReleaseDifference.BACK: _("Back in the programme"),
}


@dataclass(frozen=True)
class ChangeInWords:
    """What a release changed for one session."""

    session: str
    title: str
    what: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True)
class PublishedPlace:
    """Where and when a session stands, and under which title."""

    title: str
    room: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class SessionChange:
    """What a release changes for one session, named by its symbol."""

    session: str
    what: tuple[ReleaseDifference, ...]
    before: PublishedPlace | None
    after: PublishedPlace


@dataclass(frozen=True)
class ChangeCounts:
    """How many changes of each kind a release brings: cheap to read."""

    counts: Mapping[ReleaseDifference, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReleaseChanges(ChangeCounts):
    """All that a release changes, session by session, as it is stored with it."""

    changes: tuple[SessionChange, ...] = ()


def changes_in_words(changes: Iterable[SessionChange], zone: ZoneInfo) -> list[ChangeInWords]:
    """Write the changes of a release in the language of the page."""
    return [
        ChangeInWords(
            session=one.session,
            title=one.after.title,
            what=tuple(str(DIFFERENCE_NAMES[kind]) for kind in one.what),
            before=_place_in_words(one.before, zone) if one.before else "",
            after="" if ReleaseDifference.CANCELLED in one.what else _place_in_words(one.after, zone),
        )
        for one in changes
    ]


# A new title alone is seen on the page; what follows is told by letter.
TOLD = frozenset(
    {ReleaseDifference.NEW, ReleaseDifference.MOVED, ReleaseDifference.CANCELLED, ReleaseDifference.BACK}
)


def told_of(changes: Iterable[SessionChange]) -> list[SessionChange]:
    """Return the changes of a release that are told to those with a part in them."""
    return [one for one in changes if TOLD.intersection(one.what)]


def counts_in_words(found: ChangeCounts) -> list[tuple[str, int]]:
    return [(str(DIFFERENCE_NAMES[kind]), count) for kind, count in found.counts.items()]


def _place_in_words(place: PublishedPlace, zone: ZoneInfo) -> str:
    return f"{moment_in_words(place.starts_at, zone)}, {place.room}"


@dataclass(frozen=True)
class NewRelease:
    """A session in the release to come: how it will stand, how it stood, what changes."""

    session_id: int
    standing: ReleasedState
    before: Appearance | None
    changes: tuple[ReleaseDifference, ...]


def differences(before: Appearance | None, after: Appearance) -> tuple[ReleaseDifference, ...]:
    """Say what changed for a session from one release to the next; nothing is an answer too."""
    if before is None:
        return (ReleaseDifference.NEW,)
    if before.is_cancelled != after.is_cancelled:
        return (ReleaseDifference.CANCELLED,) if after.is_cancelled else (ReleaseDifference.BACK,)
    if after.is_cancelled:
        return ()
    found = []
    if (before.room, before.starts_at, before.ends_at) != (after.room, after.starts_at, after.ends_at):
        found.append(ReleaseDifference.MOVED)
    if before.title != after.title:
        found.append(ReleaseDifference.RETITLED)
    return tuple(found)


def coming(
    before: Mapping[int, ReleasedState], after: Mapping[int, Appearance], now: datetime
) -> list[NewRelease]:
    """Compare a release with a timetable. A session that is gone stays as cancelled in every later one."""
    wanted = dict(after)
    for session_id, standing in before.items():
        wanted.setdefault(session_id, replace(standing.appearance, is_cancelled=True))
    return [_coming(session_id, before.get(session_id), one, now) for session_id, one in wanted.items()]


def _coming(session_id: int, stood: ReleasedState | None, after: Appearance, now: datetime) -> NewRelease:
    if stood is None:
        return NewRelease(session_id, ReleasedState(after, 0, now), None, (ReleaseDifference.NEW,))
    changes = differences(stood.appearance, after)
    standing = ReleasedState(after, stood.sequence + 1, now) if changes else replace(stood, appearance=after)
    return NewRelease(session_id, standing, stood.appearance, changes)


@dataclass(frozen=True)
class NamedPerson:
    """Somebody with a part in a session; `guid` is the same in all sessions of a forum."""

    name: str
    part: str
    guid: str


@dataclass(frozen=True)
class ReleasedFacts:
    """What is said of a session in a release. `lines` and `goals` are codes of the forum's framework.

    `language` is that of its text, `spoken` are those whoever asked for it said are spoken in it.
    """

    description: str = ""
    language: str = "en"
    kind: str = ""
    track: str = ""
    lines: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    people: tuple[NamedPerson, ...] = ()
    cancelled_reason: str = ""
    spoken: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages it is held in: where nobody has said, that of its text."""
        return self.spoken or (self.language,)

    @property
    def words(self) -> str:
        """Return the words by which the session is found, besides its title."""
        names = "; ".join(dict.fromkeys(person.name for person in self.people))
        return "\n".join(filter(None, (self.description, names, self.track)))


def renamed(facts: ReleasedFacts, guids: Collection[str], name: str, guid: str) -> ReleasedFacts:
    """Return the same with another name, and another guid, for whoever is known by one of these."""
    return replace(
        facts,
        people=tuple(NamedPerson(name, one.part, guid) if one.guid in guids else one for one in facts.people),
    )


def person_guid(forum: str, key: str) -> str:
    """Return by what other programs know a person again in a forum. It tells neither account nor address."""
    return str(uuid5(NAMESPACE_URL, f"muntada:{forum}:{key}"))


@dataclass(frozen=True)
class Picked:
    """Which sessions an export is of; nothing means all of them."""

    numbers: frozenset[int] = frozenset()
    room: int | None = None
    line: str = ""
    language: str = ""
    kind: str = ""

    @property
    def is_all(self) -> bool:
        return self == Picked()


def numbers_listed(text: str) -> frozenset[int]:
    """Read the numbers of sessions as an address lists them: `12,15`, with or without `S/`."""
    wanted = text.replace(" ", "").upper().replace("S/", "").strip(",")
    if not _NUMBERS.fullmatch(wanted):
        sentence = gettext("This is no list of sessions. Please write their numbers with commas: 12,15.")
        raise Refused(sentence, "session-list")
    numbers = frozenset(map(int, wanted.split(",")))
    if len(numbers) > MOST_LISTED:
        sentence = gettext(
            "At most %(limit)s sessions can be asked for at once. The whole programme has its own address."
        )
        raise Refused(sentence % {"limit": MOST_LISTED}, "session-list")
    return numbers


def language_asked(text: str, language: str) -> str:
    """Return the language an export is asked for in, by the address, else that of the page."""
    return text if text in LANGUAGE_CODES else language


def release_tag(*parts: object, changed_at: datetime) -> str:
    """Return the strong ETag of an export: what it is of, when that changed, and how it is drawn."""
    named = "-".join(str(part) for part in parts)
    return f'"{named}-{changed_at.timestamp():.6f}-{DRAWN}"'
