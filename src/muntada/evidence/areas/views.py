from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.areas import queries
from muntada.evidence.areas.rules import asked_year
from muntada.forums.models import SourceStatus
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def areas(request: HttpRequest, _here: ForumRequest) -> HttpResponse:
    """Show the members of a group, in a year or over time, with the source."""
    ways = queries.groups_with_members()
    every = [group for way in ways for group in way.groups]
    asked = request.GET.get("group", "")
    group = next((one for one in every if one.code == asked), every[0] if every else None)
    year = asked_year(request.GET.get("year", ""))
    members = queries.in_order_of_names(queries.members_of(group, year)) if group else []
    context = {
        "ways": ways,
        "group": group,
        "year": year,
        "members": members,
        "sources": sorted({one.source for one in members}),
        "is_unverified": any(one.status == SourceStatus.UNVERIFIED for one in members),
    }
    return render(request, "evidence/areas/areas.html", context)
