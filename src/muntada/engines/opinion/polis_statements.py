"""Read `comments.csv` of a Polis export, including files with unquoted statements."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muntada.engines.opinion.polis_cells import (
    EPOCH,
    identity,
    moments,
    shortened,
    whole_number,
    yes_or_no,
)
from muntada.engines.opinion.polis_leave import Leave
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import (
    BROKEN_QUOTES,
    MAX_BYTES,
    NO_ROWS,
    WRONG_LENGTH,
    TableFault,
    checked_columns,
    read_lines,
    records_of,
)

TIME, ID, TEXT, MODERATED = "timestamp", "comment-id", "comment-body", "moderated"
COUNTS = AGREES, DISAGREES = "agrees", "disagrees"
REQUIRED = (TIME, ID, "author-id", *COUNTS, MODERATED, TEXT)
MODERATED_OUT, NOT_MODERATED, MODERATED_IN = -1, 0, 1

NEGATIVE_COUNT = gettext_noop("%(column)s is %(cell)s; a count cannot be negative.")
NO_MODERATION = gettext_noop("moderated is %(cell)s; it is -1 (out), 0 (not moderated) or 1 (in).")
DOUBLE_ID = gettext_noop("The comment-id %(id)s stands already on line %(first)s.")


@dataclass(frozen=True, slots=True)
class PolisStatement:
    """A statement of the export. `counts` are agreements and disagreements: vote events, not people.

    Missing values are empty: no text, no counts, a time in 1970, line 0.
    """

    id: str
    text: str
    author: str
    created: datetime
    moderated: int
    meta: bool
    counts: tuple[int, int] | None
    line: int


def statement_known_by_id(name: str) -> PolisStatement:
    return PolisStatement(name, "", "", EPOCH, NOT_MODERATED, meta=False, counts=None, line=0)


def read_statements(path: Path, leave: Leave, max_bytes: int = MAX_BYTES) -> tuple[PolisStatement, ...]:
    """Read all statements; if faults may be skipped, only the column of ids is required."""
    rows = list(_rows(path, (ID,) if leave.lenient else REQUIRED, max_bytes))
    if not rows:
        raise TableFault(path.name, None, NO_ROWS)
    if MODERATED not in rows[0][1]:
        leave.note(f"{path.name} has no column {MODERATED}: no statement is taken to be moderated out.")
    times = [(line, row[TIME]) for line, row in rows if TIME in row]
    created = moments(path.name, times) or [EPOCH] * len(rows)
    first_lines: dict[str, int] = {}
    statements = []
    for (line, row), moment in zip(rows, created, strict=True):
        statement = _statement(path.name, line, row, moment)
        if statement.id in first_lines:
            params: dict[str, str | int] = {"id": shortened(statement.id), "first": first_lines[statement.id]}
            raise TableFault(path.name, line, DOUBLE_ID, params)
        first_lines[statement.id] = line
        statements.append(statement)
    return tuple(statements)


def _statement(file: str, line: int, row: dict[str, str], created: datetime) -> PolisStatement:
    moderated = whole_number(file, line, MODERATED, row.get(MODERATED, "0"))
    if moderated not in (MODERATED_OUT, NOT_MODERATED, MODERATED_IN):
        raise TableFault(file, line, NO_MODERATION, {"cell": moderated})
    counted = AGREES in row and DISAGREES in row
    return PolisStatement(
        id=identity(file, line, ID, row[ID]),
        text=row.get(TEXT, ""),
        author=row.get("author-id", "").strip(),
        created=created,
        moderated=moderated,
        meta=yes_or_no(file, line, "is-meta", row.get("is-meta", "")),
        counts=(_count(file, line, AGREES, row), _count(file, line, DISAGREES, row)) if counted else None,
        line=line,
    )


def _count(file: str, line: int, column: str, row: dict[str, str]) -> int:
    count = whole_number(file, line, column, row[column])
    if count < 0:
        raise TableFault(file, line, NEGATIVE_COUNT, {"column": column, "cell": count})
    return count


def _rows(path: Path, required: Sequence[str], max_bytes: int) -> Iterator[tuple[int, dict[str, str]]]:
    lines = list(read_lines(path, max_bytes=max_bytes))
    start = next(place for place, line in enumerate(lines) if line.strip())
    number, header = next(records_of(path.name, iter([lines[start]]), start + 1))
    names = [cell.strip().lower() for cell in header]
    columns = checked_columns(path.name, (number, names), required)
    place = start + 1
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        span = _quoted_span(lines, place)
        cells = _quoted_cells(lines[place : place + span], len(columns))
        if cells is None:
            span, cells = 1, _cells_from_both_ends(path.name, place + 1, lines[place], columns)
        yield place + 1, dict(zip(columns, cells, strict=True))
        place += span


def _quoted_span(lines: Sequence[str], place: int) -> int:
    """Return the number of lines until the quotation marks balance, 0 if they never do."""
    marks = 0
    for span, line in enumerate(lines[place:], start=1):
        marks += line.count('"')
        if marks % 2 == 0:
            return span
    return 0


def _quoted_cells(lines: Sequence[str], columns: int) -> list[str] | None:
    """Parse one row as standard CSV; None if the lines are not exactly one row."""
    try:
        records = list(csv.reader(lines, strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 and len(records[0]) == columns else None


def _cells_from_both_ends(file: str, number: int, line: str, columns: list[str]) -> list[str]:
    """Parse a row with an unquoted statement: the text between the known columns is the statement.

    One server version wrote statements without quotation marks, so each comma in them looks like a new
    cell.
    """
    pieces = line.rstrip("\r\n").split(",")
    if len(pieces) < len(columns) or TEXT not in columns:
        raise TableFault(file, number, WRONG_LENGTH, {"cells": len(pieces), "columns": len(columns)})
    before = columns.index(TEXT)
    after = len(pieces) - (len(columns) - before - 1)
    text = ",".join(pieces[before:after])
    if text.startswith('"') and text.count('"') % 2:
        raise TableFault(file, number, BROKEN_QUOTES)
    return [*pieces[:before], text, *pieces[after:]]
