"""The panel of showcases on the page of an initiative: awards, and open entries."""

from django.urls import reverse

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.initiatives import is_own
from muntada.evidence.prizes.models import Showcase
from muntada.evidence.prizes.queries.rounds import awards_of, entering_in
from muntada.forums.queries import ForumRequest
from muntada.foundations.pages import PagePanel


def initiative_panel(forum_request: ForumRequest, initiative: Initiative) -> PagePanel | None:
    awards = awards_of(initiative)
    entering = entering_in(forum_request, initiative) if is_own(forum_request, initiative) else None
    if not awards and entering is None:
        return None
    return PagePanel(
        "evidence/prizes/parts/initiative_prizes.html",
        {
            "awards": awards,
            "entering": entering,
            "enter_address": _enter_address(forum_request, entering, initiative) if entering else "",
        },
        "evidence/prizes/prizes.css",
    )


def _enter_address(forum_request: ForumRequest, showcase: Showcase, initiative: Initiative) -> str:
    page = reverse("evidence:showcase_enter", args=[forum_request.forum.slug, showcase.edition])
    return f"{page}?initiative={initiative.pk}"
