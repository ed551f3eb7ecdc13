"""Make and decide text proposals."""

from datetime import datetime

from django.db import transaction

from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.foundations.live import announce
from muntada.outcome.proposals import rules
from muntada.outcome.proposals.models import TextProposal
from muntada.outcome.proposals.rules import ProposalKind, ProposalState
from muntada.outcome.texts import rules as texts
from muntada.outcome.texts.actions import TextInLanguage, insert_after, log, reword_paragraph
from muntada.outcome.texts.models import Paragraph
from muntada.outcome.texts.queries import locked_draft, standing_paragraph
from muntada.outcome.texts.rules import ParagraphState
from muntada.people.models import Person
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.rules import Actor, Relation, SymbolKind


def propose_text(
    *,
    paragraph: Paragraph,
    kind: ProposalKind,
    party: str,
    words: TextInLanguage,
    rationale: str,
    author: Person | None,
    actor: Actor,
    now: datetime,
) -> TextProposal:
    """Propose text for a paragraph on behalf of a party; citations are checked."""
    require_role(actor, texts.NEGOTIATING_ROLES, paragraph.draft.forum_id)
    require_open(paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = locked_draft(paragraph.draft)
        rules.require_words(kind, words.text)
        rules.require_change(kind, standing_paragraph(paragraph).text, words.text)
        title = words.text or rationale or paragraph.text
        symbol = record.give_symbol(
            forum_id=draft.forum_id, kind=SymbolKind.PROPOSAL, title=title, language=words.language, now=now
        )
        proposal = TextProposal.objects.create(
            paragraph=paragraph,
            symbol=symbol,
            kind=kind,
            party=party,
            text=words.text,
            rationale=rationale,
            language=words.language,
            author=author,
            proposed_at=now,
        )
        record.cite(source=symbol, text=f"{words.text}\n\n{rationale}", now=now)
        record.link(source=symbol, target=paragraph.symbol, relation=Relation.PROPOSED_FOR, now=now)
        log(
            draft.forum,
            symbol=symbol,
            verb="propose_text",
            change={"kind": kind.value, "text": words.text},
            actor=actor,
            now=now,
        )
        announce(f"{draft.forum.slug}-outcome")
    return proposal


def decide_proposal(
    *, proposal: TextProposal, is_accepted: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Accept or decline a proposal, with a public reason."""
    require_role(actor, texts.EDITING_ROLES, proposal.symbol.forum_id)
    require_open(proposal.paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = locked_draft(proposal.paragraph.draft)
        kept = TextProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
        rules.require_open_proposal(ProposalState(kept.state))
        kept.state = ProposalState.ACCEPTED if is_accepted else ProposalState.DECLINED
        kept.reason, kept.decided_at = reason, now
        kept.save(update_fields=["state", "reason", "decided_at"])
        if is_accepted:
            _take_in(kept, now)
        log(
            draft.forum,
            symbol=proposal.symbol,
            verb="decide_proposal",
            change={"state": kept.state, "reason": reason},
            actor=actor,
            now=now,
        )
        announce(f"{draft.forum.slug}-outcome")


def _take_in(proposal: TextProposal, now: datetime) -> None:
    """Apply a proposal; the changed paragraph is then based on it."""
    paragraph = standing_paragraph(proposal.paragraph)
    kind = ProposalKind(proposal.kind)
    if kind is ProposalKind.DELETE:
        paragraph.state = ParagraphState.DELETED
        paragraph.save(update_fields=["state"])
        return
    if kind is ProposalKind.NEW_AFTER:
        new = insert_after(paragraph, TextInLanguage(proposal.text, proposal.language), now)
        _rest_on_proposal(new.symbol, proposal, now)
        return
    language = proposal.language if kind is ProposalKind.REPLACE else paragraph.language
    words = TextInLanguage(rules.amended(paragraph.text, kind, proposal.text), language)
    reword_paragraph(paragraph, words, now, replaced_by=proposal.symbol)
    _rest_on_proposal(paragraph.symbol, proposal, now)


def _rest_on_proposal(symbol: Symbol, proposal: TextProposal, now: datetime) -> None:
    """A paragraph is also based on the proposal that gave its text."""
    record.link(source=symbol, target=proposal.symbol, relation=Relation.TAKEN_FROM, now=now)
