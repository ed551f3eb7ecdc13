"""Saying to everybody, and by letter to the author, what became of a contribution or statement and why."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from procrastinate.contrib.django import app as queue

from muntada.consultation.actions.maps import call_topic
from muntada.consultation.actions.themes import add_to_theme
from muntada.consultation.models import Contribution, Reply, Statement, Theme
from muntada.consultation.rules.calls import ANSWERING_ROLES, require_role
from muntada.consultation.rules.replies import (
    RELATION_OF,
    Answer,
    Disposition,
    require_lead,
    require_reason,
    require_some,
)
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.queries import symbols_by_reference
from muntada.record.rules import Actor, Kind, parse_symbol

SEND_REPLY = "muntada.consultation.tasks.send_reply"

type Said = Contribution | Statement


def reply_to(*, contribution: Contribution, answer: Answer, actor: Actor, now: datetime) -> Reply:
    """Answer a contribution. A later answer stands beside the earlier ones."""
    return reply_together(said=[contribution], answer=answer, actor=actor, now=now)[0]


def reply_to_statement(*, statement: Statement, answer: Answer, actor: Actor, now: datetime) -> Reply:
    """Answer a statement. A later answer stands beside the earlier ones."""
    return reply_together(said=[statement], answer=answer, actor=actor, now=now)[0]


def reply_together(*, said: Sequence[Said], answer: Answer, actor: Actor, now: datetime) -> list[Reply]:
    """Answer several with the same words at once, all or none; each has its own reply that says so."""
    require_role(actor, ANSWERING_ROLES)
    require_some(len(said), None)
    require_reason(answer.reason)
    reason = clean_text(answer.reason)
    with transaction.atomic():
        kept = _locked(said)
        record.check_citations(forum_id=kept[0].symbol.forum_id, text=reason, field="reason")
        leads = [_lead(one, answer) for one in kept]
        replies = [
            _answer(one, answer, reason, lead, actor, now, together=len(kept))
            for one, lead in zip(kept, leads, strict=True)
        ]
        for call in {one.call_id: one.call for one in kept}.values():
            announce(call_topic(call))
    return replies


def _locked(said: Sequence[Said]) -> list[Said]:
    """Take what is answered one moderator at a time, always in the same order."""
    contributions = [one.pk for one in said if isinstance(one, Contribution)]
    statements = [one.pk for one in said if isinstance(one, Statement)]
    return [
        *_one_at_a_time(Contribution.objects.filter(pk__in=contributions)),
        *_one_at_a_time(Statement.objects.filter(pk__in=statements)),
    ]


def _one_at_a_time[One: (Contribution, Statement)](rows: QuerySet[One]) -> QuerySet[One]:
    # The replies are asked for after the lock, so that none given a moment ago is missed.
    locked = rows.select_for_update(of=("self",), no_key=True)
    return locked.select_related("symbol__forum", "call__forum").prefetch_related("replies").order_by("pk")


def _answer(
    said: Said,
    answer: Answer,
    reason: str,
    lead: Symbol | None,
    actor: Actor,
    now: datetime,
    *,
    together: int,
) -> Reply:
    last = next(iter(reversed(said.replies.all())), None)
    if last is not None and _same(last, answer, reason, lead):
        return last
    reply = Reply.objects.create(
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
    if lead is not None:
        _join(said, lead, answer.disposition, actor, now)
    record.write(
        forum_id=said.symbol.forum_id,
        actor=actor,
        verb="reply_to",
        symbol=said.symbol,
        change={
            "disposition": answer.disposition.value,
            "reason": reason,
            "leads_to": lead.short if lead else "",
            "together": together,
        },
        now=now,
    )
    queue.configure_task(SEND_REPLY).defer(reply_id=reply.pk)
    return reply


def _same(last: Reply, answer: Answer, reason: str, lead: Symbol | None) -> bool:
    """Say whether the request was only repeated."""
    return (last.disposition, last.reason, last.leads_to) == (answer.disposition, reason, lead)


def _lead(said: Said, answer: Answer) -> Symbol | None:
    """Find what the reply leads to, or refuse with a sentence that says what is wrong."""
    answered = Kind(said.symbol.kind)
    written = answer.leads_to.strip().strip("[]")
    if not written:
        require_lead(answer.disposition, None, answered)
        return None
    reference = parse_symbol(written)
    found = symbols_by_reference(said.symbol.forum_id, [reference] if reference else [])
    lead = found.get(reference) if reference else None
    if lead is None or lead.withdrawn_at is not None:
        sentence = gettext("%(symbol)s does not exist or was withdrawn. Please check the symbol.")
        raise Refused(sentence % {"symbol": written}, "lead-unknown", "leads_to")
    if lead.pk == said.symbol_id:
        sentence = gettext("%(symbol)s cannot lead to itself. Please check the symbol.")
        raise Refused(sentence % {"symbol": lead.short}, "lead-itself", "leads_to")
    require_lead(answer.disposition, Kind(lead.kind), answered)
    return lead


def _join(said: Said, lead: Symbol, disposition: Disposition, actor: Actor, now: datetime) -> None:
    if disposition is Disposition.CLUSTERED and isinstance(said, Contribution):
        theme = Theme.objects.select_related("symbol").get(symbol=lead)
        add_to_theme(theme=theme, contributions=[said], actor=actor, now=now)
    else:
        record.link(source=lead, target=said.symbol, relation=RELATION_OF[disposition], now=now)
