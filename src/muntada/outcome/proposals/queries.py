"""Text proposals, and pending ones per paragraph."""

from django.db.models import Count, Q, QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.outcome.proposals.models import TextProposal
from muntada.outcome.texts.models import Paragraph


def with_proposals(paragraphs: QuerySet[Paragraph]) -> QuerySet[Paragraph]:
    """Add the number of pending proposals to each paragraph."""
    waiting = Count("proposals", filter=Q(proposals__state="open"), distinct=True)
    return paragraphs.annotate(open_proposals=waiting)


def proposal_at(forum: Forum, number: int) -> TextProposal:
    found = TextProposal.objects.filter(paragraph__draft__forum=forum, symbol__number=number)
    proposal = found.select_related("symbol__forum", "paragraph__symbol__forum", "paragraph__draft").first()
    if proposal is None:
        raise NotThere("", "text-proposal")
    return proposal


def proposals_of(forum: Forum) -> QuerySet[TextProposal]:
    found = TextProposal.objects.filter(paragraph__draft__forum=forum)
    return found.select_related("symbol__forum", "paragraph__symbol__forum")
