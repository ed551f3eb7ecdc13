"""Reply publicly, and by e-mail, to contributions and statements."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.queries.merges import rests_on_by_merging, voices_of_joint
from muntada.consultation.replies.actions.letters import tell_of
from muntada.consultation.replies.models import Reply
from muntada.consultation.replies.queries.letters import AUTHORS
from muntada.consultation.replies.queries.replies import Answerable
from muntada.consultation.replies.rules import (
    RELATION_OF,
    WRITTEN_BY_OTHERS,
    Disposition,
    ReplyText,
    require_consented,
    require_lead,
    require_no_ring,
    require_some,
)
from muntada.consultation.statements.models import Statement
from muntada.consultation.themes.actions.themes import add_to_theme
from muntada.consultation.themes.models import Theme
from muntada.forums.rules.reasons import require_reason
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.queries import symbols_by_reference
from muntada.record.rules import Actor, SymbolKind, parse_symbol


def reply_to(*, contribution: Contribution, answer: ReplyText, actor: Actor, now: datetime) -> Reply:
    """Reply to a contribution. Earlier replies stay."""
    return reply_together(said=[contribution], answer=answer, actor=actor, now=now)[0]


def reply_to_statement(*, statement: Statement, answer: ReplyText, actor: Actor, now: datetime) -> Reply:
    """Reply to a statement. Earlier replies stay."""
    return reply_together(said=[statement], answer=answer, actor=actor, now=now)[0]


def reply_together(
    *, said: Sequence[Answerable], answer: ReplyText, actor: Actor, now: datetime
) -> list[Reply]:
    """Reply to several with the same text, all or none; each reply says so."""
    require_some(len(said), None)
    for forum_id in {one.symbol.forum_id for one in said}:
        require_role(actor, ANSWERING_ROLES, forum_id)
    require_reason(answer.reason)
    reason = clean_text(answer.reason)
    with transaction.atomic():
        kept = _locked(said)
        record.check_citations(forum_id=kept[0].symbol.forum_id, text=reason, field="reason")
        lead = _lead(kept, answer)
        given = {one.symbol_id: next(iter(reversed(one.replies.all())), None) for one in kept}
        new = [one for one in kept if not _same(given[one.symbol_id], answer, reason, lead)]
        replies = [_reply(one, answer, reason, lead, actor, now, together=len(kept)) for one in new]
        Reply.objects.bulk_create(replies)
        given |= {one.symbol_id: reply for one, reply in zip(new, replies, strict=True)}
        if lead is not None:
            _join(new, lead, answer.disposition, actor, now)
        _write(replies, new, actor)
        tell_of(replies=replies, said=new)
        for call in {one.call_id: one.call for one in kept}.values():
            announce(call_topic(call))
    return [reply for reply in given.values() if reply is not None]


def _locked(said: Sequence[Answerable]) -> list[Answerable]:
    """Lock the texts in a fixed order."""
    contributions = [one.pk for one in said if isinstance(one, Contribution)]
    statements = [one.pk for one in said if isinstance(one, Statement)]
    locked: list[Answerable] = []
    # Each kind needs a wide query; usually only one is used.
    if contributions:
        locked += _one_at_a_time(Contribution.objects.filter(pk__in=contributions), AUTHORS)
    if statements:
        authors = ["author", "taken_from", *(f"taken_from__{one}" for one in AUTHORS)]
        locked += _one_at_a_time(Statement.objects.filter(pk__in=statements), authors)
    return locked


def _one_at_a_time[One: (Contribution, Statement)](
    rows: QuerySet[One], authors: Sequence[str]
) -> QuerySet[One]:
    # Replies are read after the lock, so that none is missed.
    locked = rows.select_for_update(of=("self",), no_key=True)
    shown = locked.select_related("symbol__forum", "call__forum", *authors)
    return shown.prefetch_related("replies__leads_to").order_by("pk")


def _reply(
    said: Answerable,
    answer: ReplyText,
    reason: str,
    lead: Symbol | None,
    actor: Actor,
    now: datetime,
    *,
    together: int,
) -> Reply:
    return Reply(
        contribution=said if isinstance(said, Contribution) else None,
        statement=said if isinstance(said, Statement) else None,
        disposition=answer.disposition,
        reason=reason,
        language=answer.language,
        leads_to=lead,
        together=together,
        role=actor.role,
        replied_by_id=actor.person_id,
        replied_at=now,
    )


def _write(replies: Sequence[Reply], said: Sequence[Answerable], actor: Actor) -> None:
    """Log each reply."""
    entries = [
        record.LogAction(
            actor,
            "reply_to",
            {
                "disposition": Disposition(reply.disposition).value,
                "reason": reply.reason,
                "leads_to": reply.leads_to.short if reply.leads_to else "",
                "together": reply.together,
            },
            reply.replied_at,
            one.symbol,
        )
        for reply, one in zip(replies, said, strict=True)
    ]
    if entries:
        record.write_all(forum_id=said[0].symbol.forum_id, entries=entries)


def _same(last: Reply | None, answer: ReplyText, reason: str, lead: Symbol | None) -> bool:
    """Return whether the request repeats the last reply."""
    if last is None:
        return False
    return (last.disposition, last.reason, last.leads_to) == (answer.disposition, reason, lead)


def _lead(said: Sequence[Answerable], answer: ReplyText) -> Symbol | None:
    """Return the symbol the reply leads to, or refuse it with a sentence."""
    kinds = {SymbolKind(one.symbol.kind) for one in said}
    written = answer.leads_to.strip().strip("[]")
    if not written:
        for answered in kinds:
            require_lead(answer.disposition, None, answered)
        return None
    reference = parse_symbol(written)
    found = symbols_by_reference(said[0].symbol.forum_id, [reference] if reference else [])
    lead = found.get(reference) if reference else None
    if lead is None or lead.withdrawn_at is not None:
        sentence = gettext("%(symbol)s does not exist or was withdrawn. Please check the symbol.")
        raise Refused(sentence % {"symbol": written}, "lead-unknown", "leads_to")
    if lead.pk in {one.symbol_id for one in said}:
        sentence = gettext("%(symbol)s cannot lead to itself. Please check the symbol.")
        raise Refused(sentence % {"symbol": lead.short}, "lead-itself", "leads_to")
    for answered in kinds:
        require_lead(answer.disposition, SymbolKind(lead.kind), answered)
    if answer.disposition is Disposition.MERGED:
        _require_mergeable(said, lead)
    return lead


def _require_mergeable(said: Sequence[Answerable], lead: Symbol) -> None:
    if lead.kind == SymbolKind.CONTRIBUTION:
        voices = voices_of_joint(lead)
        require_consented(lead.short, are_consented=all(one.pk in voices for one in said))
    else:
        require_no_ring(lead.short, is_ring=rests_on_by_merging([one.symbol_id for one in said], lead.pk))


def _join(
    said: Sequence[Answerable], lead: Symbol, disposition: Disposition, actor: Actor, now: datetime
) -> None:
    """Add edges from the result to the texts, where appropriate."""
    contributions = [one for one in said if isinstance(one, Contribution)]
    if disposition is Disposition.CLUSTERED and contributions:
        theme = Theme.objects.select_related("symbol").get(symbol=lead)
        add_to_theme(theme=theme, contributions=contributions, actor=actor, now=now)
        said = [one for one in said if isinstance(one, Statement)]
    if disposition is not Disposition.MERGED and lead.kind in WRITTEN_BY_OTHERS:
        # Only its own author could say that it is based on the text.
        return
    targets = [one.symbol for one in said]
    record.link_all(source=lead, targets=targets, relation=RELATION_OF[disposition], now=now)
