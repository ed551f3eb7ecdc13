"""The solution as the same workbook: the places of the talks are put in, all else stays as it is.

Only the columns "Timeslot day", "Start", "End" and "Room" of the sheet Talks are written, and only where
something else stands there; every other byte of every part is copied. The sheets that are views of a solution
are not brought up to date: the readers of the format pass over them.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from workbook_solvers.conference.problem import Conference, Place, Timeslot
from workbook_solvers.conference.rows import Line, Table
from workbook_solvers.conference.sheets import (
    ADDRESS,
    Listener,
    bare,
    column_number,
    number,
    open_workbook,
    part,
    scan,
)
from workbook_solvers.conference.workbook import PLACE, clock

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # in English, whatever the machine speaks
LETTERS = {PLACE: "X", PLACE + 1: "Y", PLACE + 2: "Z", PLACE + 3: "AA"}


def solution_workbook(path: Path, conference: Conference, places: Sequence[Place]) -> bytes:
    """The workbook at `path`, which holds the conference, with a place for each of its talks."""
    book = open_workbook(path)
    name = book.part_of("Talks")
    table = Table(book, "Talks")
    texts = dict(_texts(table, conference, places))
    written = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(written, "w") as target:
        for entry in source.infolist():
            content = part(source, entry.filename)
            if entry.filename == name:
                content = _rewritten(content, texts)
            target.writestr(entry, content)  # with the date and the compression it had
    return written.getvalue()


type Texts = Mapping[int, Mapping[int, str]]  # by row from 1, by column from 0


def _texts(
    table: Table, conference: Conference, places: Sequence[Place]
) -> Iterator[tuple[int, dict[int, str]]]:
    """The cells that are not yet as they shall be."""
    for line, place in zip(table.lines(2), places, strict=True):
        wanted = _cells(conference.timeslots[place.timeslot], conference.rooms[place.room].name)
        changed = {PLACE + number: text for number, text in enumerate(wanted) if _differs(line, number, text)}
        if changed:
            yield line.place, changed


def _differs(line: Line, number: int, text: str) -> bool:
    return line.text(PLACE + number) != text


def _cells(timeslot: Timeslot, room: str) -> tuple[str, str, str, str]:
    day = f"{DAYS[timeslot.day.weekday()]} {timeslot.day.isoformat()}"
    return day, clock(timeslot.start), clock(timeslot.end), room


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands in the bytes from `start` up to `end`: a cell, or the place where a missing one belongs."""

    row: int
    column: int
    start: int
    end: int
    style: str = ""


def _rewritten(content: bytes, texts: Texts) -> bytes:
    finder = _Finder(texts)
    scan(content, finder)
    done, parts = 0, []
    for piece in sorted(finder.pieces, key=lambda piece: (piece.start, piece.column)):
        parts += [content[done : piece.start], finder.cell(piece)]
        done = piece.end
    return b"".join([*parts, content[done:]])


class _Finder(Listener):
    """Where in the sheet's bytes the cells to be changed stand; a cell ends where the next thing begins."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.pieces: list[_Piece] = []
        self.prefix = ""
        self.row = 0
        self.column = -1
        self.missing: list[int] = []  # columns of this row that have no cell so far
        self.begun: _Piece | None = None
        self.is_over = False

    def cell(self, piece: _Piece) -> bytes:
        text = escape(self.texts[piece.row][piece.column])
        style = f" s={quoteattr(piece.style)}" if piece.style else ""
        c, i, t = (f"{self.prefix}{name}" for name in ("c", "is", "t"))
        address = f"{LETTERS[piece.column]}{piece.row}"
        return (
            f'<{c} r="{address}"{style} t="inlineStr"><{i}><{t} xml:space="preserve">{text}</{t}></{i}></{c}>'
        ).encode()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._end_cell()
        if bare(name) == "row":
            self.row = number(attributes.get("r", ""), self.row + 1)
            self.column = -1
            self.missing = sorted(self.texts.get(self.row, {}))
        elif bare(name) == "c":
            self.prefix = name.removesuffix("c")
            match = ADDRESS.fullmatch(attributes.get("r", ""))
            self.column = column_number(match[1]) if match else self.column + 1
            self._begin_cell(attributes.get("s", ""))

    def end(self, name: str) -> None:
        self._end_cell()
        if bare(name) == "c":
            self.is_over = True
        elif bare(name) == "row":
            self._insert([*self.missing])

    def text(self, text: str) -> None:  # noqa: ARG002 - what it says does not matter
        self._end_cell()

    def _begin_cell(self, style: str) -> None:
        self._insert([column for column in self.missing if column < self.column])
        if self.column in self.missing:
            self.missing.remove(self.column)
            here = self.parser.CurrentByteIndex
            self.begun = _Piece(self.row, self.column, here, here, style)

    def _end_cell(self) -> None:
        if self.is_over and self.begun is not None:
            self.pieces.append(replace(self.begun, end=self.parser.CurrentByteIndex))
            self.begun = None
        self.is_over = False

    def _insert(self, columns: Sequence[int]) -> None:
        here = self.parser.CurrentByteIndex
        for column in columns:
            self.pieces.append(_Piece(self.row, column, here, here))
            self.missing.remove(column)
