"""Stream XML with limits: nothing is fetched or expanded, and no tree is built unless requested."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol
from xml.parsers import expat

from muntada.parsers.faults import Unreadable, gettext_noop

DEEPEST = 64
MOST_ELEMENTS = 10_000_000
PIECE_BYTES = 65_536

BROKEN = gettext_noop("This file is damaged: it is no XML.")
DOCTYPE = gettext_noop("This XML declares a document type. Please send it without one (<!DOCTYPE …>).")
TOO_DEEP = gettext_noop("This XML is larger or deeper than any schedule.")


class Handler(Protocol):
    """Callbacks for the parts of a document; names have no prefix."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, name: str) -> None: ...


def parse(
    pieces: Iterable[bytes],
    handler: Handler,
    *,
    letters: Callable[[str], None] | None = None,
    deepest: int = DEEPEST,
    most_elements: int = MOST_ELEMENTS,
) -> None:
    """Send a document through a handler, or refuse it."""
    depth = elements = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > deepest or elements > most_elements:
            raise Unreadable("xml-too-deep", TOO_DEEP)
        handler.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name.rpartition(":")[2])

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if letters is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = letters
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable("xml-broken", BROKEN) from error


def _refuse_doctype(*_: Any) -> None:
    raise Unreadable("xml-doctype", DOCTYPE)


type MarkupNode = list[Any]


class _Tree:
    """Collects a document as lists: name, attributes, text, children."""

    def __init__(self) -> None:
        self.open: list[MarkupNode] = [["", {}, "", []]]

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        node: MarkupNode = [name, dict(attributes), "", []]
        self.open[-1][3].append(node)
        self.open.append(node)

    def end(self, _name: str) -> None:
        self.open.pop()

    def letters(self, letters: str) -> None:
        node = self.open[-1]
        # Text before the first child is the text, as in other trees.
        if not node[3]:
            node[2] += letters


def tree_of(content: bytes, *, deepest: int, most_elements: int) -> MarkupNode:
    """Return a whole document."""
    tree = _Tree()
    pieces = (content[place : place + PIECE_BYTES] for place in range(0, len(content), PIECE_BYTES))
    parse(pieces, tree, letters=tree.letters, deepest=deepest, most_elements=most_elements)
    root: MarkupNode = tree.open[0][3][0]
    return root
