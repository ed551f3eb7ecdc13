"""Read session requests, rooms and slots from CSV; each fault names file and line."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import NO_ROWS, ReadRow, TableFault, read_table
from muntada.engines.timetable.problem import RoomSpec, SessionSpec, SlotSpec

SERVICES = ("captions", "hybrid", "interpretation", "recording", "step-free", "tables")
SHORTEST, LONGEST = 10, 480
MOST_PEOPLE = 100_000
LONGEST_TEXTS = {"title": 200, "organiser": 200, "description": 8_000}  # in characters
BETWEEN = ";"
# A file with more faults is not read further; it is probably a different table.
MOST_FAULTS = 1_000
# The id of the example row in a template.
EXAMPLE = "example"
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")

REQUIRED = ("title", "organiser", "minutes")
OPTIONAL = (
    "id",
    "email",
    "kind",
    "audience",
    "people",
    "needs",
    "lines",
    "goals",
    "track",
    "language",
    "description",
)
ROOM_COLUMNS = ("name", "seats", "services")
SLOT_COLUMNS = ("start", "end")

EMPTY_CELL = gettext_noop("The %(column)s is empty.")
NOT_A_NUMBER = gettext_noop("The %(column)s is “%(value)s”, which is not a whole number.")
OUT_OF_BOUNDS = gettext_noop("The %(column)s is %(value)s; it must be from %(least)s to %(most)s.")
TOO_LONG = gettext_noop("The %(column)s has %(length)s characters; at most %(most)s are allowed.")
UNKNOWN_SERVICE = gettext_noop("“%(value)s” is not a known service. Known are: %(known)s.")
GIVEN_TWICE = gettext_noop("The %(column)s “%(value)s” is already on line %(first)s.")
NO_ADDRESS = gettext_noop("“%(value)s” is not an e-mail address.")
NOT_A_MOMENT = gettext_noop(
    "The %(column)s is “%(value)s”; a moment with its zone is expected, such as 2025-07-07T09:00+02:00."
)
NO_OFFSET = gettext_noop("The %(column)s “%(value)s” has no zone. Add it, such as %(value)s+02:00.")
ENDS_EARLY = gettext_noop("The slot ends at %(end)s, which is not after its start at %(start)s.")
OVERLAPS = gettext_noop("The slot overlaps the slot on line %(other)s.")


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One row of the requests."""

    line: int
    id: str
    title: str
    organiser: str
    email: str
    kind: str
    minutes: int
    audience: int
    people: tuple[str, ...]
    needs: frozenset[str]
    lines: tuple[str, ...]
    goals: tuple[str, ...]
    track: str
    language: str
    description: str

    def as_session(self) -> SessionSpec:
        """Return the session to place. Names that differ only in case are one person."""
        return SessionSpec(
            id=self.id,
            minutes=self.minutes,
            people=frozenset(name.casefold() for name in self.people),
            needs=self.needs,
            audience=self.audience,
            track=self.track or None,
            lines=frozenset(self.lines),
        )


def read_requests(path: Path, *, services: Collection[str] = SERVICES) -> tuple[RequestRow, ...]:
    """Return all requests, or raise the first fault. Without an `id` column, rows are numbered from 1."""
    requests, faults = check_requests(path, services=services)
    if faults:
        raise faults[0]
    return requests


def check_requests(
    path: Path, *, services: Collection[str] = SERVICES
) -> tuple[tuple[RequestRow, ...], tuple[TableFault, ...]]:
    """Return the requests of the valid rows, and all faults of the others.

    A file without the columns of the table raises at once. The example row of the template is skipped.
    """
    found = read_table(path, required=REQUIRED, optional=OPTIONAL)
    rows = [row for row in found if row.values["id"].strip() != EXAMPLE]
    if not rows:
        raise TableFault(path.name, None, NO_ROWS)
    numbered = not any(row.values["id"].strip() for row in rows)
    requests: list[RequestRow] = []
    faults: list[TableFault] = []
    first: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if len(faults) >= MOST_FAULTS:
            break
        request, wrong = RowCells(path.name, row).request(str(number) if numbered else "", services)
        faults += wrong
        if request is not None:
            requests.append(request)
            faults += second_faults(path.name, row.line, "id", request.id, first)
    return tuple(requests), tuple(faults)


def read_rooms(path: Path, *, services: Collection[str] = SERVICES) -> tuple[RoomSpec, ...]:
    rooms: list[RoomSpec] = []
    first: dict[str, int] = {}
    for row in read_table(path, required=("name", "seats"), optional=("services",)):
        cells = RowCells(path.name, row)
        name = cells.filled("name")
        refuse_second(path.name, row.line, "name", name, first)
        seats = cells.number("seats", 1, MOST_PEOPLE)
        rooms.append(RoomSpec(name, seats, cells.services("services", services)))
    return tuple(rooms)


def read_slots(path: Path) -> tuple[SlotSpec, ...]:
    """Return all slots in order of time. The id of a slot is its start as written in the file."""
    found: list[tuple[SlotSpec, int]] = []
    first: dict[str, int] = {}
    for row in read_table(path, required=SLOT_COLUMNS):
        cells = RowCells(path.name, row)
        start, end = cells.moment("start"), cells.moment("end")
        refuse_second(path.name, row.line, "start", start.isoformat(), first)
        if end.astimezone(UTC) <= start.astimezone(UTC):
            raise cells.fault(ENDS_EARLY, start=start.isoformat(), end=end.isoformat())
        found.append((SlotSpec(start.isoformat(timespec="minutes"), start, end), row.line))
    found.sort(key=lambda entry: entry[0].start)
    for (earlier, line), (later, later_line) in pairwise(found):
        if later.start < earlier.end:
            raise TableFault(path.name, max(line, later_line), OVERLAPS, {"other": min(line, later_line)})
    return tuple(slot for slot, _ in found)


def write_rooms(path: Path, rooms: Iterable[RoomSpec]) -> None:
    rows = ([room.id, str(room.seats), BETWEEN.join(sorted(room.services))] for room in rooms)
    write(path, ROOM_COLUMNS, rows)


def write_slots(path: Path, slots: Iterable[SlotSpec]) -> None:
    write(path, SLOT_COLUMNS, ([slot.start.isoformat(), slot.end.isoformat()] for slot in slots))


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)


def refuse_second(file: str, line: int, column: str, value: str, first: dict[str, int]) -> None:
    for fault in second_faults(file, line, column, value, first):
        raise fault


def second_faults(
    file: str, line: int, column: str, value: str, first: dict[str, int]
) -> Iterator[TableFault]:
    if first.setdefault(value, line) != line:
        yield TableFault(file, line, GIVEN_TWICE, {"column": column, "value": value, "first": first[value]})


@dataclass(frozen=True, slots=True)
class RowCells:
    """The cells of one row, with a parser for each kind."""

    file: str
    row: ReadRow

    def fault(self, sentence: str, **params: str | int) -> TableFault:
        return TableFault(self.file, self.row.line, sentence, params)

    def text(self, column: str) -> str:
        text = self.row.values[column].strip()
        most = LONGEST_TEXTS.get(column, len(text))
        if len(text) > most:
            raise self.fault(TOO_LONG, column=column, length=len(text), most=most)
        return text

    def filled(self, column: str) -> str:
        text = self.text(column)
        if not text:
            raise self.fault(EMPTY_CELL, column=column)
        return text

    def number(self, column: str, least: int, most: int) -> int:
        text = self.filled(column)
        if not WHOLE_NUMBER.fullmatch(text):
            raise self.fault(NOT_A_NUMBER, column=column, value=text)
        if not least <= int(text) <= most:
            raise self.fault(OUT_OF_BOUNDS, column=column, value=int(text), least=least, most=most)
        return int(text)

    def several(self, column: str) -> tuple[str, ...]:
        """Return the distinct entries of a list, with single spaces."""
        entries = (" ".join(entry.split()) for entry in self.row.values[column].split(BETWEEN))
        return tuple(dict.fromkeys(entry for entry in entries if entry))

    def services(self, column: str, known: Collection[str]) -> frozenset[str]:
        services = frozenset(entry.casefold() for entry in self.several(column))
        for service in sorted(services.difference(known)):
            raise self.fault(UNKNOWN_SERVICE, value=service, known=", ".join(sorted(known)))
        return services

    def moment(self, column: str) -> datetime:
        text = self.filled(column)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise self.fault(NOT_A_MOMENT, column=column, value=text) from error
        if moment.utcoffset() is None:
            raise self.fault(NO_OFFSET, column=column, value=text)
        return moment

    def email(self) -> str:
        text = self.text("email")
        name, _, domain = text.partition("@")
        if text and (not name or "." not in domain or " " in text):
            raise self.fault(NO_ADDRESS, value=text)
        return text

    def request(self, name: str, services: Collection[str]) -> tuple[RequestRow | None, list[TableFault]]:
        """Return the request of this row, or all of its faults; without a name, its id is read."""
        cells: dict[str, Callable[[], object]] = {
            "id": lambda: name or self.filled("id"),
            "title": lambda: " ".join(self.filled("title").split()),
            "organiser": lambda: self.filled("organiser"),
            "email": self.email,
            "kind": lambda: self.text("kind"),
            "minutes": lambda: self.number("minutes", SHORTEST, LONGEST),
            "audience": lambda: self.number("audience", 0, MOST_PEOPLE) if self.text("audience") else 0,
            "people": lambda: self.several("people"),
            "needs": lambda: self.services("needs", services),
            "lines": lambda: self.several("lines"),
            "goals": lambda: self.several("goals"),
            "track": lambda: self.text("track"),
            "language": lambda: self.text("language"),
            "description": lambda: self.text("description"),
        }
        values: dict[str, Any] = {}
        faults: list[TableFault] = []
        for column, read in cells.items():
            try:
                values[column] = read()
            except TableFault as fault:
                fault.params.setdefault("column", column)
                faults.append(fault)
        return (None if faults else RequestRow(line=self.row.line, **values)), faults
