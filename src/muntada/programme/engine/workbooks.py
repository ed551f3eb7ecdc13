"""Workbooks of other timetabling programs: the rooms, times, sessions and speakers in them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from python_calamine import CalamineError, CalamineWorkbook

from muntada.engines.timetable.books import BookFault, open_book, rows_of
from muntada.engines.timetable.conference import workbook as timefold
from muntada.engines.timetable.conference.problem import Talk, Timeslot
from muntada.engines.timetable.cosplib import read as cosplib
from muntada.engines.timetable.cosplib.sheets import Sheet
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.programme.rules.incoming import FileKind, Incoming, IncomingRoom, IncomingSession
from muntada.programme.rules.sessions import SessionKind

# By which sheets each kind is known.
SHEETS = {
    FileKind.CONFERENCE: {"Configuration", "Timeslots", "Rooms", "Speakers", "Talks"},
    FileKind.COSPLIB: {"parameters", "submissions", "tracks", "sessions", "rooms"},
}
DATE, START, END = 2, 3, 4  # columns of the sheet sessions of CoSPLib
PRESENTERS = 5  # column of its sheet submissions
LOCAL_ZONE = (1, 1)  # row and column of its sheet parameters


def kind_of_book(path: Path) -> FileKind:
    """Tell a workbook by the names of its sheets; any other is a table of session requests."""
    try:
        names = set(CalamineWorkbook.from_path(str(path)).sheet_names)
    except CalamineError as error:
        sentence = gettext("This workbook cannot be read. Please save it anew as XLSX or CSV.")
        raise Refused(sentence, "table-broken", "file") from error
    return next((kind for kind, needed in SHEETS.items() if needed <= names), FileKind.REQUESTS)


def read_book(path: Path, kind: FileKind, *, zone: ZoneInfo, language: str) -> Incoming:
    """Read a workbook of either kind, or refuse it and name the sheet and the row."""
    try:
        if kind is FileKind.CONFERENCE:
            return _conference(path, zone, language)
        return _cosplib(path, language)
    except BookFault as fault:
        params = {"sheet": fault.sheet or "–", "row": fault.row or "–"}
        where = gettext("Sheet %(sheet)s, row %(row)s") % params
        raise Refused(f"{where}: {gettext(fault.sentence) % fault.params}", "book-fault", "file") from fault


def _conference(path: Path, zone: ZoneInfo, language: str) -> Incoming:
    """Read a workbook of OptaPlanner or Timefold; its times are those of the forum."""
    found = timefold.read_conference(path)
    slots = [
        (_moment(slot.day, slot.start, zone), _moment(slot.day, slot.end, zone)) for slot in found.timeslots
    ]
    sessions = []
    for talk in found.talks:
        starts_at, room = None, ""
        if talk.pinned is not None:
            starts_at, room = slots[talk.pinned.timeslot][0], found.rooms[talk.pinned.room].name
        elif talk.published_timeslot is not None and talk.published_room is not None:
            starts_at, room = slots[talk.published_timeslot][0], found.rooms[talk.published_room].name
        sessions.append(
            IncomingSession(
                where=talk.code,
                uid=_uid("conference", found.name, talk.code),
                title=clean_line(talk.title) or talk.code,
                description="",
                language=_language(talk.language, language),
                kind=_kind(talk.talk_type),
                track=clean_line(min(talk.themes, default="")),
                people=tuple(clean_line(found.speakers[number].name) for number in talk.speakers),
                room=clean_line(room),
                starts_at=starts_at,
                minutes=_minutes(talk, found.timeslots),
            )
        )
    rooms = tuple(IncomingRoom(clean_line(room.name), room.capacity) for room in found.rooms)
    return Incoming(clean_line(found.name), rooms, tuple(sessions), slots=tuple(slots))


def _minutes(talk: Talk, slots: tuple[Timeslot, ...]) -> int:
    """A talk lasts as long as the timeslots for its type."""
    lengths = [slot.minutes for slot in slots if talk.talk_type in slot.talk_types]
    return min(lengths or [slot.minutes for slot in slots] or [0])


def _cosplib(path: Path, language: str) -> Incoming:
    """Read a workbook of CoSPLib. It has no titles: a submission is called by its reference and its track."""
    found = cosplib.read_conference(path)
    book = open_book(path)
    sheets = {name: Sheet(name, rows_of(book, name)) for name in ("parameters", "submissions", "sessions")}
    zone = timezone(timedelta(hours=sheets["parameters"].zone(*LOCAL_ZONE)))
    slots = tuple(_periods(sheets["sessions"], zone))
    length = min(
        int((end - start) / timedelta(minutes=1)) // max(count, 1)
        for (start, end), count in zip(slots, found.slots, strict=True)
    )
    sessions = tuple(
        IncomingSession(
            where=str(one.name),
            uid=_uid("cosplib", path.stem, str(one.name)),
            title=clean_line(f"{found.tracks[one.track]}: {one.name}"),
            description="",
            language=language,
            kind=SessionKind.PANEL.value,
            track=clean_line(str(found.tracks[one.track])),
            people=tuple(sorted(sheets["submissions"].people(number, PRESENTERS))),
            room="",
            starts_at=None,
            minutes=one.slots * length,
        )
        for number, one in enumerate(found.submissions, start=1)
    )
    remark = gettext("One slot of this workbook is read as %(minutes)s minutes.") % {"minutes": length}
    rooms = tuple(IncomingRoom(clean_line(str(name))) for name in found.rooms)
    return Incoming(path.stem, rooms, sessions, (remark,), slots)


def _periods(sheet: Sheet, zone: timezone) -> Iterator[tuple[datetime, datetime]]:
    for row in range(1, len(sheet.rows)):
        day = sheet.cell(row, DATE)
        if isinstance(day, datetime):
            day = day.date()
        if not isinstance(day, date):
            raise Refused(
                gettext("The sheet sessions, row %(row)s, has no date.") % {"row": row + 1},
                "book-date",
                "file",
            )
        yield (
            _moment(day, sheet.minutes(row, START), zone),
            _moment(day, sheet.minutes(row, END), zone),
        )


def _moment(day: date, minutes: int, zone: ZoneInfo | timezone) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minutes)


def _uid(kind: str, name: str, code: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{kind}:{name}:{code}")


def _language(written: str, language: str) -> str:
    wanted = written.strip().casefold().partition("-")[0]
    return next((code for code in LANGUAGE_CODES if code.partition("-")[0] == wanted), language)


def _kind(written: str) -> str:
    return {"lab": SessionKind.TRAINING.value, "breakout": SessionKind.PANEL.value}.get(
        written.casefold(), SessionKind.WORKSHOP.value
    )
