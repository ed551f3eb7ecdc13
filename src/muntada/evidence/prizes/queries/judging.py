"""Experts of a showcase: tasks, judgements, progress."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from muntada.evidence.prizes.models import (
    Showcase,
    ShowcaseCategory,
    ShowcaseEntry,
    ShowcaseExpert,
    ShowcaseJudgement,
    WinnerPick,
)
from muntada.evidence.prizes.queries.rounds import champions_of, standing_entries
from muntada.evidence.prizes.rules.rounds import CONFLICT_SENTENCES, PICK, ExpertConflict, conflict_of
from muntada.people.models import Affiliation, Person


def expert_of(showcase: Showcase, person: Person | None) -> ShowcaseExpert | None:
    """Return a person as expert of a showcase, if appointed."""
    if person is None:
        return None
    found = ShowcaseExpert.objects.filter(showcase=showcase, person=person, ended_at=None)
    return found.select_related("showcase__forum", "person").first()


def entries_for(expert: ShowcaseExpert) -> QuerySet[ShowcaseEntry]:
    """Return the entries in an expert's categories."""
    return _of_expert(expert, standing_entries(expert.showcase))


def _of_expert(expert: ShowcaseExpert, entries: QuerySet[ShowcaseEntry]) -> QuerySet[ShowcaseEntry]:
    own = list(expert.categories.values_list("pk", flat=True))
    return entries.filter(category__in=own) if own else entries


def ties_of_experts(showcase: Showcase) -> dict[int, set[int]]:
    """Return the present and former organizations of each expert, confirmed or not."""
    ties: dict[int, set[int]] = defaultdict(set)
    experts = ShowcaseExpert.objects.filter(showcase=showcase).values("person")
    rows = Affiliation.objects.filter(person__in=experts)
    for person_id, organisation_id in rows.values_list("person_id", "organisation_id"):
        ties[person_id].add(organisation_id)
    return ties


def organisations_ever(person_id: int) -> set[int]:
    """Return the present and former organizations of a person, confirmed or not."""
    rows = Affiliation.objects.filter(person=person_id)
    return set(rows.values_list("organisation_id", flat=True))


def conflict_between(person_id: int, organisations: set[int], entry: ShowcaseEntry) -> ExpertConflict | None:
    """Return the conflict of a person of these organizations with an entry, if any."""
    people = (entry.entered_by_id, entry.initiative.registered_by_id)
    return conflict_of(person_id, organisations, people=people, led_by=entry.initiative.organisation_id)


def most_yes_given(expert: ShowcaseExpert, categories: Collection[int]) -> int:
    """Return the highest number of yes votes of an expert in one of these categories."""
    given = ShowcaseJudgement.objects.filter(expert=expert, entry__category__in=categories)
    counted = given.filter(**{f"marks__{PICK}": 1}).order_by().values("entry__category")
    return max(counted.annotate(yes=Count("pk")).values_list("yes", flat=True), default=0)


@dataclass(frozen=True)
class ToJudge:
    """An entry on an expert's sheet."""

    entry: ShowcaseEntry
    judgement: ShowcaseJudgement | None
    conflict: ExpertConflict | None

    @property
    def conflict_sentence(self) -> str:
        return str(CONFLICT_SENTENCES[self.conflict]) if self.conflict else ""

    @property
    def is_done(self) -> bool:
        return self.judgement is not None or self.conflict is not None


@dataclass(frozen=True)
class ExpertSheet:
    """An expert's entries by category, and their progress."""

    categories: list[tuple[ShowcaseCategory, list[ToJudge]]]

    @property
    def all(self) -> list[ToJudge]:
        return [one for _category, rows in self.categories for one in rows]

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.all)

    @property
    def count(self) -> int:
        return len(self.all)

    @property
    def next(self) -> ToJudge | None:
        return next((one for one in self.all if not one.is_done), None)


def sheet_of(expert: ShowcaseExpert) -> ExpertSheet:
    own = organisations_ever(expert.person_id)
    said = {one.entry_id: one for one in ShowcaseJudgement.objects.filter(expert=expert)}
    rows: dict[ShowcaseCategory, list[ToJudge]] = {}
    for entry in entries_for(expert).order_by("category__position", "category", "entered_at", "pk"):
        conflict = conflict_between(expert.person_id, own, entry)
        rows.setdefault(entry.category, []).append(ToJudge(entry, said.get(entry.pk), conflict))
    return ExpertSheet(list(rows.items()))


@dataclass(frozen=True)
class ToChoose:
    """A category in which an expert chooses the winner: champions, and the choice."""

    category: ShowcaseCategory
    champions: list[ShowcaseEntry]
    barred: list[ShowcaseEntry]
    picked: int | None


def choices_of(expert: ShowcaseExpert) -> list[ToChoose]:
    """Return the champions an expert may choose; those with a conflict are separate."""
    own = organisations_ever(expert.person_id)
    declared = set(
        ShowcaseJudgement.objects.filter(expert=expert).exclude(conflict="").values_list("entry", flat=True)
    )
    picked = dict(WinnerPick.objects.filter(expert=expert).values_list("category", "entry"))
    rows: dict[ShowcaseCategory, tuple[list[ShowcaseEntry], list[ShowcaseEntry]]] = {}
    found = _of_expert(expert, champions_of(expert.showcase))
    for entry in found.order_by("category__position", "category", "-votes", "pk"):
        conflict = conflict_between(expert.person_id, own, entry)
        free, barred = rows.setdefault(entry.category, ([], []))
        (barred if conflict or entry.pk in declared else free).append(entry)
    return [ToChoose(one, free, barred, picked.get(one.pk)) for one, (free, barred) in rows.items()]


@dataclass(frozen=True)
class ExpertProgress:
    """The progress of an expert, for the secretariat."""

    expert: ShowcaseExpert
    asked: int
    barred: int
    given: int
    conflicts: int
    picks: int


def progress_of(showcase: Showcase) -> list[ExpertProgress]:
    """Return every expert with their judgements."""
    experts = (
        ShowcaseExpert.objects.filter(showcase=showcase)
        .select_related("person")
        .prefetch_related("categories__line")
    )
    standing = standing_entries(showcase)
    entries, ties = list(standing), ties_of_experts(showcase)
    counted = {
        row["expert"]: row
        for row in ShowcaseJudgement.objects.filter(Exists(standing.filter(pk=OuterRef("entry"))))
        .filter(expert__showcase=showcase)
        .order_by()
        .values("expert")
        .annotate(given=Count("pk", filter=Q(conflict="")), conflicts=Count("pk", filter=~Q(conflict="")))
    }
    picks = dict(
        WinnerPick.objects.filter(expert__showcase=showcase)
        .order_by()
        .values_list("expert")
        .annotate(Count("pk"))
    )
    progress = []
    for one in experts:
        own = {category.pk for category in one.categories.all()}
        asked = [entry for entry in entries if not own or entry.category_id in own]
        barred = sum(
            conflict_between(one.person_id, ties.get(one.person_id, set()), entry) is not None
            for entry in asked
        )
        row = counted.get(one.pk, {"given": 0, "conflicts": 0})
        progress.append(
            ExpertProgress(one, len(asked), barred, row["given"], row["conflicts"], picks.get(one.pk, 0))
        )
    return progress


def declared_in(showcase: Showcase) -> list[ShowcaseJudgement]:
    """Return declared conflicts, for the secretariat only."""
    found = ShowcaseJudgement.objects.filter(expert__showcase=showcase).exclude(conflict="")
    return list(found.select_related("expert__person", "entry__initiative__symbol__forum"))
