"""The text with its open paragraphs."""

from dataclasses import dataclass

from muntada.forums.models import Forum
from muntada.outcome.proposals.queries import with_proposals
from muntada.outcome.texts.models import Draft, Paragraph
from muntada.outcome.texts.queries import current_draft, paragraphs_of
from muntada.outcome.texts.rules import ParagraphKind, ParagraphState


@dataclass(frozen=True)
class TextView:
    """A draft for its page."""

    draft: Draft
    preambular: tuple[Paragraph, ...]
    operative: tuple[Paragraph, ...]
    open_paragraphs: int
    open_proposals: int


def text_of(forum: Forum) -> TextView | None:
    """Return the current text of a forum, or None."""
    draft = current_draft(forum)
    if draft is None:
        return None
    standing = [one for one in with_proposals(paragraphs_of(draft)) if one.state != ParagraphState.DELETED]
    settled = {ParagraphState.AGREED, ParagraphState.AD_REF}
    return TextView(
        draft=draft,
        preambular=tuple(one for one in standing if one.kind == ParagraphKind.PREAMBULAR),
        operative=tuple(one for one in standing if one.kind == ParagraphKind.OPERATIVE),
        open_paragraphs=sum(one.state not in settled for one in standing),
        open_proposals=sum(one.open_proposals for one in standing),  # type: ignore[attr-defined]
    )
