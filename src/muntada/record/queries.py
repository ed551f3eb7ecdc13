"""Queries of the record: traces in both directions, and the integrity of the log."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext

from muntada.record import rules
from muntada.record.models import Edge, LogEntry, Receipt, Symbol
from muntada.record.rules import Relation, SymbolKind, SymbolRef

TRACE_LIMIT = 400
# The word similarity from which a misspelt title still matches.
ALIKE = 0.55
# The time a complete check of a log is valid; newer entries are checked each time.
CHECK_STANDS = timedelta(minutes=5)


class TraceDirection(StrEnum):
    RESTS_ON = "rests-on"
    LED_TO = "led-to"


@dataclass(frozen=True)
class TraceNode:
    """A thing in a trace; `depth` is its distance from the start."""

    id: int
    symbol: str
    kind: str
    title: str
    language: str
    direction: str
    url: str
    depth: int
    is_withdrawn: bool

    @property
    def kind_name(self) -> str:
        return str(rules.KIND_NAMES[SymbolKind(self.kind)])


@dataclass(frozen=True)
class TraceEdge:
    """`source` is based on `target`."""

    source: int
    target: int
    relation: str


@dataclass(frozen=True)
class Trace:
    start: TraceNode
    direction: TraceDirection
    nodes: tuple[TraceNode, ...]
    edges: tuple[TraceEdge, ...]
    is_cut: bool


@dataclass(frozen=True)
class TraceLine:
    """A line of the panels *Based on* and *Used in*."""

    symbol: str
    kind: str
    kind_name: str
    title: str
    url: str
    language: str
    direction: str
    relation_here: str


def symbols_of(forum_id: int) -> QuerySet[Symbol]:
    return Symbol.objects.filter(forum_id=forum_id).select_related("forum")


def symbols_by_reference(forum_id: int, references: Iterable[SymbolRef]) -> dict[SymbolRef, Symbol]:
    """Find symbols as written in texts of this forum, in one query."""
    wanted = list(references)
    if not wanted:
        return {}
    numbers: dict[tuple[str, SymbolKind], list[int]] = defaultdict(list)
    for reference in wanted:
        numbers[reference.prefix, reference.kind].append(reference.number)
    condition = Q()
    for (prefix, kind), some in numbers.items():
        where = Q(forum__prefix=prefix) if prefix else Q(forum_id=forum_id)
        condition |= where & Q(kind=kind, number__in=some)
    found: dict[SymbolRef, Symbol] = {}
    for symbol in Symbol.objects.filter(condition).select_related("forum"):
        full = SymbolRef(symbol.forum.prefix, SymbolKind(symbol.kind), symbol.number)
        found[full] = symbol
        if symbol.forum_id == forum_id:
            found[SymbolRef("", full.kind, full.number)] = symbol
    return {reference: found[reference] for reference in wanted if reference in found}


class AsWritten(SearchQuery):
    """A condition in our own index terms, not processed by PostgreSQL's parser."""

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002  (its name is what Django hands over)
        function: str | None = None,  # noqa: ARG002
        template: str | None = None,  # noqa: ARG002
        arg_joiner: str | None = None,  # noqa: ARG002
        **_extra: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"({sql})::tsquery", tuple(params)


def found_by(forum_id: int, words: str, condition: str) -> QuerySet[Symbol]:
    """Return the matching public things, best first.

    `condition` comes from `record.adapter`; titles also match despite a spelling error.
    """
    query = AsWritten(condition, search_type="raw")
    holds = Q(found_by__vector=query) if condition else Q(pk=None)
    closeness = Coalesce(SearchRank(F("found_by__vector"), query), 0.0) if condition else Value(0.0)
    return (
        symbols_of(forum_id)
        .select_related("found_by")
        .filter(is_public=True, withdrawn_at=None)
        .annotate(alike=Greatest(TrigramWordSimilarity(words, "title"), 0.0), closeness=closeness)
        .filter(holds | Q(alike__gt=ALIKE))
        .order_by("-closeness", "-alike", "kind", "number")
    )


_WALK = """
WITH RECURSIVE walk(id) AS (
    SELECT %s::bigint
    UNION
    SELECT edge.{far} FROM walk JOIN record_edge edge ON edge.{near} = walk.id
)
SELECT edge.source_id, edge.target_id, edge.relation
FROM walk JOIN record_edge edge ON edge.{near} = walk.id
LIMIT %s
"""


def trace(symbol: Symbol, direction: TraceDirection, limit: int = TRACE_LIMIT) -> Trace:
    """Return everything the symbol is based on, or everything based on it, with one recursive query."""
    near, far = (
        ("source_id", "target_id") if direction is TraceDirection.RESTS_ON else ("target_id", "source_id")
    )
    with connection.cursor() as cursor:
        cursor.execute(_WALK.format(near=near, far=far), [symbol.pk, limit + 1])
        rows = cursor.fetchall()
    edges = tuple(TraceEdge(*row) for row in rows[:limit])
    depths = _depths(symbol.pk, edges, direction)
    known = Symbol.objects.select_related("forum").in_bulk(depths)
    nodes = tuple(
        _node(known[pk], depth) for pk, depth in sorted(depths.items(), key=lambda item: (item[1], item[0]))
    )
    reached = [edge for edge in edges if edge.source in depths and edge.target in depths]
    return Trace(
        start=_node(symbol, 0),
        direction=direction,
        nodes=nodes,
        edges=tuple(sorted(reached, key=lambda edge: (edge.source, edge.target, edge.relation))),
        is_cut=len(rows) > limit,
    )


def _depths(start: int, edges: Collection[TraceEdge], direction: TraceDirection) -> dict[int, int]:
    """Return the shortest distance of each thing from the start."""
    next_of: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        near, far = (
            (edge.source, edge.target) if direction is TraceDirection.RESTS_ON else (edge.target, edge.source)
        )
        next_of[near].append(far)
    depths, frontier = {start: 0}, [start]
    while frontier:
        reached = []
        for near in frontier:
            for far in next_of[near]:
                if far not in depths:
                    depths[far] = depths[near] + 1
                    reached.append(far)
        frontier = reached
    return depths


def _node(symbol: Symbol, depth: int) -> TraceNode:
    return TraceNode(
        id=symbol.pk,
        symbol=str(symbol),
        kind=symbol.kind,
        title=_title(symbol),
        language=symbol.language,
        direction=symbol.direction,
        url=symbol.get_absolute_url(),
        depth=depth,
        is_withdrawn=symbol.withdrawn_at is not None,
    )


def _title(symbol: Symbol) -> str:
    if symbol.is_public:
        return symbol.title
    if symbol.kind == SymbolKind.STATEMENT:
        return gettext("Not put to the vote")
    if symbol.kind in {SymbolKind.STORY, SymbolKind.RETURN}:
        return gettext("Not published yet")
    return gettext("Not published, as its author asked")


def rests_on(symbol: Symbol) -> list[TraceLine]:
    """Return what the symbol is directly based on."""
    edges = Edge.objects.filter(source=symbol).select_related("target__forum").order_by("relation", "target")
    return [_line(edge.target, str(rules.RESTS_ON_WORDS[Relation(edge.relation)])) for edge in edges]


def led_to(symbol: Symbol) -> list[TraceLine]:
    """Return what is directly based on the symbol."""
    edges = Edge.objects.filter(target=symbol).select_related("source__forum").order_by("relation", "source")
    return [_line(edge.source, str(rules.LED_TO_WORDS[Relation(edge.relation)])) for edge in edges]


def trace_panels(symbol: Symbol) -> dict[str, object]:
    """Return the context of `parts/trace_panels.html`, at the end of each page of a symbol."""
    return {
        "rests_on": rests_on(symbol),
        "led_to": led_to(symbol),
        "trace_url": f"{symbol.get_absolute_url()}/trace",
    }


def _line(symbol: Symbol, words: str) -> TraceLine:
    return TraceLine(
        symbol=str(symbol),
        kind=symbol.kind,
        kind_name=str(rules.KIND_NAMES[SymbolKind(symbol.kind)]),
        title=_title(symbol),
        url=symbol.get_absolute_url(),
        language=symbol.language,
        direction=symbol.direction,
        relation_here=words,
    )


@dataclass(frozen=True)
class LogCheck:
    """The result of checking a log: valid, or the first entry that breaks the chain."""

    entries: int
    broken_at: int | None
    last_digest: str

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def log_of(forum_id: int) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(forum_id=forum_id).select_related("symbol__forum").order_by("-sequence")


FROM_THE_FIRST = LogCheck(0, None, rules.GENESIS)


def check_log(forum_id: int, after: LogCheck = FROM_THE_FIRST) -> LogCheck:
    """Recompute the digests of a log from its first entry, or after those already checked."""
    before, entries = after.last_digest, after.entries
    unchecked = log_of(forum_id).filter(sequence__gt=entries)
    for entry in unchecked.order_by("sequence").iterator(chunk_size=2000):
        entries += 1
        expected = rules.chain_digest(
            before=before,
            sequence=entries,
            at=entry.at,
            role=entry.role,
            verb=entry.verb,
            symbol=entry.symbol.short if entry.symbol else "",
            change_digest=entry.change_digest,
        )
        if entry.sequence != entries or entry.digest_before != before or entry.digest != expected:
            return LogCheck(entries, entries, before)
        before = entry.digest
    return LogCheck(entries, None, before)


@dataclass(frozen=True)
class KeptCheck:
    """A cached check of a log, with the time of the complete check."""

    check: LogCheck
    whole_at: datetime


class LogChecks:
    """Checks of logs on request: the whole chain rarely, newer entries each time.

    At most one check per forum runs in this process; other requests meanwhile get None.
    """

    def __init__(self) -> None:
        self._kept: dict[int, KeptCheck] = {}
        self._at_work: dict[int, Lock] = {}

    def of(self, forum_id: int, now: datetime) -> KeptCheck | None:
        at_work = self._at_work.setdefault(forum_id, Lock())
        if not at_work.acquire(blocking=False):
            return None
        try:
            kept = self._kept.get(forum_id)
            if kept is None or now - kept.whole_at >= CHECK_STANDS or not self._goes_on(forum_id, kept.check):
                kept = KeptCheck(check_log(forum_id), now)
            elif kept.check.is_whole:
                kept = KeptCheck(check_log(forum_id, kept.check), kept.whole_at)
            self._kept[forum_id] = kept
            return kept
        finally:
            at_work.release()

    def _goes_on(self, forum_id: int, check: LogCheck) -> bool:
        """Return whether the last checked entry is unchanged."""
        if not check.is_whole or not check.entries:
            return True
        return LogEntry.objects.filter(
            forum_id=forum_id, sequence=check.entries, digest=check.last_digest
        ).exists()


log_checks = LogChecks()


@dataclass(frozen=True)
class ReceiptView:
    """A receipt for its page."""

    code: str
    symbol: Symbol | None
    sequence: int
    at: datetime
    digest: str
    content_digest: str


def receipt(forum_id: int, code: str) -> ReceiptView | None:
    """Find a receipt of this forum by its code."""
    found = (
        Receipt.objects.filter(entry__forum_id=forum_id, code=code)
        .select_related("entry__symbol__forum")
        .first()
    )
    if found is None:
        return None
    entry = found.entry
    return ReceiptView(found.code, entry.symbol, entry.sequence, entry.at, entry.digest, found.content_digest)


def same_content(view: ReceiptView, content: str) -> bool:
    """Return whether a text is the one of the receipt."""
    return hashlib.sha256(content.encode()).hexdigest() == view.content_digest
