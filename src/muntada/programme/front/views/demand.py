"""Demand of the consultation and the programme, public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE
from muntada.programme.front.queries import demand_tables


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def demand(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the shares of themes, lines, groups and regions in consultation and programme."""
    side, tables = demand_tables(forum_request.forum)
    context = {"tables": tables, "requests": len(side.requests), "held": len(side.held)}
    return render(request, "programme/front/demand.html", context)
