"""Reads `comments.csv` of a Polis export, also where the statements are not quoted."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muntada.engines.opinion.polis_cells import identity, moments, shortened, whole_number, yes_or_no
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import (
    BROKEN_QUOTES,
    NO_ROWS,
    WRONG_LENGTH,
    TableFault,
    checked_columns,
    read_lines,
)

TEXT = "comment-body"
REQUIRED = ("timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", TEXT)
MODERATED_OUT, NOT_MODERATED, MODERATED_IN = -1, 0, 1

NEGATIVE_COUNT = gettext_noop("%(column)s is %(cell)s; a count cannot be negative.")
NO_MODERATION = gettext_noop("moderated is %(cell)s; it is -1 (out), 0 (not moderated) or 1 (in).")
DOUBLE_ID = gettext_noop("The comment-id %(id)s stands already on line %(first)s.")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the export. `agrees` and `disagrees` count vote events, not people."""

    id: str
    text: str
    author: str
    created: datetime
    moderated: int
    meta: bool
    agrees: int
    disagrees: int
    line: int


def read_statements(path: Path) -> tuple[Statement, ...]:
    rows = list(_rows(path))
    if not rows:
        raise TableFault(path.name, None, NO_ROWS)
    created = moments(path.name, [(line, row["timestamp"]) for line, row in rows])
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


def _statement(file: str, line: int, row: dict[str, str], created: datetime) -> Statement:
    moderated = whole_number(file, line, "moderated", row["moderated"])
    if moderated not in (MODERATED_OUT, NOT_MODERATED, MODERATED_IN):
        raise TableFault(file, line, NO_MODERATION, {"cell": moderated})
    return Statement(
        id=identity(file, line, "comment-id", row["comment-id"]),
        text=row[TEXT],
        author=row["author-id"].strip(),
        created=created,
        moderated=moderated,
        meta=yes_or_no(file, line, "is-meta", row.get("is-meta", "")),
        agrees=_count(file, line, "agrees", row["agrees"]),
        disagrees=_count(file, line, "disagrees", row["disagrees"]),
        line=line,
    )


def _count(file: str, line: int, column: str, cell: str) -> int:
    count = whole_number(file, line, column, cell)
    if count < 0:
        raise TableFault(file, line, NEGATIVE_COUNT, {"column": column, "cell": count})
    return count


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    lines = list(read_lines(path))
    start = next(place for place, line in enumerate(lines) if line.strip())
    header = next(csv.reader([lines[start]]))
    columns = checked_columns(path.name, (start + 1, header), REQUIRED)
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
    """Count the lines up to the one on which the quotation marks are balanced, 0 if they never are."""
    marks = 0
    for span, line in enumerate(lines[place:], start=1):
        marks += line.count('"')
        if marks % 2 == 0:
            return span
    return 0


def _quoted_cells(lines: Sequence[str], columns: int) -> list[str] | None:
    """Read one row as the CSV standard has it; None if these lines are not one such row."""
    try:
        records = list(csv.reader(lines, strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 and len(records[0]) == columns else None


def _cells_from_both_ends(file: str, number: int, line: str, columns: list[str]) -> list[str]:
    """Read a row whose statement is not quoted: what stands between the known columns is the statement.

    One server version wrote statements as they are, so that each comma in them looks like a new cell.
    """
    pieces = line.rstrip("\r\n").split(",")
    if len(pieces) < len(columns):
        raise TableFault(file, number, WRONG_LENGTH, {"cells": len(pieces), "columns": len(columns)})
    before = columns.index(TEXT)
    after = len(pieces) - (len(columns) - before - 1)
    text = ",".join(pieces[before:after])
    if text.startswith('"') and text.count('"') % 2:
        raise TableFault(file, number, BROKEN_QUOTES)
    return [*pieces[:before], text, *pieces[after:]]
