"""Statements with votes, and the next one to show."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.queries import results_shown
from muntada.consultation.calls.rules.calls import ResultsVisible
from muntada.consultation.statements.models import OpinionMap, Statement, Vote
from muntada.consultation.statements.queries.votes import voter_of_request
from muntada.consultation.statements.rules.statements import (
    CandidateStatement,
    StatementState,
    VoteValue,
    next_statement,
)
from muntada.consultation.statements.rules.votes import VoterHere, digest_of_key, map_is_earned
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.record.models import LogEntry

ORDERS = {
    "number": ("symbol__number",),
    "newest": ("-put_at", "-symbol__number"),
    "votes": ("-cast", "symbol__number"),
    "agree": ("-agreed", "symbol__number"),
    "disagree": ("-disagreed", "symbol__number"),
}
# Valid votes: current ones of voters who are not banned.
_COUNTING = Q(votes__is_current=True, votes__voter__banned_at=None)
COUNTS = {
    "cast": Count("votes", filter=_COUNTING),
    "agreed": Count("votes", filter=_COUNTING & Q(votes__value=VoteValue.AGREE)),
    "disagreed": Count("votes", filter=_COUNTING & Q(votes__value=VoteValue.DISAGREE)),
    "mattering": Count("votes", filter=_COUNTING & Q(votes__important=True)),
}


@dataclass(frozen=True)
class VoteTally:
    """The votes on a statement, and the number of people to whom it matters."""

    agree: int
    disagree: int
    passed: int
    important: int = 0

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
    """A statement in a list with its votes and the reader's vote."""

    statement: Statement
    tally: VoteTally
    mine: int | None
    important: bool = False


@dataclass(frozen=True)
class NextStatement:
    """The next statement, progress, and the merged statement it replaces."""

    row: StatementRow | None
    voted: int
    of: int
    stands_for: int = 0

    @property
    def place(self) -> int:
        return min(self.voted + 1, self.of)


def statements_of(call: Call, voter: VoterHere | None, order: str = "number") -> QuerySet[Statement]:
    """Return the statements of a call with votes and the reader's votes."""
    rows = Statement.objects.filter(call=call)
    return with_votes(rows, voter).order_by(*ORDERS.get(order, ORDERS["number"]))


def listed_in(call: Call, order: str) -> QuerySet[Statement]:
    """Return open statements in an order; votes are counted only if needed for it."""
    columns = ORDERS.get(order, ORDERS["number"])
    deciding = {name: count for name, count in COUNTS.items() if f"-{name}" in columns}
    rows = Statement.objects.filter(call=call, state=StatementState.OPEN)
    return rows.annotate(**deciding).order_by(*columns)


def rows_of(listed: Iterable[Statement], voter: VoterHere | None) -> list[StatementRow]:
    """Return list rows of statements with votes, in order."""
    wanted = [one.pk for one in listed]
    found = {one.pk: one for one in with_votes(Statement.objects.filter(pk__in=wanted), voter)}
    return [row_of(found[pk]) for pk in wanted if pk in found]


def statement_at(forum_request: ForumRequest, number: int, voter: VoterHere | None = None) -> Statement:
    rows = Statement.objects.filter(symbol__forum=forum_request.forum, symbol__number=number)
    if voter is None and forum_request.person is not None:
        own = Vote.objects.filter(
            statement=OuterRef("pk"), voter__person=forum_request.person, is_current=True
        )
        rows = with_votes(rows, None).annotate(
            mine=Subquery(own.values("value")[:1]), mine_important=Subquery(own.values("important")[:1])
        )
    else:
        rows = with_votes(rows, voter)
    found = rows.select_related(
        "taken_from__symbol__forum", "split_from__symbol__forum", "merged_into__symbol__forum"
    ).first()
    if found is None:
        raise NotThere(
            gettext("There is no statement of this number. Please check it, or use the search."), "statement"
        )
    return found


def row_of(statement: Statement) -> StatementRow:
    """Return the list row of a statement loaded with votes."""
    agreed, disagreed = statement.agreed, statement.disagreed  # type: ignore[attr-defined]
    passed, mattering = statement.cast - agreed - disagreed, statement.mattering  # type: ignore[attr-defined]
    tally = VoteTally(agreed, disagreed, passed, mattering)
    mine, important = statement.mine, bool(statement.mine_important)  # type: ignore[attr-defined]
    return StatementRow(statement, tally, mine, important)


def ballot_of(
    call: Call,
    forum_request: ForumRequest,
    voter: VoterHere | None,
    skipped: Collection[int] = (),
    key: str = "",
) -> NextStatement:
    """Return the next statement for this person, at random; skipped ones are last.

    `key` identifies the browser of an anonymous voter.
    """
    opened = Statement.objects.filter(call=call, state=StatementState.OPEN)
    numbers = list(opened.order_by("symbol__number").values_list("symbol__number", flat=True))
    voted = _voted_on(call, voter)
    left = [number for number in numbers if number not in voted]
    now = [number for number in left if number not in skipped] or left
    # After a merge, its voters are asked the remaining statement first.
    merged = _merged_for(voter)
    again = [number for number in now if number in merged]
    who = forum_request.person.pk if forum_request.person else digest_of_key(call.pk, key)
    salt = f"{call.pk}/{who}/{len(voted)}/{sorted(skipped)}"
    chosen = again[0] if again else next_statement(_candidates(call, now), salt)
    row = row_of(statement_at(forum_request, chosen, voter)) if chosen is not None else None
    return NextStatement(row, len(numbers) - len(left), len(numbers), merged.get(chosen, 0) if chosen else 0)


def _merged_for(voter: VoterHere | None) -> dict[int, int]:
    """Return the statements that replace merged ones this person voted on, by number."""
    if voter is None:
        return {}
    votes = Vote.objects.filter(
        voter_id=voter.pk, is_current=True, statement__state=StatementState.MERGED
    ).values_list("statement__merged_into__symbol__number", "statement__symbol__number")
    return {into: number for into, number in votes if into is not None}


def _candidates(call: Call, numbers: Sequence[int]) -> list[CandidateStatement]:
    drawn = OpinionMap.objects.filter(call=call, is_latest=True).values_list("priorities", flat=True).first()
    priorities = drawn or {}
    # Without priorities, the statement with the fewest votes is first.
    counts = {} if any(str(number) in priorities for number in numbers) else _votes_by_number(call, numbers)
    return [
        CandidateStatement(number, counts.get(number, 0), priorities.get(str(number))) for number in numbers
    ]


def _votes_by_number(call: Call, numbers: Sequence[int]) -> dict[int, int]:
    asked = Q(statement__call=call, statement__symbol__number__in=numbers)
    counted = Vote.objects.filter(asked, is_current=True, voter__banned_at=None)
    return dict(counted.values_list("statement__symbol__number").annotate(count=Count("pk")))


def _voted_on(call: Call, voter: VoterHere | None) -> set[int]:
    if voter is None:
        return set()
    votes = Vote.objects.filter(voter_id=voter.pk, statement__call=call, is_current=True)
    return set(votes.values_list("statement__symbol__number", flat=True))


def voter_of(call: Call, forum_request: ForumRequest, key: str = "") -> VoterHere | None:
    """Return the voter of this person, if any."""
    return voter_of_request(call.pk, forum_request, key)


def with_votes(rows: QuerySet[Statement], voter: VoterHere | None) -> QuerySet[Statement]:
    """Add valid votes and the reader's own."""
    mine: Subquery | Value = Value(None, output_field=IntegerField())
    important: Subquery | Value = Value(None, output_field=BooleanField())
    if voter is not None:
        own = Vote.objects.filter(statement=OuterRef("pk"), voter_id=voter.pk, is_current=True)
        mine, important = Subquery(own.values("value")[:1]), Subquery(own.values("important")[:1])
    return rows.select_related("symbol__forum", "call__forum").annotate(
        **COUNTS, mine=mine, mine_important=important
    )


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def map_shown(call: Call, now: datetime, voter: VoterHere | None) -> bool:
    """Return whether the opinion map is shown to this voter."""
    if results_shown(call, now):
        return True
    if call.results_visible != ResultsVisible.AFTER_VOTE or voter is None:
        return False
    opened = Statement.objects.filter(call=call, state=StatementState.OPEN).count()
    return map_is_earned(len(_voted_on(call, voter)), opened)


def my_votes(call: Call, voter: VoterHere | None) -> QuerySet[Vote]:
    """Return a voter's current votes, newest first, with earlier ones."""
    voter_id = voter.pk if voter else 0
    earlier = Vote.objects.filter(
        voter_id=voter_id, statement=OuterRef("statement"), pk__lt=OuterRef("pk")
    ).order_by("-pk")
    return (
        Vote.objects.filter(voter_id=voter_id, statement__call=call, is_current=True)
        .select_related("statement__symbol__forum", "statement__merged_into__symbol__forum")
        .annotate(before=Subquery(earlier.values("value")[:1]))
        .order_by("-pk")
    )


def mattering_to(votes: Iterable[Vote]) -> dict[int, int]:
    """Return the number of people to whom each statement matters, by row."""
    told = Vote.objects.filter(statement__in=[vote.statement_id for vote in votes], voter__banned_at=None)
    matters = told.filter(is_current=True, important=True).order_by()
    return dict(matters.values_list("statement").annotate(count=Count("pk")))


def waiting_in(call: Call) -> QuerySet[Statement]:
    """Return waiting statements, oldest first."""
    waiting = Statement.objects.filter(call=call, state=StatementState.WAITING)
    return waiting.select_related("symbol__forum", "author").order_by("put_at", "pk")


def decided_by(statement: Statement) -> LogEntry | None:
    """Return the log entry of a moderation decision, if any."""
    verbs = ("hide_statement", "refuse_statement", "merge_statement")
    return (
        LogEntry.objects.filter(symbol_id=statement.symbol_id, verb__in=verbs).order_by("-sequence").first()
    )
