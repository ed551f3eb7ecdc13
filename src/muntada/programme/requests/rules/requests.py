"""Rules of session requests."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import NotAllowed, Refused
from muntada.programme.sessions.rules import LONGEST_MINUTES, SHORTEST_MINUTES
from muntada.record.rules import SymbolRef, parse_symbol

DESCRIPTION_LENGTH = 8_000


SOURCE_ID_LENGTH = 80


MOST_SPEAKERS = 20


class RequestState(StrEnum):
    """The state of a session request."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    # No longer assigned: requests are merged by consent of their authors. Old decisions keep it.
    MERGED = "merged"
    DECLINED = "declined"
    REFERRED = "referred"
    WAITING = "waiting"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"


REQUEST_STATE_NAMES: Mapping[RequestState, Promise] = {
    RequestState.DRAFT: _("Draft"),
    RequestState.SUBMITTED: _("Waiting for a decision"),
    RequestState.ACCEPTED: _("Accepted"),
    RequestState.MERGED: _("Merged into one session with others"),
    RequestState.DECLINED: _("Declined"),
    RequestState.REFERRED: _("Referred to somewhere else"),
    RequestState.WAITING: _("On the waiting list"),
    RequestState.JOINED: _("Asked for together with another"),
    RequestState.WITHDRAWN: _("Withdrawn"),
}


REASONED = (RequestState.DECLINED, RequestState.REFERRED, RequestState.WAITING)

# States that can still be decided: new ones and the waiting list.
UNDECIDED = (RequestState.SUBMITTED, RequestState.WAITING)


ABSORBED = (RequestState.ACCEPTED, RequestState.MERGED)


def require_author(*, author_id: int | None, person_id: int | None) -> None:
    if author_id is None or author_id != person_id:
        raise NotAllowed(gettext("Only the person who wrote this session request can change it."), "author")


def require_state(state: str, allowed: Collection[RequestState]) -> None:
    """Refuse a step not allowed in this state."""
    if state not in allowed:
        sentence = gettext("This session request stands as “%(state)s”, so this cannot be done any more.")
        raise Refused(sentence % {"state": REQUEST_STATE_NAMES[RequestState(state)]}, "request-state")


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(
            gettext("Please give the reason: it is shown to everybody beside the decision."),
            "reason-missing",
            "reason",
        )


def require_complete(*, title: str, description: str, minutes: int, speakers: int) -> None:
    """Refuse to submit an incomplete request."""
    if not title.strip():
        raise Refused(gettext("Please give the session a title."), "title-missing", "title")
    if not description.strip():
        raise Refused(gettext("Please say what the session is about."), "description-missing", "description")
    if len(description) > DESCRIPTION_LENGTH:
        sentence = gettext("The description has %(length)s characters; please keep it under %(limit)s.")
        params = {"length": len(description), "limit": DESCRIPTION_LENGTH}
        raise Refused(sentence % params, "description-too-long", "description")
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        sentence = gettext("A session lasts from %(shortest)s to %(longest)s minutes.")
        params = {"shortest": SHORTEST_MINUTES, "longest": LONGEST_MINUTES}
        raise Refused(sentence % params, "minutes", "minutes")
    if speakers > MOST_SPEAKERS:
        sentence = gettext("A session can name up to %(limit)s speakers.")
        raise Refused(sentence % {"limit": MOST_SPEAKERS}, "speakers-too-many")


def symbols_given(text: str) -> tuple[SymbolRef, ...]:
    """Return the symbols in a text such as `C/12, M/3`; refuse anything else."""
    found: dict[SymbolRef, None] = {}
    for piece in text.replace(";", " ").replace(",", " ").replace("،", " ").split():
        reference = parse_symbol(piece.strip("[]").upper())
        if reference is None:
            sentence = gettext("“%(piece)s” is no symbol. Symbols look like C/12 or M/3.")
            raise Refused(sentence % {"piece": piece}, "symbol", "answers")
        found.setdefault(reference)
    return tuple(found)
