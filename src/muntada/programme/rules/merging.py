"""The law of asking for one session together: who can, who leads, until when it can be undone."""

from enum import StrEnum

from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.people.rules import Role
from muntada.programme.rules.requests import UNDECIDED, RequestState

# Who closes a proposal and undoes a merge beside the two authors.
MERGE_OTHERS = (Role.SECRETARIAT,)


class Leads(StrEnum):
    """Which of two requests brings the author who leads the joint one."""

    FIRST = "first"
    SECOND = "second"


def require_can_be_joined(symbol: str, state: str) -> None:
    """Refuse a request on which something is decided, or that is asked for together with another already."""
    if state == RequestState.SUBMITTED:
        return
    if state == RequestState.JOINED:
        sentence = gettext(
            "%(symbol)s is asked for together with another already. That has to be undone first."
        )
        raise Refused(sentence % {"symbol": symbol}, "merge-made-already", "other")
    if state == RequestState.WITHDRAWN:
        sentence = gettext("%(symbol)s was withdrawn, so it cannot be asked for together with another.")
        raise Refused(sentence % {"symbol": symbol}, "merge-withdrawn", "other")
    sentence = gettext("%(symbol)s is decided on, so it cannot be asked for together with another.")
    raise Refused(sentence % {"symbol": symbol}, "merge-decided-on", "other")


def require_undoable(state: str) -> None:
    """What two ask for together is undone as long as it was neither accepted nor refused."""
    if state not in UNDECIDED:
        sentence = gettext(
            "The joint request is decided on, so it stays as it is. Please write to the secretariat."
        )
        raise Refused(sentence, "merge-decided-on")
