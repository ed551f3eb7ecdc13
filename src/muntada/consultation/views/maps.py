"""The opinion map of a call."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.consultation.drawings import draw_map
from muntada.consultation.queries import calls, maps, statements
from muntada.consultation.views.calls import call_context
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE

PER_PAGE = 40


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def opinion_map(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Show who thinks alike, what stands for each group, what unites and what divides."""
    card = calls.card_at(here.forum, slug, here.now)
    context = call_context(here, card, "map")
    voter = statements.voter_of(card.call, here)
    found = maps.map_page(card.call, voter.pk if voter else None) if context["results_shown"] else None
    order = request.GET.get("order", "number")
    if found is not None:
        rows = maps.sorted_rows(found.rows, order)
        context |= {
            "map": found,
            "drawing": draw_map(found.points, found.mine),
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "order": order,
        }
    return render(request, "consultation/map.html", context)
