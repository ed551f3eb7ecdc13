from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.engine.divides_here import divides_here
from muntada.evidence.queries import indicators as queries
from muntada.evidence.queries.results import inputs_of
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def divides(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show how unequal countries are and were, absolute beside relative, and how far groups are behind."""
    inputs = inputs_of(queries.indicator_at(here.forum, number))
    context = {"indicator": inputs.indicator, "vintage": inputs.vintage, "divides": divides_here(inputs)}
    return render(request, "evidence/divides.html", context)
