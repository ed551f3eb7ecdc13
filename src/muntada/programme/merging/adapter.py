"""The door to what asks for the same: session requests in, those near one of them or all pairs out."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.db.models import Count, Max

from muntada.engines.themes import suggest
from muntada.engines.themes.near import KnownTexts
from muntada.engines.themes.texts import IdentifiedText
from muntada.forums.models import Forum
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import RequestState

# So many forums are kept ready in this process; the one asked for longest ago goes first.
KEPT_READY = 4


def in_percent(score: float) -> int:
    """Return how sure something is; what is not letter for letter the same is never wholly sure."""
    return 100 if score == 1 else min(99, round(100 * score))


type Stamp = tuple[object, ...]

_ready: OrderedDict[int, tuple[Stamp, KnownTexts]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class NearRequest:
    """A request that seems to ask for the same: how sure that is from 0 to 1, and words in common."""

    request_id: int
    score: float
    words: tuple[str, ...]

    @property
    def percent(self) -> int:
        return in_percent(self.score)


@dataclass(frozen=True)
class NearPair:
    """Two requests that seem to ask for the same."""

    one_id: int
    other_id: int
    score: float
    words: tuple[str, ...]

    @property
    def percent(self) -> int:
        return in_percent(self.score)


def near_to(request: SessionRequest) -> list[NearRequest]:
    """Find the requests that wait for a decision and seem to ask for the same, the likeliest first."""
    text = _text(request.pk, request.language, request.title, request.description)
    found = suggest.near(text, _known(request.forum))
    return [NearRequest(int(one.id), one.score, one.words) for one in found]


def near_pairs(forum: Forum) -> list[NearPair]:
    """Find every two waiting requests that seem to ask for the same, the likeliest first."""
    found = suggest.matches(_known(forum).texts)
    return [NearPair(int(one.one), int(one.other), one.score, one.words) for one in found]


def _known(forum: Forum) -> KnownTexts:
    """Return the waiting requests made ready: kept in the process until one of them is another."""
    rows = SessionRequest.objects.filter(forum=forum, state=RequestState.SUBMITTED)
    stamp: Stamp = tuple(
        rows.aggregate(Count("pk"), Max("pk"), Max("saved_at"), Max("submitted_at")).values()
    )
    with _lock:
        kept = _ready.get(forum.pk)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    words = rows.order_by("pk").values_list("pk", "language", "title", "description")
    known = suggest.known([_text(*row) for row in words])
    with _lock:
        _ready[forum.pk] = (stamp, known)
        _ready.move_to_end(forum.pk)
        while len(_ready) > KEPT_READY:
            _ready.popitem(last=False)
    return known


def _text(pk: int, language: str, title: str, description: str) -> IdentifiedText:
    return IdentifiedText(str(pk), language, f"{title}\n\n{description}")
