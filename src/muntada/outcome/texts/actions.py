"""Edit drafts and paragraphs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.outcome.texts import rules
from muntada.outcome.texts.models import Draft, Paragraph, ParagraphVersion
from muntada.outcome.texts.queries import locked_draft, standing_paragraph
from muntada.outcome.texts.rules import ParagraphKind, ParagraphState
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.rules import Actor, SymbolKind

# The distance between positions, for later insertions.
STEP = 1000


@dataclass(frozen=True)
class TextInLanguage:
    """A text with its language."""

    text: str
    language: str


def open_draft(*, forum: Forum, title: TextInLanguage, actor: Actor, now: datetime) -> Draft:
    """Create the draft of the outcome."""
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
        )
        log(forum, symbol=None, verb="open_draft", change={"title": title.text}, actor=actor, now=now)
    return draft


def write_paragraph(
    *, draft: Draft, kind: ParagraphKind, words: TextInLanguage, actor: Actor, now: datetime
) -> Paragraph:
    """Append a paragraph to its part of the text, with the next number."""
    require_role(actor, rules.EDITING_ROLES, draft.forum_id)
    require_open(draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        kept = locked_draft(draft)
        others = list(Paragraph.objects.filter(draft=kept))
        numbers = [int(one.label) for one in others if one.kind == kind and one.label.isdigit()]
        label = str(max(numbers, default=0) + 1)
        position = max((one.position for one in others), default=0) + STEP
        paragraph = _place(kept, kind, label, position, words, now)
        log(
            kept.forum,
            symbol=paragraph.symbol,
            verb="write_paragraph",
            change={"text": words.text},
            actor=actor,
            now=now,
        )
    return paragraph


def change_paragraph(*, paragraph: Paragraph, words: TextInLanguage, actor: Actor, now: datetime) -> None:
    """Change the text of a paragraph; the former version is kept."""
    require_role(actor, rules.EDITING_ROLES, paragraph.draft.forum_id)
    require_open(paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = locked_draft(paragraph.draft)
        kept = standing_paragraph(paragraph)
        reword_paragraph(kept, words, now)
        log(
            draft.forum,
            symbol=kept.symbol,
            verb="change_paragraph",
            change={"text": words.text},
            actor=actor,
            now=now,
        )
        announce(f"{draft.forum.slug}-outcome")


def mark_paragraph(*, paragraph: Paragraph, state: ParagraphState, actor: Actor, now: datetime) -> None:
    """Set the negotiation state of a paragraph."""
    require_role(actor, rules.EDITING_ROLES, paragraph.draft.forum_id)
    require_open(paragraph.draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        draft = locked_draft(paragraph.draft)
        kept = standing_paragraph(paragraph)
        kept.state = state
        kept.save(update_fields=["state"])
        log(
            draft.forum,
            symbol=kept.symbol,
            verb="mark_paragraph",
            change={"state": state.value},
            actor=actor,
            now=now,
        )
        announce(f"{draft.forum.slug}-outcome")


def _place(
    draft: Draft, kind: ParagraphKind, label: str, position: int, words: TextInLanguage, now: datetime
) -> Paragraph:
    symbol = record.give_symbol(
        forum_id=draft.forum_id, kind=SymbolKind.PARAGRAPH, title=words.text, language=words.language, now=now
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


def reword_paragraph(
    paragraph: Paragraph, words: TextInLanguage, now: datetime, *, replaced_by: Symbol | None = None
) -> None:
    """Replace the text of a paragraph; the former version is kept, with the proposal that replaced it."""
    ParagraphVersion.objects.create(
        paragraph=paragraph, text=paragraph.text, replaced_at=now, replaced_by=replaced_by
    )
    paragraph.text, paragraph.language = words.text, words.language
    paragraph.save(update_fields=["text", "language"])
    record.retitle(paragraph.symbol, title=words.text, language=words.language)
    record.cite(source=paragraph.symbol, text=words.text, now=now)


def insert_after(paragraph: Paragraph, words: TextInLanguage, now: datetime) -> Paragraph:
    """Insert a paragraph after this one and earlier insertions, so that labels ascend."""
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


def log(
    forum: Forum,
    *,
    symbol: Symbol | None,
    verb: str,
    change: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    record.write(forum_id=forum.pk, actor=actor, verb=verb, change=change, now=now, symbol=symbol)
