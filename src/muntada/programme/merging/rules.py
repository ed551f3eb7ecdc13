"""The law of asking for one session together: who can, who leads, until when it can be undone."""

from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.programme.requests.rules.requests import UNDECIDED, RequestState


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


# From these decisions on a joint request the secretariat comes back, as long as nothing rests on them.
TAKEN_BACK = (RequestState.ACCEPTED, RequestState.DECLINED, RequestState.REFERRED)


@dataclass(frozen=True)
class Resting:
    """What rests on the session of a joint request, by the numbers and symbols people know."""

    session: str = ""
    releases: tuple[int, ...] = ()
    timetables: tuple[int, ...] = ()
    others: tuple[str, ...] = ()


def may_be_undone(state: str, *, by_secretariat: bool) -> bool:
    """Until it is decided on by those concerned; afterwards by the secretariat alone."""
    return state in UNDECIDED or (by_secretariat and state in TAKEN_BACK)


def require_nothing_rests(resting: Resting) -> None:
    """Refuse to take back a decision that something was built on, and say what has to go first."""
    known = {
        "session": resting.session,
        "numbers": ", ".join(map(str, resting.releases or resting.timetables)),
        "others": ", ".join(resting.others),
    }
    if resting.releases:
        sentence = gettext(
            "%(session)s was published in release %(numbers)s, so the joint request stays. "
            "Please cancel the session instead; the authors can ask again."
        )
        raise Refused(sentence % known, "merge-released")
    if resting.others:
        sentence = gettext("%(session)s absorbed %(others)s, too, so the joint request stays.")
        raise Refused(sentence % known, "merge-shared")
    if resting.timetables:
        sentence = gettext(
            "%(session)s stands in these timetables: %(numbers)s. "
            "Please take it out of each of them, or throw them away, and undo it then."
        )
        raise Refused(sentence % known, "merge-scheduled")


def require_undoable(state: str, *, by_secretariat: bool) -> None:
    """What two ask for together is undone until it is decided on, and by the secretariat afterwards."""
    if not may_be_undone(state, by_secretariat=by_secretariat):
        sentence = gettext(
            "The joint request is decided on, so it stays as it is. Please write to the secretariat."
        )
        raise Refused(sentence, "merge-decided-on")
