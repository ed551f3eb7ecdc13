"""Queries of session requests."""

from collections import Counter

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext

from muntada.forums.models import Forum, Line
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere, Refused
from muntada.programme.requests.models.hours import HoursSaid, HoursTold
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries.merging import standing_merge_by
from muntada.programme.requests.rules.requests import RequestState, require_author, require_state
from muntada.record.models import Receipt, Symbol
from muntada.record.queries import symbols_of
from muntada.record.rules import SymbolKind

THEMES_SHOWN = 30


def requests_in(forum: Forum) -> QuerySet[SessionRequest]:
    """Return the submitted requests of a forum in any state."""
    return (
        SessionRequest.objects.filter(forum=forum)
        .exclude(state=RequestState.DRAFT)
        .select_related("symbol__forum", "author", "organisation", "session__symbol__forum")
        .prefetch_related("speakers", Prefetch("lines", queryset=Line.objects.all()))
        .order_by("symbol__number")
    )


def counts_by_state(forum: Forum) -> Counter[str]:
    """Return the number of requests by state."""
    rows = SessionRequest.objects.filter(forum=forum).order_by().values_list("state").annotate(n=Count("pk"))
    return Counter(dict(rows))


def drafts_of(forum: Forum, person_id: int | None) -> QuerySet[SessionRequest]:
    """Return a person's drafts; none for anonymous readers."""
    drafts = SessionRequest.objects.filter(forum=forum, state=RequestState.DRAFT).order_by("-saved_at")
    return drafts.filter(author_id=person_id) if person_id else drafts.none()


def receipt_of(request: SessionRequest) -> Receipt | None:
    """Return the receipt its author got for the words of a session request that stand."""
    if request.symbol is None:
        return None
    last = request.versions.exclude(receipt=None).select_related("receipt").order_by("-number").first()
    return last.receipt if last else Receipt.objects.filter(entry__symbol=request.symbol).first()


def themes_to_answer(forum: Forum) -> list[Symbol]:
    """Return the themes, latest first, that a session may answer."""
    rows = symbols_of(forum.pk).filter(kind=SymbolKind.THEME, withdrawn_at=None, is_public=True)
    return list(rows.order_by("-number")[:THEMES_SHOWN])


def locked_own(
    forum_request: ForumRequest, request: SessionRequest, *, withdrawn_too: bool = False
) -> SessionRequest:
    kept = (
        SessionRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("symbol__forum", "form")
        .filter(pk=request.pk, forum=forum_request.forum)
        .first()
    )
    if kept is None:
        raise NotThere(gettext("This session request is not there any more."), "request")
    require_author(
        author_id=kept.author_id, person_id=forum_request.person.pk if forum_request.person else None
    )
    if kept.state == RequestState.JOINED:
        sentence = gettext(
            "It is asked for together with another. Please undo that on its page first, then change it."
        )
        raise Refused(sentence, "merge-stands")
    if standing_merge_by(kept) is not None:
        sentence = gettext(
            "Two authors ask for this together, so neither changes it alone. "
            "Please undo that on its page, or propose it anew."
        )
        raise Refused(sentence, "merge-stands")
    ended = [RequestState.WAITING, RequestState.WITHDRAWN] if withdrawn_too else []
    allowed = [RequestState.SUBMITTED, *ended]
    require_state(kept.state, allowed)
    return kept


def hours_told(forum: Forum, key: str) -> HoursTold | None:
    """Return the hours told to the secretariat, if any."""
    return HoursTold.objects.filter(forum=forum, key=key).prefetch_related("spans").first()


def hours_of_speaker(speaker: RequestSpeaker) -> HoursSaid:
    """Return the valid hours of a speaker."""
    return hours_told(speaker.request.forum, speaker.key) or speaker


def request_at(forum_request: ForumRequest, number: int) -> SessionRequest:
    found = requests_in(forum_request.forum).filter(symbol__number=number).first()
    if found is None:
        raise NotThere(gettext("There is no session request with this number."), "request")
    return found
