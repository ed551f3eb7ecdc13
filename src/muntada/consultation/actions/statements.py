"""Putting sentences to the vote, and taking out what must not stand there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.actions.maps import call_topic
from muntada.consultation.models import Call, Contribution, Statement
from muntada.consultation.rules.calls import ANSWERING_ROLES, require_role
from muntada.consultation.rules.contributions import clean_text
from muntada.consultation.rules.replies import require_reason
from muntada.consultation.rules.statements import StatementState, require_statement
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import Actor, Kind, Relation


@dataclass(frozen=True)
class Wording:
    """A sentence in its language, with translations and how each was made."""

    text: str
    language: str
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def take_statement(
    *, contribution: Contribution, wording: Wording, actor: Actor, now: datetime, is_invented: bool = False
) -> Statement:
    """Put a sentence of a contribution to the vote; it shows for good where it was taken from."""
    if contribution.withdrawn_at is not None or not contribution.consent_to_publish:
        sentence = gettext("This contribution is not public, so nothing can be taken from it.")
        raise Refused(sentence, "contribution-not-public")
    with transaction.atomic():
        statement = _put(contribution.call, wording, actor, now, contribution, is_invented=is_invented)
        record.link(
            source=statement.symbol, target=contribution.symbol, relation=Relation.TAKEN_FROM, now=now
        )
    return statement


def put_statement(
    *, call: Call, wording: Wording, actor: Actor, now: datetime, is_invented: bool = False
) -> Statement:
    """Put a sentence to the vote that nobody wrote in a contribution, to begin with."""
    with transaction.atomic():
        return _put(call, wording, actor, now, None, is_invented=is_invented)


def hide_statement(*, statement: Statement, reason: str, actor: Actor, now: datetime) -> None:
    """Take a statement out of the vote and say why. Its number and its votes stay."""
    require_role(actor, ANSWERING_ROLES)
    require_reason(reason)
    _moderate(statement, StatementState.HIDDEN, reason, actor, now)


def show_statement(*, statement: Statement, actor: Actor, now: datetime) -> None:
    """Put a statement back to the vote."""
    require_role(actor, ANSWERING_ROLES)
    _moderate(statement, StatementState.OPEN, "", actor, now)


def _put(
    call: Call,
    wording: Wording,
    actor: Actor,
    now: datetime,
    taken_from: Contribution | None,
    *,
    is_invented: bool,
) -> Statement:
    require_role(actor, ANSWERING_ROLES)
    require_statement(wording.text)
    text = clean_text(wording.text)
    # One at a time in a call, so that the same sentence is not put twice.
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if Statement.objects.filter(call=call, text=text).exists():
        raise Refused(gettext("This statement stands there already."), "statement-doubled", "text")
    symbol = record.give_symbol(
        forum_id=call.forum_id, kind=Kind.STATEMENT, title=text, language=wording.language, now=now
    )
    statement = Statement.objects.create(
        symbol=symbol,
        call=call,
        text=text,
        language=wording.language,
        translations={language: dict(one) for language, one in wording.translations.items()},
        taken_from=taken_from,
        put_at=now,
        is_invented=is_invented,
    )
    verb = "take_statement" if taken_from else "put_statement"
    change = {"text": text, "from": taken_from.symbol.short if taken_from else ""}
    record.write(forum_id=call.forum_id, actor=actor, verb=verb, symbol=symbol, change=change, now=now)
    announce(call_topic(call))
    return statement


def _moderate(statement: Statement, state: StatementState, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        kept = Statement.objects.select_for_update(of=("self",), no_key=True).get(pk=statement.pk)
        if kept.state == state:
            return
        kept.state, kept.hidden_reason = state, clean_text(reason)
        kept.save(update_fields=["state", "hidden_reason"])
        is_public = state is StatementState.OPEN
        record.retitle(kept.symbol, title=kept.text, language=kept.language, is_public=is_public)
        verb = "show_statement" if is_public else "hide_statement"
        record.write(
            forum_id=kept.call.forum_id,
            actor=actor,
            verb=verb,
            symbol=kept.symbol,
            change={"reason": kept.hidden_reason},
            now=now,
        )
        announce(call_topic(kept.call))
