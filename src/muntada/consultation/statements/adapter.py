"""Adapter for similar statements."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from django.db.models import Count, Max

from muntada.consultation.calls.models import Call
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.rules.statements import StatementState
from muntada.engines.themes import suggest
from muntada.engines.themes.near import KnownTexts
from muntada.engines.themes.texts import IdentifiedText

# Calls kept prepared in this process; the least recently used is dropped.
KEPT_READY = 8

type StatementStamp = tuple[object, ...]

_ready: OrderedDict[int, tuple[StatementStamp, KnownTexts]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class SimilarStatement:
    """A similar statement: probability and kind of similarity."""

    statement_id: int
    score: float
    kind: str


def near_statements(call: Call, text: str, language: str) -> list[SimilarStatement]:
    """Return similar open statements of a call, most similar first."""
    found = suggest.near(IdentifiedText("", language, text), _known(call))
    return [SimilarStatement(int(one.id), one.score, one.kind) for one in found]


def near_to(statement: Statement) -> list[SimilarStatement]:
    """Return statements similar to an existing one, for merging."""
    found = suggest.near(
        IdentifiedText(str(statement.pk), statement.language, statement.text), _known(statement.call)
    )
    return [SimilarStatement(int(one.id), one.score, one.kind) for one in found]


def _known(call: Call) -> KnownTexts:
    """Return the prepared statements of a call, cached until one changes."""
    opened = Statement.objects.filter(call=call, state=StatementState.OPEN)
    counts = opened.aggregate(Count("pk"), Max("pk"), Max("decided_at"), Count("versions"))
    stamp: StatementStamp = tuple(counts.values())
    with _lock:
        kept = _ready.get(call.pk)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    known = suggest.known(_texts(opened.order_by("pk").values_list("pk", "language", "text")))
    with _lock:
        _ready[call.pk] = (stamp, known)
        _ready.move_to_end(call.pk)
        while len(_ready) > KEPT_READY:
            _ready.popitem(last=False)
    return known


def _texts(rows: Iterable[tuple[int, str, str]]) -> list[IdentifiedText]:
    return [IdentifiedText(str(pk), language, text) for pk, language, text in rows]
