"""Saying to everybody, and by letter to the author, what became of a contribution and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from procrastinate.contrib.django import app as queue

from muntada.consultation.actions.maps import call_topic
from muntada.consultation.actions.themes import add_to_theme
from muntada.consultation.models import Contribution, Reply, Theme
from muntada.consultation.rules.calls import ANSWERING_ROLES, require_role
from muntada.consultation.rules.contributions import clean_text
from muntada.consultation.rules.replies import RELATION_OF, Disposition, require_lead, require_reason
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.queries import symbols_by_reference
from muntada.record.rules import Actor, Kind, parse_symbol

SEND_REPLY = "muntada.consultation.tasks.send_reply"


@dataclass(frozen=True)
class Answer:
    """What a reply says; `leads_to` is a symbol as written, like M/3."""

    disposition: Disposition
    reason: str
    language: str
    leads_to: str = ""


def reply_to(*, contribution: Contribution, answer: Answer, actor: Actor, now: datetime) -> Reply:
    """Answer a contribution. A later answer stands beside the earlier ones."""
    require_role(actor, ANSWERING_ROLES)
    require_reason(answer.reason)
    reason = clean_text(answer.reason)
    with transaction.atomic():
        kept = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
        record.check_citations(forum_id=kept.symbol.forum_id, text=reason, field="reason")
        lead = _lead(kept, answer)
        last = kept.replies.last()
        if last is not None and _same(last, answer, reason, lead):
            return last
        reply = Reply.objects.create(
            contribution=kept,
            disposition=answer.disposition,
            reason=reason,
            language=answer.language,
            leads_to=lead,
            role=actor.role,
            replied_by_id=actor.person_id,
            replied_at=now,
        )
        if lead is not None:
            _join(kept, lead, answer.disposition, actor, now)
        record.write(
            forum_id=kept.symbol.forum_id,
            actor=actor,
            verb="reply_to",
            symbol=kept.symbol,
            change={
                "disposition": answer.disposition.value,
                "reason": reason,
                "leads_to": lead.short if lead else "",
            },
            now=now,
        )
        queue.configure_task(SEND_REPLY).defer(reply_id=reply.pk)
        announce(call_topic(kept.call))
    return reply


def _same(last: Reply, answer: Answer, reason: str, lead: Symbol | None) -> bool:
    """Say whether the request was only repeated."""
    return (last.disposition, last.reason, last.leads_to) == (answer.disposition, reason, lead)


def _lead(contribution: Contribution, answer: Answer) -> Symbol | None:
    """Find what the reply leads to, or refuse with a sentence that says what is wrong."""
    written = answer.leads_to.strip().strip("[]")
    if not written:
        require_lead(answer.disposition, None)
        return None
    reference = parse_symbol(written)
    found = symbols_by_reference(contribution.symbol.forum_id, [reference] if reference else [])
    lead = found.get(reference) if reference else None
    if lead is None or lead.withdrawn_at is not None:
        sentence = gettext("%(symbol)s does not exist or was withdrawn. Please check the symbol.")
        raise Refused(sentence % {"symbol": written}, "lead-unknown", "leads_to")
    if lead.pk == contribution.symbol_id:
        raise Refused(gettext("A contribution cannot lead to itself."), "lead-itself", "leads_to")
    require_lead(answer.disposition, Kind(lead.kind))
    return lead


def _join(
    contribution: Contribution, lead: Symbol, disposition: Disposition, actor: Actor, now: datetime
) -> None:
    if disposition is Disposition.CLUSTERED:
        theme = Theme.objects.select_related("symbol").get(symbol=lead)
        add_to_theme(theme=theme, contributions=[contribution], actor=actor, now=now)
    else:
        relation = RELATION_OF[disposition]
        record.link(source=lead, target=contribution.symbol, relation=relation, now=now)
