"""Read indicator series in long form: one row per area and year."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import ReadRow, TableFault, read_table

MAX_BYTES = 50_000_000
FIRST_YEAR, LAST_YEAR = 1800, 2100
CODE_LENGTH = 16
KNOWN_COLUMNS = ("code", "name", "year", "value", "sex")
SEXES = ("female", "male")
TOTAL = "total"

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)

UNKNOWN_COLUMN = gettext_noop(
    "The column %(column)s is not known here, so its rows cannot be told apart. Known columns: %(known)s."
)
WRONG_CODE = gettext_noop(
    "%(code)s is no code of an area. Write the ISO 3166 code (KEN) or the code of a group (WLD)."
)
WRONG_YEAR = gettext_noop("%(year)s is no year between %(first)s and %(last)s.")
WRONG_NUMBER = gettext_noop(
    "%(value)s is not a number. Write it like 12.5; leave the cell empty where there is no value."
)
NOT_FINITE = gettext_noop("%(value)s is not a number that can be shown; leave the cell empty instead.")
WRONG_SEX = gettext_noop("%(sex)s is not known here. Write female or male.")
DOUBLED = gettext_noop("%(code)s already has a value for %(year)s on line %(line)s.")
ONLY_BLANKS = gettext_noop("There is no value in the file: every cell of the column value is empty.")


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value as stated in the file."""

    code: str
    name: str
    year: int
    breakdown: str
    value: float


@dataclass(frozen=True)
class SeriesFile:
    """A valid file; `dimension` names its breakdown, `blanks` are stated gaps."""

    readings: tuple[ReadValue, ...]
    dimension: str
    blanks: int
    digest: str


def read_series(path: Path, *, max_bytes: int = MAX_BYTES) -> SeriesFile:
    """Read `code,name,year,value` or `code,sex,year,value`; raises TableFault with file and line."""
    rows = read_table(path, required=("code", "year", "value"), optional=("name", "sex"), max_bytes=max_bytes)
    readings: list[ReadValue] = []
    has_sex, blanks = False, 0
    for row, reading in _readings(path.name, rows):
        has_sex = has_sex or bool(row.values["sex"])
        if reading is None:
            blanks += 1
        else:
            readings.append(reading)
    if not readings:
        raise TableFault(path.name, None, ONLY_BLANKS)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return SeriesFile(tuple(readings), "sex" if has_sex else "", blanks, digest)


def _readings(file: str, rows: Iterator[ReadRow]) -> Iterator[tuple[ReadRow, ReadValue | None]]:
    lines: dict[tuple[str, int, str], int] = {}
    for row in rows:
        if not lines:
            _check_columns(file, row)
        code, year, breakdown = _code(file, row), _year(file, row), _breakdown(file, row)
        before = lines.setdefault((code, year, breakdown), row.line)
        if before != row.line:
            raise TableFault(file, row.line, DOUBLED, {"code": code, "year": year, "line": before})
        value = _value(file, row)
        if value is None:
            yield row, None
        else:
            yield row, ReadValue(code, row.values["name"].strip(), year, breakdown, value)


def _check_columns(file: str, row: ReadRow) -> None:
    for column in row.values:
        if column not in KNOWN_COLUMNS:
            params = {"column": column, "known": ", ".join(KNOWN_COLUMNS)}
            raise TableFault(file, 1, UNKNOWN_COLUMN, params)


def _code(file: str, row: ReadRow) -> str:
    # The code of Namibia is NA: a code is never read as a missing value.
    code = row.values["code"].strip()
    if len(code) > CODE_LENGTH or not _CODE.fullmatch(code):
        raise TableFault(file, row.line, WRONG_CODE, {"code": _shown(code)})
    return code


def _year(file: str, row: ReadRow) -> int:
    year = row.values["year"].strip()
    if not _YEAR.fullmatch(year) or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        span = {"year": _shown(year), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise TableFault(file, row.line, WRONG_YEAR, span)
    return int(year)


def _breakdown(file: str, row: ReadRow) -> str:
    sex = row.values["sex"].strip().lower()
    if sex in ("", TOTAL):
        return TOTAL
    if sex not in SEXES:
        raise TableFault(file, row.line, WRONG_SEX, {"sex": _shown(sex)})
    return sex


def _value(file: str, row: ReadRow) -> float | None:
    value = row.values["value"].strip()
    if not value:
        return None
    if value.lower().strip("+-") in ("nan", "inf", "infinity"):
        raise TableFault(file, row.line, NOT_FINITE, {"value": value})
    if not _NUMBER.fullmatch(value):
        raise TableFault(file, row.line, WRONG_NUMBER, {"value": _shown(value)})
    number = float(value)
    if number in (float("inf"), float("-inf")):
        raise TableFault(file, row.line, NOT_FINITE, {"value": _shown(value)})
    return number


def _shown(text: str) -> str:
    """Shorten a cell for a sentence, and make an empty one visible."""
    shortened = text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004
    return f"“{shortened}”"
