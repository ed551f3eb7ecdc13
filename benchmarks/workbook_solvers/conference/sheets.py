"""The cells of an XLSX file with their texts and fills, read with every check that a stranger's file needs.

Readers of spreadsheets leave out the colour of a cell, and here a colour means that somebody is away. So
parts are read as what they are, XML in a zip: no document type (so no entities), no macros, bounded sizes.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from workbook_solvers.books import BookFault, open_book

MEGABYTE = 1_000_000
MOST_PART_BYTES = 40 * MEGABYTE
MOST_CELLS = 1_000_000
WIDEST = 16_384  # columns, as in every spreadsheet programme

DAMAGED = "This is not an XLSX workbook, or it is damaged. Save it anew as XLSX."
PART_TOO_LARGE = "A part of the workbook unpacks to more than %(limit)s MB; it is not read."
HAS_DOCTYPE = "The workbook holds a document type, which no spreadsheet programme writes."
NO_SHEET = "This sheet is missing. The workbook has: %(found)s."
TOO_MANY_CELLS = "The sheet has more than %(limit)s cells; it is not read."
BAD_CELL = "“%(value)s” is not the address of a cell."
BAD_STRING = "The cell in column %(column)s refers to a text that is not there: the workbook is damaged."

BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    KeyError,
    ValueError,
)
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and its solid fill as six hexadecimal digits, or nothing."""

    value: str | float | bool
    fill: str = ""


type Row = Mapping[int, Cell]  # by column from 0
type Sheet = Mapping[int, Row]  # by row from 1; rows without any cell are left out


@dataclass(frozen=True, slots=True)
class Workbook:
    path: Path
    parts: Mapping[str, str]  # which part of the zip holds the sheet of that name
    texts: tuple[str, ...]
    fills: tuple[str, ...]  # by the number of a cell's style

    def sheet(self, name: str) -> Sheet:
        reader = _SheetReader(self, name)
        with zipfile.ZipFile(self.path) as archive:
            scan(part(archive, self.part_of(name)), reader)
        return reader.rows

    def part_of(self, name: str) -> str:
        if name not in self.parts:
            raise BookFault(name, None, NO_SHEET, {"found": ", ".join(self.parts)})
        return self.parts[name]


def open_workbook(path: Path) -> Workbook:
    """Check the file and read what all sheets share; BookFault if it cannot be used."""
    open_book(path)  # size, macros, damage
    book, links, texts, styles = _Sheets(), _Links(), _Texts(), _Styles()
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        scan(part(archive, "xl/workbook.xml"), book)
        scan(part(archive, "xl/_rels/workbook.xml.rels"), links)
        if "xl/sharedStrings.xml" in names:
            scan(part(archive, "xl/sharedStrings.xml"), texts)
        if "xl/styles.xml" in names:
            scan(part(archive, "xl/styles.xml"), styles)
    parts = {name: _located(links.targets[link]) for name, link in book.sheets if link in links.targets}
    return Workbook(path, parts, tuple(texts.found), styles.of_cells())


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member of the zip, unpacked up to a limit whatever its header says of its size."""
    try:
        with archive.open(name) as stream:
            content = stream.read(MOST_PART_BYTES + 1)
    except BROKEN_ARCHIVE as error:
        raise BookFault(None, None, DAMAGED) from error
    if len(content) > MOST_PART_BYTES:
        raise BookFault(None, None, PART_TOO_LARGE, {"limit": MOST_PART_BYTES // MEGABYTE})
    return content


class Listener:
    """What is told of every element of a part, by names without their prefix."""

    parser: expat.XMLParserType

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.opens(bare(name), {bare(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self.closes(bare(name))

    def text(self, text: str) -> None: ...

    def opens(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def closes(self, name: str) -> None: ...


def scan(content: bytes, listener: Listener) -> None:
    def refuse(*_: object) -> None:
        raise BookFault(None, None, HAS_DOCTYPE)

    parser = expat.ParserCreate("UTF-8")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    listener.parser = parser
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BookFault(None, None, DAMAGED) from error


def bare(name: str) -> str:
    return name.rpartition(":")[2]


def column_number(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < len("10000000") else otherwise


def _located(target: str) -> str:
    return target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)


class _Sheets(Listener):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def opens(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))


class _Links(Listener):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def opens(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Texts(Listener):
    """The shared texts; a text in several formats is one text, readings in another script are left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.inside = ""

    def opens(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - only names count
        if name == "si":
            self.pieces = []
        if name in {"t", "rPh"} and self.inside != "rPh":
            self.inside = name

    def closes(self, name: str) -> None:
        if name == "si":
            self.found.append("".join(self.pieces))
        if name == self.inside:
            self.inside = ""

    def text(self, text: str) -> None:
        if self.inside == "t":
            self.pieces.append(text)


class _Styles(Listener):
    def __init__(self) -> None:
        self.fills: list[str] = []
        self.cells: list[int] = []
        self.path: list[str] = []
        self.solid = False

    def opens(self, name: str, attributes: Mapping[str, str]) -> None:
        self.path.append(name)
        if name == "fill":
            self.fills.append("")
        elif name == "patternFill":
            self.solid = attributes.get("patternType") == "solid"
        elif name == "fgColor" and self.solid and self.fills:
            self.fills[-1] = attributes.get("rgb", "")[-6:].upper()
        elif name == "xf" and "cellXfs" in self.path:
            self.cells.append(number(attributes.get("fillId", ""), 0))

    def closes(self, name: str) -> None:  # noqa: ARG002 - elements close in order
        self.path.pop()

    def of_cells(self) -> tuple[str, ...]:
        return tuple(self.fills[fill] if fill < len(self.fills) else "" for fill in self.cells)


class _SheetReader(Listener):
    def __init__(self, book: Workbook, name: str) -> None:
        self.book = book
        self.name = name
        self.rows: dict[int, dict[int, Cell]] = {}
        self.count = 0
        self.row = 0
        self.column = -1
        self.kind = "n"
        self.fill = ""
        self.pieces: list[str] = []
        self.inside = ""

    def opens(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self.row = number(attributes.get("r", ""), self.row + 1)
            self.column = -1
        elif name == "c":
            self._begin(attributes)
        elif name in {"v", "t", "rPh"} and self.inside != "rPh":
            self.inside = name

    def closes(self, name: str) -> None:
        if name == self.inside:
            self.inside = ""
        if name == "c":
            self.rows.setdefault(self.row, {})[self.column] = Cell(self._value(), self.fill)

    def text(self, text: str) -> None:
        if self.inside in {"v", "t"}:
            self.pieces.append(text)

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self.count += 1
        if self.count > MOST_CELLS:
            raise BookFault(self.name, None, TOO_MANY_CELLS, {"limit": MOST_CELLS})
        self.column += 1
        if "r" in attributes:
            match = ADDRESS.fullmatch(attributes["r"])
            if match is None or column_number(match[1]) >= WIDEST:
                raise self._fault(BAD_CELL, value=attributes["r"])
            self.column, self.row = column_number(match[1]), int(match[2])
        style = number(attributes.get("s", ""), 0)
        self.fill = self.book.fills[style] if style < len(self.book.fills) else ""
        self.kind = attributes.get("t", "n")
        self.pieces = []

    def _value(self) -> str | float | bool:
        text = "".join(self.pieces)
        if self.kind == "s":
            place = number(text, len(self.book.texts))
            if place >= len(self.book.texts):
                raise self._fault(BAD_STRING, column=self.column + 1)
            return self.book.texts[place]
        if self.kind == "b":
            return text == "1"
        if self.kind == "n" and text:
            try:
                return float(text)
            except ValueError:
                return text
        return text

    def _fault(self, sentence: str, **params: str | int) -> BookFault:
        return BookFault(self.name, self.row, sentence, params)
