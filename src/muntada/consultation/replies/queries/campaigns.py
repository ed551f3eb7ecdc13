"""Campaigns waiting for a reply."""

from django.db.models import Count, Q

from muntada.consultation.contributions.models import Campaign, Contribution
from muntada.consultation.contributions.queries.campaigns import readable_members
from muntada.consultation.replies.queries.replies import unanswered
from muntada.forums.models import Forum


def waiting_campaigns(forum: Forum) -> list[Campaign]:
    """Return campaigns with members waiting for a reply, largest first."""
    rows = Campaign.objects.filter(call__forum=forum).select_related("call__forum")
    counted = rows.annotate(waiting=Count("contributions", filter=readable_members() & waiting_members()))
    return list(counted.filter(waiting__gt=1).order_by("-waiting", "pk"))


def waiting_members() -> Q:
    return Q(contributions__in=Contribution.objects.filter(unanswered()))
