"""Standings at the end of a phase: who is in, who is out, ties."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count

from muntada.evidence.prizes.models import (
    Showcase,
    ShowcaseCategory,
    ShowcaseEntry,
    ShowcaseExpert,
    ShowcaseJudgement,
    ShowcaseVote,
    TieSettled,
    WinnerPick,
)
from muntada.evidence.prizes.queries.judging import conflict_between, ties_of_experts
from muntada.evidence.prizes.queries.rounds import champions_of, nominees_of, standing_entries
from muntada.evidence.prizes.rules.cut_lines import CutLine, draw_line, score_of, taken
from muntada.evidence.prizes.rules.rounds import Award, WinnerBy


@dataclass(frozen=True)
class RankedEntry:
    """An entry with its number. `is_short` means too few judgements."""

    entry: ShowcaseEntry
    value: Fraction
    judgements: int = 0
    picks: int | None = None
    is_short: bool = False

    @property
    def shown(self) -> float:
        return round(float(self.value), 3)


@dataclass(frozen=True)
class CategoryResult:
    """A category at the end of a phase. A tie is open until exactly this tie is settled."""

    category: ShowcaseCategory
    award: Award
    rows: tuple[RankedEntry, ...]
    drawn: CutLine
    settled: TieSettled | None

    @property
    def is_clear(self) -> bool:
        return not self.drawn.tied or self.settled is not None

    @property
    def taken(self) -> frozenset[int]:
        return frozenset(taken(self.drawn, self.settled.chosen if self.settled else ()))

    @property
    def tied_rows(self) -> list[RankedEntry]:
        return [row for row in self.rows if row.entry.pk in self.drawn.tied]


def standings_of(showcase: Showcase, award: Award) -> list[CategoryResult]:
    """Return the standings of each category with entries, as they would be announced now."""
    rows: dict[int, list[RankedEntry]] = defaultdict(list)
    for row in _rows(showcase, award):
        rows[row.entry.category_id].append(row)
    places = {Award.NOMINEE: showcase.nominees, Award.CHAMPION: showcase.champions, Award.WINNER: 1}[award]
    categories = ShowcaseCategory.objects.filter(showcase=showcase, pk__in=rows).select_related(
        "line", "showcase__forum"
    )
    settled = {
        one.category_id: one
        for one in TieSettled.objects.filter(category__showcase=showcase, award=award.value)
    }
    return [
        _standing(category, award, rows[category.pk], places, settled.get(category.pk))
        for category in categories
    ]


def _standing(
    category: ShowcaseCategory, award: Award, rows: list[RankedEntry], places: int, settled: TieSettled | None
) -> CategoryResult:
    drawn = draw_line({row.entry.pk: row.value for row in rows if not row.is_short}, places)
    ordered = sorted(rows, key=lambda row: (row.is_short, -row.value, row.entry.pk))
    # A settled tie that has changed since must be settled again.
    holds = settled is not None and (tuple(settled.tied), settled.places) == (drawn.tied, drawn.places)
    return CategoryResult(category, award, tuple(ordered), drawn, settled if holds else None)


def _rows(showcase: Showcase, award: Award) -> list[RankedEntry]:
    if award is Award.NOMINEE:
        return _judged(showcase)
    if award is Award.CHAMPION:
        return _voted(showcase)
    return _picked(showcase)


def _judged(showcase: Showcase) -> list[RankedEntry]:
    terms, entries = showcase.terms, list(standing_entries(showcase))
    said: dict[int, list[Mapping[str, int]]] = defaultdict(list)
    ties = ties_of_experts(showcase)
    given = ShowcaseJudgement.objects.filter(entry__in=entries, conflict="", expert__ended_at=None)
    by_pk = {one.pk: one for one in entries}
    for one in given.select_related("expert"):
        # A conflict found after the judgement excludes it.
        if not _is_barred(ties, one.expert, by_pk[one.entry_id]):
            said[one.entry_id].append(one.marks)
    return [
        RankedEntry(
            one,
            score_of(terms, said[one.pk]),
            judgements=len(said[one.pk]),
            is_short=len(said[one.pk]) < terms.fewest_judgements,
        )
        for one in entries
    ]


def _is_barred(ties: Mapping[int, set[int]], expert: ShowcaseExpert, entry: ShowcaseEntry) -> bool:
    organisations = ties.get(expert.person_id, set())
    return conflict_between(expert.person_id, organisations, entry) is not None


def _voted(showcase: Showcase) -> list[RankedEntry]:
    votes = ShowcaseVote.objects.filter(category__showcase=showcase).order_by()
    counts = dict(votes.values_list("entry").annotate(Count("pk")))
    return [RankedEntry(one, Fraction(counts.get(one.pk, 0))) for one in nominees_of(showcase)]


def _picked(showcase: Showcase) -> list[RankedEntry]:
    entries = list(champions_of(showcase))
    if showcase.winner_by == WinnerBy.VOTE:
        return [RankedEntry(one, Fraction(one.votes or 0)) for one in entries]
    ties, by_pk = ties_of_experts(showcase), {one.pk: one for one in entries}
    counts: dict[int, int] = defaultdict(int)
    for pick in WinnerPick.objects.filter(entry__in=entries, expert__ended_at=None).select_related("expert"):
        if not _is_barred(ties, pick.expert, by_pk[pick.entry_id]):
            counts[pick.entry_id] += 1
    return [RankedEntry(one, Fraction(counts[one.pk]), picks=counts[one.pk]) for one in entries]


def voters_of(showcase: Showcase) -> int:
    """Return the number of voters."""
    votes = ShowcaseVote.objects.filter(category__showcase=showcase).order_by()
    people = votes.exclude(person=None).values("person").distinct().count()
    return people + votes.exclude(browser=None).values("browser").distinct().count()
