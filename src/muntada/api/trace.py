"""The trace as nodes and edges."""

from typing import Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from muntada.forums.queries import forum_at
from muntada.foundations.errors import NotThere
from muntada.record.queries import Trace, TraceDirection, symbols_by_reference, trace
from muntada.record.rules import SymbolKind, SymbolRef

router = Router(tags=["trace"])

NUMBER_LIMIT = 1_000_000_000


class NodeOut(Schema):
    symbol: str
    kind: str
    title: str
    language: str
    url: str
    depth: int
    is_withdrawn: bool


class EdgeOut(Schema):
    """`source` is based on `target`."""

    source: str
    target: str
    relation: str


class TraceOut(Schema):
    symbol: str
    direction: str
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    is_cut: bool


class RefusalOut(Schema):
    """Why there is no answer: a stable code, and a sentence for a person."""

    code: str
    detail: str


@router.get(
    "/trace/{prefix}/{kind}/{number}",
    response={200: TraceOut, 404: RefusalOut, 422: RefusalOut},
    summary="What a thing rests on or led to",
)
def trace_of(
    request: HttpRequest,  # noqa: ARG001  (every operation takes it)
    prefix: str,
    kind: SymbolKind,
    number: int = Path(..., ge=1, lt=NUMBER_LIMIT),  # type: ignore[type-arg]
    direction: Literal["rests-on", "led-to"] = Query("rests-on"),  # type: ignore[type-arg]
) -> TraceOut:
    """Return what a symbol is based on, or what is based on it."""
    forum = forum_at(prefix.lower())
    reference = SymbolRef("", kind, number)
    symbol = symbols_by_reference(forum.pk, [reference]).get(reference)
    if symbol is None:
        raise NotThere("There is no such symbol in this forum.", "symbol")
    return _out(trace(symbol, TraceDirection(direction)))


def _out(found: Trace) -> TraceOut:
    names = {node.id: node.symbol for node in found.nodes}
    return TraceOut(
        symbol=found.start.symbol,
        direction=found.direction.value,
        nodes=[
            NodeOut(
                symbol=node.symbol,
                kind=node.kind,
                title=node.title,
                language=node.language,
                url=node.url,
                depth=node.depth,
                is_withdrawn=node.is_withdrawn,
            )
            for node in found.nodes
        ],
        edges=[
            EdgeOut(source=names[edge.source], target=names[edge.target], relation=edge.relation)
            for edge in found.edges
        ],
        is_cut=found.is_cut,
    )
