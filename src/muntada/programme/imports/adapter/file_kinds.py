"""Recognize an uploaded file by content, and read it."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.foundations.files import MEGABYTE, clean_name
from muntada.foundations.sheets import MOST_BYTES, read_rows
from muntada.parsers.table_text import WORKBOOK_BEGINS
from muntada.programme.imports.adapter.schedules import read_json, read_xml
from muntada.programme.imports.rules import MOST_SESSIONS, FileKind, Incoming


def kind_of(content: bytes) -> FileKind:
    """Return the kind of a file; refuse one that is too large or has macros."""
    if len(content) > MOST_BYTES:
        sentence = gettext("This file is larger than %(limit)s MB. Please send a smaller one.")
        raise Refused(sentence % {"limit": MOST_BYTES // MEGABYTE}, "file-too-large", "file")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise Refused(gettext("This file is empty. Please choose another one."), "file-empty", "file")
    if content.startswith(b"PK"):
        return FileKind.REQUESTS
    return {b"<": FileKind.SCHEDULE_XML, b"{": FileKind.SCHEDULE_JSON}.get(start, FileKind.REQUESTS)


def programme_in(content: bytes, kind: FileKind, *, zone: ZoneInfo, language: str) -> Incoming:
    """Read a schedule."""
    read = read_xml if kind is FileKind.SCHEDULE_XML else read_json
    return read(content, zone=zone, language=language)


@contextmanager
def as_file(content: bytes, name: str) -> Iterator[Path]:
    """Write a file under its original name, for readers that need a path."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / clean_name(name, "xlsx" if content.startswith(b"PK") else "csv")
        path.write_bytes(content)
        yield path


@contextmanager
def as_csv_file(content: bytes, name: str) -> Iterator[Path]:
    """Write a table as CSV under its original name."""
    with as_file(content, name) as path:
        if content.startswith(b"PK"):
            path.write_text(_csv_of(content), encoding="utf-8", newline="")
        yield path


@contextmanager
def csv_at(path: Path) -> Iterator[Path]:
    """Return where a table stands as CSV: a workbook is written anew, another file is left as it is."""
    if path.is_file() and path.stat().st_size <= MOST_BYTES and _is_workbook(path):
        with as_csv_file(path.read_bytes(), path.name) as written:
            yield written
    else:
        yield path


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(WORKBOOK_BEGINS)) == WORKBOOK_BEGINS


def _csv_of(content: bytes) -> str:
    rows = read_rows(content, most=MOST_SESSIONS, field="file", refuses_macros=True)
    names = list(rows[0].values)
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(names)
    line = 1
    for row in rows:
        # Empty rows stay, so that faults name the row numbers of the spreadsheet.
        for _ in range(row.number - line - 1):
            writer.writerow([])
        line = row.number
        writer.writerow([row.values[name].replace("\n", " ").replace("\r", " ") for name in names])
    return written.getvalue()
