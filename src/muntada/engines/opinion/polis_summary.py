"""Read the metadata of an export: its topic, and which number means *agree*."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from muntada.engines.opinion.polis_cells import shortened
from muntada.engines.opinion.polis_leave import Leave
from muntada.engines.opinion.polis_sign import TWO_DECLARATIONS, Sign
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault, opened, read_lines, read_records

DECLARATION = "vote-convention"
KEYS = ("topic", "conversation-description", DECLARATION)
SIGNS: dict[str, Sign] = {"1": 1, "+1": 1, "-1": -1}
PAIR = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*?)\s*", re.ASCII)

UNREADABLE = gettext_noop(
    "The declaration of the vote values cannot be read: “%(declaration)s”."
    " It is expected in the form agree=+1;disagree=-1;pass=0."
)
NOT_JSON = gettext_noop("This is not a JSON object.")


@dataclass(frozen=True, slots=True)
class Summary:
    """The rows of `summary.csv` that are used."""

    rows: tuple[tuple[int, str, str], ...] = ()

    def value(self, key: str) -> str:
        return next((value.strip() for _, found, value in reversed(self.rows) if found == key), "")


def read_summary(path: Path, leave: Leave) -> Summary:
    """Read the `key,value` rows (without a header); commas after the first belong to the value."""
    if not path.exists():
        return Summary()
    try:
        return Summary(
            tuple((line, cells[0].strip().lower(), ",".join(cells[1:])) for line, cells in read_records(path))
        )
    except TableFault as fault:
        leave.forgive(fault, "Of this file only the rows that can be read alone were used.")
        return Summary(tuple(_rows_alone(path)))


def _rows_alone(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the rows with a known key on a single line, from a file that is not valid as a whole."""
    try:
        with opened(path) as stream:
            content = stream.read()
    except TableFault:
        return
    for line, text in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        key, _, value = text.partition(",")
        if key.strip().lower() in KEYS and '"' not in value:
            yield line, key.strip().lower(), value


def declared_sign(folder: Path, summary: Summary) -> Sign | None:
    """Return the sign declared in `format.json` or the summary; None without a declaration."""
    declared = {
        declared_in_summary("summary.csv", line, value)
        for line, key, value in summary.rows
        if key == DECLARATION
    }
    if len(declared) > 1:
        raise TableFault("summary.csv", None, TWO_DECLARATIONS)
    format_file = folder / "format.json"
    if format_file.exists():
        in_format = declared_in_format(format_file)
        if in_format is not None and declared and in_format not in declared:
            raise TableFault(format_file.name, None, TWO_DECLARATIONS)
        declared.update(() if in_format is None else [in_format])
    return next(iter(declared), None)


def declared_in_summary(file: str, line: int, declaration: str) -> Sign:
    """Parse a declaration such as `agree=+1;disagree=-1;pass=0;format=polis-export/1`."""
    pairs = [PAIR.fullmatch(part) for part in declaration.split(";") if part.strip()]
    values = {pair[1]: pair[2] for pair in pairs if pair}
    if len(values) != len(pairs):
        raise TableFault(file, line, UNREADABLE, {"declaration": shortened(declaration)})
    return _sign(file, line, declaration, values)


def declared_in_format(path: Path) -> Sign | None:
    """Read the declaration of `format.json`, part of newer exports; None if there is none."""
    try:
        content = json.loads("".join(read_lines(path)))
    except json.JSONDecodeError as error:
        raise TableFault(path.name, error.lineno, NOT_JSON) from error
    except RecursionError as error:
        raise TableFault(path.name, None, NOT_JSON) from error
    if not isinstance(content, dict):
        raise TableFault(path.name, None, NOT_JSON)
    found: set[Sign] = set()
    if DECLARATION in content:
        found.add(declared_in_summary(path.name, 1, str(content[DECLARATION])))
    if "vote" in content:
        values = content["vote"] if isinstance(content["vote"], dict) else {}
        words = {str(key): str(value) for key, value in values.items()}
        found.add(_sign(path.name, 1, str(content["vote"]), words))
    if len(found) > 1:
        raise TableFault(path.name, None, TWO_DECLARATIONS)
    return next(iter(found), None)


def _sign(file: str, line: int, declaration: str, values: Mapping[str, str]) -> Sign:
    agree, disagree = SIGNS.get(values.get("agree", "")), SIGNS.get(values.get("disagree", ""))
    if agree is None or disagree != -agree or values.get("pass", "0") not in ("0", "+0", "-0"):
        raise TableFault(file, line, UNREADABLE, {"declaration": shortened(declaration)})
    return agree
