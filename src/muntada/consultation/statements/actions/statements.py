"""Create statements: single, pasted, or split from a longer one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES, require_call_open
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.statements.actions.moderation import ModerationDecision, moderate
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.rules.statements import (
    StatementState,
    lines_of,
    require_no_twin,
    require_not_over,
    require_open_to,
    require_room,
    require_statement,
    require_still_open,
)
from muntada.forums.queries import ForumRequest, require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.actions import LogAction, NewSymbol
from muntada.record.rules import SYSTEM, Actor, Relation, SymbolKind

PARTS_AT_LEAST = 2


@dataclass(frozen=True)
class Wording:
    """A sentence with its language and translations."""

    text: str
    language: str
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Origin:
    """The origin and initial state of new statements."""

    taken_from: Contribution | None = None
    split_from: Statement | None = None
    author_id: int | None = None
    state: StatementState = StatementState.OPEN

    @property
    def verb(self) -> str:
        if self.split_from is not None:
            return "split_statement"
        return "put_statement" if self.taken_from is None else "take_statement"

    @property
    def symbol(self) -> str:
        origin = self.split_from or self.taken_from
        return origin.symbol.short if origin else ""


def take_statement(*, contribution: Contribution, wording: Wording, actor: Actor, now: datetime) -> Statement:
    """Create a statement from a sentence of a contribution, which it shows permanently."""
    require_role(actor, ANSWERING_ROLES, contribution.symbol.forum_id)
    if contribution.withdrawn_at is not None or not contribution.consent_to_publish:
        sentence = gettext("This contribution is not public, so nothing can be taken from it.")
        raise Refused(sentence, "contribution-not-public")
    with transaction.atomic():
        origin = _Origin(taken_from=contribution)
        (statement,) = _put(contribution.call, [wording], actor, now, origin)
        record.link(
            source=statement.symbol, target=contribution.symbol, relation=Relation.TAKEN_FROM, now=now
        )
    return statement


def put_statement(*, call: Call, wording: Wording, actor: Actor, now: datetime) -> Statement:
    """Create a statement without a contribution."""
    require_role(actor, ANSWERING_ROLES, call.forum_id)
    origin = _Origin(author_id=actor.person_id)
    with transaction.atomic():
        return _put(call, [wording], actor, now, origin)[0]


def submit_statement(*, forum_request: ForumRequest, call: Call, wording: Wording) -> Statement:
    """Submit a statement as participant; it may have to wait for a moderator."""
    forum_request.require_forum(call.forum_id)
    moderates = forum_request.has(*ANSWERING_ROLES)
    require_open_to(
        call.statements_open_to, moderates=moderates, is_signed_in=forum_request.person is not None
    )
    actor = forum_request.actor(*ANSWERING_ROLES)
    if moderates:
        require_not_over(call.window, forum_request.now)
        return put_statement(call=call, wording=wording, actor=actor, now=forum_request.now)
    require_open(forum_request.forum, Stage.CONSULTATION, forum_request.now)
    require_call_open(call.window, forum_request.now)
    state = StatementState.WAITING if call.statements_wait else StatementState.OPEN
    with transaction.atomic():
        return _put(
            call, [wording], actor, forum_request.now, _Origin(author_id=actor.person_id, state=state)
        )[0]


def paste_statements(
    *, call: Call, pasted: str, language: str, actor: Actor, now: datetime
) -> tuple[list[Statement], int]:
    """Create statements from lines, all or none.

    Returns them and the number of duplicates skipped.
    """
    require_role(actor, ANSWERING_ROLES, call.forum_id)
    require_not_over(call.window, now)
    lines = lines_of(pasted)
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        there = set(Statement.objects.filter(call=call, text__in=lines).values_list("text", flat=True))
        wordings = [Wording(line, language) for line in lines if line not in there]
        origin = _Origin(author_id=actor.person_id)
        return _put(call, wordings, actor, now, origin) if wordings else [], len(there)


def split_statement(
    *,
    statement: Statement,
    pasted: str,
    keeps_original: bool,
    actor: Actor,
    now: datetime,
) -> list[Statement]:
    """Split a statement into several, which show their origin permanently."""
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    lines = lines_of(pasted)
    if len(lines) + keeps_original < PARTS_AT_LEAST:
        sentence = gettext("Please write each part on a line of its own; there have to be two at least.")
        raise Refused(sentence, "split-one-part", "text")
    with transaction.atomic():
        rows = Statement.objects.select_related("symbol__forum", "call__forum", "taken_from")
        whole = rows.select_for_update(of=("self",), no_key=True).get(pk=statement.pk)
        require_still_open(whole.state, whole.symbol.short)
        # The author of the whole is notified about its parts.
        origin = _Origin(whole.taken_from, whole, whole.author_id)
        parts = _put(whole.call, [Wording(line, whole.language) for line in lines], actor, now, origin)
        for part in parts:
            record.link(source=part.symbol, target=whole.symbol, relation=Relation.TAKEN_FROM, now=now)
        if not keeps_original:
            named = ", ".join(one.symbol.short for one in parts)
            reason = gettext("Split into %(parts)s.") % {"parts": named}
            moderate(
                whole,
                decision=ModerationDecision(StatementState.HIDDEN, "hide_statement", reason),
                actor=actor,
                now=now,
            )
    return parts


def _put(
    call: Call, wordings: Sequence[Wording], actor: Actor, now: datetime, origin: _Origin
) -> list[Statement]:
    """Create all statements with numbers, or refuse all."""
    texts = []
    for wording in wordings:
        require_statement(wording.text)
        texts.append(clean_text(wording.text))
    # One at a time per call, so that no sentence is created twice.
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    _require_new(call, texts)
    if origin.split_from is None:
        _require_room(call, len(texts), actor)
    is_public = origin.state is StatementState.OPEN
    symbols = record.give_symbols(
        forum_id=call.forum_id,
        kind=SymbolKind.STATEMENT,
        named=[NewSymbol(text, one.language, is_public) for text, one in zip(texts, wordings, strict=True)],
        now=now,
    )
    statements = Statement.objects.bulk_create(
        Statement(
            symbol=symbol,
            call=call,
            text=text,
            language=one.language,
            translations={language: dict(made) for language, made in one.translations.items()},
            author_id=origin.author_id,
            taken_from=origin.taken_from,
            split_from=origin.split_from,
            state=origin.state,
            put_at=now,
        )
        for symbol, text, one in zip(symbols, texts, wordings, strict=True)
    )
    entries = [
        LogAction(actor, origin.verb, {"text": one.text, "from": origin.symbol}, now, one.symbol)
        for one in statements
    ]
    record.write_all(forum_id=call.forum_id, entries=entries)
    announce(call_topic(call))
    return statements


def _require_new(call: Call, texts: Sequence[str]) -> None:
    twin = Statement.objects.filter(call=call, text__in=texts).select_related("symbol").first()
    if twin is not None:
        require_no_twin(twin.state, twin.symbol.short)


def _require_room(call: Call, adding: int, actor: Actor) -> None:
    if actor.person_id is None or actor == SYSTEM:
        return
    # Parts made by a moderator do not count as the author's.
    before = Statement.objects.filter(call=call, author_id=actor.person_id, split_from=None).count()
    require_room(before, adding, moderates=actor.role in ANSWERING_ROLES)
