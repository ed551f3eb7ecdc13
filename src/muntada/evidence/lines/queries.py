"""Queries by action line: indicators and initiatives."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import AreaKind
from muntada.evidence.assessments.models import Assessment
from muntada.evidence.indicators.models import Indicator, IndicatorTarget, Observation
from muntada.evidence.indicators.queries.indicators import WORLD
from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.evidence.initiatives.models import Initiative, InitiativeFigure
from muntada.evidence.initiatives.queries.lists import public_in
from muntada.evidence.initiatives.rules import PROGRESS_NAMES, InitiativeProgress
from muntada.evidence.lines.models import LineIndicator
from muntada.forums.models import Forum, Line
from muntada.people.rules import KIND_NAMES, OrganisationKind

SHOWN = 8
# The texts searched for obstacles; each takes some tenths of a millisecond.
READ = 200


@dataclass(frozen=True)
class LineCounts:
    """An action line with its counts."""

    line: Line
    indicators: int
    initiatives: int


@dataclass(frozen=True)
class InitiativeShare:
    """A share of the initiatives, and the filter that lists them."""

    name: str
    count: int
    filter: str = ""


@dataclass(frozen=True)
class LineInitiatives:
    """The initiatives of a line: counts, and the most instructive ones."""

    count: int
    by_status: tuple[InitiativeShare, ...]
    by_kind: tuple[InitiativeShare, ...]
    by_region: tuple[InitiativeShare, ...]
    by_year: tuple[InitiativeShare, ...]
    figures: tuple[InitiativeFigure, ...]
    challenged: tuple[Initiative, ...]
    with_challenges: int
    replicable: tuple[Initiative, ...]
    newest: tuple[Initiative, ...]


def line_counts(forum: Forum) -> list[LineCounts]:
    """Return every line with its counts, in three queries."""
    ties = LineIndicator.objects.filter(indicator__forum=forum).order_by().values_list("line")
    indicators = dict(ties.annotate(Count("pk")))
    listed = public_in(forum).order_by().exclude(lines=None).values_list("lines")
    initiatives = dict(listed.annotate(Count("pk", distinct=True)))
    return [
        LineCounts(line, indicators.get(line.pk, 0), initiatives.get(line.pk, 0))
        for line in Line.objects.filter(framework_id=forum.framework_id)
    ]


def ties_of(forum: Forum, line: Line) -> list[LineIndicator]:
    ties = LineIndicator.objects.filter(line=line, indicator__forum=forum)
    return list(ties.select_related("indicator__symbol__forum", "indicator__source"))


def to_be_tied(forum: Forum, line: Line) -> QuerySet[Indicator]:
    return Indicator.objects.filter(forum=forum).exclude(line_ties__line=line).select_related("symbol__forum")


def world_numbers(indicators: Collection[int]) -> dict[int, list[Observation]]:
    """Return the world's values in all valid editions by indicator, oldest first."""
    rows = (
        Observation.objects.filter(
            vintage__indicator__in=indicators, vintage__withdrawn_at=None, area__code=WORLD
        )
        .select_related("vintage__source", "area")
        .order_by("year", "vintage__edition_year", "vintage__retrieved_date", "vintage")
    )
    numbers: dict[int, list[Observation]] = defaultdict(list)
    for one in rows:
        numbers[one.vintage.indicator_id].append(one)
    return numbers


def latest_years(indicators: Collection[int]) -> dict[int, list[int]]:
    """Return the latest year of each country, by indicator."""
    rows = (
        Observation.objects.filter(
            vintage__indicator__in=indicators,
            vintage__withdrawn_at=None,
            area__kind=AreaKind.COUNTRY,
            breakdown=Breakdown.TOTAL,
        )
        .order_by()
        .values_list("vintage__indicator", "area")
        .annotate(Max("year"))
    )
    years: dict[int, list[int]] = defaultdict(list)
    for indicator, _, year in rows:
        years[indicator].append(year)
    return years


def country_count() -> int:
    return Area.objects.filter(kind=AreaKind.COUNTRY).count()


def targets_of(indicators: Collection[int]) -> list[IndicatorTarget]:
    targets = IndicatorTarget.objects.filter(indicator__in=indicators)
    return list(targets.select_related("indicator__symbol__forum", "vintage__source"))


def world_verdicts(targets: Iterable[IndicatorTarget]) -> dict[int, dict[str, Assessment]]:
    """Return the verdicts for the world, by target."""
    said: dict[int, dict[str, Assessment]] = defaultdict(dict)
    for one in Assessment.objects.filter(target__in=[*targets], area__code=WORLD):
        said[one.target_id][one.method] = one
    return said


def countries_on_track(targets: Iterable[IndicatorTarget]) -> dict[tuple[int, str], tuple[int, int]]:
    """Return countries on track and with a verdict, by target and method."""
    told = Count("pk", filter=Q(is_on_track__isnull=False))
    rows = (
        Assessment.objects.filter(target__in=[*targets], area__kind=AreaKind.COUNTRY)
        .order_by()
        .values_list("target", "method")
        .annotate(good=Count("pk", filter=Q(is_on_track=True)), told=told)
    )
    return {(target, method): (good, told) for target, method, good, told in rows}


def initiatives_of(forum: Forum, line: Line) -> LineInitiatives:
    """Count the initiatives of a line, and select those with lessons and obstacles."""
    every = public_in(forum).filter(lines=line)
    shown = every.select_related("symbol__forum", "organisation")
    status = Counter(dict(_counted(every, "status")))
    kinds = Counter(dict(_counted(every, "organisation__kind")))
    figures = InitiativeFigure.objects.filter(initiative__in=every).select_related(
        "initiative__symbol__forum", "initiative__organisation"
    )
    challenged = shown.exclude(challenges="")
    return LineInitiatives(
        count=sum(status.values()),
        by_status=tuple(
            InitiativeShare(str(PROGRESS_NAMES[one]), status[one], f"status={one.value}")
            for one in InitiativeProgress
            if status[one]
        ),
        by_kind=tuple(
            InitiativeShare(str(KIND_NAMES[one]), kinds[one], f"kind={one.value}")
            for one in OrganisationKind
            if kinds[one]
        ),
        by_region=_by_region(_counted(every, "country")),
        by_year=tuple(
            InitiativeShare(str(year), count)
            for year, count in sorted(_counted(every, "starts_year"))
            if year
        ),
        figures=tuple(figures.order_by("-year", "pk")[:SHOWN]),
        challenged=tuple(challenged[:SHOWN]),
        with_challenges=challenged.count(),
        replicable=tuple(shown.exclude(replicability="")[:SHOWN]),
        newest=tuple(shown[:SHOWN]),
    )


def challenges_of(forum: Forum, line: Line) -> list[tuple[str, str]]:
    """Return the obstacles stated by the newest initiatives of a line, with languages."""
    told = public_in(forum).filter(lines=line).exclude(challenges="")
    return list(told.values_list("challenges", "language")[:READ])


def _counted(every: QuerySet[Initiative], field: str) -> list[tuple[str, int]]:
    return list(every.order_by().values_list(field).annotate(Count("pk")))


def _by_region(by_country: Iterable[tuple[str, int]]) -> tuple[InitiativeShare, ...]:
    """Count by World Bank region of the main country; initiatives without one are last."""
    counts = dict(by_country)
    countries = Area.objects.filter(alpha2__in=[code for code in counts if code])
    regions = dict(countries.values_list("alpha2", "region"))
    found: Counter[str] = Counter()
    for code, count in counts.items():
        found[regions.get(code, "")] += count
    names = {area.code: area.name_here for area in Area.objects.filter(code__in=[*found])}
    return tuple(
        InitiativeShare(names.get(region, ""), count)
        for region, count in sorted(found.items(), key=lambda one: (not one[0], -one[1], one[0]))
    )
