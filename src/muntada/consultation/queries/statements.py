"""What is put to the vote, how people voted, and what to ask somebody next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext

from muntada.consultation.models import Call, OpinionMap, Statement, Vote, Voter
from muntada.consultation.rules.calls import results_are_visible
from muntada.consultation.rules.statements import Candidate, StatementState, VoteValue, next_statement
from muntada.forums.queries import Here
from muntada.foundations.errors import NotThere

ORDERS = {
    "number": ("symbol__number",),
    "newest": ("-put_at", "-symbol__number"),
    "votes": ("-cast", "symbol__number"),
    "agree": ("-agreed", "symbol__number"),
    "disagree": ("-disagreed", "symbol__number"),
}


@dataclass(frozen=True)
class Tally:
    """How many people said what."""

    agree: int
    disagree: int
    passed: int

    @property
    def total(self) -> int:
        return self.agree + self.disagree + self.passed

    @property
    def agree_share(self) -> int:
        return _percent(self.agree, self.total)

    @property
    def disagree_share(self) -> int:
        return _percent(self.disagree, self.total)

    @property
    def passed_share(self) -> int:
        return 100 - self.agree_share - self.disagree_share if self.total else 0


@dataclass(frozen=True)
class StatementRow:
    """A statement in a list: its votes, and what the reader voted."""

    statement: Statement
    tally: Tally
    mine: int | None


@dataclass(frozen=True)
class Ballot:
    """What somebody is asked next, and how far they are."""

    row: StatementRow | None
    voted: int
    of: int

    @property
    def place(self) -> int:
        return min(self.voted + 1, self.of)


def statements_of(call: Call, here: Here, order: str = "number") -> QuerySet[Statement]:
    """Return the statements of a call with their votes, and whether the reader voted on them."""
    rows = Statement.objects.filter(call=call)
    return _with_votes(rows, here).order_by(*ORDERS.get(order, ORDERS["number"]))


def statement_at(here: Here, number: int) -> Statement:
    rows = Statement.objects.filter(symbol__forum=here.forum, symbol__number=number)
    rows = _with_votes(rows, here).select_related("taken_from__symbol__forum")
    found = rows.prefetch_related("replies__leads_to__forum").first()
    if found is None:
        raise NotThere(
            gettext("There is no statement of this number. Please check it, or use the search."), "statement"
        )
    return found


def row_of(statement: Statement) -> StatementRow:
    """Make a line of a statement that was asked for with its votes."""
    agreed, disagreed = statement.agreed, statement.disagreed  # type: ignore[attr-defined]
    tally = Tally(agreed, disagreed, statement.cast - agreed - disagreed)  # type: ignore[attr-defined]
    return StatementRow(statement, tally, statement.mine)  # type: ignore[attr-defined]


def ballot_of(call: Call, here: Here, skipped: Collection[int] = ()) -> Ballot:
    """Return what to ask this person next. What they skipped comes last."""
    counts = dict(
        Vote.objects.filter(statement__call=call, is_current=True)
        .values_list("statement__symbol__number")
        .annotate(count=Count("pk"))
    )
    opened = Statement.objects.filter(call=call, state=StatementState.OPEN)
    numbers = list(opened.order_by("symbol__number").values_list("symbol__number", flat=True))
    voted = _voted_on(call, here)
    left = [number for number in numbers if number not in voted]
    now = [number for number in left if number not in skipped] or left
    chosen = next_statement(
        _candidates(call, now, counts), f"{call.pk}/{_person(here)}/{len(voted)}/{sorted(skipped)}"
    )
    row = row_of(statement_at(here, chosen)) if chosen is not None else None
    return Ballot(row, len(numbers) - len(left), len(numbers))


def _candidates(call: Call, numbers: Sequence[int], counts: dict[int, int]) -> list[Candidate]:
    drawn = OpinionMap.objects.filter(call=call, is_latest=True).values_list("priorities", flat=True).first()
    priorities = drawn or {}
    return [Candidate(number, counts.get(number, 0), priorities.get(str(number))) for number in numbers]


def _voted_on(call: Call, here: Here) -> set[int]:
    if here.person is None:
        return set()
    votes = Vote.objects.filter(voter__call=call, voter__person=here.person, is_current=True)
    return set(votes.values_list("statement__symbol__number", flat=True))


def _person(here: Here) -> int:
    return here.person.pk if here.person else 0


def voter_of(call: Call, here: Here) -> Voter | None:
    """Return the row under which this person votes here; it holds nothing of them but that."""
    return Voter.objects.filter(call=call, person=here.person).first() if here.person else None


def _with_votes(rows: QuerySet[Statement], here: Here) -> QuerySet[Statement]:
    current = Q(votes__is_current=True)
    if here.person is None:
        mine: Subquery | Value = Value(None, output_field=IntegerField())
    else:
        own = Vote.objects.filter(statement=OuterRef("pk"), voter__person=here.person, is_current=True)
        mine = Subquery(own.values("value")[:1])
    return rows.select_related("symbol__forum", "call__forum").annotate(
        cast=Count("votes", filter=current),
        agreed=Count("votes", filter=current & Q(votes__value=VoteValue.AGREE)),
        disagreed=Count("votes", filter=current & Q(votes__value=VoteValue.DISAGREE)),
        mine=mine,
    )


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def results_shown(call: Call, now: datetime) -> bool:
    """Say whether the votes of a call are shown to everybody by now."""
    return results_are_visible(call.results_visible, call.window, now)
