"""The map of an indicator in one year, as page and files."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from muntada.evidence.indicators.exports.rows import MAP_COLUMNS
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.pages.maps import IndicatorMap
from muntada.evidence.indicators.queries import maps as queries
from muntada.evidence.indicators.queries.indicators import indicator_at
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.charts.maps.world import world
from muntada.foundations.charts.sheets import as_png
from muntada.foundations.downloads import download
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by, require_choice
from muntada.foundations.pages import ANYONE
from muntada.foundations.sheets import CSV, as_csv

# The names of the URL parameters.
MAP_CHOICES = ("vintage", "year", "region")
FORMS = {"svg": "image/svg+xml", "png": "image/png", "csv": CSV}


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def indicator_map(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show the countries of an indicator in one year on a map and in a table."""
    kept = indicator_at(forum_request.forum, number)
    shown, choices = _asked_map(request, kept)
    context = {"indicator": kept, "map": shown, "forms": FORMS, "file_query": _file_query(shown), **choices}
    return render(request, "evidence/indicators/map.html", context)


def _file_query(shown: IndicatorMap | None) -> str:
    """Return the query string for the files of the map shown."""
    if shown is None:
        return ""
    chosen = (shown.vintage.pk, shown.year, shown.view.name)
    return urlencode(dict(zip(MAP_CHOICES, chosen, strict=True)))


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by(*MAP_CHOICES)
def map_file(request: HttpRequest, forum_request: ForumRequest, number: int, form: str) -> HttpResponse:
    """Serve a map as a picture, or its values as a table."""
    shown, choices = _asked_map(request, indicator_at(forum_request.forum, number))
    require_choice(request.GET, "vintage", (one.pk for one in choices["editions"]))
    require_choice(request.GET, "year", choices["years"])
    require_choice(request.GET, "region", choices["views"])
    if shown is None or form not in FORMS:
        raise NotThere(gettext("There is no such map. Choose one on the page of the map."), "map")
    if form == "csv":
        made: str | bytes = as_csv(MAP_COLUMNS, shown.as_rows())
    else:
        made = shown.as_file()
        if form == "png":
            made = as_png(made, get_language() or "en")
    return download(made, f"{shown.file_name}.{form}", FORMS[form])


def _asked_map(request: HttpRequest, kept: Indicator) -> tuple[IndicatorMap | None, dict[str, Any]]:
    """Return the map of the requested year, edition and region, with the options."""
    editions = queries.editions_with_series(kept)
    asked = request.GET.get("vintage", "")
    vintage = next((one for one in editions if str(one.pk) == asked), editions[-1] if editions else None)
    years = queries.years_of(vintage) if vintage else {}
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), queries.year_to_show(years))
    shapes = world()
    view = shapes.view(request.GET.get("region", ""))
    choices: dict[str, Any] = {"editions": editions, "years": years, "views": shapes.views, "view": view}
    if vintage is None or year is None:
        return None, choices
    ranked, target = queries.ranked_in(vintage, year), queries.target_for(kept, year)
    return IndicatorMap(kept, vintage, year, shapes, view, ranked, target), choices
