"""A campaign and its public members."""

from django.db.models import Q
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Campaign
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.foundations.whole_numbers import whole_number


def readable_members() -> Q:
    """The publicly readable members; others are neither counted nor shown."""
    return Q(contributions__withdrawn_at=None, contributions__consent_to_publish=True)


def campaign_at(forum: Forum, number: int | str, call: Call | None = None) -> Campaign:
    """Return a non-empty campaign of a forum, or of one of its calls."""
    # Numbers of campaigns are those of rows, which can be long.
    pk = whole_number(str(number), digits=18)
    rows = Campaign.objects.filter(readable_members(), call__forum=forum).select_related("call__forum")
    rows = rows.filter(call=call) if call else rows
    found = None if pk is None else rows.filter(pk=pk).first()
    if found is None:
        raise NotThere(campaign_gone(), "campaign")
    return found


def campaign_gone() -> str:
    return gettext("There is no such campaign any more. Please choose one from the list.")
