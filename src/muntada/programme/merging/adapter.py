"""Adapter for similar session requests."""

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

# Forums kept prepared in this process; the least recently used is dropped.
KEPT_READY = 4


def in_percent(score: float) -> int:
    """Return a percentage; only identical texts get 100."""
    return 100 if score == 1 else min(99, round(100 * score))


type RequestStamp = tuple[object, ...]

_ready: OrderedDict[int, tuple[RequestStamp, KnownTexts]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class NearRequest:
    """A similar request: probability and common words."""

    request_id: int
    score: float
    words: tuple[str, ...]

    @property
    def percent(self) -> int:
        return in_percent(self.score)


@dataclass(frozen=True)
class NearPair:
    """Two similar requests."""

    one_id: int
    other_id: int
    score: float
    words: tuple[str, ...]

    @property
    def percent(self) -> int:
        return in_percent(self.score)


def near_to(request: SessionRequest) -> list[NearRequest]:
    """Return similar undecided requests, most similar first."""
    text = _text(request.pk, request.language, request.title, request.description)
    found = suggest.near(text, _known(request.forum))
    return [NearRequest(int(one.id), one.score, one.words) for one in found]


def near_pairs(forum: Forum) -> list[NearPair]:
    """Return all similar pairs of undecided requests, most similar first."""
    found = suggest.matches(_known(forum).texts)
    return [NearPair(int(one.one), int(one.other), one.score, one.words) for one in found]


def _known(forum: Forum) -> KnownTexts:
    """Return the prepared undecided requests, cached until one changes."""
    rows = SessionRequest.objects.filter(forum=forum, state=RequestState.SUBMITTED)
    stamp: RequestStamp = tuple(
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
