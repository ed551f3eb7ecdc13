from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from muntada.evidence.areas.rules import CHARTED, GROUPING_NAMES, AreaGrouping
from muntada.evidence.indicators.adapter import series
from muntada.evidence.indicators.adapter.slices import options_of_slice, settled, slice_of
from muntada.evidence.indicators.models import Indicator, Vintage
from muntada.evidence.indicators.pages import charts
from muntada.evidence.indicators.queries import areas, slices
from muntada.evidence.indicators.queries import indicators as queries
from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.evidence.indicators.rules.slices import SliceChoices
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE
from muntada.foundations.whole_numbers import whole_number
from muntada.record.queries import trace_panels

COUNTRIES_PER_PAGE = 25
SPANS = {"fives": _("Every five years"), "recent": _("Recent years"), "all": _("All years")}


@dataclass(frozen=True)
class ViewLink:
    """A link to a variant of the page."""

    name: str
    url: str
    current: bool


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def indicator(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a series by groups as chart and table, its countries, and other editions."""
    kept = queries.indicator_at(forum_request.forum, number)
    vintage = queries.current_vintage(kept, whole_number(request.GET.get("vintage", "")))
    by_sex = queries.vintage_by_sex(kept)
    world = queries.world_of(kept)
    context: dict[str, object] = {
        "indicator": kept,
        "vintage": vintage,
        "world": world[-1] if world else None,
        "vintages": queries.vintages_of(kept),
        "editions": series.editions_of(world),
        "figures": queries.figures_of(kept),
        "by_sex": by_sex,
        "gaps": series.gaps_by_sex(by_sex) if by_sex else (),
    }
    if vintage is None:
        context |= _by_parts(kept)
    if vintage:
        context |= _series(request, kept, vintage) | _countries(request, vintage)
    return render(request, "evidence/indicators/indicator.html", context | trace_panels(kept.symbol))


def _by_parts(kept: Indicator) -> dict[str, object]:
    """Show breakdowns if no edition has totals."""
    edition = slices.edition_asked(kept, slices.editions_standing(kept), None)
    if edition is None:
        return {}
    ground = options_of_slice(edition)
    if any(part.code == Breakdown.TOTAL for part in ground.parts):
        return {}
    shown = slice_of(kept, ground, settled(SliceChoices(), ground))
    return {"shown": shown, "pictures": charts.pictures_of(shown), "notes": charts.notes_of(shown)}


def _series(request: HttpRequest, kept: Indicator, vintage: Vintage) -> dict[str, object]:
    present = areas.groups_with_numbers(vintage)
    groupings = [
        one
        for one in (*CHARTED, AreaGrouping.ITU_REGION, AreaGrouping.M49, AreaGrouping.OTHER)
        if one in present
    ]
    asked = request.GET.get("by", "")
    grouping = next((one for one in groupings if one == asked), groupings[0] if groupings else CHARTED[0])
    span = request.GET.get("years", "")
    span = span if span in SPANS else "fives"
    lines = series.lines_of(vintage, grouping)
    world = next((line for line in lines if line.area.code == queries.WORLD), None)
    return {
        "grouping_name": GROUPING_NAMES[grouping],
        "lines": lines,
        "table": series.table_of(lines, span),
        "chart": series.chart_of(kept, grouping, lines) if grouping in CHARTED else "",
        "by_choices": _choices(request, "by", [(one, GROUPING_NAMES[one]) for one in groupings], grouping),
        "span_choices": _choices(request, "years", list(SPANS.items()), span),
        "computed": series.computed_world(kept, vintage, world.points[-1].year) if world else None,
        "computed_share": series.MIN_SHARE,
        "world_line": world,
        "last_year": max((line.points[-1].year for line in lines), default=None),
    }


def _countries(request: HttpRequest, vintage: Vintage) -> dict[str, object]:
    every = areas.countries_of(vintage)
    words, group = request.GET.get("q", ""), request.GET.get("group", "")
    found = areas.countries_matching(every, words=words, group=group)
    return {
        "countries": Paginator(found, COUNTRIES_PER_PAGE).get_page(request.GET.get("page")),
        "coverage": areas.coverage_of(every),
        "words": words,
        "group": group,
        "groups": areas.groups_to_choose(),
    }


def _choices(
    request: HttpRequest, key: str, choices: Sequence[tuple[str, object]], current: str
) -> list[ViewLink]:
    kept = request.GET.copy()
    kept.pop("page", None)
    links = []
    for value, name in choices:
        kept[key] = value
        links.append(ViewLink(str(name), f"?{kept.urlencode()}#series", value == current))
    return links
