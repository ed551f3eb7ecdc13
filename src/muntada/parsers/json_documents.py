"""JSON that is no deeper than anybody writes."""

import json
from typing import Any

from muntada.parsers.faults import Unreadable, gettext_noop

DEEPEST = 64

BROKEN = gettext_noop("This is no JSON document: %(fault)s.")
TOO_LARGE = gettext_noop("This JSON document has more than %(limit)s values. Please split it.")
TOO_DEEP = gettext_noop("This JSON document is nested too deeply to be read.")


def loads(content: bytes, *, most_values: int | None = None) -> Any:
    """Return a document, or refuse it. A whole number of thousands of digits is refused by Python itself."""
    try:
        document = json.loads(content)
    except RecursionError as error:
        raise Unreadable("json-too-deep", TOO_DEEP) from error
    except ValueError as error:
        raise Unreadable("json-broken", BROKEN, {"fault": str(error)[:120]}) from error
    _require_bounds(document, most_values)
    return document


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
