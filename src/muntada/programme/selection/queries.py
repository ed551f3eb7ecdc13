"""Queries of selections: input, supply, demand, decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from muntada.consultation.themes.models import Theme
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.queries import active_job, ordered_jobs
from muntada.foundations.jobs.rules import JobState
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.request_facts import facts_of_all
from muntada.programme.requests.rules.request_facts import RequestFacts
from muntada.programme.requests.rules.requests import UNDECIDED, RequestState
from muntada.programme.reviews.queries import means_of
from muntada.programme.selection.models import Pin, PlannedDecision, Selection, SelectionRules
from muntada.programme.selection.rules.selection_decisions import (
    DECISION_NAMES,
    Cause,
    Proposal,
    proposals,
    standard_reason,
)
from muntada.programme.selection.rules.selections import SelectionTerms
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.sessions.queries import open_rooms_of, slots_of

HOUR = 60


@dataclass(frozen=True)
class Supply:
    """What rooms and slots have room for, and what sessions that stand already take of it."""

    places: int
    minutes: int
    taken: int
    taken_minutes: int

    @property
    def free(self) -> int:
        return max(0, self.places - self.taken)

    @property
    def free_minutes(self) -> int:
        return max(0, self.minutes - self.taken_minutes)

    @property
    def free_hours(self) -> int:
        return self.free_minutes // HOUR


@dataclass(frozen=True)
class SelectionMaterial:
    """All a selection is made from. `scores` has a number for each; `marked` is how many were given one."""

    requests: tuple[RequestFacts, ...]
    scores: Mapping[str, float]
    marked: int
    supply: Supply
    pins: tuple[Pin, ...]
    demand: Mapping[str, int]
    stamps: Mapping[str, str] = field(default_factory=dict)


def terms_of_selection(forum: Forum) -> SelectionTerms:
    kept = SelectionRules.objects.filter(forum=forum).first()
    return kept.terms if kept else SelectionTerms()


def selections_of(forum: Forum) -> QuerySet[Selection]:
    rows = Selection.objects.filter(forum=forum).select_related("published_by", "job__forum")
    return rows.order_by("-number")


def selection_at(forum: Forum, number: int) -> Selection:
    found = selections_of(forum).select_related("forum").filter(number=number).first()
    if found is None:
        raise NotThere(gettext("There is no selection with this number."), "selection")
    return found


def another_waits(selection: Selection) -> bool:
    """Say whether another selection, of whatever forum, waits to be made."""
    return Selection.objects.filter(job__state=JobState.QUEUED).exclude(pk=selection.pk).exists()


def pins_of(forum: Forum) -> QuerySet[Pin]:
    return (
        Pin.objects.filter(request__forum=forum, request__state__in=UNDECIDED)
        .select_related("request__symbol__forum", "decided_by")
        .order_by("request__symbol__number")
    )


def undecided_in(forum: Forum) -> QuerySet[SessionRequest]:
    return (
        SessionRequest.objects.filter(forum=forum, state__in=UNDECIDED)
        .select_related("symbol__forum")
        .order_by("symbol__number")
    )


def supply_of(forum: Forum) -> Supply:
    """Count places: each slot of each open room."""
    rooms, slots = list(open_rooms_of(forum)), list(slots_of(forum))
    open_ = [slot for room in rooms for slot in slots if _is_open(room, slot)]
    minutes = [int((slot.ends_at - slot.starts_at).total_seconds() // HOUR) for slot in open_]
    taken = list(Session.objects.filter(forum=forum, cancelled_at=None).values_list("minutes", flat=True))
    return Supply(len(open_), sum(minutes), len(taken), sum(taken))


def _is_open(room: Room, slot: Slot) -> bool:
    openings, closures = list(room.openings.all()), list(room.closures.all())
    is_shut = any(one.period.lower < slot.ends_at and slot.starts_at < one.period.upper for one in closures)
    is_within = any(
        one.period.lower <= slot.starts_at and slot.ends_at <= one.period.upper for one in openings
    )
    return not is_shut and (is_within or not openings)


def demand_of(forum: Forum) -> dict[str, int]:
    """Return the number of contributions per theme."""
    rows = Theme.objects.filter(forum=forum).select_related("symbol").annotate(size=Count("contributions"))
    return {theme.symbol.short: theme.size for theme in rows.order_by("symbol__number")}


def material_of(forum: Forum, terms: SelectionTerms) -> SelectionMaterial:
    """Load the input of a selection in a constant number of queries."""
    # Read first: what changes while the rest is read then counts as changed since.
    saved = dict(undecided_in(forum).values_list("pk", "saved_at"))
    requests = tuple(facts_of_all(forum, UNDECIDED))
    means = means_of(forum)
    scores = {one.symbol: means.get(one.request_id, terms.scores.get(one.symbol)) for one in requests}
    return SelectionMaterial(
        requests=requests,
        scores={symbol: score or 0 for symbol, score in scores.items()},
        marked=sum(score is not None for score in scores.values()),
        supply=supply_of(forum),
        pins=tuple(pins_of(forum)),
        demand=demand_of(forum),
        stamps={one.symbol: saved[one.request_id].isoformat() for one in requests if one.request_id in saved},
    )


def theme_titles(forum: Forum) -> dict[str, str]:
    """Return what each theme is called, by its symbol."""
    rows = Theme.objects.filter(forum=forum).select_related("symbol")
    return {theme.symbol.short: f"{theme.symbol.short} {theme.symbol.title}" for theme in rows}


@dataclass(frozen=True)
class SelectionDecision:
    """A decision to publish, with its public reason."""

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
    """All decisions of a selection. `gone` are requests that can no longer be decided."""

    each: tuple[SelectionDecision, ...]
    gone: tuple[str, ...]
    newer: int

    def only(self, wanted: str) -> list[SelectionDecision]:
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
    """Return the decisions of a selection, and changes since."""
    made_from = selection.made_from
    stamps = made_from.stamps
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
    outcome = selection.outcome
    found = proposals(list(stamps), outcome, made_from.pins, selection.terms.waiting)
    places = len(outcome.chosen)
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
) -> SelectionDecision:
    if plan := planned.get(request.pk):
        decision = RequestState(plan.decision)
        return SelectionDecision(
            request, decision, plan.reason, plan.language, proposal.cause, is_changed=True
        )
    if proposal.cause in {Cause.PINNED, Cause.VETOED} and proposal.symbol in pins:
        reason, language = pins[proposal.symbol]
    else:
        reason, language = standard_reason(proposal, request.language, places=places, requests=requests)
    return SelectionDecision(
        request,
        proposal.decision,
        reason,
        language,
        proposal.cause,
        is_changed=False,
        place=proposal.place,
    )
