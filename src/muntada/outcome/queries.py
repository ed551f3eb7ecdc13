"""Questions about the text: how it reads, what is still open, and what was undertaken."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.outcome.models import Commitment, Draft, Paragraph, TextProposal
from muntada.outcome.rules import ParagraphKind, ParagraphStanding, ParagraphState
from muntada.record.rules import Relation


@dataclass(frozen=True)
class TextView:
    """A draft as its page shows it."""

    draft: Draft
    preambular: tuple[Paragraph, ...]
    operative: tuple[Paragraph, ...]
    open_paragraphs: int
    open_proposals: int


def current_draft(forum: Forum) -> Draft | None:
    return Draft.objects.filter(forum=forum).select_related("forum").first()


def paragraphs_of(draft: Draft) -> QuerySet[Paragraph]:
    """Return the paragraphs of a draft in order, with what adoption asks of each."""
    return (
        Paragraph.objects.filter(draft=draft)
        .select_related("symbol__forum")
        .annotate(
            open_proposals=Count("proposals", filter=Q(proposals__state="open"), distinct=True),
            proposal_count=Count("proposals", distinct=True),
            commitment_count=Count("commitments", distinct=True),
            citations=Count(
                "symbol__edges_down",
                filter=Q(symbol__edges_down__relation=Relation.CITES.value),
                distinct=True,
            ),
        )
        # An aggregate would drop the order of the model.
        .order_by("position")
    )


def text_of(forum: Forum) -> TextView | None:
    """Return the current text of a forum, if it is begun."""
    draft = current_draft(forum)
    if draft is None:
        return None
    standing = [one for one in paragraphs_of(draft) if one.state != ParagraphState.DELETED]
    settled = {ParagraphState.AGREED, ParagraphState.AD_REF}
    return TextView(
        draft=draft,
        preambular=tuple(one for one in standing if one.kind == ParagraphKind.PREAMBULAR),
        operative=tuple(one for one in standing if one.kind == ParagraphKind.OPERATIVE),
        open_paragraphs=sum(one.state not in settled for one in standing),
        open_proposals=sum(one.open_proposals for one in standing),  # type: ignore[attr-defined]
    )


def standings_of(draft: Draft) -> list[ParagraphStanding]:
    return [
        ParagraphStanding(
            label=one.symbol.short,
            kind=ParagraphKind(one.kind),
            state=ParagraphState(one.state),
            open_proposals=one.open_proposals,  # type: ignore[attr-defined]
            citations=one.citations,  # type: ignore[attr-defined]
        )
        for one in paragraphs_of(draft)
    ]


def paragraph_at(forum: Forum, number: int) -> Paragraph:
    found = Paragraph.objects.filter(draft__forum=forum, symbol__number=number)
    paragraph = found.select_related("symbol__forum", "draft__forum").first()
    if paragraph is None:
        raise NotThere("", "paragraph")
    return paragraph


def proposal_at(forum: Forum, number: int) -> TextProposal:
    found = TextProposal.objects.filter(paragraph__draft__forum=forum, symbol__number=number)
    proposal = found.select_related("symbol__forum", "paragraph__symbol__forum", "paragraph__draft").first()
    if proposal is None:
        raise NotThere("", "text-proposal")
    return proposal


def proposals_of(forum: Forum) -> QuerySet[TextProposal]:
    found = TextProposal.objects.filter(paragraph__draft__forum=forum)
    return found.select_related("symbol__forum", "paragraph__symbol__forum")


def commitments_of(forum: Forum) -> QuerySet[Commitment]:
    found = Commitment.objects.filter(paragraph__draft__forum=forum)
    return found.select_related("symbol__forum", "paragraph__symbol__forum")


def commitment_at(forum: Forum, number: int) -> Commitment:
    commitment = commitments_of(forum).filter(symbol__number=number).first()
    if commitment is None:
        raise NotThere("", "commitment")
    return commitment
