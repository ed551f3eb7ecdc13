"""Page objects of an action line: levels, changes, gaps, coverage, verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muntada.evidence.assessments.adapter.coverage import OLDEST
from muntada.evidence.assessments.adapter.verdicts import methods_here
from muntada.evidence.assessments.models import Assessment
from muntada.evidence.assessments.rules import METHOD_IDS, VERDICT_NAMES, Tone, tone_of
from muntada.evidence.indicators.adapter.series import Gap, gap
from muntada.evidence.indicators.models import Indicator, IndicatorTarget, Observation
from muntada.evidence.indicators.rules.observations import Breakdown, breakdown_name
from muntada.evidence.lines import queries
from muntada.evidence.lines.models import LineIndicator
from muntada.evidence.lines.rules import PAIRS
from muntada.forums.models import Forum, Line


@dataclass(frozen=True)
class LineGap:
    """Two breakdowns of the world in the newest year with both in one edition."""

    first: Observation
    second: Observation
    gap: Gap

    @property
    def first_name(self) -> str:
        return breakdown_name(self.first.breakdown)

    @property
    def second_name(self) -> str:
        return breakdown_name(self.second.breakdown)


@dataclass(frozen=True)
class LineCoverage:
    """The number of countries with recent, old or no data."""

    recent: int
    too_old: int
    none: int
    oldest: int

    @property
    def every(self) -> int:
        return self.recent + self.too_old + self.none


@dataclass(frozen=True)
class MethodSays:
    """The verdict of a method for the world, and its number of countries on track."""

    method: str
    title: str
    name: str
    tone: Tone
    good: int
    told: int


@dataclass(frozen=True)
class TargetSaid:
    target: IndicatorTarget
    said: tuple[MethodSays, ...]

    @property
    def has_countries(self) -> bool:
        return any(one.told for one in self.said)


@dataclass(frozen=True)
class IndicatorFacts:
    """An indicator of a line with all its results."""

    tie: LineIndicator
    newest: Observation | None
    first: Observation | None
    gaps: tuple[LineGap, ...]
    known: LineCoverage
    targets: tuple[TargetSaid, ...]

    @property
    def indicator(self) -> Indicator:
        return self.tie.indicator

    @property
    def change(self) -> float | None:
        if self.newest is None or self.first is None or self.first.year == self.newest.year:
            return None
        return self.newest.value - self.first.value

    @property
    def figures(self) -> list[tuple[str, Observation]]:
        """Return every value shown for this indicator, by kind."""
        levels = [("first", self.first), ("latest", self.newest)]
        pairs = [(f"gap {at}", one) for at, gap in enumerate(self.gaps, 1) for one in (gap.first, gap.second)]
        return [*((what, one) for what, one in levels if one is not None), *pairs]

    @property
    def is_of_two_editions(self) -> bool:
        return bool(self.newest and self.first and self.newest.vintage_id != self.first.vintage_id)


def facts_of(forum: Forum, line: Line, year: int) -> list[IndicatorFacts]:
    """Return the indicators of a line with results, in a constant number of queries."""
    ties = queries.ties_of(forum, line)
    ids = [tie.indicator_id for tie in ties]
    if not ids:
        return []
    numbers, years = queries.world_numbers(ids), queries.latest_years(ids)
    countries = queries.country_count()
    targets = queries.targets_of(ids)
    said = _said(targets)
    facts = []
    for tie in ties:
        rows = numbers.get(tie.indicator_id, [])
        whole = [one for one in rows if one.breakdown == Breakdown.TOTAL]
        known = years.get(tie.indicator_id, [])
        recent = sum(one >= year - OLDEST for one in known)
        facts.append(
            IndicatorFacts(
                tie=tie,
                newest=whole[-1] if whole else None,
                first=_first(whole),
                gaps=_gaps(rows),
                known=LineCoverage(recent, len(known) - recent, countries - len(known), OLDEST),
                targets=tuple(one for one in said if one.target.indicator_id == tie.indicator_id),
            )
        )
    return facts


def _first(whole: Sequence[Observation]) -> Observation | None:
    """Return the oldest year, in its newest edition."""
    return [one for one in whole if one.year == whole[0].year][-1] if whole else None


def _gaps(rows: Sequence[Observation]) -> tuple[LineGap, ...]:
    gaps = []
    for first, second in PAIRS:
        others = {(one.vintage_id, one.year): one for one in rows if one.breakdown == second}
        both = [
            (one, others[one.vintage_id, one.year])
            for one in rows
            if one.breakdown == first and (one.vintage_id, one.year) in others
        ]
        if both:
            one, other = both[-1]
            gaps.append(LineGap(one, other, gap(one.value, other.value)))
    return tuple(gaps)


def _said(targets: Sequence[IndicatorTarget]) -> tuple[TargetSaid, ...]:
    if not targets:
        return ()
    world, countries = queries.world_verdicts(targets), queries.countries_on_track(targets)
    titles = {one.id: one.title for one in methods_here()}
    return tuple(
        TargetSaid(
            target,
            tuple(
                _method(method, titles, world[target.pk].get(method), countries.get((target.pk, method)))
                for method in METHOD_IDS
            ),
        )
        for target in targets
    )


def _method(
    method: str, titles: Mapping[str, str], row: Assessment | None, countries: tuple[int, int] | None
) -> MethodSays:
    verdict = row.verdict if row else ""
    name = str(VERDICT_NAMES.get(verdict, verdict))
    tone = tone_of(verdict) if verdict else Tone.NONE
    return MethodSays(method, titles[method], name, tone, *(countries or (0, 0)))
