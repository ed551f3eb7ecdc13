"""The panel of needs and offers on the page of an initiative."""

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.initiatives import is_own
from muntada.evidence.partnering.queries import entries_for
from muntada.forums.queries import ForumRequest
from muntada.foundations.pages import PagePanel


def initiative_panel(forum_request: ForumRequest, initiative: Initiative) -> PagePanel | None:
    entries = entries_for(initiative, forum_request)
    may_seek = is_own(forum_request, initiative) and initiative.is_public
    if not entries and not may_seek:
        return None
    return PagePanel(
        "evidence/partnering/parts/initiative_partners.html",
        {"entries": entries, "may_seek": may_seek, "initiative": initiative},
    )
