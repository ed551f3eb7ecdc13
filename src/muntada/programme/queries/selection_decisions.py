"""What a selection would decide on each request, with what the secretariat wants otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.queries import active_job, ordered_jobs
from muntada.programme.models import PlannedDecision, Selection, SessionRequest
from muntada.programme.queries.selections import pins_of
from muntada.programme.rules.requests import UNDECIDED, RequestState
from muntada.programme.rules.selection_decisions import (
    DECISION_NAMES,
    Cause,
    Proposal,
    proposals,
    standard_reason,
)


@dataclass(frozen=True)
class Decision:
    """What is decided on one request when the selection is published, and the reason everybody reads."""

    request: SessionRequest
    decision: RequestState
    reason: str
    language: str
    cause: Cause
    is_changed: bool
    place: int = 0  # on the waiting list, where the selection gives it one

    @property
    def name(self) -> str:
        return str(DECISION_NAMES[self.decision])

    @property
    def turn(self) -> tuple[bool, int]:
        """Who would come in next stands first; after those with a place who was put on the list by hand."""
        return self.place == 0, self.place


@dataclass(frozen=True)
class Decisions:
    """All that a selection would decide. `gone` are those it chose from that cannot be decided any more."""

    each: tuple[Decision, ...]
    gone: tuple[str, ...]
    newer: int

    def only(self, wanted: str) -> list[Decision]:
        """Return those with this decision, or all; the waiting list in its order."""
        rows = [one for one in self.each if not wanted or one.decision.value == wanted]
        return sorted(rows, key=lambda one: one.turn) if wanted == RequestState.WAITING.value else rows

    def count(self, decision: RequestState) -> int:
        return sum(one.decision is decision for one in self.each)


def publication_key(selection: Selection) -> str:
    """Return the key of the jobs that publish the decisions of a selection."""
    return f"programme.selection_decisions:{selection.pk}"


def publication_of(selection: Selection) -> Job | None:
    """Return the last job that publishes the decisions of a selection, or was to."""
    return ordered_jobs(publication_key(selection)).first()


def is_being_published(selection: Selection) -> bool:
    """Say whether its decisions are published, or ordered to be."""
    is_published = Selection.objects.filter(pk=selection.pk, published_at__isnull=False).exists()
    return is_published or active_job(publication_key(selection)) is not None


def decisions_of(selection: Selection) -> Decisions:
    """Return the decisions of a selection that is made, and what has changed since it was made."""
    stamps = {symbol: stamp for symbol, _score, stamp in selection.inputs["requests"]}
    requests = {
        one.symbol.short: one
        for one in SessionRequest.objects.filter(forum=selection.forum_id, symbol__isnull=False)
        .select_related("symbol__forum")
        .filter(state__in=UNDECIDED)
        if one.symbol
    }
    gone = [
        symbol
        for symbol, stamp in stamps.items()
        if symbol not in requests or requests[symbol].saved_at.isoformat() != stamp
    ]
    planned = {one.request_id: one for one in PlannedDecision.objects.filter(selection=selection)}
    pins = {pin.symbol: (pin.reason, pin.language) for pin in pins_of(selection.forum)}
    found = proposals(list(stamps), selection.result, selection.inputs["pins"], selection.terms.waiting)
    places = len(selection.result["chosen"])
    each = [
        _decision(one, requests[one.symbol], planned, pins, places, len(stamps))
        for one in found
        if one.symbol in requests
    ]
    return Decisions(tuple(each), tuple(gone), len(set(requests) - set(stamps)))


def _decision(
    proposal: Proposal,
    request: SessionRequest,
    planned: Mapping[int, PlannedDecision],
    pins: Mapping[str, tuple[str, str]],
    places: int,
    requests: int,
) -> Decision:
    if plan := planned.get(request.pk):
        decision = RequestState(plan.decision)
        return Decision(request, decision, plan.reason, plan.language, proposal.cause, is_changed=True)
    if proposal.cause in {Cause.PINNED, Cause.VETOED} and proposal.symbol in pins:
        reason, language = pins[proposal.symbol]
    else:
        reason, language = standard_reason(proposal, request.language, places=places, requests=requests)
    return Decision(
        request,
        proposal.decision,
        reason,
        language,
        proposal.cause,
        is_changed=False,
        place=proposal.place,
    )
