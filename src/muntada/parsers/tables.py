"""The rows of a filled-in table as text, from a workbook or CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import batched

from muntada.parsers import workbooks
from muntada.parsers.faults import Unreadable, gettext_noop
from muntada.parsers.formulas import unguarded
from muntada.parsers.table_text import as_utf8, declared_separator, separator_of

MOST_COLUMNS = 2_000
MOST_CELLS = 2_000_000
ROWS_AT_ONCE = 200
# A person waits for these tables, so the limit is lower than for sources of figures.
MOST_UNPACKED_BYTES = 40_000_000

NOT_UTF8 = gettext_noop("This table is not written in UTF-8. Please save it as CSV (UTF-8) or XLSX.")
NO_TABLE = gettext_noop("This is no table. Please send a CSV or XLSX file.")
QUOTES = gettext_noop("This table cannot be read: a quotation mark may be missing.")
TOO_WIDE = gettext_noop("This table has more than %(limit)s columns. Please leave out those not needed.")
TOO_MANY = gettext_noop("This table has more than %(limit)s cells. Please split it.")

type TextRow = tuple[int, list[str]]


def sheet(contents: Iterable[bytes], *, most: int, refuses_macros: bool) -> Iterator[list[TextRow] | int]:
    """Yield the non-empty rows in batches up to the limit, then their total number."""
    content = next(iter(contents))
    is_book = content.startswith(b"PK")
    cells = _of_workbook(content, refuses_macros=refuses_macros) if is_book else _of_csv(content)
    rows = ((number, row) for number, row in enumerate(cells, start=1) if any(row))
    count = 0
    for some in batched(rows, ROWS_AT_ONCE):
        count += len(some)
        if count - len(some) <= most:
            yield list(some)
    yield count


def _of_workbook(content: bytes, *, refuses_macros: bool) -> Iterator[list[str]]:
    rows = workbooks.rows_of(content, most_bytes=MOST_UNPACKED_BYTES, refuses_macros=refuses_macros)
    for row in rows:
        yield [_as_text(cell) for cell in row]


def _of_csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = as_utf8(content).decode()
    except UnicodeDecodeError as error:
        raise Unreadable("table-encoding", NOT_UTF8) from error
    if "\0" in text:
        raise Unreadable("table-broken", NO_TABLE)
    lines = io.StringIO(text, newline="")
    first = text.partition("\n")[0]
    separator = declared_separator(first)
    if separator:
        # Yielded as an empty row: the rows below keep the numbers that a spreadsheet program shows.
        lines.readline()
        yield []
    cells = 0
    try:
        for row in csv.reader(lines, delimiter=separator or separator_of(first)):
            if len(row) > MOST_COLUMNS:
                raise Unreadable("table-too-wide", TOO_WIDE, {"limit": MOST_COLUMNS})
            cells += len(row)
            if cells > MOST_CELLS:
                raise Unreadable("table-too-large", TOO_MANY, {"limit": MOST_CELLS})
            yield [_as_text(cell) for cell in row]
    except csv.Error as error:
        raise Unreadable("table-broken", QUOTES) from error


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return unguarded(str(cell))
