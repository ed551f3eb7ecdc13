"""The inbox, replies given, and their results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.lookups import Exact
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Campaign, Contribution
from muntada.consultation.contributions.queries.contributions import shown
from muntada.consultation.replies.models import Reply, ReplyTemplate
from muntada.consultation.replies.rules import MOST_TOGETHER, UNDONE, Disposition
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.rules.statements import StatementState
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere, Refused
from muntada.record.models import Edge, Symbol
from muntada.record.queries import symbols_by_reference
from muntada.record.rules import SymbolKind, parse_symbol

type Answerable = Contribution | Statement
# A list row: kind letter, id, and sort time.
type InboxRow = tuple[str, int, datetime]

CONTRIBUTIONS, STATEMENTS = "contributions", "statements"
# Filters for waiting times, in days.
AGES = (7, 30, 90)
# The replies to what was said, and what each led to, by the names of the references.
REPLIES = "replies__leads_to__forum"


@dataclass(frozen=True)
class AnsweredText:
    """The number of texts with a reply, by last disposition."""

    said: int
    answered: int
    by_disposition: dict[str, int]

    @property
    def waiting(self) -> int:
        return self.said - self.answered


@dataclass(frozen=True)
class InboxFilter:
    """The requested filters of the inbox; empty means all."""

    what: str = ""
    call: str = ""
    language: str = ""
    line: str = ""
    days: int = 0

    @property
    def is_narrow(self) -> bool:
        return self != InboxFilter()


@dataclass(frozen=True)
class WaitingReplies:
    """The number of texts waiting for a reply, and since when."""

    contributions: int
    statements: int
    oldest: datetime | None
    by_age: list[tuple[int, int]]

    @property
    def all(self) -> int:
        return self.contributions + self.statements


@dataclass(frozen=True)
class SaidAndDone:
    """A text with its last reply and its results."""

    said: Answerable
    reply: Reply
    led_to: list[Symbol] = field(default_factory=list)


def open_statements() -> Q:
    """Statements that can be replied to: open ones."""
    return Q(state=StatementState.OPEN)


def unanswered() -> Q:
    """Contributions waiting for a reply: without one, or with an undone merge."""
    replied = Exists(Reply.objects.filter(contribution=OuterRef("pk")))
    return ~replied | Q(Exact(last_disposition(), UNDONE))


def last_disposition() -> Subquery:
    """The last disposition of a contribution, or None."""
    last = Reply.objects.filter(contribution=OuterRef("pk")).order_by("-replied_at", "-pk")
    return Subquery(last.values("disposition")[:1])


def waiting_contributions(forum: Forum) -> QuerySet[Contribution]:
    return Contribution.objects.filter(unanswered(), call__forum=forum, withdrawn_at=None)


def waiting_statements(forum: Forum) -> QuerySet[Statement]:
    return Statement.objects.filter(open_statements(), call__forum=forum, replies=None)


def waiting_in(forum: Forum, now: datetime) -> WaitingReplies:
    """Count texts waiting for a reply by waiting time."""
    ages = {f"over_{days}": days for days in AGES}
    found = [
        rows.aggregate(
            count=Count("pk"),
            oldest=Min(moment),
            **{
                name: Count("pk", filter=Q(**{f"{moment}__lte": now - timedelta(days=days)}))
                for name, days in ages.items()
            },
        )
        for rows, moment in (
            (waiting_contributions(forum), "submitted_at"),
            (waiting_statements(forum), "put_at"),
        )
    ]
    return WaitingReplies(
        contributions=found[0]["count"],
        statements=found[1]["count"],
        oldest=min((one["oldest"] for one in found if one["oldest"]), default=None),
        by_age=[(days, sum(one[name] for one in found)) for name, days in ages.items()],
    )


def inbox(forum: Forum, wanted: InboxFilter, now: datetime) -> "QuerySet[Any, InboxRow]":
    """Return the inbox as rows for paging, oldest first."""
    contributions, statements = waiting_contributions(forum), waiting_statements(forum)
    if wanted.call:
        contributions = contributions.filter(call__slug=wanted.call)
        statements = statements.filter(call__slug=wanted.call)
    if wanted.language:
        contributions = contributions.filter(language=wanted.language)
        statements = statements.filter(language=wanted.language)
    if wanted.line:
        contributions = contributions.filter(lines__code=wanted.line)
        statements = statements.filter(taken_from__lines__code=wanted.line)
    if wanted.days:
        until = now - timedelta(days=wanted.days)
        contributions = contributions.filter(submitted_at__lte=until)
        statements = statements.filter(put_at__lte=until)
    rows = _rows(contributions, "submitted_at"), _rows(statements, "put_at")
    return _both(rows, wanted.what).order_by("at", "letter", "row")


def answered_rows(call: Call, disposition: str = "") -> "QuerySet[Any, InboxRow]":
    """Return public texts with replies as rows for paging, latest reply first."""
    said = _with_last_reply(public_contributions(call), "contribution")
    put = _with_last_reply(Statement.objects.filter(open_statements(), call=call), "statement")
    narrow = Q(disposition=disposition) if disposition else Q(disposition__in=list(Disposition))
    rows = _rows(said.filter(narrow), "replied"), _rows(put.filter(narrow), "replied")
    return _both(rows, "").order_by("-at", "letter", "row")


def public_contributions(call: Call) -> QuerySet[Contribution]:
    return Contribution.objects.filter(call=call, withdrawn_at=None, consent_to_publish=True)


def _with_last_reply[One: (Contribution, Statement)](rows: QuerySet[One], of: str) -> QuerySet[One]:
    last = Reply.objects.filter(**{of: OuterRef("pk")}).order_by("-replied_at", "-pk")
    return rows.annotate(
        disposition=Subquery(last.values("disposition")[:1]), replied=Subquery(last.values("replied_at")[:1])
    )


def _rows(said: QuerySet[Any], moment: str) -> "QuerySet[Any, InboxRow]":
    kind = SymbolKind.CONTRIBUTION if said.model is Contribution else SymbolKind.STATEMENT
    letter = Value(kind.value, output_field=CharField())
    rows: QuerySet[Any, InboxRow] = (
        said.order_by().annotate(letter=letter, row=F("pk"), at=F(moment)).values_list("letter", "row", "at")
    )
    return rows


def _both(
    rows: "tuple[QuerySet[Any, InboxRow], QuerySet[Any, InboxRow]]", what: str
) -> "QuerySet[Any, InboxRow]":
    said, put = rows
    if what == CONTRIBUTIONS:
        return said
    return put if what == STATEMENTS else said.union(put, all=True)


def said_in(rows: Iterable[InboxRow]) -> list[Answerable]:
    """Load the objects of a page's rows, in order."""
    kept = list(rows)
    said = [pk for kind, pk, _ in kept if kind == SymbolKind.CONTRIBUTION]
    put = [pk for kind, pk, _ in kept if kind == SymbolKind.STATEMENT]
    found: dict[tuple[str, int], Answerable] = {}
    found |= {(SymbolKind.CONTRIBUTION.value, one.pk): one for one in shown_contributions(Q(pk__in=said))}
    found |= {(SymbolKind.STATEMENT.value, one.pk): one for one in shown_statements(Q(pk__in=put))}
    return [found[kind, pk] for kind, pk, _ in kept]


def shown_contributions(which: Q) -> QuerySet[Contribution]:
    rows = shown(Contribution.objects.filter(which))
    rows = rows.select_related("symbol__forum", "author", "organisation", "call__forum", "campaign")
    return rows.prefetch_related(REPLIES)


def shown_statements(which: Q) -> QuerySet[Statement]:
    rows = Statement.objects.filter(which).select_related(
        "symbol__forum", "call__forum", "author", "taken_from__symbol__forum"
    )
    return rows.prefetch_related(REPLIES)


def with_what_came(said: Sequence[Answerable]) -> list[SaidAndDone]:
    """Load last replies and results, with one more query."""
    led: dict[int, list[Symbol]] = {}
    edges = Edge.objects.filter(
        target__in=[one.symbol_id for one in said], source__is_public=True, source__withdrawn_at=None
    )
    for edge in edges.select_related("source__forum").order_by("added_at", "pk"):
        listed = led.setdefault(edge.target_id, [])
        if edge.source not in listed:
            listed.append(edge.source)
    return [SaidAndDone(one, list(one.replies.all())[-1], led.get(one.symbol_id, [])) for one in said]


def with_replies(contributions: Iterable[Contribution]) -> list[Contribution]:
    """Bring with each contribution its replies, and what they led to."""
    brought = list(contributions)
    prefetch_related_objects(brought, REPLIES)
    return brought


def last_reply_to(contribution: Contribution) -> Reply | None:
    return next(iter(reversed(contribution.replies.all())), None)


def answered_in(forum: Forum, call: Call | None = None) -> AnsweredText:
    """Count contributions by last disposition."""
    within = Q(call=call) if call else Q(call__forum=forum)
    return _answered(_with_last_reply(Contribution.objects.filter(within, withdrawn_at=None), "contribution"))


def answered_statements_in(call: Call) -> AnsweredText:
    """Count open statements by last disposition."""
    return _answered(_with_last_reply(Statement.objects.filter(open_statements(), call=call), "statement"))


def _answered(rows: QuerySet[Any]) -> AnsweredText:
    counted = rows.order_by().values("disposition").annotate(count=Count("pk"))
    counts = {row["disposition"]: row["count"] for row in counted}
    by_disposition = {one.value: counts.get(one.value, 0) for one in Disposition}
    return AnsweredText(sum(counts.values()), sum(by_disposition.values()), by_disposition)


def languages_waiting(forum: Forum) -> list[str]:
    """Return the languages of waiting texts."""
    said = waiting_contributions(forum).order_by().values_list("language")
    put = waiting_statements(forum).order_by().values_list("language")
    return [language for (language,) in said.union(put).order_by("language")]


def said_named(forum: Forum, words: Sequence[str]) -> list[Answerable]:
    """Return the texts with these symbols; refuse unknown ones."""
    if len(words) > MOST_TOGETHER:
        sentence = gettext("At most %(most)s can be answered with one reply. Please choose fewer.")
        raise Refused(sentence % {"most": MOST_TOGETHER}, "too-many-chosen")
    references = {word: parse_symbol(word) for word in dict.fromkeys(words)}
    known = symbols_by_reference(forum.pk, [one for one in references.values() if one is not None])
    symbols = [_known(word, known.get(one) if one else None, forum) for word, one in references.items()]
    by_symbol: dict[int, Answerable] = {
        one.symbol_id: one for one in shown_contributions(Q(symbol__in=symbols))
    }
    by_symbol |= {one.symbol_id: one for one in shown_statements(Q(symbol__in=symbols))}
    return [by_symbol[symbol.pk] for symbol in symbols]


def _known(word: str, symbol: Symbol | None, forum: Forum) -> Symbol:
    kinds = (SymbolKind.CONTRIBUTION, SymbolKind.STATEMENT)
    if symbol is None or symbol.forum_id != forum.pk or symbol.withdrawn_at or symbol.kind not in kinds:
        sentence = gettext("%(symbol)s cannot be answered: it is not there or was withdrawn.")
        raise Refused(sentence % {"symbol": word}, "said-unknown")
    return symbol


def said_in_campaign(campaign: Campaign) -> list[Answerable]:
    """Return the members of a campaign that were not withdrawn."""
    return list(shown_contributions(Q(campaign=campaign, withdrawn_at=None)).order_by("pk"))


def templates_of(forum: Forum, *, with_retired: bool = False) -> QuerySet[ReplyTemplate]:
    rows = ReplyTemplate.objects.filter(forum=forum)
    return rows if with_retired else rows.filter(retired_at=None)


def template_at(forum: Forum, pk: int) -> ReplyTemplate:
    found = templates_of(forum, with_retired=True).filter(pk=pk).first()
    if found is None:
        raise NotThere(gettext("There is no such template. Please choose one from the list."), "template")
    return found


def template_named(forum: Forum, chosen: str) -> ReplyTemplate | None:
    """Return the chosen template, or None."""
    kept = {str(one.pk): one for one in templates_of(forum)}
    return kept.get(chosen)
