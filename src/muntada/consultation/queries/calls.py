"""The calls of a forum: which are open until when, and what came in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from muntada.consultation.models import (
    Call,
    CallExtension,
    QuestionSet,
    Vote,
)
from muntada.forums.models import Forum
from muntada.forums.rules import State
from muntada.foundations.errors import NotThere


@dataclass(frozen=True)
class CallCard:
    """A call with what came in so far."""

    call: Call
    state: str
    contributions: int
    statements: int
    voters: int
    meetings: int
    extended_from: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN


@dataclass(frozen=True)
class Question:
    """One thing a call asks."""

    code: str
    labels: dict[str, str]
    hints: dict[str, str]
    required: bool = False
    words: int | None = None


def call_cards(forum: Forum, now: datetime) -> list[CallCard]:
    """Return all calls of a forum, open ones first, then those to come, then those that are over."""
    order = (State.OPEN, State.UPCOMING, State.CLOSED)
    cards = [_card(call, now) for call in _with_counts(_opened(forum))]
    return sorted(cards, key=lambda card: order.index(State(card.state)))


def card_at(forum: Forum, slug: str, now: datetime) -> CallCard:
    """Return a call that was opened; one that is being prepared is not there for anybody."""
    call = _with_counts(_opened(forum).filter(slug=slug)).first()
    if call is None:
        raise NotThere(gettext("There is no call at this address. Please choose one from the list."), "call")
    return _card(call, now)


def question_set_of(call: Call) -> QuestionSet | None:
    """Return what the call asks now: the last version of its question set."""
    return QuestionSet.objects.filter(call=call).order_by("-version").first()


def questions_shown(call: Call, version: int | None) -> QuestionSet:
    """Return what a form showed; without a version that was ever asked, what the call asks now."""
    versions = QuestionSet.objects.filter(call=call)
    known = versions.filter(version=version).first() if version is not None else None
    return known or versions.order_by("-version")[0]


def questions_of(call: Call) -> list[Question]:
    """Return what the call asks, in its last version."""
    return questions_in(question_set_of(call))


def questions_in(asked: QuestionSet | None) -> list[Question]:
    return [
        Question(
            item["code"],
            item["labels"],
            item.get("hints", {}),
            bool(item.get("required")),
            item.get("words"),
        )
        for item in (asked.items if asked else ())
    ]


def votes_cast_in(forum: Forum) -> int:
    """Return how many votes count in a forum."""
    return Vote.objects.filter(statement__call__forum=forum, is_current=True, voter__banned_at=None).count()


def _opened(forum: Forum) -> QuerySet[Call]:
    return Call.objects.filter(forum=forum, opened_at__isnull=False)


def _with_counts(calls: QuerySet[Call]) -> QuerySet[Call]:
    # Each count is a query of its own within the one query, so that no join multiplies another.
    return calls.select_related("forum").annotate(
        said=_count_of("contributions", withdrawn_at=None),
        put=_count_of("statements", state="open"),
        voting=_count_of("voters", banned_at=None, joined_to=None),
        met=_count_of("meetings"),
        extended_from=Subquery(
            CallExtension.objects.filter(call=OuterRef("pk")).order_by("-decided_at").values("closed_at")[:1]
        ),
    )


def _count_of(name: str, **which: object) -> Coalesce:
    """Count what refers to a call by the name the reference has; calls know nothing else of what came in."""
    counted = {f"{name}__{field}": value for field, value in which.items()}
    calls = Call.objects.filter(pk=OuterRef("pk"), **counted).order_by().values("pk")
    return Coalesce(Subquery(calls.annotate(count=Count(name)).values("count")), 0)


def _card(call: Call, now: datetime) -> CallCard:
    state = call.window.state(now).value
    counted: Any = call
    return CallCard(
        call, state, counted.said, counted.put, counted.voting, counted.met, counted.extended_from
    )
