"""XLSX and ODS workbooks; their extent is checked before a table is built.

The library that reads them builds a full table from the first to the last cell. Two cells in
opposite corners of a sheet would make a table of 17 billion cells, so cells are counted first in a
stream.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from python_calamine import CalamineError, CalamineWorkbook

from muntada.parsers import archives, markup
from muntada.parsers.archives import BROKEN_ARCHIVE, PIECE_BYTES
from muntada.parsers.faults import Unreadable, gettext_noop

BROKEN = gettext_noop("This workbook cannot be read. Please save it anew as XLSX or CSV.")
TOO_FAR = gettext_noop(
    "The cells of this workbook reach to column %(column)s of row %(row)s, which is more than can be read. "
    "Please delete what stands far from the table, or save it as CSV."
)
TOO_LONG = gettext_noop(
    "The cells of this workbook hold more than %(limit)s million characters. Please shorten or split it."
)
MACROS = gettext_noop("This workbook holds macros. Please save it as XLSX without macros.")

XLSX_PART, ODS_PART, MACROS_PART = "xl/workbook.xml", "content.xml", "vbaProject.bin"
STRINGS_PART = "xl/sharedstrings.xml"
MILLION = 1_000_000
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
# The first bytes of an XML member, with an optional byte order mark.
XML_BEGINS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b" ", b"\n", b"\r", b"\t")


@dataclass(frozen=True)
class Extent:
    """Limits of a sheet."""

    rows: int = 200_000
    columns: int = 2_000
    cells: int = 2_000_000
    # The total length of all texts; a shared text counts once per cell.
    letters: int = 50 * MILLION

    def require(self, row: int, column: int) -> None:
        if row > self.rows or column > self.columns or row * column > self.cells:
            raise Unreadable("table-too-far", TOO_FAR, {"column": column, "row": row})

    def require_letters(self, letters: int) -> None:
        if letters > self.letters:
            raise Unreadable("table-too-long-texts", TOO_LONG, {"limit": self.letters // MILLION})


type WorkbookCells = Sequence[object]


def rows_of(
    content: bytes,
    *,
    sheet: str = "",
    extent: Extent | None = None,
    most_bytes: int = archives.MOST_UNPACKED_BYTES,
    refuses_macros: bool = False,
) -> Iterator[WorkbookCells]:
    """Yield the rows of the sheet of this name, else of the first, from the first row on."""
    book = _book(content, extent or Extent(), most_bytes, refuses_macros=refuses_macros)
    try:
        found = book.get_sheet_by_name(sheet if sheet in book.sheet_names else book.sheet_names[0])
        yield from found.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise Unreadable("table-broken", BROKEN) from error


def _book(content: bytes, extent: Extent, most_bytes: int, *, refuses_macros: bool) -> CalamineWorkbook:
    try:
        with archives.opened(content, most_bytes=most_bytes) as archive:
            _measure(archive, extent, refuses_macros=refuses_macros)
            plain = archives.repacked(archive)
        return CalamineWorkbook.from_filelike(io.BytesIO(plain))
    except (CalamineError, IndexError, *BROKEN_ARCHIVE) as error:
        raise Unreadable("table-broken", BROKEN) from error
    except Unreadable as fault:
        if fault.code in {"archive-broken", "xml-broken", "xml-too-deep"}:
            raise Unreadable("table-broken", BROKEN) from fault
        raise


def _measure(archive: zipfile.ZipFile, extent: Extent, *, refuses_macros: bool) -> None:
    names = archive.namelist()
    if refuses_macros and any(name.endswith(MACROS_PART) for name in names):
        raise Unreadable("table-macros", MACROS)
    if not {XLSX_PART, ODS_PART} & set(names):
        raise Unreadable("table-broken", BROKEN)
    lengths = _string_lengths(archive)
    # All members, since another reader decides which is the sheet.
    for name in names:
        _parse(archive, name, _OdsCells(extent) if name == ODS_PART else _XlsxCells(extent, lengths))


def _string_lengths(archive: zipfile.ZipFile) -> list[int]:
    """Return the lengths of the shared strings of a workbook."""
    # The reader ignores the case of names.
    parts = [name for name in archive.namelist() if name.replace("\\", "/").lower() == STRINGS_PART]
    if len(parts) > 1:
        raise Unreadable("table-broken", BROKEN)
    strings = _SharedStrings()
    for name in parts:
        _parse(archive, name, strings)
    return strings.lengths


def _parse(archive: zipfile.ZipFile, name: str, handler: "_XlsxCells | _OdsCells | _SharedStrings") -> None:
    with archive.open(name) as member:
        first = member.read(PIECE_BYTES)
        if first.startswith(XML_BEGINS):
            pieces = chain([first], iter(partial(member.read, PIECE_BYTES), b""))
            markup.parse(pieces, handler, letters=handler.letters)


class _SharedStrings:
    """Measures each shared string."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, name: str, _attributes: object) -> None:
        if name == "si":
            self.lengths.append(0)

    def letters(self, letters: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(letters)

    def end(self, name: str) -> None:
        pass


class _XlsxCells:
    """Counts the cells of an XLSX sheet. Only cells with a value count, as for the reader."""

    def __init__(self, extent: Extent, lengths: Sequence[int]) -> None:
        self.extent, self.lengths = extent, lengths
        self.row = self.column = self.cells = self.written = 0
        # Whether the cell refers to a shared string, and whether its number is being read.
        self.is_shared = self.in_value = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self.is_shared = attributes.get("t") == "s"
            self._next_cell(attributes.get("r", ""))
        elif name == "row":
            written = attributes.get("r", "")
            self.row = int(written) if written.isascii() and written.isdigit() else self.row + 1
            self.column = 0
        elif name in {"v", "is"}:
            self.in_value = self.is_shared and name == "v"
            self.extent.require(self.row, self.column)

    def letters(self, letters: str) -> None:
        if self.in_value:
            number = letters.strip()
            if number.isascii() and number.isdigit() and int(number[:12]) < len(self.lengths):
                self.written += self.lengths[int(number[:12])]
                self.extent.require_letters(self.written)

    def _next_cell(self, reference: str) -> None:
        found = REFERENCE.match(reference)
        if found is None:
            self.column += 1
        else:
            self.column, self.row = column_number(found[1]), int(found[2])
        self.cells += 1
        if self.cells > self.extent.cells:
            # Cells may be written repeatedly in one place.
            raise Unreadable("table-too-far", TOO_FAR, {"column": self.column, "row": self.row})

    def end(self, name: str) -> None:
        if name == "v":
            self.in_value = False


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _OdsCells:
    """Counts the cells of an ODS table, where a cell can be repeated a billion times."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self.row = self.column = self.written = 0
        # The repetitions of the current row and cell.
        self.rows = self.times = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        said = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "table":
            self.row = 0
        elif name == "table-row":
            self.rows = _times(said.get("number-rows-repeated"))
            self.row += self.rows
            self.column = 0
        elif name in {"table-cell", "covered-table-cell"}:
            self.times = _times(said.get("number-columns-repeated"))
            self.column += self.times
            self._write(len(said.get("string-value", "")))
            if {"value-type", "value", "formula", "string-value"} & said.keys():
                self.extent.require(self.row, self.column)
        elif name == "p":
            self.extent.require(self.row, self.column)
        elif name == "s":
            # This many spaces.
            self._write(_times(said.get("c")))

    def letters(self, letters: str) -> None:
        self._write(len(letters))

    def _write(self, letters: int) -> None:
        self.written += letters * self.rows * self.times
        self.extent.require_letters(self.written)

    def end(self, name: str) -> None:
        if name in {"table-cell", "covered-table-cell"}:
            self.times = 0


def _times(written: str | None) -> int:
    return int(written[:12]) if written and written.isascii() and written.isdigit() else 1
