"""Pages of trends and turning points, with milestones of the forum."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.assessments.exports.trends import COLUMNS, trend_lines
from muntada.evidence.assessments.pages.trends import (
    CHANCE,
    ShownTrends,
    Way,
    chart_of,
    drawn_of,
    trends_page,
    years_between,
)
from muntada.evidence.assessments.queries import inputs_of
from muntada.evidence.indicators.queries import indicators as queries
from muntada.evidence.indicators.queries.milestones import milestones_beside
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.downloads import csv_download
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import ANYONE

SHOWN = ("turned", "up", "down", "none", "untold")
CHOSEN = ("a", "b", "c")


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def trends(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Draw the chosen series in pieces, and list trend and turns of every area."""
    inputs = inputs_of(queries.indicator_at(forum_request.forum, number))
    found = trends_page(inputs)
    context: dict[str, object] = {"indicator": inputs.indicator, "vintage": inputs.vintage, "trends": found}
    if found.lines:
        drawn = drawn_of(found, [request.GET.get(name, "") for name in CHOSEN])
        beside = milestones_beside(forum_request.forum)
        years = years_between(drawn, list(beside))
        chosen = [one.line.area.code for one in drawn]
        asked = request.GET.get("show", "")
        context |= {
            "drawn": drawn,
            "chart": chart_of(inputs.indicator, drawn, years),
            "milestones": [(year, beside[year]) for year in years],
            "choices": list(zip(CHOSEN, (*chosen, "", "")[: len(CHOSEN)], strict=True)),
            "show": asked if asked in SHOWN else "",
            "lines": _shown(found, asked),
            "level": CHANCE,
        }
    return render(request, "evidence/assessments/trends.html", context)


def _shown(found: ShownTrends, asked: str) -> list[object]:
    if asked == "turned":
        return [line for line in found.lines if line.turns]
    if asked in set(Way):
        return [line for line in found.lines if line.way == asked]
    return list(found.lines)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def trends_csv(_request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve the results of every area, with reasons for missing ones."""
    inputs = inputs_of(queries.indicator_at(forum_request.forum, number))
    found = trends_page(inputs)
    return csv_download(
        f"{inputs.indicator.symbol}-trends", COLUMNS, trend_lines(inputs.indicator.code, found)
    )
