"""The rows of a sheet of a conference workbook, each cell read as what it has to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_solvers.books import BookFault
from workbook_solvers.conference.sheets import Cell, Row, Workbook

BETWEEN = ", "
LONGEST_TEXT = 32_767
MOST = 1_000_000_000
NOTHING = Cell("")

WRONG_HEADER = "Column %(column)s is headed “%(found)s”; “%(expected)s” is expected."
NO_ROWS = "There is no row below the header."
EMPTY_CELL = "The cell under “%(column)s” is empty."
NOT_A_NUMBER = "“%(value)s” under “%(column)s” is not a whole number of at least %(least)s."
NOT_A_TRUTH = "“%(value)s” under “%(column)s” is neither TRUE nor FALSE."
TOO_LONG = "The text in column %(column)s is longer than a cell can hold."


@dataclass(frozen=True, slots=True)
class Line:
    """One row; its place is the number that a spreadsheet shows, its columns are numbered from 0."""

    sheet: str
    place: int
    cells: Row

    def fault(self, sentence: str, **params: str | int) -> BookFault:
        return BookFault(self.sheet, self.place, sentence, params)

    def refuse_second(self, value: str, first: dict[str, int], sentence: str) -> None:
        if value in first:
            raise self.fault(sentence, value=value, first=first[value])
        first[value] = self.place

    def text(self, column: int) -> str:
        value = self.cells.get(column, NOTHING).value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = str(value)
        if len(text) > LONGEST_TEXT:
            raise self.fault(TOO_LONG, column=column + 1)
        return text

    def filled(self, column: int, title: str) -> str:
        text = self.text(column)
        if not text:
            raise self.fault(EMPTY_CELL, column=title)
        return text

    def several(self, column: int) -> tuple[str, ...]:
        return tuple(part for part in self.text(column).split(BETWEEN) if part)

    def number(self, column: int, title: str, *, least: int = 0) -> int:
        value = self.cells.get(column, NOTHING).value
        if isinstance(value, float) and value.is_integer() and least <= value <= MOST:
            return int(value)
        raise self.fault(NOT_A_NUMBER, column=title, value=str(value), least=least)

    def truth(self, column: int, title: str) -> bool:
        value = self.cells.get(column, NOTHING).value
        if value == "":
            return False
        if isinstance(value, bool):
            return value
        raise self.fault(NOT_A_TRUTH, column=title, value=str(value))

    def filled_with(self, colour: str, column: int, count: int) -> frozenset[int]:
        """Which of so many cells from the column on have that fill, numbered from 0."""
        return frozenset(
            number for number in range(count) if self.cells.get(column + number, NOTHING).fill == colour
        )

    @property
    def is_blank(self) -> bool:
        return all(cell.value == "" for cell in self.cells.values())


class Table:
    def __init__(self, book: Workbook, name: str) -> None:
        self.name = name
        self.rows = book.sheet(name)

    def line(self, place: int) -> Line:
        return Line(self.name, place, self.rows.get(place, {}))

    def lines(self, first: int) -> Iterator[Line]:
        """The rows from the first on; those without any text are passed over."""
        for place in sorted(self.rows):
            line = self.line(place)
            if place >= first and not line.is_blank:
                yield line

    def check_header(self, place: int, expected: Sequence[str]) -> None:
        header = self.line(place)
        for column, title in enumerate(expected):
            found = header.text(column)
            if found != title:
                raise header.fault(WRONG_HEADER, column=column + 1, found=found, expected=title)

    def refuse_empty(self, found: Sequence[object]) -> None:
        if not found:
            raise BookFault(self.name, None, NO_ROWS)
