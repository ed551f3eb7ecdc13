"""Campaigns: the same or nearly the same text sent by several people."""

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext

from muntada.consultation.models import Call, Campaign, Contribution
from muntada.consultation.queries.contributions import shown
from muntada.consultation.queries.replies import unanswered
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere

# No number of a row has more digits.
DIGITS = 12


def _standing() -> Q:
    """What everybody can read of a campaign; the rest is neither counted nor shown with it."""
    return Q(contributions__withdrawn_at=None, contributions__consent_to_publish=True)


def campaigns_of(call: Call) -> QuerySet[Campaign]:
    """Return the campaigns of a call with how many stand in each, the largest first."""
    rows = Campaign.objects.filter(call=call).select_related("call__forum")
    waits = _standing() & _waiting()
    sized = rows.annotate(
        size=Count("contributions", filter=_standing()),
        answered=F("size") - Count("contributions", filter=waits),
    )
    return sized.filter(size__gt=0).order_by("-size", "pk")


def waiting_campaigns(forum: Forum) -> list[Campaign]:
    """Return the campaigns in which somebody still waits for a reply, the largest first."""
    rows = Campaign.objects.filter(call__forum=forum).select_related("call__forum")
    counted = rows.annotate(waiting=Count("contributions", filter=_standing() & _waiting()))
    return list(counted.filter(waiting__gt=1).order_by("-waiting", "pk"))


def _waiting() -> Q:
    return Q(contributions__in=Contribution.objects.filter(unanswered()))


def campaign_at(forum: Forum, number: int | str, call: Call | None = None) -> Campaign:
    """Return a campaign of a forum, or of one of its calls, in which somebody still stands."""
    word = str(number)
    is_number = word.isascii() and word.isdecimal() and len(word) <= DIGITS
    rows = Campaign.objects.filter(_standing(), call__forum=forum).select_related("call__forum")
    rows = rows.filter(call=call) if call else rows
    found = rows.filter(pk=int(word)).first() if is_number else None
    if found is None:
        raise NotThere(campaign_gone(), "campaign")
    return found


def campaign_gone() -> str:
    return gettext("There is no such campaign any more. Please choose one from the list.")


def members_of(campaign: Campaign) -> QuerySet[Contribution]:
    public = Contribution.objects.filter(campaign=campaign, withdrawn_at=None, consent_to_publish=True)
    return shown(public).order_by("symbol__number")
