"""The panel of showcases on the page of an initiative: awards, and open entries."""

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.initiatives import is_own
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
        {"awards": awards, "entering": entering, "initiative": initiative},
        "evidence/prizes/prizes.css",
    )
