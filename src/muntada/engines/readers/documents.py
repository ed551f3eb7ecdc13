"""Parse untrusted JSON documents with all checks; values are read as text."""

from collections.abc import Mapping, Sequence
from typing import Any

from muntada.engines.readers.shape import SourceFault, SourcePart
from muntada.parsers import json_documents
from muntada.parsers.faults import Unreadable


def document_in(part: SourcePart) -> Any:
    try:
        return json_documents.loads(part.content)
    except Unreadable as fault:
        raise SourceFault(fault.sentence, fault.params) from fault


def mapping_in(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def list_in(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def text_in(value: object) -> str:
    """Return a cell as text; anything that is not a scalar is empty."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return " · ".join(filter(None, map(text_in, value)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004
        return str(int(value))
    return str(value).strip()
