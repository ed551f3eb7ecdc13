"""Pages of group values, computed and published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.areas.rules import asked_year
from muntada.evidence.assessments.pages.groups import all_rows, groups_page
from muntada.evidence.assessments.queries import inputs_of
from muntada.evidence.indicators.queries import indicators as queries
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.downloads import csv_download
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import ANYONE

TOLD = ("year", "value", "share", "counted", "members", "reason")


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def groups(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show every group in a year: published value, computed value, coverage."""
    inputs = inputs_of(queries.indicator_at(forum_request.forum, number))
    context = {
        "indicator": inputs.indicator,
        "vintage": inputs.vintage,
        "weights": inputs.weights,
        "found": groups_page(inputs, asked_year(request.GET.get("year", ""))),
    }
    return render(request, "evidence/assessments/groups.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def groups_csv(_request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve every group and year."""
    inputs = inputs_of(queries.indicator_at(forum_request.forum, number))
    lines = (
        (
            inputs.indicator.code,
            group,
            *(row[name] for name in TOLD),
            [code for code, _ in row["missing"]],
        )
        for group, row in all_rows(inputs)
    )
    return csv_download(
        f"{inputs.indicator.symbol}-groups", ("indicator", "group", *TOLD, "largest_missing"), lines
    )
