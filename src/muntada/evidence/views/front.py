from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.queries import initiatives
from muntada.evidence.queries.indicators import indicators_of
from muntada.forums.queries import Here, goals_of, is_open, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE

PER_PAGE = 20


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def front(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what the data say, and what is being done."""
    line, goal, words = (request.GET.get(name, "").strip() for name in ("line", "goal", "q"))
    found = initiatives.initiatives_of(here.forum, line=line, goal=goal, words=words)
    by_line, by_goal = (
        initiatives.initiatives_by_line(here.forum),
        initiatives.initiatives_by_goal(here.forum),
    )
    context = {
        "indicators": indicators_of(here.forum),
        "initiatives": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "lines": [(one, by_line.get(one.code, 0)) for one in lines_of(here.forum)],
        "goals": [(one, by_goal.get(one.code, 0)) for one in goals_of(here.forum)],
        "line": line,
        "goal": goal,
        "words": words,
        "is_filtered": bool(line or goal or words),
        "may_register": is_open(here.forum, Stage.EVIDENCE, here.now),
    }
    return render(request, "evidence/front.html", context)
