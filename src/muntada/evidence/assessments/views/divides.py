"""Pages of inequality between countries and gaps of groups."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.assessments.exports.divides import COLUMNS, divide_lines
from muntada.evidence.assessments.pages.divides import between_countries, divides_page, gaps_to_the_world
from muntada.evidence.assessments.queries import inputs_of
from muntada.evidence.indicators.queries import indicators as queries
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.downloads import csv_download
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def divides(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show inequality over the years, absolute and relative, and the gaps of groups."""
    inputs = inputs_of(queries.indicator_at(forum_request.forum, number))
    found = divides_page(inputs)
    context = {
        "indicator": inputs.indicator,
        "vintage": inputs.vintage,
        "divides": found,
        "between": between_countries(found, number),
        "gaps": gaps_to_the_world(found, number),
    }
    return render(request, "evidence/assessments/divides.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def divides_csv(_request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve all measures of every year, and the gaps of groups to the world."""
    inputs = inputs_of(queries.indicator_at(forum_request.forum, number))
    found = divides_page(inputs)
    return csv_download(
        f"{inputs.indicator.symbol}-divides", COLUMNS, divide_lines(inputs.indicator.code, found)
    )
