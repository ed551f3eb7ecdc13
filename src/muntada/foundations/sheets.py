"""Read and write tables; exported cells cannot run as formulas.

All exported tables format lists, dates and other values alike: see `written` and
docs/using/tables.md.
"""

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.translation import gettext
from rustpy_xlsxwriter import write_worksheet

from muntada.foundations.bounded import read_file
from muntada.foundations.errors import Refused
from muntada.parsers.formulas import guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# The separator of lists in a cell.
BETWEEN = "; "
LONGEST_CELL = 32_000
LONGEST_SHEET_NAME = 31
DEFAULT_SHEET_NAME = "Data"
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
# Spreadsheet programs count days from here.
FIRST_DAY = date(1900, 3, 1)
MOST_BYTES = 10_000_000
# The part of a workbook with its creation date.
PROPERTIES = "docProps/core.xml"
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

# Characters not allowed in XML even as references; a workbook with them does not open.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

type SpreadsheetRow = Mapping[str, object]


def written(value: object) -> str | int | float | None:
    """Return a value as written in all tables; unknown values are empty."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, int | float):
        return value
    return _in_words(value)


def _in_words(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
        case list() | tuple():
            return BETWEEN.join(str(written(one)) for one in value)
    return str(value)


def as_csv(columns: Sequence[str], rows: Iterable[SpreadsheetRow]) -> bytes:
    """Write rows as UTF-8 with a byte order mark, by which spreadsheets recognize it.

    The columns are given, so that a table without rows has its header.
    """
    return b"".join(csv_parts(columns, rows))


def csv_parts(names: Sequence[str], rows: Iterable[SpreadsheetRow]) -> Iterator[bytes]:
    """Write CSV row by row, with the memory of one row."""
    yield from csv_lines(names, ([row[name] for name in names] for row in rows))


def csv_lines(names: Sequence[str], lines: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Write rows with cells in the order of `names`; names may repeat."""
    yield "\ufeff".encode()
    if names:
        yield _csv_line([_harmless(name) for name in names])
    for line in lines:
        yield _csv_line([_harmless(written(cell)) for cell in line])


def _csv_line(cells: Sequence[object]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    # Lone surrogates cannot be encoded in UTF-8.
    return line.getvalue().encode(errors="replace")


def as_xlsx(rows: Iterable[SpreadsheetRow], *, sheet: str = "", made_at: datetime | None = None) -> bytes:
    """Write rows as a workbook with one sheet, whose header stays in view and filters the rows.

    Text stays text; cells that are too long are cut; days are dates of the spreadsheet. With `made_at`,
    the same rows give the same bytes.
    """
    workbook = io.BytesIO()
    # Row by row, to keep memory low.
    write_worksheet(
        map(_cells, rows),
        workbook,
        sheet_name(sheet),
        freeze_row=1,
        autofilter=True,
        bold_headers=True,
        datetime_format="yyyy-mm-dd",
    )
    return workbook.getvalue() if made_at is None else _dated(workbook, made_at)


def sheet_name(wish: str) -> str:
    """Return a name that spreadsheet programs accept for a sheet."""
    return NOT_IN_SHEET_NAMES.sub("-", wish)[:LONGEST_SHEET_NAME].strip("'") or DEFAULT_SHEET_NAME


def _cells(row: SpreadsheetRow) -> dict[str, object]:
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DAY:
        return value  # a moment has a zone, which no cell can hold: it stays text
    text = written(value)
    return NOT_IN_XML.sub("", text)[:LONGEST_CELL] if isinstance(text, str) else text


def _dated(workbook: io.BytesIO, made_at: datetime) -> bytes:
    """Set the creation date of the workbook; otherwise each file would differ."""
    dated = io.BytesIO()
    moment = f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == PROPERTIES:
                content = MOMENT.sub(moment, content)
            target.writestr(part, content, compresslevel=1)
    return dated.getvalue()


def _harmless(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class SheetRow:
    """A row of an imported table, with its spreadsheet row number."""

    number: int
    values: Mapping[str, str]


def read_rows(
    content: bytes, *, most: int, field: str | None = None, refuses_macros: bool = False
) -> list[SheetRow]:
    """Read the first sheet of a workbook, or a CSV: column names first, then rows."""
    if len(content) > MOST_BYTES:
        sentence = gettext("This table is larger than %(limit)s MB. Please split it.")
        raise Refused(sentence % {"limit": MOST_BYTES // 1_000_000}, "table-too-large", field)
    lines, count = _lines(content, most, field, refuses_macros=refuses_macros)
    if count < len(("names", "a row")):
        sentence = gettext("There is no row in this table below the names of its columns.")
        raise Refused(sentence, "table-empty", field)
    if count - 1 > most:
        sentence = gettext("This table has %(count)s rows, and at most %(limit)s are read at once.")
        raise Refused(sentence % {"count": count - 1, "limit": most}, "table-too-long", field)
    (_, names), *rows = lines
    heads = [name.strip().lower() for name in names]
    doubled = sorted({head for head in heads if head and heads.count(head) > 1})
    if doubled:
        sentence = gettext("The column %(name)s stands there twice. Please remove one.")
        raise Refused(sentence % {"name": doubled[0]}, "column-doubled", field)
    return [
        SheetRow(number, {head: value for head, value in zip(heads, row, strict=False) if head})
        for number, row in rows
    ]


def _lines(
    content: bytes, most: int, field: str | None, *, refuses_macros: bool
) -> tuple[list[tuple[int, list[str]]], int]:
    """Return the non-empty rows with their numbers, and the total number of rows."""
    reader = "muntada.parsers.tables:sheet"
    *some, count = read_file(reader, content, field=field, most=most + 1, refuses_macros=refuses_macros)
    return [(number, row) for rows in some for number, row in rows], count
