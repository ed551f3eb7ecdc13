"""Parse JSON with limits of depth and size."""

import json
from typing import Any

from muntada.parsers.faults import Unreadable, gettext_noop

DEEPEST = 64
# More than any real number has; Python's own limit would raise its own message.
MOST_DIGITS = 400

BROKEN = gettext_noop(
    "This is no JSON document: it breaks off or is wrong in line %(line)s, column %(column)s. "
    "Please correct it there."
)
TOO_LARGE = gettext_noop("This JSON document has more than %(limit)s values. Please split it.")
TOO_DEEP = gettext_noop("This JSON document is nested too deeply to be read.")
TOO_LONG = gettext_noop(
    "This JSON document holds a number of more than %(limit)s digits. "
    "Please correct it, or write it as a text in quotation marks."
)


def loads(content: bytes, *, most_values: int | None = None) -> Any:
    """Return a document, or refuse it."""
    try:
        document = json.loads(content, parse_int=_whole_number)
    except RecursionError as error:
        raise Unreadable("json-too-deep", TOO_DEEP) from error
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise Unreadable("json-broken", BROKEN, where) from error
    except UnicodeDecodeError as error:
        before = content[: error.start].rpartition(b"\n")
        where = {"line": before[0].count(b"\n") + 1 + len(before[1]), "column": len(before[2]) + 1}
        raise Unreadable("json-broken", BROKEN, where) from error
    _require_bounds(document, most_values)
    return document


def _whole_number(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise Unreadable("json-number", TOO_LONG, {"limit": MOST_DIGITS})
    return int(digits)


def _require_bounds(document: Any, most_values: int | None) -> None:
    level, values = [document] if isinstance(document, dict | list) else [], 0
    for _ in range(DEEPEST):
        values += sum(map(len, level))
        if most_values is not None and values > most_values:
            raise Unreadable("json-too-large", TOO_LARGE, {"limit": most_values})
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise Unreadable("json-too-deep", TOO_DEEP)
