"""What the page of an initiative says of partners that are sought or offered for it."""

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.initiatives import is_own
from muntada.evidence.partnering.queries import entries_for
from muntada.forums.queries import Here
from muntada.foundations.pages import Panel


def initiative_panel(here: Here, initiative: Initiative) -> Panel | None:
    entries = entries_for(initiative, here)
    may_seek = is_own(here, initiative) and initiative.is_public
    if not entries and not may_seek:
        return None
    return Panel(
        "evidence/partnering/parts/initiative_partners.html",
        {"entries": entries, "may_seek": may_seek, "initiative": initiative},
    )
