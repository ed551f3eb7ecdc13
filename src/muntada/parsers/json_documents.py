"""JSON that is no deeper than anybody writes."""

import json
from typing import Any

from muntada.parsers.faults import Unreadable, gettext_noop

DEEPEST = 64

BROKEN = gettext_noop("This is no JSON document: %(fault)s.")
TOO_DEEP = gettext_noop("This JSON document is nested too deeply to be read.")


def loads(content: bytes) -> Any:
    """Return a document, or refuse it. A whole number of thousands of digits is refused by Python itself."""
    try:
        document = json.loads(content)
    except RecursionError as error:
        raise Unreadable("json-too-deep", TOO_DEEP) from error
    except ValueError as error:
        raise Unreadable("json-broken", BROKEN, {"fault": str(error)[:120]}) from error
    _require_shallow(document)
    return document


def _require_shallow(document: Any) -> None:
    level = [document] if isinstance(document, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise Unreadable("json-too-deep", TOO_DEEP)
