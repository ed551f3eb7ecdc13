"""Questions about session requests."""

from collections import Counter

from django.db.models import Count, Prefetch, QuerySet

from muntada.forums.models import Forum, Line
from muntada.programme.models import (
    SessionRequest,
)
from muntada.programme.rules.requests import RequestState
from muntada.record.models import Receipt, Symbol
from muntada.record.queries import symbols_of
from muntada.record.rules import Kind

THEMES_SHOWN = 30


def requests_in(forum: Forum) -> QuerySet[SessionRequest]:
    """Return the submitted session requests of a forum, whatever became of them."""
    return (
        SessionRequest.objects.filter(forum=forum)
        .exclude(state=RequestState.DRAFT)
        .select_related("symbol__forum", "author", "organisation", "session__symbol__forum")
        .prefetch_related("speakers", Prefetch("lines", queryset=Line.objects.all()))
        .order_by("symbol__number")
    )


def counts_by_state(forum: Forum) -> Counter[str]:
    """Return how many session requests stand in each state."""
    rows = SessionRequest.objects.filter(forum=forum).order_by().values_list("state").annotate(n=Count("pk"))
    return Counter(dict(rows))


def drafts_of(forum: Forum, person_id: int | None) -> QuerySet[SessionRequest]:
    """Return the drafts of a person. Those whose author is gone are nobody's, and nobody's to see."""
    drafts = SessionRequest.objects.filter(forum=forum, state=RequestState.DRAFT).order_by("-saved_at")
    return drafts.filter(author_id=person_id) if person_id else drafts.none()


def receipt_of(request: SessionRequest) -> Receipt | None:
    """Return the receipt its author got for the words of a session request that stand."""
    if request.symbol is None:
        return None
    last = request.versions.exclude(receipt=None).select_related("receipt").order_by("-number").first()
    return last.receipt if last else Receipt.objects.filter(entry__symbol=request.symbol).first()


def themes_to_answer(forum: Forum) -> list[Symbol]:
    """Return the matters raised so far, the latest first, for who wants to answer one with a session."""
    rows = symbols_of(forum.pk).filter(kind=Kind.THEME, withdrawn_at=None, is_public=True)
    return list(rows.order_by("-number")[:THEMES_SHOWN])
