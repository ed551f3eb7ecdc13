"""Parse single cells of a Polis export: whole numbers, timestamps, booleans."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_IN_MILLISECONDS = 10**11  # the year 5138 in seconds, 1973 in milliseconds
LAST_MOMENT = 10**14  # the year 5138 in milliseconds
WHOLE_NUMBER = re.compile(r"([+-]?[0-9]{1,18})(\.0*)?", re.ASCII)  # some programs write 1 as 1.0
YES, NO = frozenset({"1", "t", "true"}), frozenset({"", "0", "f", "false"})

NOT_WHOLE = gettext_noop("“%(cell)s” in the column %(column)s is not a whole number.")
NO_MOMENT = gettext_noop(
    "“%(cell)s” in the column timestamp is not a time in seconds or milliseconds since 1970."
)
TWO_UNITS = gettext_noop(
    "The time “%(cell)s” is in another unit than the time “%(first)s” above it:"
    " one is in seconds, one in milliseconds."
)
NOT_YES_OR_NO = gettext_noop("“%(cell)s” in the column %(column)s is neither true nor false.")
NO_ID = gettext_noop("The cell in the column %(column)s is empty.")


def whole_number(file: str, line: int, column: str, cell: str) -> int:
    found = WHOLE_NUMBER.fullmatch(cell.strip())
    if found is None:
        raise TableFault(file, line, NOT_WHOLE, {"cell": shortened(cell), "column": column})
    return int(found[1])


def identity(file: str, line: int, column: str, cell: str) -> str:
    name = as_id(cell)
    if not name:
        raise TableFault(file, line, NO_ID, {"column": column})
    return name


def as_id(cell: str) -> str:
    """Normalize an id: a column with gaps often contains 7.0 for 7."""
    name = cell.strip()
    found = WHOLE_NUMBER.fullmatch(name)
    return found[1] if found else name


def yes_or_no(file: str, line: int, column: str, cell: str) -> bool:
    word = cell.strip().lower()
    if word not in YES | NO:
        raise TableFault(file, line, NOT_YES_OR_NO, {"cell": shortened(cell), "column": column})
    return word in YES


def moments(file: str, cells: Sequence[tuple[int, str]]) -> list[datetime]:
    """Parse timestamps with their line numbers; a file uses either seconds or milliseconds."""
    numbers: list[int] = []
    for line, cell in cells:
        number = moment_number(file, line, cell)
        check_unit(file, line, number, numbers[0] if numbers else number)
        numbers.append(number)
    unit = unit_of(numbers[0]) if numbers else unit_of(0)
    return [EPOCH + number * unit for number in numbers]


def unit_of(moment: int) -> timedelta:
    return timedelta(milliseconds=1) if moment >= FIRST_IN_MILLISECONDS else timedelta(seconds=1)


def moment_number(file: str, line: int, cell: str) -> int:
    """Parse a timestamp as a number; below 10^11 it is in seconds, otherwise in milliseconds."""
    found = WHOLE_NUMBER.fullmatch(cell.strip())
    number = int(found[1]) if found else -1
    if not 0 <= number < LAST_MOMENT:
        raise TableFault(file, line, NO_MOMENT, {"cell": shortened(cell)})
    return number


def check_unit(file: str, line: int, number: int, first: int) -> None:
    """Raise if a timestamp uses another unit than the first one of the file."""
    if (number >= FIRST_IN_MILLISECONDS) != (first >= FIRST_IN_MILLISECONDS):
        raise TableFault(file, line, TWO_UNITS, {"cell": str(number), "first": str(first)})


def shortened(cell: str) -> str:
    """Quote a cell of an untrusted file in a sentence, shortened."""
    longest = 40
    cell = "".join(letter if letter.isprintable() else "�" for letter in cell[: longest + 1])
    return cell if len(cell) <= longest else f"{cell[: longest - 1]}…"
