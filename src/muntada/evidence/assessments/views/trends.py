"""Pages of trends and turning points, with milestones of the forum."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
COLUMNS = (
    *("indicator", "area", "name", "first_year", "last_year", "points", "score", "tau", "chance", "slope"),
    *("slope_low", "slope_high", "reason", "turn_1", "turn_1_earliest", "turn_1_latest", "turn_2"),
    *("turn_2_earliest", "turn_2_latest", "slopes_of_pieces", "support", "reason_no_turns", "digest"),
)


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
    lines = []
    for line in found.lines:
        trend = line.trend
        turns = [
            cell
            for turn in (*line.turns, None, None)[:2]
            for cell in ((turn["year"], turn["earliest"], turn["latest"]) if turn else (None, None, None))
        ]
        told = [trend[name] for name in ("score", "tau", "chance", "slope", "low", "high")]
        lines.append(
            (
                inputs.indicator.code,
                line.area.code,
                line.name,
                line.first,
                line.last,
                line.points,
                *told,
                line.why,
                *turns,
                [piece["slope"] for piece in line.row["pieces"]],
                line.row["support"],
                line.why_unturned,
                found.digest,
            )
        )
    return csv_download(f"{inputs.indicator.symbol}-trends", COLUMNS, lines)
