from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.indicators.queries import editions as queries
from muntada.evidence.indicators.queries.indicators import indicator_at
from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def editions(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show the values of a cell by edition, and the differences between two editions."""
    kept = indicator_at(forum_request.forum, number)
    areas = queries.areas_said(kept)
    asked = request.GET.get("area", "")
    area = next((one for one in areas if one.code == asked), areas[0] if areas else None)
    years = queries.years_said(kept, area) if area else []
    year = next((one for one in years if str(one) == request.GET.get("year", "")), None)
    if area is not None and year is None:
        year = queries.most_disputed_year(kept, area)
    standing = queries.editions_of(kept)
    two = queries.two_editions(standing, request.GET.get("before", ""), request.GET.get("after", ""))
    context = {
        "indicator": kept,
        "areas": areas,
        "area": area,
        "years": years,
        "year": year,
        "said": queries.said_of(kept, area, year, Breakdown.TOTAL) if area and year else [],
        "editions": standing,
        "revision": queries.revision(*two) if two else None,
    }
    return render(request, "evidence/indicators/editions.html", context)
