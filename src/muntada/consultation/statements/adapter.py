"""The door to what says the same: a new statement goes in, those that stand there already come out."""

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

# So many calls are kept ready in this process; the one asked for longest ago goes first.
KEPT_READY = 8

type Stamp = tuple[object, ...]

_ready: OrderedDict[int, tuple[Stamp, KnownTexts]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class SimilarStatement:
    """A statement that seems to say the same: how sure that is from 0 to 1, and what kind of sameness."""

    statement_id: int
    score: float
    kind: str


def near_statements(call: Call, text: str, language: str) -> list[SimilarStatement]:
    """Find what is put to the vote in a call and seems to say the same, the likeliest first."""
    found = suggest.near(IdentifiedText("", language, text), _known(call))
    return [SimilarStatement(int(one.id), one.score, one.kind) for one in found]


def near_to(statement: Statement) -> list[SimilarStatement]:
    """Find the same for a statement that is there itself, so that it may be merged."""
    found = suggest.near(
        IdentifiedText(str(statement.pk), statement.language, statement.text), _known(statement.call)
    )
    return [SimilarStatement(int(one.id), one.score, one.kind) for one in found]


def _known(call: Call) -> KnownTexts:
    """Return the statements of a call made ready: kept in the process until one of them is another."""
    opened = Statement.objects.filter(call=call, state=StatementState.OPEN)
    counts = opened.aggregate(Count("pk"), Max("pk"), Max("decided_at"), Count("versions"))
    stamp: Stamp = tuple(counts.values())
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
