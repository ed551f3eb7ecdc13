"""Tables as CSV or XLSX, long or wide, with or without lines above the header."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice

from muntada.engines.readers.columns import guess, plain
from muntada.engines.readers.shape import Record, RowRefusal, SourceFault, SourcePart
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault, decoded_lines
from muntada.parsers import workbooks
from muntada.parsers.faults import Unreadable
from muntada.parsers.table_text import as_utf8, declared_separator, separator_of
from muntada.parsers.tables import MOST_COLUMNS, TOO_WIDE

LOOKED_THROUGH = 12  # rows searched for the header
FEWEST_COLUMNS = 3
MOST_UNPACKED_BYTES = 200_000_000
# The World Bank gives its sheet this name.
SHEET = "Data"
EXTENT = workbooks.Extent(cells=5_000_000)
BEGINNING_BYTES = 20_000  # searched for the separator

EMPTY = gettext_noop("The file is empty.")
NO_ROWS = gettext_noop("There is no row below the names of the columns.")
DOUBLED = gettext_noop("The column %(name)s stands there twice. Please rename one.")
BROKEN_QUOTES = gettext_noop(
    "The row that begins here cannot be read: a quotation mark is not closed or not doubled."
)
WRONG_LENGTH = gettext_noop("The row has %(cells)s cells; the header has %(columns)s columns.")


@dataclass(frozen=True)
class Grid:
    """A table: the lines above the header, the header, and the records."""

    above: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    records: Iterator[Record | RowRefusal]


def grid_of(part: SourcePart) -> Grid:
    """Open a table; its rows are read lazily."""
    rows = _rows(part)
    first = list(islice(rows, LOOKED_THROUGH))
    if not first:
        raise SourceFault(EMPTY)
    place = header_place([cells for _, cells in first])
    header = [cell.strip() for cell in first[place][1]]
    while header and not header[-1]:
        header.pop()  # the World Bank ends each line with an empty cell
    named = [name for name in header if name]
    doubled = next((name for name in named if named.count(name) > 1), None)
    if doubled:
        raise SourceFault(DOUBLED, {"name": doubled}, first[place][0])
    above = tuple(tuple(cells) for _, cells in first[:place])
    below: Iterator[tuple[int, list[str]]] = chain(first[place + 1 :], rows)
    # ITU writes line breaks in cells without quotation marks: such a row continues on the next line.
    if any(plain(name) == "seriesid" for name in header):
        below = _joined(below, len(header))
    return Grid(above, tuple(header), (_record(header, line, cells) for line, cells in below))


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Return the first row with known names, else the first row as wide as the widest."""
    for place, cells in enumerate(rows):
        if guess(cells).is_complete:
            return place
    filled = [sum(1 for cell in cells if cell.strip()) for cells in rows]
    return filled.index(max(filled))


def _joined(rows: Iterable[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Rejoin rows cut in two by a line break; other rows are unchanged."""
    waiting: tuple[int, list[str]] | None = None
    for line, cells in rows:
        if waiting and len(cells) < width and len(waiting[1]) + len(cells) - 1 <= width:
            waiting = waiting[0], [*waiting[1][:-1], f"{waiting[1][-1]} {cells[0]}", *cells[1:]]
        else:
            if waiting:
                yield waiting
            waiting = line, cells
        if len(waiting[1]) >= width:
            yield waiting
            waiting = None
    if waiting:
        yield waiting


def _record(header: Sequence[str], line: int, cells: Sequence[str]) -> Record | RowRefusal:
    width = len(header)
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return RowRefusal(line, WRONG_LENGTH, {"cells": len(cells), "columns": width})
    return Record(line, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _rows(part: SourcePart) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not blank with the line it begins on."""
    return _rows_of_workbook(part) if part.content.startswith(b"PK") else rows_of_csv(part)


def rows_of_csv(part: SourcePart) -> Iterator[tuple[int, list[str]]]:
    content = as_utf8(part.content)
    beginning = content[:BEGINNING_BYTES].decode("utf-8", errors="replace")
    declared = declared_separator(beginning.partition("\n")[0])
    first = begins = 2 if declared else 1
    try:
        lines = decoded_lines(part.name, content)
        if declared:
            next(lines)
        reader = csv.reader(lines, delimiter=declared or separator_of(beginning), strict=True)
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise SourceFault(TOO_WIDE, {"limit": MOST_COLUMNS}, begins)
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = first + reader.line_num
    except csv.Error as error:
        raise SourceFault(BROKEN_QUOTES, line=begins) from error
    except TableFault as fault:
        raise SourceFault(fault.sentence, fault.params, fault.line) from fault


def _rows_of_workbook(part: SourcePart) -> Iterator[tuple[int, list[str]]]:
    try:
        rows = workbooks.rows_of(part.content, sheet=SHEET, extent=EXTENT, most_bytes=MOST_UNPACKED_BYTES)
        for number, row in enumerate(rows, start=1):
            cells = [_text(cell) for cell in row]
            if any(cells):
                yield number, cells
    except Unreadable as fault:
        raise SourceFault(fault.sentence, fault.params) from fault


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()
