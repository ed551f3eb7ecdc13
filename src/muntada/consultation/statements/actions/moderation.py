"""Moderate statements with reasons: admit, hide, merge, correct."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.statements import task_types
from muntada.consultation.statements.actions.redrawing import ask_for_redraw
from muntada.consultation.statements.models import Statement, StatementVersion
from muntada.consultation.statements.rules.statements import (
    OUT_OF_THE_VOTE,
    StatementState,
    TranslationStatus,
    require_correction,
    require_still_open,
    require_translation,
)
from muntada.forums.rules.reasons import require_reason
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation


@dataclass(frozen=True)
class ModerationDecision:
    """The new state of a statement, its log verb, and the reason."""

    state: StatementState
    verb: str
    reason: str = ""


def hide_statement(*, statement: Statement, reason: str, actor: Actor, now: datetime) -> bool:
    """Hide a statement with a reason; number and votes stay. Return whether it changed.

    Statements merged into it are hidden, too. The author gets an e-mail.
    """
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    require_reason(reason)
    decision = ModerationDecision(StatementState.HIDDEN, "hide_statement", reason)
    is_new = _decide(statement, decision, actor, now, needs={StatementState.OPEN})
    if is_new:
        _tell_author(statement)
    return is_new


def show_statement(
    *, statement: Statement, actor: Actor, now: datetime, was: StatementState | None = None
) -> bool:
    """Restore a hidden, refused or merged statement; return whether it changed.

    `was` is the state at the time of the decision.
    """
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    needs = OUT_OF_THE_VOTE if was is None else OUT_OF_THE_VOTE & {was}
    return _decide(statement, ModerationDecision(StatementState.OPEN, "show_statement"), actor, now, needs)


def let_in(*, statement: Statement, actor: Actor, now: datetime) -> None:
    """Admit a waiting statement to the vote."""
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    _decide(statement, ModerationDecision(StatementState.OPEN, "let_statement_in"), actor, now, _WAITING)


def refuse_statement(*, statement: Statement, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse a waiting statement, and notify its author of the reason."""
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    require_reason(reason)
    decision = ModerationDecision(StatementState.REFUSED, "refuse_statement", reason)
    if _decide(statement, decision, actor, now, _WAITING):
        _tell_author(statement)


def _tell_author(statement: Statement) -> None:
    if statement.author_id is not None:
        task_types.send_statement_refusal.order(statement_id=statement.pk)


_WAITING = frozenset({StatementState.WAITING})


def _decide(
    statement: Statement,
    decision: ModerationDecision,
    actor: Actor,
    now: datetime,
    needs: Collection[StatementState],
) -> bool:
    """Apply a decision; return whether it changed anything."""
    with transaction.atomic():
        kept = _held(statement)
        if kept.state == decision.state:
            return False
        if kept.state not in needs:
            sentence = gettext(
                "Somebody else decided about this statement meanwhile. Please look at it again."
            )
            raise Refused(sentence, "statement-decided")
        if kept.merged_into is not None:
            record.unlink(source=kept.merged_into.symbol, target=kept.symbol, relation=Relation.MERGED_FROM)
            kept.merged_into = None
        moderate(kept, decision=decision, actor=actor, now=now)
    return True


def _held(statement: Statement) -> Statement:
    rows = Statement.objects.select_related("symbol__forum", "call__forum", "merged_into__symbol")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=statement.pk)


def moderate(kept: Statement, *, decision: ModerationDecision, actor: Actor, now: datetime) -> None:
    """Store the new state of a locked statement. Only open statements are shown elsewhere."""
    require_role(actor, ANSWERING_ROLES, kept.symbol.forum_id)
    kept.state, kept.decided_at = decision.state, now
    is_out = decision.state in (StatementState.HIDDEN, StatementState.REFUSED)
    kept.hidden_reason = clean_text(decision.reason) if is_out else ""
    kept.save(update_fields=["state", "hidden_reason", "decided_at", "merged_into"])
    is_public = decision.state in (StatementState.OPEN, StatementState.MERGED)
    record.retitle(kept.symbol, title=kept.text, language=kept.language, is_public=is_public)
    for same in kept.merged_from.select_related("symbol"):
        record.retitle(same.symbol, title=same.text, language=same.language, is_public=is_public)
    _write(kept, decision.verb, {"reason": decision.reason}, actor, now)
    ask_for_redraw(kept.call)


def merge_statements(*, statement: Statement, into: Statement, actor: Actor, now: datetime) -> None:
    """Merge a statement into an equivalent one; its votes stay with it, voters are asked the other.

    Statements merged into it before follow.
    """
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    with transaction.atomic():
        # Locked in row order, so that two opposite merges never deadlock.
        first, second = sorted((statement, into), key=lambda one: one.pk)
        held = {one.pk: one for one in (_held(first), _held(second))}
        kept, target = held[statement.pk], held[into.pk]
        if kept.pk == target.pk or kept.call_id != target.call_id:
            sentence = gettext("A statement is merged with another one of the same call. Please choose one.")
            raise Refused(sentence, "merge-elsewhere", "into")
        require_still_open(target.state, target.symbol.short, "into")
        if kept.merged_into_id == target.pk:
            return
        require_still_open(kept.state, kept.symbol.short)
        for one in [kept, *kept.merged_from.select_related("symbol__forum")]:
            if one.merged_into is not None:
                record.unlink(source=kept.symbol, target=one.symbol, relation=Relation.MERGED_FROM)
            one.merged_into = target
            one.save(update_fields=["merged_into"])
            record.link(source=target.symbol, target=one.symbol, relation=Relation.MERGED_FROM, now=now)
        moderate(
            kept,
            decision=ModerationDecision(StatementState.MERGED, "merge_statement", target.symbol.short),
            actor=actor,
            now=now,
        )


def correct_statement(
    *, statement: Statement, text: str, reason: str, actor: Actor, now: datetime
) -> Statement:
    """Correct a mistake. The former text is kept and shown with the reason.

    Translations stay, marked for review.
    """
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    require_reason(reason)
    with transaction.atomic():
        kept = _held(statement)
        require_correction(kept.text, text, has_votes=_has_votes(kept))
        corrected = clean_text(text)
        twin = Statement.objects.filter(call=kept.call, text=corrected).exclude(pk=kept.pk)
        if twin.exists():
            sentence = gettext("Another statement of this call has these words already. Please merge them.")
            raise Refused(sentence, "statement-doubled", "text")
        _keep_wording(kept, kept.text, reason, now)
        before, kept.text = kept.text, corrected
        kept.translations = {
            language: made | {"status": TranslationStatus.OUTDATED.value}
            for language, made in kept.translations.items()
        }
        kept.save(update_fields=["text", "translations"])
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
    reason: str = "",
) -> None:
    """Store a translation and its status, or delete it if empty.

    After votes, the former text is kept with the reason, as for the statement itself.
    """
    require_role(actor, ANSWERING_ROLES, statement.symbol.forum_id)
    with transaction.atomic():
        kept = _held(statement)
        if language == kept.language:
            sentence = gettext("The statement is in this language itself. Please choose another one.")
            raise Refused(sentence, "translation-same-language", "language")
        there, words = kept.translations.get(language, {}), clean_text(text)
        made = {"text": words, "status": status.value} if words else {}
        if there == made:
            return
        before, has_votes = there.get("text", ""), _has_votes(kept)
        require_translation(before, words, reason, has_votes=has_votes)
        if has_votes and before and before != words:
            _keep_wording(kept, before, reason, now, language)
        others = {code: one for code, one in kept.translations.items() if code != language}
        kept.translations = others | ({language: made} if made else {})
        kept.save(update_fields=["translations"])
        _write(kept, "translate_statement", {"language": language, **made}, actor, now)


def _has_votes(kept: Statement) -> bool:
    """Return whether a locked statement has votes; the held log prevents new ones."""
    record.hold_log(kept.call.forum_id)
    return kept.votes.exists()


def _keep_wording(kept: Statement, text: str, reason: str, now: datetime, language: str = "") -> None:
    StatementVersion.objects.create(
        statement=kept,
        number=kept.versions.count() + 1,
        language=language,
        text=text,
        reason=clean_text(reason),
        corrected_at=now,
    )


def _write(kept: Statement, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=kept.call.forum_id, actor=actor, verb=verb, symbol=kept.symbol, change=change, now=now
    )
    announce(call_topic(kept.call))
