"""Read a conference workbook: one class for each sheet, every fault with its sheet and row.

The format is that of OptaPlanner's and Timefold's example "conference scheduling": days are texts such as
"Mon 2018-10-01", times "HH:MM", lists are separated by ", ". A room or a speaker is unavailable in a timeslot
where the cell is filled with the colour 555753.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from pathlib import Path

from workbook_solvers.books import BookFault
from workbook_solvers.conference.problem import (
    Conference,
    Constraint,
    Place,
    Room,
    Score,
    Speaker,
    Tags,
    Talk,
    Timeslot,
)
from workbook_solvers.conference.rows import Line, Table
from workbook_solvers.conference.sheets import Workbook, open_workbook

UNAVAILABLE = "555753"
TALK_COLUMNS = (
    "Code",
    "Title",
    "Talk type",
    "Speakers",
    "Theme track tags",
    "Sector tags",
    "Audience types",
    "Audience level",
    "Content tags",
    "Language",
    "Required timeslot tags",
    "Preferred timeslot tags",
    "Prohibited timeslot tags",
    "Undesired timeslot tags",
    "Required room tags",
    "Preferred room tags",
    "Prohibited room tags",
    "Undesired room tags",
    "Mutually exclusive talks tags",
    "Prerequisite talks codes",
    "Favorite count",
    "Crowd control risk",
    "Pinned by user",
    "Timeslot day",
    "Start",
    "End",
    "Room",
    "Published Timeslot",
    "Published Start",
    "Published End",
    "Published Room",
)
ROOM_COLUMNS = ("Name", "Capacity", "Talk types", "Tags")
TIMESLOT_COLUMNS = ("Day", "Start", "End", "Talk types", "Tags")
SPEAKER_COLUMNS = ("Name", *TALK_COLUMNS[10:18])
PLACE = TALK_COLUMNS.index("Timeslot day")  # four columns: day, start, end, room
PUBLISHED = TALK_COLUMNS.index("Published Timeslot")
PAUSE = "Minimum consecutive talks pause in minutes"
NAME = "Conference name"
WEIGHT = re.compile(r"([0-9]{1,9})hard/([0-9]{1,9})medium/([0-9]{1,9})soft")
DAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d{2}-\d{2})", re.ASCII)
TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)

NO_WEIGHT = "The weight of “%(name)s” is missing."
BAD_WEIGHT = "The weight “%(value)s” is not one such as 0hard/0medium/10soft."
UNKNOWN_CONSTRAINT = "“%(value)s” is not a constraint of this format."
BAD_DAY = "The day is “%(value)s”; one such as “Mon 2018-10-01” is expected."
BAD_TIME = "The time is “%(value)s”; one such as “09:30” is expected."
ENDS_EARLY = "The timeslot ends at %(end)s, which is not after its start at %(start)s."
TWICE = "“%(value)s” is already in row %(first)s."
NO_TYPES = "The timeslot has no talk types; nothing could stand there."
UNKNOWN_TYPE = "No timeslot is for talks of the type “%(value)s”."
NO_ROOM_FOR_TYPE = "No room takes talks of the type “%(value)s”."
UNKNOWN_TIMESLOT_TAG = "No timeslot has the tag “%(value)s”."
UNKNOWN_ROOM_TAG = "No room has the tag “%(value)s”."
UNKNOWN_SPEAKER = "The speaker “%(value)s” is not on the sheet Speakers."
UNKNOWN_TALK = "There is no talk with the code “%(value)s”."
UNKNOWN_ROOM = "The room “%(value)s” is not on the sheet Rooms."
UNKNOWN_TIMESLOT = "The timeslot “%(value)s” is not on the sheet Timeslots."
OWN_PREREQUISITE = "The talk is its own prerequisite."
PINNED_NOWHERE = "The talk is pinned, but has no timeslot or no room."
WRONG_TIMESLOT = (
    "Column %(column)s is headed “%(found)s”; on the sheet Timeslots this timeslot is “%(expected)s”."
)


def read_conference(path: Path) -> Conference:
    """The whole workbook, or the first fault as BookFault. Sheets that are only views are not read."""
    book = open_workbook(path)
    name, pause, weights = read_configuration(book)
    timeslots = read_timeslots(book)
    rooms = read_rooms(book, timeslots)
    speakers = read_speakers(book, timeslots, rooms)
    talks = _Talks(book, timeslots, rooms, speakers).read()
    return Conference(name, pause, weights, timeslots, rooms, speakers, talks)


def read_configuration(book: Workbook) -> tuple[str, int, Mapping[Constraint, Score]]:
    name, pause = "", 0
    weights: dict[Constraint, Score] = {}
    first: dict[str, int] = {}
    for line in Table(book, "Configuration").lines(1):
        title = line.text(0)
        if title == NAME:
            name = line.text(1)
        elif title == PAUSE:
            pause = line.number(1, PAUSE)
        elif title and title != "Constraint":
            line.refuse_second(title, first, TWICE)
            if title not in set(Constraint):
                raise line.fault(UNKNOWN_CONSTRAINT, value=title)
            match = WEIGHT.fullmatch(line.text(1))
            if match is None:
                raise line.fault(BAD_WEIGHT, value=line.text(1))
            weights[Constraint(title)] = Score(*(int(part) for part in match.groups()))
    for constraint in Constraint:
        if constraint not in weights:
            raise BookFault("Configuration", None, NO_WEIGHT, {"name": constraint})
    return name, pause, weights


def read_timeslots(book: Workbook) -> tuple[Timeslot, ...]:
    table = Table(book, "Timeslots")
    table.check_header(1, TIMESLOT_COLUMNS)
    found = []
    first: dict[str, int] = {}
    for line in table.lines(2):
        line.refuse_second(" ".join(line.text(column) for column in range(3)), first, TWICE)
        timeslot = Timeslot(
            day=_day(line, 0),
            start=_time(line, 1),
            end=_time(line, 2),
            talk_types=frozenset(line.several(3)),
            tags=frozenset(line.several(4)),
        )
        if timeslot.end <= timeslot.start:
            raise line.fault(ENDS_EARLY, start=line.text(1), end=line.text(2))
        if not timeslot.talk_types:
            raise line.fault(NO_TYPES)
        found.append(timeslot)
    table.refuse_empty(found)
    return tuple(found)


def read_rooms(book: Workbook, timeslots: Sequence[Timeslot]) -> tuple[Room, ...]:
    table = Table(book, "Rooms")
    table.check_header(2, ROOM_COLUMNS)
    _check_timeslots(table, timeslots, len(ROOM_COLUMNS))
    types = frozenset().union(*(timeslot.talk_types for timeslot in timeslots))
    found = []
    first: dict[str, int] = {}
    for line in table.lines(3):
        name = line.filled(0, "Name")
        line.refuse_second(name, first, TWICE)
        for talk_type in line.several(2):
            if talk_type not in types:
                raise line.fault(UNKNOWN_TYPE, value=talk_type)
        found.append(
            Room(
                name,
                line.number(1, "Capacity", least=1),
                frozenset(line.several(2)) or types,  # a room that names none takes all
                frozenset(line.several(3)),
                line.filled_with(UNAVAILABLE, len(ROOM_COLUMNS), len(timeslots)),
            )
        )
    table.refuse_empty(found)
    return tuple(found)


def read_speakers(
    book: Workbook, timeslots: Sequence[Timeslot], rooms: Sequence[Room]
) -> tuple[Speaker, ...]:
    table = Table(book, "Speakers")
    table.check_header(2, SPEAKER_COLUMNS)
    _check_timeslots(table, timeslots, len(SPEAKER_COLUMNS))
    found = []
    first: dict[str, int] = {}
    for line in table.lines(3):
        name = line.filled(0, "Name")
        line.refuse_second(name, first, TWICE)
        found.append(
            Speaker(
                name,
                _timeslot_tags(line, 1, timeslots),
                _room_tags(line, 5, rooms),
                line.filled_with(UNAVAILABLE, len(SPEAKER_COLUMNS), len(timeslots)),
            )
        )
    return tuple(found)


class _Talks:
    def __init__(
        self,
        book: Workbook,
        timeslots: Sequence[Timeslot],
        rooms: Sequence[Room],
        speakers: Sequence[Speaker],
    ) -> None:
        self.table = Table(book, "Talks")
        self.timeslots = timeslots
        self.rooms = rooms
        self.types = frozenset().union(*(timeslot.talk_types for timeslot in timeslots))
        self.types_of_rooms = frozenset().union(*(room.talk_types for room in rooms))
        self.moments = {(slot.day, slot.start, slot.end): number for number, slot in enumerate(timeslots)}
        self.room_numbers = {room.name: number for number, room in enumerate(rooms)}
        self.speaker_numbers = {speaker.name: number for number, speaker in enumerate(speakers)}

    def read(self) -> tuple[Talk, ...]:
        self.table.check_header(1, TALK_COLUMNS)
        lines = list(self.table.lines(2))
        self.table.refuse_empty(lines)
        first: dict[str, int] = {}
        for line in lines:
            line.refuse_second(line.filled(0, "Code"), first, TWICE)
        numbers = {line.text(0): number for number, line in enumerate(lines)}
        return tuple(self._talk(line, numbers) for line in lines)

    def _talk(self, line: Line, numbers: Mapping[str, int]) -> Talk:
        talk_type = line.filled(2, "Talk type")
        if talk_type not in self.types:
            raise line.fault(UNKNOWN_TYPE, value=talk_type)
        if talk_type not in self.types_of_rooms:
            raise line.fault(NO_ROOM_FOR_TYPE, value=talk_type)
        talk = Talk(
            code=line.text(0),
            title=line.text(1),
            talk_type=talk_type,
            speakers=tuple(_found(line, line.several(3), self.speaker_numbers, UNKNOWN_SPEAKER)),
            themes=frozenset(line.several(4)),
            sectors=frozenset(line.several(5)),
            audience_types=frozenset(line.several(6)),
            audience_level=line.number(7, "Audience level", least=1),
            contents=frozenset(line.several(8)),
            language=line.text(9),
            timeslot_tags=_timeslot_tags(line, 10, self.timeslots),
            room_tags=_room_tags(line, 14, self.rooms),
            exclusions=frozenset(line.several(18)),
            prerequisites=frozenset(_found(line, line.several(19), numbers, UNKNOWN_TALK)),
            favourites=line.number(20, "Favorite count"),
            crowd_risk=line.number(21, "Crowd control risk"),
            published_timeslot=self._timeslot(line, PUBLISHED),
            published_room=self._room(line, PUBLISHED + 3),
        )
        if numbers[talk.code] in talk.prerequisites:
            raise line.fault(OWN_PREREQUISITE)
        timeslot, room = self._timeslot(line, PLACE), self._room(line, PLACE + 3)
        if not line.truth(PLACE - 1, "Pinned by user"):
            return talk
        if timeslot is None or room is None:
            raise line.fault(PINNED_NOWHERE)
        return replace(talk, pinned=Place(timeslot, room))

    def _timeslot(self, line: Line, column: int) -> int | None:
        if not any(line.text(column + part) for part in range(3)):
            return None
        moment = (_day(line, column), _time(line, column + 1), _time(line, column + 2))
        if moment not in self.moments:
            said = " ".join(line.text(column + part) for part in range(3))
            raise line.fault(UNKNOWN_TIMESLOT, value=said)
        return self.moments[moment]

    def _room(self, line: Line, column: int) -> int | None:
        name = line.text(column)
        return next(_found(line, (name,), self.room_numbers, UNKNOWN_ROOM)) if name else None


def _found(line: Line, names: Sequence[str], numbers: Mapping[str, int], sentence: str) -> Iterator[int]:
    for name in names:
        if name not in numbers:
            raise line.fault(sentence, value=name)
        yield numbers[name]


def _timeslot_tags(line: Line, column: int, timeslots: Sequence[Timeslot]) -> Tags:
    known = frozenset().union(*(timeslot.tags for timeslot in timeslots))
    return _tags(line, column, known, UNKNOWN_TIMESLOT_TAG)


def _room_tags(line: Line, column: int, rooms: Sequence[Room]) -> Tags:
    return _tags(line, column, frozenset().union(*(room.tags for room in rooms)), UNKNOWN_ROOM_TAG)


def _tags(line: Line, column: int, known: frozenset[str], sentence: str) -> Tags:
    """Required, preferred, prohibited and undesired tags, in this order, from the column on."""
    sets = [frozenset(line.several(column + part)) for part in range(4)]
    for tag in sorted(frozenset().union(*sets)):
        if tag not in known:
            raise line.fault(sentence, value=tag)
    return Tags(*sets)


def _check_timeslots(table: Table, timeslots: Sequence[Timeslot], column: int) -> None:
    """The hours above the columns must be those of the timeslots, or the colours below would mean others."""
    hours = table.line(2)
    for number, timeslot in enumerate(timeslots):
        expected = f"{clock(timeslot.start)}-{clock(timeslot.end)}"
        found = hours.text(column + number)
        if found != expected:
            raise hours.fault(WRONG_TIMESLOT, column=column + number + 1, found=found, expected=expected)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _day(line: Line, column: int) -> date:
    text = line.text(column)
    match = DAY.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError as error:
        raise line.fault(BAD_DAY, value=text) from error


def _time(line: Line, column: int) -> int:
    text = line.text(column)
    try:
        moment = time.fromisoformat(text if TIME.fullmatch(text) else "")
    except ValueError as error:
        raise line.fault(BAD_TIME, value=text) from error
    return moment.hour * 60 + moment.minute
