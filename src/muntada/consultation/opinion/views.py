"""Pages of the opinion map: current and earlier maps, groups, open data."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.rules.gives_out import GivesOut, require_breakdown
from muntada.consultation.calls.views.calls import call_context, typed
from muntada.consultation.opinion.actions.maps import weigh_by
from muntada.consultation.opinion.actions.open_data import archive_of
from muntada.consultation.opinion.adapter.places import place_now
from muntada.consultation.opinion.exports import json, open_data
from muntada.consultation.opinion.forms import SharesForm
from muntada.consultation.opinion.pages import draw_crowds, draw_map
from muntada.consultation.opinion.queries import breakdowns, history, maprows, maps
from muntada.consultation.opinion.rules import Basis, require_rows
from muntada.consultation.statements.models import OpinionMap
from muntada.consultation.statements.queries import statements
from muntada.consultation.statements.views.voting import key_of
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.rules.schemes import Scheme, scheme_at, schemes
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import ANYONE, answer_form, refusals_shown_in

PER_PAGE = 40
WEIGHED_BY = (Basis.NONE, Basis.EQUAL, Basis.TYPED)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def opinion_map(
    request: HttpRequest, forum_request: ForumRequest, slug: str, pk: int | None = None
) -> HttpResponse:
    """Show groups, representative, uniting and dividing statements, now or earlier."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    voter = statements.voter_of(card.call, forum_request, key_of(request))
    shown = statements.map_shown(card.call, forum_request.now, voter)
    context = call_context(forum_request, card, "map") | {"results_shown": shown}
    kept = maps.map_at(card.call, pk) if shown else None
    if kept is not None:
        order = request.GET.get("order", "number")
        texts = maps.texts_of(card.call)
        place = place_now(kept, voter.pk) if voter and kept.is_latest else None
        found = maps.map_page(kept, texts, voter.pk if voter else None, place)
        rows = maprows.sorted_rows(found.rows, order)
        context |= {
            "map": found,
            "drawing": draw_map(found.points, found.mine)
            if found.gives_rows
            else draw_crowds(found.crowds, found.mine),
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "order": order,
            "voices": breakdowns.voices_page(kept, texts),
            "history": history.history_of(card.call),
        }
    return render(request, "consultation/opinion/map.html", context | _secretariat(forum_request))


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def who_spoke(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show voters by a scheme, with raw and re-weighted results."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    voter = statements.voter_of(card.call, forum_request, key_of(request))
    shown = statements.map_shown(card.call, forum_request.now, voter)
    context = call_context(forum_request, card, "map") | {"results_shown": shown}
    kept = maps.map_at(card.call) if shown else None
    if kept is not None:
        texts = maps.texts_of(card.call)
        found = breakdowns.voices_page(kept, texts, request.GET.get("scheme", ""))
        page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page")) if found else None
        context |= {"voices": found, "page": page, "map": kept}
    context["gives_rows"] = card.call.gives_out == GivesOut.ROWS
    return render(request, "consultation/opinion/voices.html", context | _secretariat(forum_request))


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
@chosen_by()
def download(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponseBase:
    """Serve the votes of the map as an archive."""
    kept = _published(forum_request, slug)
    require_rows(kept.call.gives_out, kept.voters)
    etag = f'"votes-{kept.pk}-{open_data.mark_of(kept)}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = FileResponse(
            archive_of(kept),
            as_attachment=True,
            filename=f"{forum_request.forum.slug}-{slug}-votes.zip",
            content_type="application/zip",
        )
    return _revalidated(answer, etag)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
@chosen_by()
def as_json(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponseBase:
    """Serve the map as JSON."""
    kept = _published(forum_request, slug)
    etag = f'"map-{kept.pk}-{kept.made_at.timestamp()}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(json.map_as_json(kept), content_type="application/json")
    return _revalidated(answer, etag)


def _revalidated(answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    """Let caches revalidate each time, since maps change frequently."""
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _published(forum_request: ForumRequest, slug: str) -> OpinionMap:
    """Return the map of a call if this person may see its results."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    kept = maps.map_at(card.call) if call_context(forum_request, card, "map")["results_shown"] else None
    if kept is None:
        raise NotThere(gettext("There is no map to be seen yet. Please come back later."), "map")
    return kept


@forum_page(may=role(*CALLING_ROLES), stage=Stage.CONSULTATION)
def weights(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show the weights of a call."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    context = call_context(forum_request, card, "map") | {
        "gives_rows": card.call.gives_out == GivesOut.ROWS,
        "schemes": [(scheme, card.call.margins.get(scheme.key)) for scheme in schemes()],
    }
    return render(request, "consultation/opinion/weights.html", context)


@forum_page(may=role(*CALLING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def weigh(request: HttpRequest, forum_request: ForumRequest, slug: str, key: str) -> HttpResponse:
    """Set the target shares of a scheme."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    scheme = scheme_called(key)
    require_breakdown(card.call.gives_out)
    form = SharesForm(
        typed(request), scheme=scheme, bases=WEIGHED_BY, chosen=card.call.margins.get(scheme.key)
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            weigh_by(
                call=card.call,
                scheme=scheme,
                chosen=form.chosen(),
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The shares are set. The map is drawn anew with them soon."))
            return redirect("consultation:weights", forum_request.forum.slug, slug)
    context = call_context(forum_request, card, "map") | {"form": form, "scheme": scheme}
    return answer_form(request, "consultation/opinion/weigh.html", form, context)


def scheme_called(key: str) -> Scheme:
    scheme = scheme_at(key)
    if scheme is None:
        raise NotThere(gettext("There is no such scheme. Please choose one from the list."), "scheme")
    return scheme


def _secretariat(forum_request: ForumRequest) -> dict[str, object]:
    return {"may_weigh": forum_request.has(*CALLING_ROLES)}
