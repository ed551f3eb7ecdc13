"""JSON documents of strangers: parsed with every check, their values read as text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from muntada.engines.readers.shape import Part, SourceFault
from muntada.engines.reasons import gettext_noop

NOT_JSON = gettext_noop("This is no JSON document: %(fault)s.")


def document_in(part: Part) -> Any:
    try:
        return json.loads(part.content)
    except (ValueError, RecursionError) as error:
        raise SourceFault(NOT_JSON, {"fault": str(error)[:120]}) from error


def mapping_in(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def list_in(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def text_in(value: object) -> str:
    """Return a cell as text; what is no cell reads as empty."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return " · ".join(filter(None, map(text_in, value)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004
        return str(int(value))
    return str(value).strip()
