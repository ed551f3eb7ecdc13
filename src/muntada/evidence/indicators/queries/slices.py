"""The observations of a slice: editions, breakdowns, and the countries of a group."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Aggregate, Count, Exists, FloatField, Max, Min, OuterRef, Q

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.areas.rules import CHARTED, AreaGrouping, AreaKind
from muntada.evidence.indicators.models import Indicator, Observation, Vintage
from muntada.evidence.indicators.queries.editions import editions_of
from muntada.evidence.indicators.queries.indicators import WORLD, current_vintage
from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.evidence.indicators.rules.slices import MOST_LINES

# A band of fewer members would represent only those that report.
LEAST_MEMBERS = 0.5
FEWEST_MEMBERS = 4


@dataclass(frozen=True)
class Edition:
    """An edition of a source; its files, by sex and for all, belong together."""

    vintages: tuple[Vintage, ...]
    numbers: int

    @property
    def first(self) -> Vintage:
        return self.vintages[0]

    @property
    def pk(self) -> int:
        return self.first.pk

    @property
    def label(self) -> str:
        return self.first.label

    @property
    def source(self) -> str:
        return str(self.first.source or "")

    @property
    def retrieved(self) -> date:
        return max(one.retrieved_date for one in self.vintages)


@dataclass(frozen=True)
class BreakdownPart:
    """A breakdown in an edition, with its years and number of values."""

    code: str
    first: int
    last: int
    numbers: int


@dataclass(frozen=True)
class Quartiles:
    """The quartiles of a group's countries in a year."""

    year: int
    lower: float
    upper: float
    counted: int


def editions_standing(indicator: Indicator) -> list[Edition]:
    """Return the editions with values that are not withdrawn, newest first."""
    found: dict[tuple[int | None, str], list[Vintage]] = defaultdict(list)
    for vintage in reversed(editions_of(indicator)):
        found[vintage.source_id, vintage.label].append(vintage)
    return [
        Edition(
            # Totals take precedence if two files have the same cell.
            tuple(sorted(vintages, key=lambda one: (one.dimension != "", one.pk))),
            sum(one.numbers for one in vintages),  # type: ignore[attr-defined]
        )
        for vintages in found.values()
    ]


def edition_asked(indicator: Indicator, editions: Sequence[Edition], asked: int | None) -> Edition | None:
    """Return the requested edition, else the newest whole series, else the one with the most values."""
    for wanted in (asked, getattr(current_vintage(indicator), "pk", None) if asked is None else None):
        found = next((one for one in editions if any(v.pk == wanted for v in one.vintages)), None)
        if found:
            return found
    return max(editions, key=lambda one: one.numbers, default=None)


def areas_in(edition: Edition) -> list[Area]:
    """Return the areas with values in an edition, groups first."""
    told = Observation.objects.filter(vintage__in=edition.vintages).order_by().values("area")
    return list(Area.objects.filter(pk__in=told))


def parts_in(edition: Edition) -> list[BreakdownPart]:
    """Return the breakdowns with values in an edition, totals first."""
    rows = (
        Observation.objects.filter(vintage__in=edition.vintages)
        .order_by()
        .values("breakdown")
        .annotate(first=Min("year"), last=Max("year"), numbers=Count("pk"))
    )
    order = [*Breakdown]
    parts = [BreakdownPart(row["breakdown"], row["first"], row["last"], row["numbers"]) for row in rows]
    return sorted(
        parts,
        key=lambda part: (order.index(Breakdown(part.code)) if part.code in order else len(order), part.code),
    )


def areas_together(present: Sequence[Area]) -> list[Area]:
    """Return the default areas: the world and the groups of one grouping."""
    world = [area for area in present if area.code == WORLD]
    for grouping in (*CHARTED, AreaGrouping.ITU_REGION, AreaGrouping.M49):
        groups = groups_in(present, grouping)
        if len(groups) > 1:
            return [*world, *groups][:MOST_LINES]
    return [*world, *(area for area in present if area.code != WORLD)][: MOST_LINES // 2]


def groups_in(present: Sequence[Area], grouping: AreaGrouping) -> list[Area]:
    return [area for area in present if area.is_main and area.grouping == grouping]


def cells_of(
    edition: Edition, areas: Collection[Area], parts: Collection[str], first: int | None, last: int | None
) -> dict[tuple[int, str], list[Observation]]:
    """Return the observations between two years, by area and breakdown, ordered by year."""
    rows = Observation.objects.filter(vintage__in=edition.vintages, area__in=areas, breakdown__in=parts)
    if first is not None:
        rows = rows.filter(year__gte=first)
    if last is not None:
        rows = rows.filter(year__lte=last)
    rank = {vintage.pk: place for place, vintage in enumerate(edition.vintages)}
    known: dict[tuple[int, str], dict[int, Observation]] = defaultdict(dict)
    for one in sorted(rows, key=lambda one: (one.year, rank[one.vintage_id])):
        known[one.area_id, one.breakdown].setdefault(one.year, one)
    return {key: list(by_year.values()) for key, by_year in known.items()}


class _Percentile(Aggregate):
    """PostgreSQL's continuous percentile."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def quartiles_of(
    edition: Edition, group: Area, part: str, first: int | None, last: int | None
) -> list[Quartiles]:
    """Return the quartiles of a group for each year in which half of its countries have a value."""
    rows = Observation.objects.filter(
        vintage__in=edition.vintages, area__kind=AreaKind.COUNTRY, breakdown=part
    )
    if group.code == WORLD:
        count = Area.objects.filter(kind=AreaKind.COUNTRY).count()
    else:
        memberships = Membership.objects.filter(group=group)
        count = memberships.values("area").distinct().count()
        begun = Q(since_year=None) | Q(since_year__lte=OuterRef("year"))
        goes_on = Q(until_year=None) | Q(until_year__gt=OuterRef("year"))
        rows = rows.filter(Exists(memberships.filter(begun, goes_on, area=OuterRef("area"))))
    if first is not None:
        rows = rows.filter(year__gte=first)
    if last is not None:
        rows = rows.filter(year__lte=last)
    by_year = (
        rows.order_by("year")
        .values("year")
        .annotate(
            lower=_Percentile("value", share=0.25),
            upper=_Percentile("value", share=0.75),
            counted=Count("pk"),
        )
    )
    least = max(FEWEST_MEMBERS, count * LEAST_MEMBERS)
    return [
        Quartiles(row["year"], row["lower"], row["upper"], row["counted"])
        for row in by_year
        if row["counted"] >= least
    ]
