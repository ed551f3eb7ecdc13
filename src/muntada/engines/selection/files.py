"""Read requests from CSV, and capacities and rules from TOML or JSON; each fault names file and line.

REQUESTS.csv: `id` and `score`, optionally `title`, `kind`, `minutes`. A column `number:NAME` holds
a number of people (`number:speakers`, `number:women`). Every other column is a scheme; its cells
are the groups of the request, separated by ";" (`region`, `organisation`, `person`).

RULES: tables `capacity` and `rule`, lists `pins` and `vetoes`. A rule has a `type` (balance,
headcount, cap, apportionment, alternatives) and the fields of that class in `problem`.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from muntada.engines.reasons import gettext_noop
from muntada.engines.selection.faults import SelectionFault
from muntada.engines.selection.problem import (
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    Headcount,
    PinnedRequest,
    RequestSpec,
    RuleState,
    SelectionMethod,
    SelectionProblem,
    SelectionRule,
    Unit,
    Veto,
    check_request,
)
from muntada.engines.tables import ReadRow, TableFault, read_lines, read_table

BETWEEN = ";"
MOST = 10**9  # the largest number allowed in a file
COUNT = "number:"
PLAIN = ("id", "title", "score", "kind", "minutes")
WHOLE = re.compile(r"[0-9]{1,9}")
DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
TYPES: dict[str, type[SelectionRule]] = {
    "balance": BalanceRule,
    "headcount": Headcount,
    "cap": Cap,
    "apportionment": Apportionment,
    "alternatives": Alternatives,
}
TABLES = ("capacity", "rule")
LISTS = ("pins", "vetoes")

EMPTY_CELL = gettext_noop("The %(column)s is empty.")
NO_NUMBER = gettext_noop("The %(column)s is “%(value)s”; a number such as 3.25 is expected.")
NO_WHOLE_NUMBER = gettext_noop("The %(column)s is “%(value)s”; a whole number is expected.")
GIVEN_TWICE = gettext_noop("The request “%(value)s” is already on line %(first)s.")
BROKEN = gettext_noop("This is not %(format)s: it breaks off or is wrong at column %(column)s.")
BROKEN_AT_THE_END = gettext_noop("This is not %(format)s: something that was begun is not ended.")
UNKNOWN_ENDING = gettext_noop("The rules are read from a file that ends in .toml or .json.")
NO_TABLE = gettext_noop("A table with capacity, rule, pins and vetoes is expected.")
UNKNOWN_NAME = gettext_noop("There is no “%(name)s” here. Known are: %(known)s.")
NO_TABLES = gettext_noop("“%(name)s” is to be a list of tables.")
NO_LIST = gettext_noop("“%(name)s” is to be a list of texts.")
NO_TYPE = gettext_noop("The rule has the type “%(value)s”. Known are: %(known)s.")
MISSING_FIELD = gettext_noop("“%(name)s” is missing.")
WRONG_FIELD = gettext_noop("“%(name)s” is “%(value)s”; %(expected)s is expected.")
A_TEXT = gettext_noop("a text")
TEXTS = gettext_noop("a list of texts")
A_NUMBER = gettext_noop("a number")
A_WHOLE_NUMBER = gettext_noop("a whole number of at least 0")
NUMBERS_BY_GROUP = gettext_noop("a table of numbers by group")


@dataclass(frozen=True, slots=True)
class RequestsFile:
    """The requests of a file, and their titles."""

    requests: tuple[RequestSpec, ...]
    titles: Mapping[str, str]


def read_requests(path: Path) -> RequestsFile:
    requests: list[RequestSpec] = []
    titles: dict[str, str] = {}
    first: dict[str, int] = {}
    for row in read_table(path, required=("id", "score"), optional=("title", "kind", "minutes")):
        request = request_of(path.name, row)
        if request.id in first:
            raise TableFault(
                path.name, row.line, GIVEN_TWICE, {"value": request.id, "first": first[request.id]}
            )
        first[request.id] = row.line
        requests.append(request)
        titles[request.id] = " ".join(row.values["title"].split())
    return RequestsFile(tuple(requests), titles)


def request_of(file: str, row: ReadRow) -> RequestSpec:
    def number(column: str, form: re.Pattern[str], sentence: str) -> str:
        text = row.values[column].strip()
        if not text:
            raise TableFault(file, row.line, EMPTY_CELL, {"column": column})
        if not form.fullmatch(text):
            raise TableFault(file, row.line, sentence, {"column": column, "value": text})
        return text

    name = row.values["id"].strip()
    if not name:
        raise TableFault(file, row.line, EMPTY_CELL, {"column": "id"})
    request = RequestSpec(
        id=name,
        score=float(number("score", DECIMAL, NO_NUMBER)),
        kind=row.values["kind"].strip(),
        minutes=int(number("minutes", WHOLE, NO_WHOLE_NUMBER)) if row.values["minutes"].strip() else 60,
        groups={
            column: frozenset(filter(None, (group.strip() for group in cell.split(BETWEEN))))
            for column, cell in row.values.items()
            if column not in PLAIN and not column.startswith(COUNT)
        },
        counts={
            column.removeprefix(COUNT): int(number(column, WHOLE, NO_WHOLE_NUMBER))
            for column in row.values
            if column.startswith(COUNT) and row.values[column].strip()
        },
    )
    try:
        check_request(request)
    except SelectionFault as fault:
        raise TableFault(file, row.line, fault.sentence, fault.params) from fault
    return request


def read_problem(requests: tuple[RequestSpec, ...], path: Path) -> SelectionProblem:
    """Return the problem with the capacities, rules, pins and vetoes of this file."""
    text = "".join(read_lines(path))
    book = SheetBook(path.name, text)
    tables = book.tables(parsed(path, text))
    try:
        return SelectionProblem(
            requests,
            capacities=tuple(book.built(Capacity, entry) for entry in tables["capacity"]),
            rules=tuple(book.rule(entry) for entry in tables["rule"]),
            pins=tuple(PinnedRequest(name) for name in tables["pins"]),
            vetoes=tuple(Veto(name) for name in tables["vetoes"]),
        )
    except SelectionFault as fault:
        named = (
            str(fault.params.get(key, "")).removeprefix("pin:").removeprefix("veto:") for key in ("by", "id")
        )
        line = next(filter(None, map(book.line_of, named)), None)
        raise TableFault(path.name, line, fault.sentence, fault.params) from fault


def parsed(path: Path, text: str) -> object:
    try:
        if path.suffix.lower() == ".toml":
            return tomllib.loads(text)
        if path.suffix.lower() == ".json":
            return json.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Before Python 3.14 the position is only in the message.
        where = re.search("at line ([0-9]+), column ([0-9]+)", str(error))
        if where is None:
            raise TableFault(path.name, None, BROKEN_AT_THE_END, {"format": "TOML"}) from error
        raise TableFault(
            path.name, int(where[1]), BROKEN, {"format": "TOML", "column": int(where[2])}
        ) from error
    except json.JSONDecodeError as error:
        params: dict[str, str | int] = {"format": "JSON", "column": error.colno}
        raise TableFault(path.name, error.lineno, BROKEN, params) from error
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number with too many digits
        raise TableFault(path.name, None, NO_TABLE) from error
    raise TableFault(path.name, None, UNKNOWN_ENDING)


@dataclass(frozen=True, slots=True)
class SheetBook:
    """A file of rules, with the lines of its entries."""

    file: str
    text: str

    def line_of(self, name: str) -> int | None:
        """Return the first line that contains this text in quotation marks."""
        quoted = (json.dumps(name), json.dumps(name, ensure_ascii=False), f"'{name}'")
        lines = self.text.splitlines()
        return next((at for at, line in enumerate(lines, 1) if any(one in line for one in quoted)), None)

    def fault(self, entry: Mapping[str, Any], sentence: str, **params: str) -> TableFault:
        name = entry.get("id")
        line = self.line_of(name) if isinstance(name, str) else None
        return TableFault(self.file, line, sentence, params)

    def tables(self, whole: object) -> dict[str, list[Any]]:
        if not isinstance(whole, dict):
            raise TableFault(self.file, None, NO_TABLE)
        for name in whole:
            if name not in (*TABLES, *LISTS):
                known = ", ".join((*TABLES, *LISTS))
                raise TableFault(self.file, self.line_of(name), UNKNOWN_NAME, {"name": name, "known": known})
        for names, kind, sentence in ((TABLES, dict, NO_TABLES), (LISTS, str, NO_LIST)):
            for name in names:
                entries = whole.get(name, [])
                if not isinstance(entries, list) or not all(isinstance(one, kind) for one in entries):
                    raise TableFault(self.file, self.line_of(name), sentence, {"name": name})
        return {name: whole.get(name, []) for name in (*TABLES, *LISTS)}

    def rule(self, entry: dict[str, Any]) -> SelectionRule:
        kind = entry.get("type")
        if kind not in TYPES:
            raise self.fault(entry, NO_TYPE, value=str(kind), known=", ".join(TYPES))
        return self.built(TYPES[kind], {name: value for name, value in entry.items() if name != "type"})

    def built[T: (Capacity, SelectionRule)](self, kind: type[T], entry: dict[str, Any]) -> T:
        known = {one.name: one for one in fields(kind)}
        for name in entry:
            if name not in known:
                raise self.fault(entry, UNKNOWN_NAME, name=name, known=", ".join(known))
        for name, one in known.items():
            if name not in entry and one.default is MISSING and one.default_factory is MISSING:
                raise self.fault(entry, MISSING_FIELD, name=name)
        return kind(**{name: self.value(entry, known[name], value) for name, value in entry.items()})

    def value(self, entry: dict[str, Any], one: Field[Any], value: object) -> Any:
        fits, made, expected = READINGS[one.type]
        if not fits(value):
            raise self.fault(entry, WRONG_FIELD, name=one.name, value=str(value)[:80], expected=expected)
        return made(value)


# ---- allowed content of a field, by its type in `problem`


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_texts(value: object) -> bool:
    return isinstance(value, list) and all(is_text(one) for one in value)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST


def is_demand(value: object) -> bool:
    return isinstance(value, dict) and all(is_number(one) for one in value.values())


def one_of(choices: type[StrEnum]) -> tuple[Callable[[object], bool], Callable[[Any], object], str]:
    known = [one.value for one in choices]
    return (lambda value: value in known), choices, ", ".join(known)


READINGS: dict[object, tuple[Callable[[object], bool], Callable[[Any], object], str]] = {
    str: (is_text, str, A_TEXT),
    frozenset[str]: (is_texts, frozenset, TEXTS),
    float: (is_number, float, A_NUMBER),
    float | None: (is_number, float, A_NUMBER),
    int: (is_whole, int, A_WHOLE_NUMBER),
    int | None: (is_whole, int, A_WHOLE_NUMBER),
    Mapping[str, float]: (is_demand, dict, NUMBERS_BY_GROUP),
    RuleState: one_of(RuleState),
    Unit: one_of(Unit),
    SelectionMethod: one_of(SelectionMethod),
}
