"""Schedules in XML and JSON as plain documents; their meaning is interpreted elsewhere."""

from collections.abc import Iterable, Iterator
from typing import Any

from muntada.parsers import json_documents, markup

MOST_ELEMENTS = 400_000
DEEPEST = 24


def xml(contents: Iterable[bytes]) -> Iterator[markup.MarkupNode]:
    yield markup.tree_of(next(iter(contents)), deepest=DEEPEST, most_elements=MOST_ELEMENTS)


def json(contents: Iterable[bytes]) -> Iterator[Any]:
    yield json_documents.loads(next(iter(contents)), most_values=MOST_ELEMENTS)
