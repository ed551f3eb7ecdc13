"""Commitments on the texts of a forum."""

from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.outcome.commitments.models import Commitment


def commitments_of(forum: Forum) -> QuerySet[Commitment]:
    found = Commitment.objects.filter(paragraph__draft__forum=forum)
    return found.select_related("symbol__forum", "paragraph__symbol__forum")


def commitment_at(forum: Forum, number: int) -> Commitment:
    commitment = commitments_of(forum).filter(symbol__number=number).first()
    if commitment is None:
        raise NotThere("", "commitment")
    return commitment
