"""Campaigns of a call."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Campaign, Contribution
from muntada.consultation.contributions.queries.campaigns import readable_members
from muntada.consultation.contributions.queries.contributions import public_ones, shown
from muntada.consultation.replies.queries.campaigns import waiting_members
from muntada.consultation.replies.queries.replies import REPLIES


def campaigns_of(call: Call) -> QuerySet[Campaign]:
    """Return the campaigns of a call with their sizes, largest first."""
    rows = Campaign.objects.filter(call=call).select_related("call__forum")
    waits = readable_members() & waiting_members()
    sized = rows.annotate(
        size=Count("contributions", filter=readable_members()),
        answered=F("size") - Count("contributions", filter=waits),
    )
    return sized.filter(size__gt=0).order_by("-size", "pk")


def members_of(campaign: Campaign) -> QuerySet[Contribution]:
    public = Contribution.objects.filter(campaign=campaign, withdrawn_at=None, consent_to_publish=True)
    return shown(public).prefetch_related(REPLIES).order_by("symbol__number")


@dataclass(frozen=True)
class Campaigns:
    """The number of contributions in campaigns, and of campaigns."""

    count: int
    contributions: int


def campaigns_in(call: Call) -> Campaigns:
    counted = (
        Contribution.objects.filter(call=call, campaign__isnull=False)
        .filter(public_ones())
        .aggregate(count=Count("campaign", distinct=True), contributions=Count("pk"))
    )
    return Campaigns(counted["count"], counted["contributions"])
