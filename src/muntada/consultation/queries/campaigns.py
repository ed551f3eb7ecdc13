"""Campaigns: the same or nearly the same text sent by several people."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from muntada.consultation.models import Call, Campaign, Contribution
from muntada.consultation.queries.contributions import shown
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere

# No number of a row has more digits.
DIGITS = 12


def _standing() -> Q:
    return Q(contributions__withdrawn_at=None)


def campaigns_of(call: Call) -> QuerySet[Campaign]:
    """Return the campaigns of a call with how many stand in each, the largest first."""
    rows = Campaign.objects.filter(call=call).select_related("call__forum")
    sized = rows.annotate(
        size=Count("contributions", filter=_standing()),
        answered=Count(
            "contributions", filter=_standing() & Q(contributions__replies__isnull=False), distinct=True
        ),
    )
    return sized.filter(size__gt=0).order_by("-size", "pk")


def waiting_campaigns(forum: Forum) -> list[Campaign]:
    """Return the campaigns in which somebody still waits for a reply, the largest first."""
    waits = _standing() & Q(contributions__replies=None)
    rows = Campaign.objects.filter(call__forum=forum).select_related("call__forum")
    counted = rows.annotate(waiting=Count("contributions", filter=waits)).filter(waiting__gt=1)
    return list(counted.order_by("-waiting", "pk"))


def campaign_at(forum: Forum, number: int | str) -> Campaign:
    word = str(number)
    is_number = word.isascii() and word.isdecimal() and len(word) <= DIGITS
    rows = Campaign.objects.filter(call__forum=forum).select_related("call__forum")
    found = rows.filter(pk=int(word)).first() if is_number else None
    if found is None:
        raise NotThere(
            gettext("There is no such campaign any more. Please choose one from the list."), "campaign"
        )
    return found


def members_of(campaign: Campaign) -> QuerySet[Contribution]:
    return shown(Contribution.objects.filter(campaign=campaign)).order_by("symbol__number")
