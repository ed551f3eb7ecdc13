"""What a selection proposes to decide on each request, and the reason everybody reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.selection.rules.results import ExcludedRequest, SelectionResult
from muntada.programme.selection.rules.selections import NumberRule

PLANNABLE = (RequestState.ACCEPTED, RequestState.WAITING, RequestState.DECLINED, RequestState.REFERRED)
DECISION_NAMES: Mapping[RequestState, Promise] = {
    RequestState.ACCEPTED: _("Accept"),
    RequestState.WAITING: _("Put on the waiting list"),
    RequestState.DECLINED: _("Decline"),
    RequestState.REFERRED: _("Refer to somewhere else"),
}


class Cause(StrEnum):
    """Why a request stands where it stands."""

    CHOSEN = "chosen"
    PINNED = "pinned"
    VETOED = "vetoed"
    NEXT = "next"
    CAP = "cap"
    RULES = "rules"
    OTHERS = "others"


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one request: the cause, and its place on the waiting list where it has one."""

    symbol: str
    decision: RequestState
    cause: Cause
    place: int = 0


def proposals(
    requests: Iterable[str], result: SelectionResult, pins: Mapping[str, bool], waiting: int
) -> list[Proposal]:
    """Return what a selection proposes for each request: in, next in line, or not."""
    chosen = set(result.chosen)
    others = {one.request: one for one in result.excluded}
    line = {symbol: place for place, symbol in enumerate(result.waiting[:waiting], 1)}
    return [_proposal(symbol, chosen, others, line, pins) for symbol in requests]


def _proposal(
    symbol: str,
    chosen: set[str],
    others: Mapping[str, ExcludedRequest],
    line: Mapping[str, int],
    pins: Mapping[str, bool],
) -> Proposal:
    if symbol in chosen:
        return Proposal(symbol, RequestState.ACCEPTED, Cause.PINNED if pins.get(symbol) else Cause.CHOSEN)
    if pins.get(symbol) is False:
        return Proposal(symbol, RequestState.DECLINED, Cause.VETOED)
    if symbol in line:
        return Proposal(symbol, RequestState.WAITING, Cause.NEXT, line[symbol])
    out = others.get(symbol) or ExcludedRequest(symbol)
    caps = {NumberRule.ORGANISATION.value, NumberRule.PERSON.value}
    if caps & set(out.against):
        return Proposal(symbol, RequestState.DECLINED, Cause.CAP)
    return Proposal(symbol, RequestState.DECLINED, Cause.OTHERS if out.possible else Cause.RULES)


def standard_reason(proposal: Proposal, language: str, *, places: int, requests: int) -> tuple[str, str]:
    """Return the reason everybody reads, and its language: that of the request if pages come in it."""
    spoken = language if language in LANGUAGE_CODES else "en"
    known = {"places": places, "requests": requests, "place": proposal.place}
    with translation.override(spoken):
        return _sentence(proposal.cause) % known, spoken


def _sentence(cause: Cause) -> str:
    if cause is Cause.CHOSEN:
        return gettext(
            "It was chosen as one of %(places)s of %(requests)s requests: together they have the highest "
            "marks that the rules of balance allow."
        )
    if cause is Cause.NEXT:
        return gettext(
            "There is no place for it now. It stands at place %(place)s of the waiting list and can still be "
            "accepted if a place becomes free."
        )
    if cause is Cause.CAP:
        return gettext(
            "As many sessions as the rules allow were chosen from the same organization or with the same "
            "speaker."
        )
    if cause is Cause.RULES:
        return gettext("It could not be chosen together with what the rules of balance ask for.")
    return gettext(
        "There are %(places)s places for %(requests)s requests, and others were chosen by their marks and by "
        "the rules of balance."
    )


def require_plannable(decision: str) -> RequestState:
    if decision not in {one.value for one in PLANNABLE}:
        raise Refused(gettext("Please choose what to decide."), "decision", "decision")
    return RequestState(decision)
