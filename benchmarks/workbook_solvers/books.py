"""Workbooks of other people's timetabling problems: opened with care, refused in one sentence.

Each format has its own folder beside this file. What the command line needs from any of them stands here.
"""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from python_calamine import CalamineError, CalamineWorkbook

from muntada.engines.halt import Halt

MEGABYTE = 1_000_000
MAX_BYTES = 20 * MEGABYTE
MAX_UNPACKED_BYTES = 200 * MEGABYTE
INFEASIBLE = "infeasible"  # the status where a hard rule is broken
MACROS = "vbaProject.bin"

type Cell = object  # what calamine reads: text, float, bool, date, time, datetime, or "" where nothing stands
type Rows = list[list[Cell]]

MISSING = "There is no such file."
NOT_A_FILE = "This is not a plain file that can be read."
TOO_LARGE = "The file has %(size)s MB; workbooks of at most %(limit)s MB are read."
UNPACKED = "Unpacked the workbook would have %(size)s MB; at most %(limit)s MB are read."
HAS_MACROS = "The workbook holds macros. Save it as .xlsx without macros."
NOT_A_BOOK = "This is not an XLSX workbook, or it is damaged."
NO_SHEET = "This sheet is missing. The workbook has: %(found)s."
TOO_WIDE = "The sheet has %(rows)s rows and %(columns)s columns; that is more than can be read."
MOST_CELLS = 2_000_000


class BookFault(Exception):
    """What is wrong with a workbook: the sheet, the row as a spreadsheet counts it, and one sentence."""

    def __init__(
        self, sheet: str | None, row: int | None, sentence: str, params: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(sheet, row, sentence, params)
        self.sheet = sheet
        self.row = row
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})

    def __str__(self) -> str:
        where = [] if self.sheet is None else [f"sheet {self.sheet}"]
        where += [] if self.row is None else [f"row {self.row}"]
        told = self.sentence % self.params
        return f"{', '.join(where)}: {told}" if where else told


@dataclass(frozen=True, slots=True)
class BookProgress:
    """How far the work on a workbook is; a bound is what nothing can be better than, None while unknown."""

    step: str
    best: str
    bound: str | None
    gap: float | None
    cpu_seconds: float


type BookReport = Callable[[BookProgress], None]


class Work:
    """A clock that counts work instead of time: equal work, equal readings, however busy the machine is."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True)
class Budget:
    """CPU-seconds of the whole process, told by a clock that is handed in, and a way to end early.

    Where the clock is a `Work`, solving is repeatable: whoever works says how much it was, in CPU-seconds of
    a usual machine.
    """

    seconds: float
    clock: Callable[[], float]
    halt: Halt = field(default_factory=Halt)

    @property
    def repeatable(self) -> bool:
        return isinstance(self.clock, Work)

    def spend(self, seconds: float) -> None:
        """Count work that has been done; a clock of time knows by itself."""
        if isinstance(self.clock, Work):
            self.clock.seconds += seconds

    @property
    def left(self) -> float:
        return 0.0 if self.halt.called else max(0.0, self.seconds - self.clock())


@dataclass(frozen=True, slots=True)
class BookPlan:
    """A solution of a workbook: its score by level, what is proved, the cost by rule, and the file itself."""

    score: Mapping[str, int]
    bound: Mapping[str, int]
    status: str
    terms: Mapping[str, int]
    unplaced: tuple[str, ...]
    solution: bytes
    unpinned: tuple[str, ...] = ()  # what stands elsewhere than where the workbook pins it


class BookSolver(Protocol):
    def __call__(
        self, path: Path, *, seed: int, budget: Budget, report: BookReport | None = None
    ) -> BookPlan: ...


def open_book(path: Path) -> CalamineWorkbook:
    """Open a workbook that is small enough, whole, and without macros."""
    size = _checked_size(path)
    if size > MAX_BYTES:
        raise BookFault(None, None, TOO_LARGE, _sizes(size, MAX_BYTES))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > MAX_UNPACKED_BYTES:
                raise BookFault(None, None, UNPACKED, _sizes(unpacked, MAX_UNPACKED_BYTES))
            if any(entry.filename.endswith(MACROS) for entry in entries):
                raise BookFault(None, None, HAS_MACROS)
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BookFault(None, None, NOT_A_BOOK) from error


def rows_of(book: CalamineWorkbook, sheet: str) -> Rows:
    """Give all rows of a sheet from its first cell on, each as long as the longest."""
    if sheet not in book.sheet_names:
        raise BookFault(sheet, None, NO_SHEET, {"found": ", ".join(book.sheet_names)})
    try:
        found = book.get_sheet_by_name(sheet)
        rows, columns = found.total_height, found.total_width
        if rows * columns > MOST_CELLS:
            raise BookFault(sheet, None, TOO_WIDE, {"rows": rows, "columns": columns})
        return [list(row) for row in found.to_python(skip_empty_area=False)]
    except CalamineError as error:
        raise BookFault(sheet, None, NOT_A_BOOK) from error


def _checked_size(path: Path) -> int:
    try:
        if not path.exists():
            raise BookFault(None, None, MISSING)
        if not path.is_file():
            raise BookFault(None, None, NOT_A_FILE)
        return path.stat().st_size
    except OSError as error:
        raise BookFault(None, None, NOT_A_FILE) from error


def _sizes(size: int, limit: int) -> dict[str, str | int]:
    return {"size": f"{size / MEGABYTE:.1f}", "limit": f"{limit / MEGABYTE:g}"}
