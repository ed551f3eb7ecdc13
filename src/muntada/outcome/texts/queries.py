"""Drafts and paragraphs in order."""

from django.db.models import Count, Q, QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.outcome.texts import rules
from muntada.outcome.texts.models import Draft, Paragraph
from muntada.outcome.texts.rules import DraftState, ParagraphState
from muntada.record.rules import Relation


def current_draft(forum: Forum) -> Draft | None:
    return Draft.objects.filter(forum=forum).select_related("forum").first()


def paragraphs_of(draft: Draft) -> QuerySet[Paragraph]:
    """Return the paragraphs of a draft in order, with numbers of citations."""
    return (
        Paragraph.objects.filter(draft=draft)
        .select_related("symbol__forum")
        .annotate(
            citations=Count(
                "symbol__edges_down",
                filter=Q(symbol__edges_down__relation=Relation.CITES.value),
                distinct=True,
            ),
        )
        # Aggregation drops the default order.
        .order_by("position")
    )


def paragraph_at(forum: Forum, number: int) -> Paragraph:
    found = Paragraph.objects.filter(draft__forum=forum, symbol__number=number)
    paragraph = found.select_related("symbol__forum", "draft__forum").first()
    if paragraph is None:
        raise NotThere("", "paragraph")
    return paragraph


def standing_paragraph(paragraph: Paragraph) -> Paragraph:
    """Reload a paragraph under the lock of its draft; refuse a deleted one."""
    kept = Paragraph.objects.select_related("symbol", "draft__forum").get(pk=paragraph.pk)
    rules.require_standing(ParagraphState(kept.state))
    return kept


def locked_draft(draft: Draft) -> Draft:
    """Lock a draft under negotiation."""
    kept = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("forum").get(pk=draft.pk)
    rules.require_open_draft(DraftState(kept.state))
    return kept
