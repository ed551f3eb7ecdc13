"""Rules of merging session requests."""

from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.programme.requests.rules.requests import UNDECIDED, RequestState


def require_can_be_joined(symbol: str, state: str) -> None:
    """Refuse a request that is decided or merged already."""
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


# Decisions on joint requests that the secretariat may undo while nothing is based on them.
TAKEN_BACK = (RequestState.ACCEPTED, RequestState.DECLINED, RequestState.REFERRED)


@dataclass(frozen=True)
class Resting:
    """What is based on the session of a joint request, by number and symbol."""

    session: str = ""
    releases: tuple[int, ...] = ()
    timetables: tuple[int, ...] = ()
    others: tuple[str, ...] = ()


def may_be_undone(state: str, *, by_secretariat: bool) -> bool:
    """Authors may undo a merge until it is decided, the secretariat also later."""
    return state in UNDECIDED or (by_secretariat and state in TAKEN_BACK)


def require_nothing_rests(resting: Resting) -> None:
    """Refuse to undo a decision that something is based on, and name it."""
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
    """Refuse to undo a merge after the decision, except for the secretariat."""
    if not may_be_undone(state, by_secretariat=by_secretariat):
        sentence = gettext(
            "The joint request is decided on, so it stays as it is. Please write to the secretariat."
        )
        raise Refused(sentence, "merge-decided-on")
