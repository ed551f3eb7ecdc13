"""Everything that changes the text, and what was undertaken on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.outcome import queries, rules
from muntada.outcome.models import (
    Commitment,
    CommitmentReport,
    Draft,
    Paragraph,
    ParagraphVersion,
    TextProposal,
)
from muntada.outcome.rules import (
    CommitmentState,
    DraftState,
    ParagraphKind,
    ParagraphState,
    ProposalKind,
    ProposalState,
)
from muntada.people.models import Person
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.rules import Actor, Kind, Relation

# Paragraphs stand this far apart, so that others can be put between them.
STEP = 1000


@dataclass(frozen=True)
class Words:
    """A text with its language."""

    text: str
    language: str


def open_draft(
    *, forum: Forum, title: Words, actor: Actor, now: datetime, is_invented: bool = False
) -> Draft:
    """Begin the text of the outcome."""
    require_role(actor, rules.EDITING_ROLES, forum.pk)
    require_open(forum, Stage.OUTCOME, now)
    with transaction.atomic():
        last = Draft.objects.filter(forum=forum).first()
        if last is not None and not last.is_adopted:
            raise Refused(
                gettext("A text is already being negotiated. Please go on with that one."), "draft-open"
            )
        draft = Draft.objects.create(
            forum=forum,
            number=last.number + 1 if last else 1,
            title=title.text,
            language=title.language,
            opened_at=now,
            is_invented=is_invented,
        )
        _log(forum, None, "open_draft", {"title": title.text}, actor, now)
    return draft


def write_paragraph(
    *, draft: Draft, kind: ParagraphKind, words: Words, actor: Actor, now: datetime
) -> Paragraph:
    """Add a paragraph at the end of its part of the text, with the next number."""
    require_role(actor, rules.EDITING_ROLES, draft.forum_id)
    require_open(draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        kept = _locked(draft)
        others = list(Paragraph.objects.filter(draft=kept))
        numbers = [int(one.label) for one in others if one.kind == kind and one.label.isdigit()]
        label = str(max(numbers, default=0) + 1)
        position = max((one.position for one in others), default=0) + STEP
        paragraph = _place(kept, kind, label, position, words, now)
        _log(kept.forum, paragraph.symbol, "write_paragraph", {"text": words.text}, actor, now)
    return paragraph


def change_paragraph(*, paragraph: Paragraph, words: Words, actor: Actor, now: datetime) -> None:
    """Change the words of a paragraph; how it read before is kept."""
    require_role(actor, rules.EDITING_ROLES, paragraph.draft.forum_id)
    require_open(paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = _locked(paragraph.draft)
        kept = _fresh(paragraph)
        _reword(kept, words, None, now)
        _log(draft.forum, kept.symbol, "change_paragraph", {"text": words.text}, actor, now)
        announce(f"{draft.forum.slug}-outcome")


def mark_paragraph(*, paragraph: Paragraph, state: ParagraphState, actor: Actor, now: datetime) -> None:
    """Say how far a paragraph is negotiated."""
    require_role(actor, rules.EDITING_ROLES, paragraph.draft.forum_id)
    require_open(paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = _locked(paragraph.draft)
        kept = _fresh(paragraph)
        kept.state = state
        kept.save(update_fields=["state"])
        _log(draft.forum, kept.symbol, "mark_paragraph", {"state": state.value}, actor, now)
        announce(f"{draft.forum.slug}-outcome")


def propose_text(
    *,
    paragraph: Paragraph,
    kind: ProposalKind,
    party: str,
    words: Words,
    rationale: str,
    author: Person | None,
    actor: Actor,
    now: datetime,
    is_invented: bool = False,
) -> TextProposal:
    """Propose words for a paragraph in the name of a party. What it cites is checked."""
    require_role(actor, rules.NEGOTIATING_ROLES, paragraph.draft.forum_id)
    require_open(paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = _locked(paragraph.draft)
        rules.require_words(kind, words.text)
        rules.require_change(kind, _fresh(paragraph).text, words.text)
        title = words.text or rationale or paragraph.text
        symbol = record.give_symbol(
            forum_id=draft.forum_id, kind=Kind.PROPOSAL, title=title, language=words.language, now=now
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
            is_invented=is_invented,
        )
        record.cite(source=symbol, text=f"{words.text}\n\n{rationale}", now=now)
        record.link(source=symbol, target=paragraph.symbol, relation=Relation.PROPOSED_FOR, now=now)
        _log(draft.forum, symbol, "propose_text", {"kind": kind.value, "text": words.text}, actor, now)
        announce(f"{draft.forum.slug}-outcome")
    return proposal


def decide_proposal(
    *, proposal: TextProposal, is_accepted: bool, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a proposal into the text, or decline it; the reason is public."""
    require_role(actor, rules.EDITING_ROLES, proposal.symbol.forum_id)
    require_open(proposal.paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = _locked(proposal.paragraph.draft)
        kept = TextProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
        rules.require_open_proposal(ProposalState(kept.state))
        kept.state = ProposalState.ACCEPTED if is_accepted else ProposalState.DECLINED
        kept.reason, kept.decided_at = reason, now
        kept.save(update_fields=["state", "reason", "decided_at"])
        if is_accepted:
            _take_in(kept, now)
        _log(
            draft.forum,
            proposal.symbol,
            "decide_proposal",
            {"state": kept.state, "reason": reason},
            actor,
            now,
        )
        announce(f"{draft.forum.slug}-outcome")


def adopt(*, draft: Draft, actor: Actor, now: datetime) -> None:
    """Adopt the text: every paragraph is agreed, and from now on the database keeps it as it is."""
    require_role(actor, rules.EDITING_ROLES, draft.forum_id)
    require_open(draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        kept = _locked(draft)
        rules.require_adoptable(queries.standings_of(kept))
        Paragraph.objects.filter(draft=kept).exclude(state=ParagraphState.DELETED).update(
            state=ParagraphState.AGREED
        )
        kept.state, kept.adopted_at = DraftState.ADOPTED, now
        kept.save(update_fields=["state", "adopted_at"])
        text = [one.text for one in queries.paragraphs_of(kept)]
        _log(kept.forum, None, "adopt", {"number": kept.number, "text": text}, actor, now)
        announce(f"{kept.forum.slug}-outcome")


@dataclass(frozen=True)
class Undertaking:
    """What is undertaken: the verb of the text, the action, who is asked, until when."""

    verb: str
    action: str
    addressees: str
    language: str
    due_date: date | None


def make_commitment(
    *,
    paragraph: Paragraph,
    undertaking: Undertaking,
    author: Person | None,
    actor: Actor,
    now: datetime,
    is_invented: bool = False,
) -> Commitment:
    """Undertake something on a paragraph."""
    require_role(actor, rules.NEGOTIATING_ROLES, paragraph.draft.forum_id)
    forum = paragraph.draft.forum
    rules.require_coming(undertaking.due_date, now.date())
    with transaction.atomic():
        symbol = record.give_symbol(
            forum_id=forum.pk,
            kind=Kind.COMMITMENT,
            title=undertaking.action,
            language=undertaking.language,
            now=now,
        )
        commitment = Commitment.objects.create(
            paragraph=paragraph,
            symbol=symbol,
            verb=undertaking.verb,
            action=undertaking.action,
            addressees=undertaking.addressees,
            language=undertaking.language,
            due_date=undertaking.due_date,
            made_by=author,
            made_at=now,
            is_invented=is_invented,
        )
        record.cite(source=symbol, text=undertaking.action, now=now, field="action")
        record.link(source=symbol, target=paragraph.symbol, relation=Relation.CARRIES_OUT, now=now)
        _log(forum, symbol, "make_commitment", {"action": undertaking.action}, actor, now)
    return commitment


def report_on_commitment(
    *, commitment: Commitment, state: CommitmentState, words: Words, actor: Actor, now: datetime
) -> CommitmentReport:
    """Say how a commitment stands; earlier reports stay."""
    require_role(actor, ANY_ROLE, commitment.symbol.forum_id)
    rules.require_reporter(actor, commitment.made_by_id)
    with transaction.atomic():
        kept = Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
        report = CommitmentReport.objects.create(
            commitment=kept, state=state, text=words.text, language=words.language, reported_at=now
        )
        kept.state = state
        kept.save(update_fields=["state"])
        forum = commitment.paragraph.draft.forum
        for target in record.check_citations(forum_id=forum.pk, text=words.text, itself=commitment.symbol):
            record.link(source=commitment.symbol, target=target, relation=Relation.CITES, now=now)
        _log(forum, commitment.symbol, "report_on_commitment", {"state": state.value}, actor, now)
    return report


def _fresh(paragraph: Paragraph) -> Paragraph:
    """Read a paragraph again under the lock of its draft; one that was deleted does not come back."""
    kept = Paragraph.objects.select_related("symbol", "draft__forum").get(pk=paragraph.pk)
    rules.require_standing(ParagraphState(kept.state))
    return kept


def _locked(draft: Draft) -> Draft:
    """Lock a draft that is still negotiated; one change at a time."""
    kept = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("forum").get(pk=draft.pk)
    rules.require_open_draft(DraftState(kept.state))
    return kept


def _place(
    draft: Draft, kind: ParagraphKind, label: str, position: int, words: Words, now: datetime
) -> Paragraph:
    symbol = record.give_symbol(
        forum_id=draft.forum_id, kind=Kind.PARAGRAPH, title=words.text, language=words.language, now=now
    )
    paragraph = Paragraph.objects.create(
        draft=draft,
        symbol=symbol,
        kind=kind,
        label=label,
        position=position,
        text=words.text,
        language=words.language,
    )
    record.cite(source=symbol, text=words.text, now=now)
    return paragraph


def _reword(paragraph: Paragraph, words: Words, proposal: TextProposal | None, now: datetime) -> None:
    ParagraphVersion.objects.create(
        paragraph=paragraph, text=paragraph.text, replaced_at=now, replaced_by=proposal
    )
    paragraph.text, paragraph.language = words.text, words.language
    paragraph.save(update_fields=["text", "language"])
    record.retitle(paragraph.symbol, title=words.text, language=words.language)
    record.cite(source=paragraph.symbol, text=words.text, now=now)


def _take_in(proposal: TextProposal, now: datetime) -> None:
    """Change the text as the proposal asks; the changed paragraph then rests on the proposal."""
    paragraph = _fresh(proposal.paragraph)
    kind = ProposalKind(proposal.kind)
    if kind is ProposalKind.DELETE:
        paragraph.state = ParagraphState.DELETED
        paragraph.save(update_fields=["state"])
        return
    if kind is ProposalKind.NEW_AFTER:
        new = _insert_after(paragraph, Words(proposal.text, proposal.language), now)
        _rest_on_proposal(new.symbol, proposal, now)
        return
    language = proposal.language if kind is ProposalKind.REPLACE else paragraph.language
    words = Words(rules.amended(paragraph.text, kind, proposal.text), language)
    _reword(paragraph, words, proposal, now)
    _rest_on_proposal(paragraph.symbol, proposal, now)


def _rest_on_proposal(symbol: Symbol, proposal: TextProposal, now: datetime) -> None:
    """Who proposed the words that now stand is part of what the paragraph rests on."""
    record.link(source=symbol, target=proposal.symbol, relation=Relation.TAKEN_FROM, now=now)


def _insert_after(paragraph: Paragraph, words: Words, now: datetime) -> Paragraph:
    """Put a paragraph behind this one and behind those inserted there before, so that labels ascend."""
    others = list(Paragraph.objects.filter(draft=paragraph.draft).order_by("position"))
    kind, base = ParagraphKind(paragraph.kind), rules.base_label(paragraph.label)
    family = [one for one in others if one.kind == kind and rules.base_label(one.label) == base]
    behind = max(one.position for one in family)
    position = rules.position_after([one.position for one in others], behind)
    if position is None:
        for one in reversed(others):
            if one.position > behind:
                one.position += STEP
                one.save(update_fields=["position"])
        position = behind + STEP // 2
    label = rules.label_after(paragraph.label, {one.label for one in others if one.kind == kind})
    return _place(paragraph.draft, kind, label, position, words, now)


def _log(
    forum: Forum, symbol: Symbol | None, verb: str, change: Mapping[str, object], actor: Actor, now: datetime
) -> None:
    record.write(forum_id=forum.pk, actor=actor, verb=verb, change=change, now=now, symbol=symbol)
