"""What a moderator decides about statements, each with its reason: let in, taken out, merged, corrected."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from procrastinate.contrib.django import app as queue

from muntada.consultation.actions.maps import ask_for_redraw, call_topic
from muntada.consultation.models import Statement, StatementVersion
from muntada.consultation.rules.calls import ANSWERING_ROLES, require_role
from muntada.consultation.rules.contributions import clean_text
from muntada.consultation.rules.replies import require_reason
from muntada.consultation.rules.statements import (
    StatementState,
    TranslationStatus,
    require_correction,
    require_statement,
)
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation

SEND_REFUSAL = "muntada.consultation.tasks.send_statement_refusal"


@dataclass(frozen=True)
class Decision:
    """What a statement becomes, under which word in the log, and why."""

    state: StatementState
    verb: str
    reason: str = ""


def hide_statement(*, statement: Statement, reason: str, actor: Actor, now: datetime) -> None:
    """Take a statement out of the vote and say why. Its number and its votes stay."""
    require_role(actor, ANSWERING_ROLES)
    require_reason(reason)
    _decide(statement, Decision(StatementState.HIDDEN, "hide_statement", reason), actor, now)


def show_statement(*, statement: Statement, actor: Actor, now: datetime) -> None:
    """Put a statement back to the vote that was taken out, refused or merged."""
    require_role(actor, ANSWERING_ROLES)
    _decide(statement, Decision(StatementState.OPEN, "show_statement"), actor, now)


def let_in(*, statement: Statement, actor: Actor, now: datetime) -> None:
    """Put a statement to the vote that waited for it."""
    require_role(actor, ANSWERING_ROLES)
    _decide(statement, Decision(StatementState.OPEN, "let_statement_in"), actor, now, needs=_WAITING)


def refuse_statement(*, statement: Statement, reason: str, actor: Actor, now: datetime) -> None:
    """Keep a statement that waited out of the vote, and tell its author why, by letter."""
    require_role(actor, ANSWERING_ROLES)
    require_reason(reason)
    decision = Decision(StatementState.REFUSED, "refuse_statement", reason)
    if _decide(statement, decision, actor, now, needs=_WAITING):
        queue.configure_task(SEND_REFUSAL).defer(statement_id=statement.pk)


_WAITING = StatementState.WAITING


def _decide(
    statement: Statement,
    decision: Decision,
    actor: Actor,
    now: datetime,
    needs: StatementState | None = None,
) -> bool:
    """Carry a decision out and say whether it was news; the same one again changes nothing."""
    with transaction.atomic():
        kept = _held(statement)
        if kept.state == decision.state:
            return False
        if needs is not None and kept.state != needs:
            sentence = gettext(
                "Somebody else decided about this statement meanwhile. Please look at it again."
            )
            raise Refused(sentence, "statement-decided")
        if kept.merged_into is not None:
            record.unlink(source=kept.merged_into.symbol, target=kept.symbol, relation=Relation.MERGED_FROM)
            kept.merged_into = None
        moderate(kept, decision, actor, now)
    return True


def _held(statement: Statement) -> Statement:
    rows = Statement.objects.select_related("symbol__forum", "call__forum", "merged_into__symbol")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=statement.pk)


def moderate(kept: Statement, decision: Decision, actor: Actor, now: datetime) -> None:
    """Write down what a held statement became. Only what is put to the vote shows its words elsewhere."""
    kept.state, kept.decided_at = decision.state, now
    is_out = decision.state in (StatementState.HIDDEN, StatementState.REFUSED)
    kept.hidden_reason = clean_text(decision.reason) if is_out else ""
    kept.save(update_fields=["state", "hidden_reason", "decided_at", "merged_into"])
    is_public = decision.state in (StatementState.OPEN, StatementState.MERGED)
    record.retitle(kept.symbol, title=kept.text, language=kept.language, is_public=is_public)
    _write(kept, decision.verb, {"reason": decision.reason}, actor, now)
    ask_for_redraw(kept.call)


def merge_statements(*, statement: Statement, into: Statement, actor: Actor, now: datetime) -> None:
    """Close a statement that says what another says; its votes stay with it, voters are asked for the other.

    What was merged into it before goes along.
    """
    require_role(actor, ANSWERING_ROLES)
    with transaction.atomic():
        # In the order of their rows, so that two who merge crosswise do not wait for each other for ever.
        first, second = sorted((statement, into), key=lambda one: one.pk)
        held = {one.pk: one for one in (_held(first), _held(second))}
        kept, target = held[statement.pk], held[into.pk]
        if kept.pk == target.pk or kept.call_id != target.call_id:
            sentence = gettext("A statement is merged with another one of the same call. Please choose one.")
            raise Refused(sentence, "merge-elsewhere", "into")
        if target.state != StatementState.OPEN:
            sentence = gettext("%(symbol)s is not put to the vote. Please choose one that is.")
            raise Refused(sentence % {"symbol": target.symbol.short}, "merge-not-open", "into")
        if kept.merged_into_id == target.pk:
            return
        for one in [kept, *kept.merged_from.select_related("symbol__forum")]:
            if one.merged_into is not None:
                record.unlink(source=one.merged_into.symbol, target=one.symbol, relation=Relation.MERGED_FROM)
            one.merged_into = target
            one.save(update_fields=["merged_into"])
            record.link(source=target.symbol, target=one.symbol, relation=Relation.MERGED_FROM, now=now)
        moderate(kept, Decision(StatementState.MERGED, "merge_statement", target.symbol.short), actor, now)


def correct_statement(
    *, statement: Statement, text: str, reason: str, actor: Actor, now: datetime
) -> Statement:
    """Put a mistake right. The words before are kept and shown with the reason."""
    require_role(actor, ANSWERING_ROLES)
    require_reason(reason)
    with transaction.atomic():
        kept = _held(statement)
        require_correction(kept.text, text, has_votes=kept.votes.exists())
        corrected = clean_text(text)
        twin = Statement.objects.filter(call=kept.call, text=corrected).exclude(pk=kept.pk)
        if twin.exists():
            sentence = gettext("Another statement of this call has these words already. Please merge them.")
            raise Refused(sentence, "statement-doubled", "text")
        StatementVersion.objects.create(
            statement=kept,
            number=kept.versions.count() + 1,
            text=kept.text,
            reason=clean_text(reason),
            corrected_at=now,
        )
        before, kept.text = kept.text, corrected
        kept.save(update_fields=["text"])
        record.retitle(kept.symbol, title=kept.text, language=kept.language, is_public=kept.symbol.is_public)
        _write(
            kept, "correct_statement", {"before": before, "after": corrected, "reason": reason}, actor, now
        )
    return kept


def translate_statement(
    *,
    statement: Statement,
    language: str,
    text: str,
    status: TranslationStatus,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep a translation and how it was made, or take it out where it is empty."""
    require_role(actor, ANSWERING_ROLES)
    with transaction.atomic():
        kept = _held(statement)
        if language == kept.language:
            sentence = gettext("The statement is in this language itself. Please choose another one.")
            raise Refused(sentence, "translation-same-language", "language")
        if clean_text(text):
            require_statement(text)
            made = {"text": clean_text(text), "status": status.value}
        else:
            made = {}
        if kept.translations.get(language, {}) == made:
            return
        others = {code: one for code, one in kept.translations.items() if code != language}
        kept.translations = others | ({language: made} if made else {})
        kept.save(update_fields=["translations"])
        _write(kept, "translate_statement", {"language": language, **made}, actor, now)


def _write(kept: Statement, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=kept.call.forum_id, actor=actor, verb=verb, symbol=kept.symbol, change=change, now=now
    )
    announce(call_topic(kept.call))
