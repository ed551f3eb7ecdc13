"""Public pages of session requests."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE
from muntada.people.rules import Role
from muntada.programme.changes.queries import authors_of
from muntada.programme.decisions.forms import RequestDecisionForm
from muntada.programme.merging.adapter import near_to
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.checks import findings_of
from muntada.programme.requests.queries.merging import merges_of, near_shown, standing_merge_by
from muntada.programme.requests.queries.request_forms import said_to_form
from muntada.programme.requests.queries.requests import counts_by_state, receipt_of, request_at, requests_in
from muntada.programme.requests.queries.speakers import speakers_shown
from muntada.programme.requests.rules.requests import REQUEST_STATE_NAMES, UNDECIDED, RequestState
from muntada.programme.reviews.queries import comments_for_author, whose_names_are_hidden
from muntada.programme.sessions.rules import services_in_words
from muntada.record.models import Symbol
from muntada.record.queries import trace_panels

PER_PAGE = 40


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def requests(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """List the requests by state."""
    state = request.GET.get("state", "")
    known = {one.value for one in RequestState} - {RequestState.DRAFT.value}
    rows = requests_in(forum_request.forum)
    if state in known:
        rows = rows.filter(state=state)
    counts = counts_by_state(forum_request.forum)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "hidden": whose_names_are_hidden(forum_request, page),
        # Merging two waiting requests can be proposed.
        "may_join": forum_request.has(Role.SECRETARIAT)
        and any(one.state == RequestState.SUBMITTED for one in page),
        "state": state if state in known else "",
        "states": [
            (one.value, REQUEST_STATE_NAMES[one], counts[one.value])
            for one in RequestState
            if one is not RequestState.DRAFT
        ],
        "total": sum(counts[one] for one in known),
        "is_open": is_open(forum_request.forum, Stage.PROGRAMME, forum_request.now),
        "may_decide": forum_request.has(Role.SECRETARIAT),
    }
    return render(request, "programme/front/requests.html", context)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def session_request(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a request with its decision and reason."""
    return request_page(request, forum_request, request_at(forum_request, number), RequestDecisionForm())


def request_page(
    request: HttpRequest,
    forum_request: ForumRequest,
    kept: SessionRequest,
    form: RequestDecisionForm,
    status: int = 200,
) -> HttpResponse:
    """Show a request; with decision form for the secretariat, with receipt for the author."""
    is_author = forum_request.person is not None and kept.author_id == forum_request.person.pk
    is_concerned = is_author or forum_request.has(Role.SECRETARIAT)
    waits = kept.state == RequestState.SUBMITTED
    near = near_to(kept) if is_concerned and waits else []
    is_hidden = kept.pk in whose_names_are_hidden(forum_request, [kept])
    context: dict[str, object] = {
        "kept": kept,
        "is_author": is_author,
        "who_asks_is_hidden": is_hidden,
        "words_shown": kept.state != RequestState.WITHDRAWN or is_concerned,
        "may_change": is_author
        and waits
        and standing_merge_by(kept) is None
        and is_open(forum_request.forum, Stage.PROGRAMME, forum_request.now),
        # An author on the waiting list may withdraw.
        "may_withdraw": is_author
        and kept.state in UNDECIDED
        and standing_merge_by(kept) is None
        and is_open(forum_request.forum, Stage.PROGRAMME, forum_request.now),
        "may_propose": is_concerned and waits,
        "speakers": [] if is_hidden else speakers_shown(kept, everybody=is_concerned),
        "co_organisers": [] if is_hidden else [one for one in kept.co_organisers.all() if one.is_confirmed],
        "said": said_to_form(kept),
        "versions": list(kept.versions.all()),
        "merges": merges_of(forum_request, kept),
        "near": near_shown(forum_request.forum, [(one.request_id, one.percent, one.words) for one in near]),
        "joining_address": _joining_address(forum_request, kept.symbol),
        "findings": findings_of(kept) if is_concerned and waits else (),
        "needs": services_in_words(kept.needs),
        "goals": kept.goals.all(),
        "receipt": receipt_of(kept) if is_author else None,
        "comments": comments_for_author(kept) if is_author or forum_request.has(Role.SECRETARIAT) else [],
        "may_decide": forum_request.has(Role.SECRETARIAT) and kept.state in UNDECIDED,
        "may_give_back": _may_give_back(forum_request, kept),
        "form": form,
    }
    panels = trace_panels(kept.symbol) if kept.symbol else {}
    return render(request, "programme/front/request.html", context | panels, status=status)


def _joining_address(forum_request: ForumRequest, symbol: Symbol | None) -> str:
    """Return where joining a request with another is proposed; a draft has no such page."""
    if symbol is None:
        return ""
    return reverse("programme:propose_joining", args=[forum_request.forum.slug, symbol.number])


def _may_give_back(forum_request: ForumRequest, kept: SessionRequest) -> bool:
    """Return whether the person is an author of the session's request."""
    if forum_request.person is None or kept.session is None or kept.session.cancelled_at is not None:
        return False
    return forum_request.person.pk in authors_of(kept)
