"""The result of a round of prizes as a table."""

from django.db.models import Prefetch

from muntada.evidence.prizes.models import Showcase, ShowcaseCategory, ShowcaseEntry
from muntada.evidence.prizes.queries.rounds import Shelf, shown_entries

RESULT_COLUMNS = (
    "edition",
    "line",
    "category",
    "place",
    "symbol",
    "title",
    "organisation",
    "country",
    "judgements",
    "score",
    "votes",
    "share_of_category",
    "picks",
    "award",
)


def as_result_rows(showcase: Showcase) -> list[dict[str, object]]:
    """Return the result as table rows: nominees with votes, rank and award."""
    _shown_rows, ordered = shown_entries(showcase)
    categories = ShowcaseCategory.objects.filter(showcase=showcase).select_related("line")
    found = categories.prefetch_related(Prefetch("entries", queryset=ordered, to_attr="shown"))
    shelves = [Shelf(one, one.shown, []) for one in found]
    return [_result_row(showcase, shelf, one) for shelf in shelves for one in shelf.entries]


def _result_row(showcase: Showcase, shelf: Shelf, one: ShowcaseEntry) -> dict[str, object]:
    votes, total = one.votes or 0, sum(other.votes or 0 for other in shelf.entries)
    return {
        "edition": showcase.edition,
        "line": shelf.category.line.code,
        "category": shelf.category.title_here,
        "place": 1 + sum((other.votes or 0) > votes for other in shelf.entries),
        "symbol": str(one.initiative.symbol),
        "title": one.initiative.title,
        "organisation": one.initiative.organisation.name,
        "country": one.initiative.country,
        "judgements": one.judgements_counted,
        "score": one.score,
        "votes": one.votes,
        "share_of_category": round(votes / total, 4) if total else None,
        "picks": one.picks,
        "award": one.award,
    }
