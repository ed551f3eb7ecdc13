"""Coverage pages: by indicator and target, group and area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.areas import queries as in_groups
from muntada.evidence.areas.rules import GROUPING_NAMES, AreaGrouping, asked_year
from muntada.evidence.assessments import queries as asked_for
from muntada.evidence.assessments.adapter.coverage import (
    OLDEST,
    AreaKnown,
    KnownCells,
    KnownState,
    areas_of,
    coverage_of,
    known_cells_of,
    rows_of,
    targets_of,
    usual_year,
    years_of,
)
from muntada.evidence.assessments.exports.coverage import COLUMNS, coverage_lines, state_name
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.queries import indicators as queries
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.downloads import csv_download
from muntada.foundations.file_addresses import chosen_by, require_choice
from muntada.foundations.pages import ANYONE

GROUPINGS = (
    AreaGrouping.REGION,
    AreaGrouping.ITU_REGION,
    AreaGrouping.INCOME,
    AreaGrouping.DEVELOPMENT,
    AreaGrouping.M49,
)
MOST_YEARS_BACK = 30
STATES = {state_name(state): state for state in KnownState}


@dataclass(frozen=True)
class CoverageAsOf:
    """The requested year, and the age up to which a value is recent."""

    year: int
    oldest: int

    @property
    def query(self) -> str:
        """The same year and age in an address."""
        return urlencode({"year": self.year, "oldest": self.oldest})


def _asked(request: HttpRequest, known: KnownCells, forum_request: ForumRequest) -> CoverageAsOf:
    year = asked_year(request.GET.get("year", ""))
    back = request.GET.get("oldest", "")
    oldest = int(back) if back.isascii() and back.isdigit() and len(back) <= 2 else OLDEST  # noqa: PLR2004
    return CoverageAsOf(year or usual_year(known, forum_request.now.date()), min(oldest, MOST_YEARS_BACK))


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def coverage(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the number of countries with recent, old or no data, by indicator and group."""
    known = _known(asked_for.indicators_in(forum_request.forum))
    asked = _asked(request, known, forum_request)
    found = coverage_of(known, asked.year, asked.oldest)
    by = request.GET.get("by", "")
    grouping = next((one for one in GROUPINGS if one == by), AreaGrouping.REGION)
    groups = in_groups.groups_as_of(grouping, asked.year)
    rows = rows_of(known, found, groups)
    context = {
        "asked": asked,
        "grouping": grouping,
        "groupings": [(one.value, GROUPING_NAMES[one]) for one in GROUPINGS],
        "groups": [one.group for one in groups],
        "rows": rows,
        "areas": len(known.areas),
        "targets": targets_of(
            found,
            asked_for.targets_in(forum_request.forum),
            asked_for.people_in(forum_request.forum, asked.year),
        ),
    }
    return render(request, "evidence/assessments/coverage.html", context)


def _known(indicators: Sequence[Indicator]) -> KnownCells:
    return known_cells_of(indicators, in_groups.all_countries())


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def known_of_indicator(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show the data of one indicator by area and by year."""
    kept = queries.indicator_at(forum_request.forum, number)
    known = _known([kept])
    asked = _asked(request, known, forum_request)
    found = coverage_of(known, asked.year, asked.oldest)
    every = in_groups.every_group(asked.year)
    group = every.get(request.GET.get("group", ""))
    codes = group.members if group else known.codes
    state = STATES.get(request.GET.get("state", ""))
    lines = areas_of(known, found, 0, codes)
    context: dict[str, Any] = {
        "indicator": kept,
        "vintage": queries.current_vintage(kept),
        "asked": asked,
        "group": group.group if group else None,
        "group_code": group.group.code if group else "",
        "groups": [(code, one.group.name_here) for code, one in every.items()],
        "years": years_of(known, found, 0),
        "span": known.years,
        "areas": len(known.areas),
        "counts": _counted(lines),
        "state": request.GET.get("state", "") if state is not None else "",
        "lines": [line for line in lines if state is None or line.state == state],
    }
    return render(request, "evidence/assessments/known.html", context)


def _counted(lines: Sequence[AreaKnown]) -> Mapping[str, int]:
    return {
        name.replace("-", "_"): sum(line.state == state for line in lines) for name, state in STATES.items()
    }


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by("year", "oldest")
def coverage_csv(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Serve a row per indicator and country: coverage as of a year."""
    require_choice(request.GET, "year", (asked_year(request.GET.get("year", "")),))
    require_choice(request.GET, "oldest", range(MOST_YEARS_BACK + 1))
    known = _known(asked_for.indicators_in(forum_request.forum))
    asked = _asked(request, known, forum_request)
    found = coverage_of(known, asked.year, asked.oldest)
    pairs = (
        (kept, line)
        for number, kept in enumerate(known.indicators)
        for line in areas_of(known, found, number, known.codes)
    )
    lines = coverage_lines(pairs, asked.year, asked.oldest)
    return csv_download(f"{forum_request.forum.prefix}-coverage-{asked.year}", COLUMNS, lines)
