"""Read CSV files from untrusted sources, with all checks.

A fault names the file, the line and the problem in one sentence. The sentence is a template with
named placeholders (`%(column)s`), for translation by the caller.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from muntada.engines.reasons import gettext_noop
from muntada.parsers.table_text import WORKBOOK_BEGINS, as_utf8, declared_separator, separator_of

MAX_BYTES = 50_000_000
MEGABYTE = 1_000_000

MISSING = gettext_noop("There is no such file.")
FOLDER = gettext_noop("This is a folder; a file is expected.")
UNREADABLE = gettext_noop("The file cannot be opened: it is not a plain file, or you may not read it.")
TOO_LARGE = gettext_noop("The file has %(size)s MB; files of at most %(limit)s MB are read.")
EMPTY = gettext_noop("The file is empty.")
NOT_UTF8 = gettext_noop("The text is not UTF-8 (byte %(byte)s of this line). Save the file as UTF-8.")
NUL = gettext_noop("There is a zero byte in the text: this is not a text file, or it is damaged.")
WORKBOOK = gettext_noop(
    "This is a workbook (XLSX or ODS); a CSV file is read here. "
    "Open it in a spreadsheet program, save the sheet as CSV (UTF-8) and give that file."
)
BROKEN_QUOTES = gettext_noop(
    "The row that begins here cannot be read: a quotation mark is not closed or not doubled,"
    " or a cell is too long."
)
NO_ROWS = gettext_noop("There is a header but no row below it.")
COLUMNS_MISSING = gettext_noop("These columns are missing: %(missing)s. The file has: %(found)s.")
COLUMNS_DOUBLED = gettext_noop("These columns stand there more than once: %(doubled)s.")
WRONG_LENGTH = gettext_noop("The row has %(cells)s cells; the header has %(columns)s columns.")


class TableFault(Exception):
    """A problem in a file: its place and a sentence."""

    def __init__(
        self, file: str, line: int | None, sentence: str, params: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(file, line, sentence, params)
        self.file = file
        self.line = line
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.sentence % self.params}"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a table: its first line number, and its cells by column name."""

    line: int
    values: dict[str, str]


def read_table(
    path: Path, *, required: Sequence[str], optional: Sequence[str] = (), max_bytes: int = MAX_BYTES
) -> Iterator[ReadRow]:
    """Check the file and its header at once, and each row as it is read.

    A row holds every named column of the file; an optional column missing in the file reads as empty.
    Unnamed columns and blank lines are skipped. Cells are unchanged; header names are stripped. Raises
    `TableFault`.
    """
    columns, records = _table(path, required, max_bytes)
    absent = dict.fromkeys((name for name in optional if name not in columns), "")
    return (
        ReadRow(line, {name: cell for name, cell in zip(columns, cells, strict=True) if name} | absent)
        for line, cells in records
    )


def _table(
    path: Path, required: Sequence[str], max_bytes: int
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    records = _separated_records(path.name, read_lines(path, max_bytes=max_bytes))
    header = next(records, None)
    if header is None:
        raise TableFault(path.name, None, EMPTY)
    columns = checked_columns(path.name, header, required)
    first = next(records, None)
    if first is None:
        raise TableFault(path.name, None, NO_ROWS)
    return columns, _complete(path.name, len(columns), chain([first], records))


def _complete(
    file: str, columns: int, records: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    for line, cells in records:
        if len(cells) != columns:
            raise TableFault(file, line, WRONG_LENGTH, {"cells": len(cells), "columns": columns})
        yield line, cells


def _separated_records(file: str, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    first = next(lines, "")
    declared = declared_separator(first)
    if declared:
        return records_of(file, lines, 2, declared)
    return records_of(file, chain([first], lines), separator=separator_of(first))


def read_records(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with its first line number (a quoted cell may span lines)."""
    return records_of(path.name, read_lines(path, max_bytes=max_bytes))


def read_lines(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[str]:
    """Check the file and yield its lines with their ends; the text is checked line by line."""
    content = _content(path, max_bytes)
    if not content.strip():
        raise TableFault(path.name, None, EMPTY)
    return decoded_lines(path.name, content)


def checked_columns(file: str, header: tuple[int, list[str]], required: Sequence[str]) -> list[str]:
    """Return the column names; raises `TableFault` if one is missing or repeated."""
    line, cells = header
    columns = [cell.strip() for cell in cells]
    missing = [name for name in required if name not in columns]
    if missing:
        found = ", ".join(filter(None, columns))
        raise TableFault(file, line, COLUMNS_MISSING, {"missing": ", ".join(missing), "found": found})
    doubled = [name for name, times in Counter(columns).items() if name and times > 1]
    if doubled:
        raise TableFault(file, line, COLUMNS_DOUBLED, {"doubled": ", ".join(doubled)})
    return columns


@contextmanager
def opened(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[BinaryIO]:
    """Open a plain file of at most `max_bytes`."""
    try:
        if path.is_dir():
            raise TableFault(path.name or str(path), None, FOLDER)
        if not path.exists():
            raise TableFault(path.name, None, MISSING)
        if not path.is_file():
            raise TableFault(path.name, None, UNREADABLE)
        size = path.stat().st_size
        if size > max_bytes:
            raise TableFault(path.name, None, TOO_LARGE, _sizes(size, max_bytes))
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise TableFault(path.name, None, UNREADABLE) from error


def _content(path: Path, max_bytes: int) -> bytes:
    content = bytearray()
    with opened(path, max_bytes=max_bytes) as stream:
        while piece := stream.read(MEGABYTE):
            content += piece
            if len(content) > max_bytes:  # it grew since it was measured
                raise TableFault(path.name, None, TOO_LARGE, _sizes(len(content), max_bytes))
    if content.startswith(WORKBOOK_BEGINS):
        raise TableFault(path.name, None, WORKBOOK)
    return as_utf8(bytes(content))


def _sizes(size: int, limit: int) -> dict[str, str | int]:
    return {"size": f"{size / MEGABYTE:.1f}", "limit": f"{limit / MEGABYTE:g}"}


def ends_in_returns(content: bytes) -> bool:
    """Return whether the first line ends with a bare carriage return, as old programs wrote it."""
    first = content.find(b"\r")
    return first >= 0 and content[first : first + 2] != b"\r\n" and b"\n" not in content[:first]


def decoded_lines(file: str, content: bytes, first: int = 1) -> Iterator[str]:
    """Yield the lines with their ends; `first` is the number of the first line, for faults."""
    if b"\0" not in content:
        try:
            return iter(io.StringIO(content.decode("utf-8"), "" if ends_in_returns(content) else "\n"))
        except UnicodeDecodeError:
            pass  # the lines before the fault are read first
    return _decoded_by_line(file, content, first)


def _decoded_by_line(file: str, content: bytes, first: int) -> Iterator[str]:
    lines = content.splitlines(keepends=True) if ends_in_returns(content) else io.BytesIO(content)
    for number, line in enumerate(lines, start=first):
        if b"\0" in line:
            raise TableFault(file, number, NUL)
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise TableFault(file, number, NOT_UTF8, {"byte": error.start + 1}) from error


def records_of(
    file: str, lines: Iterator[str], first: int = 1, separator: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with its first line number."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = first
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = first + reader.line_num
    except csv.Error as error:
        raise TableFault(file, begins, BROKEN_QUOTES) from error
