"""Read many series from one CSV file with the columns series, area, year and value, rows in any order.

Plain rows are parsed in bulk (`columns`). A piece of the file with anything else (a quotation mark,
an exponent, a fault) is parsed row by row, which reports file and line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from muntada.engines.arrays import BoolArray
from muntada.engines.progress.columns import SeriesColumns, plain_columns
from muntada.engines.progress.files import NOT_FINITE, WRONG_NUMBER
from muntada.engines.progress.panel import MOST_CELLS, PanelPiece, PanelTooLarge, SeriesPanel, panel_of_pieces
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import (
    EMPTY,
    NO_ROWS,
    WRONG_LENGTH,
    TableFault,
    checked_columns,
    decoded_lines,
    opened,
    read_table,
    records_of,
)
from muntada.engines.tables import MAX_BYTES as MOST_BYTES_IN_MEMORY
from muntada.parsers.table_text import (
    BYTE_ORDER_MARK,
    UTF_16_MARKS,
    WORKBOOK_BEGINS,
    declared_separator,
    separator_of,
)

MAX_BYTES = 10**11
PIECE = 1 << 22
NEWLINE, QUOTATION_MARK = b'\n"'
LONGEST_NAME = 200
FIRST_YEAR, LAST_YEAR = 1800, 2200
REQUIRED = ("series", "area", "year", "value")
STATUS = "status"
# Additional columns of a table exported by a forum, and the breakdown that means everybody.
FORUM_COLUMNS = ("breakdown", "nature", "withdrawn")
WHOLE = ("", "total")
ESTIMATES = ("estimated", "estimate", "e", "modelled", "m", "projected", "forecast", "f", "p")

_YEAR = re.compile(r"([0-9]{4})(?:\.0*)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)

NO_NAME = gettext_noop("The cell of the column %(column)s is empty. Write which %(column)s the value is of.")
LONG_NAME = gettext_noop("The cell of the column %(column)s has more than %(most)s characters.")
WRONG_YEAR = gettext_noop("%(year)s is no year between %(first)s and %(last)s.")
TOO_MANY = gettext_noop("Series, areas and years make more than %(most)s million cells. Split the file.")


# Numbers of series and area, year, value, and whether it is an estimate.
type _Cells = tuple[int, int, int, float, bool]


@dataclass(slots=True)
class _Names:
    """Numbers assigned to names in order of appearance."""

    numbers: dict[str, int]

    def number(self, name: str) -> int:
        return self.numbers.setdefault(name, len(self.numbers))


@dataclass(frozen=True, slots=True)
class _Reader:
    """A file being read: its columns, and the names so far."""

    file: str
    columns: Sequence[str]
    series: _Names
    areas: _Names

    def at(self, column: str) -> int | None:
        return self.columns.index(column) if column in self.columns else None


def read_panel(path: str | PathLike[str], *, max_bytes: int = MAX_BYTES) -> SeriesPanel:
    """Read series,area,year,value (and status if present); raises TableFault with file and line.

    Other columns are ignored; rows that differ only in those give a cell with two values. Peak memory
    is about 20 bytes per row and 9 per cell. In a table exported by a forum (`indicator` instead of
    `series`), edition and breakdown are read, too.
    """
    path, pieces = Path(path), list[PanelPiece]()
    with opened(path, max_bytes=max_bytes) as stream:
        header = stream.readline(PIECE)
        if _is_from_a_forum(header):
            return _panel_of_a_forum(path, max_bytes)
        if not _is_plain(header):
            return _panel_of_rows(path, max_bytes)
        stream.seek(0)
        rest, line, reader = stream.read(PIECE).removeprefix(BYTE_ORDER_MARK), 1, None
        while True:
            more = stream.read(PIECE)
            whole, rest = _cut(rest, last=not more)
            if whole and reader is None:
                reader, whole, line = _header(path.name, whole)
            if whole and reader is not None:
                pieces.append(_piece(reader, whole, line))
                line += whole.count(b"\n")
            if not more:
                break
            rest += more
    if reader is None:
        raise TableFault(path.name, None, EMPTY)
    return _panel(reader, pieces)


def _panel(reader: _Reader, pieces: Sequence[PanelPiece]) -> SeriesPanel:
    if not any(len(piece.year) for piece in pieces):
        raise TableFault(reader.file, None, NO_ROWS)
    try:
        return panel_of_pieces(tuple(reader.series.numbers), tuple(reader.areas.numbers), pieces)
    except PanelTooLarge as error:
        raise TableFault(reader.file, None, TOO_MANY, {"most": MOST_CELLS // 10**6}) from error


def _is_plain(header: bytes) -> bool:
    """Return whether a file can be parsed in bulk: UTF-8 with commas."""
    if header.startswith((*UTF_16_MARKS, WORKBOOK_BEGINS)):
        return False
    line = header.decode("utf-8", errors="replace")
    return not declared_separator(line) and separator_of(line) == ","


def _panel_of_rows(path: Path, max_bytes: int) -> SeriesPanel:
    """Read a file with another encoding or separator, row by row and in memory."""
    reader = _Reader(path.name, (*REQUIRED, STATUS), _Names({}), _Names({}))
    rows = read_table(
        path, required=REQUIRED, optional=(STATUS,), max_bytes=min(max_bytes, MOST_BYTES_IN_MEMORY)
    )
    cells = [_read(reader, row.line, [row.values[name] for name in reader.columns]) for row in rows]
    return _panel(reader, [_piece_of_rows(reader, cells)])


def _is_from_a_forum(header: bytes) -> bool:
    names = {name.strip(b' "\r\n') for name in header.removeprefix(BYTE_ORDER_MARK).split(b",")}
    return b"indicator" in names and b"series" not in names


def _panel_of_a_forum(path: Path, max_bytes: int) -> SeriesPanel:
    """Read a table exported by a forum: the newest edition of each value that was not withdrawn.

    A breakdown is a series of its own, named after indicator and breakdown.
    """
    newest: dict[tuple[str, str, int], tuple[float, bool]] = {}
    required = ("indicator", *REQUIRED[1:])
    for row in read_table(path, required=required, optional=FORUM_COLUMNS, max_bytes=max_bytes):
        if row.values["withdrawn"]:
            continue
        code = _name(path.name, row.line, "indicator", row.values["indicator"].strip())
        part = row.values["breakdown"].strip()
        series = code if part in WHOLE else f"{code} {part}"
        area = _name(path.name, row.line, "area", row.values["area"].strip())
        year = _year(path.name, row.line, row.values["year"].strip())
        value = _value(path.name, row.line, row.values["value"].strip())
        # Editions are in order of publication.
        newest[series, area, year] = (value, row.values["nature"].strip().lower() in ESTIMATES)
    if not newest:
        raise TableFault(path.name, None, NO_ROWS)
    names, places = _Names({}), _Names({})
    piece = PanelPiece(
        np.array([names.number(series) for series, _, _ in newest], dtype=np.int64),
        np.array([places.number(area) for _, area, _ in newest], dtype=np.int64),
        np.array([year for _, _, year in newest], dtype=np.int64),
        np.array([value for value, _ in newest.values()], dtype=np.float64),
        np.array([is_estimated for _, is_estimated in newest.values()], dtype=np.bool_),
    )
    return panel_of_pieces(tuple(names.numbers), tuple(places.numbers), [piece])


def read_areas(path: Path) -> tuple[str, ...]:
    """Read the column `area` of a table; raises TableFault with file and line."""
    rows = read_table(path, required=("area",))
    return tuple(_name(path.name, row.line, "area", row.values["area"].strip()) for row in rows)


def _cut(text: bytes, *, last: bool) -> tuple[bytes, bytes]:
    """Cut after the last complete row; a row continues while a quotation mark is open."""
    if last:
        return (text if text.strip() else b""), b""
    end = text.rfind(b"\n") + 1
    if b'"' in text:
        letters = np.frombuffer(text, dtype=np.uint8)
        is_open = np.cumsum(letters == QUOTATION_MARK) % 2 == 1
        ends = np.flatnonzero((letters == NEWLINE) & ~is_open)
        end = int(ends[-1]) + 1 if len(ends) else 0
    return text[:end], text[end:]


def _header(file: str, text: bytes) -> tuple[_Reader, bytes, int]:
    records = records_of(file, decoded_lines(file, text))
    header = next(records, None)
    if header is None:
        raise TableFault(file, None, EMPTY)
    columns = checked_columns(file, header, REQUIRED)
    end, line = 0, 1
    for line in range(1, header[0] + 1):  # noqa: B007
        end = text.find(b"\n", end) + 1 or len(text)
    return _Reader(file, columns, _Names({}), _Names({})), text[end:], line + 1


def _piece(reader: _Reader, text: bytes, line: int) -> PanelPiece:
    wanted = [*REQUIRED, STATUS] if STATUS in reader.columns else REQUIRED
    told = plain_columns(text, len(reader.columns), [reader.columns.index(name) for name in wanted])
    if told is None or not _in_range(told):
        return _by_row(reader, text, line)
    series = np.array([reader.series.number(name) for name in told.series], dtype=np.int64)
    areas = np.array([reader.areas.number(name) for name in told.areas], dtype=np.int64)
    return PanelPiece(
        series[told.series_at].astype(np.int32),
        areas[told.area_at].astype(np.int32),
        told.year,
        told.value,
        None if told.status_at is None else _estimated(told.status)[told.status_at],
    )


def _estimated(status: Sequence[str]) -> BoolArray:
    return np.array([one.strip().lower() in ESTIMATES for one in status], dtype=np.bool_)


def _in_range(told: SeriesColumns) -> bool:
    names = (*told.series, *told.areas)
    if any(not name.strip() or name != name.strip() or len(name) > LONGEST_NAME for name in names):
        return False
    return not len(told.year) or bool(told.year.min() >= FIRST_YEAR and told.year.max() <= LAST_YEAR)


def _by_row(reader: _Reader, text: bytes, line: int) -> PanelPiece:
    return _piece_of_rows(reader, list(_rows(reader, text, line)))


def _piece_of_rows(reader: _Reader, cells: Sequence[_Cells]) -> PanelPiece:
    columns = [list(column) for column in zip(*cells, strict=True)] or [[], [], [], [], []]
    return PanelPiece(
        np.array(columns[0], dtype=np.int32),
        np.array(columns[1], dtype=np.int32),
        np.array(columns[2], dtype=np.int16),
        np.array(columns[3], dtype=np.float64),
        np.array(columns[4], dtype=np.bool_) if STATUS in reader.columns else None,
    )


def _rows(reader: _Reader, text: bytes, first: int) -> Iterator[_Cells]:
    for line, cells in records_of(reader.file, decoded_lines(reader.file, text, first), first):
        if len(cells) != len(reader.columns):
            params = {"cells": len(cells), "columns": len(reader.columns)}
            raise TableFault(reader.file, line, WRONG_LENGTH, params)
        yield _read(reader, line, cells)


def _read(reader: _Reader, line: int, cells: Sequence[str]) -> _Cells:
    series, area, year, value = (cells[reader.columns.index(name)].strip() for name in REQUIRED)
    status = reader.at(STATUS)
    return (
        reader.series.number(_name(reader.file, line, "series", series)),
        reader.areas.number(_name(reader.file, line, "area", area)),
        _year(reader.file, line, year),
        _value(reader.file, line, value),
        status is not None and cells[status].strip().lower() in ESTIMATES,
    )


def _name(file: str, line: int, column: str, told: str) -> str:
    if not told:
        raise TableFault(file, line, NO_NAME, {"column": column})
    if len(told) > LONGEST_NAME:
        raise TableFault(file, line, LONG_NAME, {"column": column, "most": LONGEST_NAME})
    return told


def _year(file: str, line: int, told: str) -> int:
    found = _YEAR.fullmatch(told)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        span = {"year": f"“{told[:40]}”", "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise TableFault(file, line, WRONG_YEAR, span)
    return int(found[1])


def _value(file: str, line: int, told: str) -> float:
    if not told:
        return np.nan
    if told.lower().strip("+-") in ("nan", "inf", "infinity"):
        raise TableFault(file, line, NOT_FINITE, {"value": told[:40]})
    if not _NUMBER.fullmatch(told):
        raise TableFault(file, line, WRONG_NUMBER, {"value": f"“{told[:40]}”"})
    number = float(told)
    if not np.isfinite(number):
        raise TableFault(file, line, NOT_FINITE, {"value": told[:40]})
    return number
