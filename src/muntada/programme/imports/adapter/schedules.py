"""Read untrusted schedule XML and JSON; nothing is fetched, expanded or run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from muntada.forums.rules.zones import known_zones
from muntada.foundations.bounded import read_file
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.programme.imports.rules import Incoming, IncomingRoom, IncomingSession
from muntada.programme.sessions.rules import SessionKind

MOST_SEATS = 1_000_000
YEARS = range(1990, 2101)
_OTHER_NAMES = {"zh": "zh-hans", "zh-cn": "zh-hans"}


class _Wrong(Exception):
    """An unreadable value of an event."""


@dataclass
class Reader:
    """Converts events to sessions, in the zone of the file or of the forum.

    It records deviations as remarks, and skips unreadable events.
    """

    zone: ZoneInfo
    language: str
    acronym: str = ""
    remarks: dict[str, None] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    sessions: list[IncomingSession] = field(default_factory=list)

    def take(self, event: Mapping[str, Any], *, room: str, day: str) -> None:
        """Convert an event; faults are noted with its title."""
        title = clean_line(_text(event.get("title")))
        where = title or gettext("Session %(id)s") % {"id": _text(event.get("id")) or len(self.sessions) + 1}
        uid = self._noted(where, self._uid, event, where)
        starts_at = self._noted(where, self._moment, event, day)
        minutes = self._noted(where, _minutes, _text(event.get("duration")))
        if uid is None or starts_at is None or minutes is None:
            return
        texts = (clean_text(_text(event.get(name))) for name in ("subtitle", "abstract", "description"))
        self.sessions.append(
            IncomingSession(
                where=where,
                uid=uid,
                title=title,
                description="\n\n".join(dict.fromkeys(filter(None, texts))),
                language=self._language(_text(event.get("language"))),
                kind=_kind(_text(event.get("type"))),
                track=clean_line(_text(event.get("track"))),
                people=tuple(dict.fromkeys(filter(None, map(clean_line, _names(event.get("persons")))))),
                room=clean_line(room or _text(event.get("room"))),
                starts_at=starts_at,
                minutes=minutes,
            )
        )

    def _noted[**P, T](
        self, where: str, read: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        try:
            return read(*args, **kwargs)
        except _Wrong as wrong:
            self.faults.append(f"{where[:60]}: {wrong}")
            return None

    def _uid(self, event: Mapping[str, Any], where: str) -> UUID:
        written = _text(event.get("guid"))
        if not written:
            return uuid5(NAMESPACE_URL, f"schedule:{self.acronym}:{_text(event.get('id')) or where}")
        try:
            return UUID(written)
        except ValueError as error:
            raise _Wrong(gettext("“%(value)s” is no guid.") % {"value": written[:60]}) from error

    def _language(self, written: str) -> str:
        wanted = written.casefold().replace("_", "-")
        wanted = _OTHER_NAMES.get(wanted, wanted)
        for code in (wanted, wanted.partition("-")[0]):
            if code in LANGUAGE_CODES:
                return code
        if written:
            sentence = gettext(
                "The language “%(written)s” is not one of the forum's; it is read as %(language)s."
            )
            self.remarks[sentence % {"written": written[:20], "language": self.language}] = None
        return self.language

    def _moment(self, event: Mapping[str, Any], day: str) -> datetime:
        written = _text(event.get("date")) or f"{day}T{_text(event.get('start'))}"
        if len(written) == len("2025-07-07"):
            written = f"{written}T{_text(event.get('start'))}"
        try:
            moment = datetime.fromisoformat(written)
        except ValueError as error:
            raise _Wrong(gettext("“%(value)s” is no date and time.") % {"value": written[:60]}) from error
        if moment.year not in YEARS:
            raise _Wrong(gettext("“%(value)s” is no date and time.") % {"value": written[:60]})
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
            sentence = gettext("Times without a zone are read as those of %(zone)s.")
            self.remarks[sentence % {"zone": self.zone.key}] = None
        return moment.astimezone(self.zone).replace(second=0, microsecond=0)


@dataclass(frozen=True)
class ScheduleNode:
    """An XML element: name, attributes, text, children."""

    tag: str
    attributes: Mapping[str, str]
    text: str
    parts: Sequence[Sequence[Any]]

    def __iter__(self) -> Iterator["ScheduleNode"]:
        return (ScheduleNode(*part) for part in self.parts)

    def findall(self, tag: str) -> list["ScheduleNode"]:
        return [node for node in self if node.tag == tag]

    def find(self, tag: str) -> "ScheduleNode | None":
        return next(iter(self.findall(tag)), None)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)


def read_xml(content: bytes, *, zone: ZoneInfo, language: str) -> Incoming:
    """Read schedule XML; a document type is refused, since it could expand or fetch."""
    (found,) = read_file("muntada.parsers.schedules:xml", content, field="file")
    root = ScheduleNode(*found)
    if root.tag != "schedule":
        raise Refused(
            gettext("This XML is no schedule: it does not begin with <schedule>."), "xml-other", "file"
        )
    conference = root.find("conference")
    told = {} if conference is None else {one.tag: one.text for one in conference}
    reader = Reader(_zone(told.get("time_zone_name", ""), zone), language, told.get("acronym", ""))
    rooms: dict[str, IncomingRoom] = {}
    for day in root.findall("day"):
        for room in day.findall("room"):
            name = clean_line(room.get("name", ""))
            for event in room.findall("event"):
                reader.take(_event(event), room=name, day=day.get("date", ""))
            rooms.setdefault(name.casefold(), IncomingRoom(name))
    return _incoming(told.get("title", ""), reader, rooms)


def read_json(content: bytes, *, zone: ZoneInfo, language: str) -> Incoming:
    """Read schedule JSON, version 1."""
    (document,) = read_file("muntada.parsers.schedules:json", content, field="file")
    schedule = _mapping(_mapping(document).get("schedule"))
    conference = _mapping(schedule.get("conference"))
    if not isinstance(conference.get("days"), list):
        sentence = gettext("This JSON is no schedule: it has no days under “schedule” and “conference”.")
        raise Refused(sentence, "json-other", "file")
    reader = Reader(
        _zone(_text(conference.get("time_zone_name")), zone), language, _text(conference.get("acronym"))
    )
    rooms: dict[str, IncomingRoom] = {}
    for one in _list(conference.get("rooms")):
        name = clean_line(_text(_mapping(one).get("name")))
        rooms.setdefault(name.casefold(), IncomingRoom(name, _seats(_mapping(one).get("capacity"))))
    for day in map(_mapping, _list(conference.get("days"))):
        for written, events in _mapping(day.get("rooms")).items():
            name = clean_line(written)
            for event in _list(events):
                reader.take(_mapping(event), room=name, day=_text(day.get("date")))
            rooms.setdefault(name.casefold(), IncomingRoom(name))
    return _incoming(_text(conference.get("title")), reader, rooms)


def _incoming(title: str, reader: Reader, rooms: Mapping[str, IncomingRoom]) -> Incoming:
    used = {session.room.casefold() for session in reader.sessions}
    return Incoming(
        title=clean_line(title)[:200],
        rooms=tuple(room for key, room in rooms.items() if key in used),
        sessions=tuple(reader.sessions),
        remarks=tuple(reader.remarks),
        faults=tuple(reader.faults),
    )


def _event(element: ScheduleNode) -> dict[str, Any]:
    told: dict[str, Any] = {one.tag: one.text for one in element}
    persons = element.find("persons")
    told["persons"] = [] if persons is None else [one.text for one in persons.findall("person")]
    return {**told, "id": element.get("id", ""), "guid": element.get("guid", "")}


def _zone(name: str, zone: ZoneInfo) -> ZoneInfo:
    wanted = name.strip()
    if not wanted:
        return zone
    if wanted not in known_zones():
        sentence = gettext("There is no time zone “%(name)s”. Please give one such as Africa/Nairobi.")
        raise Refused(sentence % {"name": wanted[:60]}, "zone-unknown", "file")
    return ZoneInfo(wanted)


def _minutes(written: str) -> int:
    parts = written.split(":")
    if len(parts) not in {2, 3} or not all(part.isascii() and part.isdigit() for part in parts):
        sentence = gettext("“%(value)s” is no length; hours and minutes are expected: 01:30.")
        raise _Wrong(sentence % {"value": written[:60]})
    return int(parts[0][:6]) * 60 + int(parts[1][:6])


def _kind(written: str) -> str:
    wanted = written.strip().casefold().replace(" ", "-").replace("_", "-")
    return wanted if wanted in set(SessionKind) else SessionKind.WORKSHOP.value


def _names(persons: Any) -> Iterable[str]:
    for one in _list(persons):
        told = one if isinstance(one, Mapping) else {"name": one}
        yield _text(told.get("name") or told.get("public_name"))


def _seats(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value <= MOST_SEATS else 0


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
