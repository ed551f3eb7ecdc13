from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.indicators.queries.indicators import indicators_of
from muntada.evidence.indicators.rules.observations import IMPORTING_ROLES
from muntada.evidence.initiatives.queries import lists
from muntada.evidence.initiatives.queries.lists import InitiativeFilter
from muntada.evidence.prizes.queries.rounds import newest_open
from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE
from muntada.people.rules import Role

NEWEST = 5


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def front(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show indicators and initiatives."""
    context = {
        "indicators": indicators_of(forum_request.forum),
        "initiatives": lists.chosen_of(forum_request.forum, InitiativeFilter(), "")[:NEWEST],
        "count": lists.public_in(forum_request.forum).count(),
        "card": newest_open(forum_request.forum, forum_request.now),
        "may_hold": forum_request.has(Role.SECRETARIAT),
        "may_import": forum_request.has(*IMPORTING_ROLES),
        "may_register": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
    }
    return render(request, "evidence/front/front.html", context)
