from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.engine.divides import divides_of
from muntada.evidence.queries import indicators as queries
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def divides(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show how unequal countries are and were, absolute beside relative, and how far groups are behind."""
    kept = queries.indicator_at(here.forum, number)
    vintage = queries.current_vintage(kept)
    context: dict[str, object] = {"indicator": kept, "vintage": vintage}
    if vintage:
        context["divides"] = divides_of(kept, vintage)
    return render(request, "evidence/divides.html", context)
