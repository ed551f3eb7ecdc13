"""The map of the stocktaking."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from muntada.evidence.initiatives.pages import InitiativeMap
from muntada.evidence.initiatives.queries import lists
from muntada.evidence.initiatives.queries import maps as queries
from muntada.evidence.initiatives.queries.lists import InitiativeFilter
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.charts.maps.world import WORLD, world
from muntada.foundations.pages import ANYONE
from muntada.record.adapter import condition_of, wanted


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def initiatives_map(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the filtered initiatives by country."""
    sought = InitiativeFilter.of(request.GET.dict())
    chosen = lists.chosen_of(forum_request.forum, sought, condition_of(wanted(sought.words)))
    asked = request.GET.copy()
    for name in ("page", "region"):
        asked.pop(name, None)
    shapes = world()
    view = shapes.view(request.GET.get("region", ""))
    found = queries.initiatives_by_country(chosen)
    shown = InitiativeMap(
        shapes, view, found, reverse("evidence:initiatives", args=(forum_request.forum.slug,)), asked
    )
    context = {
        "map": shown,
        "views": shapes.views,
        "view": view,
        "region": "" if view.name == WORLD else view.name,
        "asked": asked.urlencode(),
        "reach": queries.initiatives_by_reach(chosen),
        "facets": lists.facets_of(forum_request.forum),
        "wanted": sought,
    }
    return render(request, "evidence/initiatives/initiatives_map.html", context)
