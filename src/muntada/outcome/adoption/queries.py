"""The state of each paragraph before adoption."""

from muntada.outcome.adoption.rules import ParagraphStanding
from muntada.outcome.proposals.queries import with_proposals
from muntada.outcome.texts.models import Draft
from muntada.outcome.texts.queries import paragraphs_of
from muntada.outcome.texts.rules import ParagraphKind, ParagraphState


def standings_of(draft: Draft) -> list[ParagraphStanding]:
    return [
        ParagraphStanding(
            label=one.symbol.short,
            kind=ParagraphKind(one.kind),
            state=ParagraphState(one.state),
            open_proposals=one.open_proposals,  # type: ignore[attr-defined]
            citations=one.citations,  # type: ignore[attr-defined]
        )
        for one in with_proposals(paragraphs_of(draft))
    ]
