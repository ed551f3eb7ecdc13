"""Pages of duplicates, for the secretariat."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.evidence.initiatives.actions import duplicates as actions
from muntada.evidence.initiatives.queries import duplicates as queries
from muntada.evidence.initiatives.rules import DECIDING_ROLES
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.whole_numbers import whole_number

PER_PAGE = 20


@forum_page(may=role(*DECIDING_ROLES), stage=Stage.EVIDENCE)
def duplicates(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show undecided or decided pairs."""
    is_decided = request.GET.get("show") == "decided"
    pairs = (
        queries.decided_pairs(forum_request.forum) if is_decided else queries.open_pairs(forum_request.forum)
    )
    context = {
        "page": Paginator(pairs, PER_PAGE).get_page(request.GET.get("page")),
        "is_decided": is_decided,
        "open": queries.open_pairs(forum_request.forum).count(),
        "decided": queries.decided_pairs(forum_request.forum).count(),
        "look": queries.last_check(forum_request.forum),
    }
    return render(request, "evidence/initiatives/duplicates.html", context)


@forum_page(may=role(*DECIDING_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def look(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Order a new search."""
    actions.order_look(
        forum=forum_request.forum, actor=forum_request.actor(*DECIDING_ROLES), now=forum_request.now
    )
    messages.success(request, gettext("The stocktaking is being looked through. It takes some seconds."))
    return redirect("evidence:duplicates", forum_request.forum.slug)


@forum_page(may=role(*DECIDING_ROLES), stage=Stage.EVIDENCE)
def pair(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show two entries side by side."""
    return _page(request, forum_request, pk)


def _page(request: HttpRequest, forum_request: ForumRequest, pk: int, refusal: str = "") -> HttpResponse:
    found = queries.pair_at(forum_request.forum, pk)
    context = {"pair": found, "rows": queries.side_by_side(found), "refusal": refusal}
    return render(request, "evidence/initiatives/duplicate.html", context, status=422 if refusal else 200)


@forum_page(may=role(*DECIDING_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def decide(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Decide on a pair, or undo a decision."""
    found, actor = queries.pair_at(forum_request.forum, pk), forum_request.actor(*DECIDING_ROLES)
    wish = request.POST.get("decision", "")
    try:
        if wish == "undo":
            actions.undo_decision(pair=found, actor=actor, now=forum_request.now)
            messages.success(request, gettext("The decision was taken back; both entries stand again."))
            return redirect("evidence:duplicate", forum_request.forum.slug, pk)
        if wish == "different":
            actions.decide_different(pair=found, actor=actor, now=forum_request.now)
            messages.success(request, gettext("Kept: these two are not the same. Nobody is asked again."))
        else:
            keep = whole_number(wish, digits=18) or 0
            kept = actions.decide_same(pair=found, keep=keep, actor=actor, now=forum_request.now)
            sentence = gettext("%(symbol)s is kept; the other entry is withdrawn and points to it.")
            messages.success(request, sentence % {"symbol": kept.symbol.short})
    except Refused as refusal:
        return _page(request, forum_request, pk, str(refusal))
    return redirect("evidence:duplicates", forum_request.forum.slug)
