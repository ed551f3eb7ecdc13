"""Cells of a CoSPLib workbook taken for what they must be, or refused with the sheet and the row."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta

from workbook_solvers.books import BookFault, Cell, Rows

type Name = str | float

MOST = 1_000_000_000  # of any number in the workbook: sums of costs stay exact

TOO_SHORT = "There is no row below the header."
NAME_MISSING = "A name is missing in column %(column)s."
NAME_DOUBLED = "%(name)s stands there more than once."
NOT_WHOLE = "%(value)s in column %(column)s is not a whole number from %(least)s to %(most)s."
NOT_A_TIME = "%(value)s in column %(column)s is not a time of day such as 09:30."
NOT_A_ZONE = "%(value)s is not a time zone such as GMT+2 (from GMT-12 to GMT+12, whole hours)."
UNKNOWN = "%(name)s is not in the sheet %(sheet)s."
ABSENT = "There is no row or column for %(name)s, which is in the sheet %(sheet)s."
COLUMNS_MISSING = "The sheet has %(found)s columns; %(expected)s are expected."
UNEXPECTED = "%(found)s stands where %(expected)s is expected."


class Sheet:
    """The rows of one sheet, with a way to refuse any of them."""

    def __init__(self, name: str, rows: Rows) -> None:
        self.name = name
        self.rows = list(rows)
        while self.rows and all(blank(cell) for cell in self.rows[-1]):
            self.rows.pop()

    def fault(self, row: int | None, sentence: str, **params: str | int) -> BookFault:
        """Make the refusal of a row, counted from 0 here and from 1 in a spreadsheet."""
        return BookFault(self.name, None if row is None else row + 1, sentence, params)

    def cell(self, row: int, column: int) -> Cell:
        cells = self.rows[row] if row < len(self.rows) else []
        return cells[column] if column < len(cells) else ""

    def width(self) -> int:
        """How many columns the header has."""
        header = self.rows[0] if self.rows else []
        return max((number + 1 for number, cell in enumerate(header) if not blank(cell)), default=0)

    def expect_width(self, expected: int) -> None:
        if self.width() < expected:
            raise self.fault(0, COLUMNS_MISSING, found=self.width(), expected=expected)

    def name_at(self, row: int, column: int) -> Name:
        cell = self.cell(row, column)
        if blank(cell):
            raise self.fault(row, NAME_MISSING, column=letter(column))
        return cell if isinstance(cell, str | float) else str(cell)

    def names(self) -> tuple[Name, ...]:
        """Give the first column below the header; each name stands there once."""
        if len(self.rows) <= 1:
            raise self.fault(None, TOO_SHORT)
        names = [self.name_at(row, 0) for row in range(1, len(self.rows))]
        self.expect_once(names, first=1)
        return tuple(names)

    def expect_once(self, names: Sequence[Name], first: int | None = None) -> None:
        seen: set[Name] = set()
        for row, name in enumerate(names, start=first or 0):
            if name in seen:
                raise self.fault(0 if first is None else row, NAME_DOUBLED, name=shown(name))
            seen.add(name)

    def whole(self, row: int, column: int, *, least: int = 0, most: int = MOST) -> int:
        """Give a whole number; nothing is 0."""
        cell = self.cell(row, column)
        if blank(cell):
            cell = 0.0
        number = _whole(cell)
        if number is None or not least <= number <= most:
            raise self.fault(row, NOT_WHOLE, value=shown(cell), column=letter(column), least=least, most=most)
        return number

    def minutes(self, row: int, column: int) -> int:
        """Give a time of day in minutes after midnight."""
        cell = self.cell(row, column)
        if isinstance(cell, str):
            with suppress(ValueError):
                cell = time.fromisoformat(cell.strip())
        if isinstance(cell, time | datetime):
            return cell.hour * 60 + cell.minute
        if isinstance(cell, timedelta) and timedelta() <= cell < timedelta(days=1):
            return cell // timedelta(minutes=1)
        raise self.fault(row, NOT_A_TIME, value=shown(cell), column=letter(column))

    def zone(self, row: int, column: int) -> int:
        """Give the hours ahead of Greenwich: `GMT+2` is two hours ahead."""
        cell = self.cell(row, column)
        text = cell.strip() if isinstance(cell, str) else ""
        hours = _whole(text.removeprefix("GMT")) if text.startswith("GMT") and text != "GMT" else None
        if text == "GMT":
            hours = 0
        if hours is None or not -12 <= hours <= 12:  # noqa: PLR2004 - the zones of the format
            raise self.fault(row, NOT_A_ZONE, value=shown(cell))
        return hours

    def people(self, row: int, column: int) -> frozenset[str]:
        """Give the names of a cell; only a comma with a blank parts them, as in the format's own reader."""
        cell = self.cell(row, column)
        text = cell if isinstance(cell, str) else "" if blank(cell) else shown(cell)
        return frozenset(filter(None, text.split(", ")))


def blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """Give a cell as a person would read it, in one line and not too long."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - enough to find it


def letter(column: int) -> str:
    """Give the name of a column as a spreadsheet shows it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    try:
        number = float(cell)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None
