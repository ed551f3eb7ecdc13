"""Hours of people in sessions, and free places with the waiting list."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import F, QuerySet

from muntada.forums.models import Forum
from muntada.programme.changes.rules import MISFIT_NAMES, Caps, Claim, Misfit, PlaceOffer, misfits
from muntada.programme.decisions.models import FreePlace
from muntada.programme.requests.models.hours import HoursSaid
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries.merging import MERGES_READ, originals_of
from muntada.programme.requests.queries.request_facts import facts_of_all
from muntada.programme.requests.queries.requests import hours_told
from muntada.programme.requests.queries.speakers import availabilities
from muntada.programme.requests.rules.checks import RuleStrength
from muntada.programme.requests.rules.request_facts import RequestFacts
from muntada.programme.requests.rules.requests import ABSORBED, RequestState
from muntada.programme.requests.rules.speakers import away
from muntada.programme.selection.models import Selection
from muntada.programme.selection.queries import terms_of_selection
from muntada.programme.selection.rules.selections import NumberRule
from muntada.programme.sessions.models import SessionPerson
from muntada.programme.timetable.models import Placement
from muntada.programme.timetable.queries import placements_that_count


def hours_that_hold(person: SessionPerson) -> HoursSaid | None:
    """Return a person's hours: as told to the secretariat, else as stated with the request."""
    told = hours_told(person.session.forum, person.key)
    if told is not None:
        return told
    behind = originals_of(list(SessionRequest.objects.filter(session=person.session_id)))
    named = RequestSpeaker.objects.filter(request__in=behind).order_by("pk")
    return next((one for one in named if one.key == person.key), None)


def standing_while_away(forum: Forum, key: str) -> list[Placement]:
    """Return the placements of a person outside their hours, in drafts and releases."""
    periods = [
        period
        for said in availabilities(forum, [key]).get(key, ())
        for period in away(said, forum.timezone, forum.starts_date, forum.ends_date)
    ]
    rows = (
        placements_that_count(forum)
        .filter(people__key=key)
        .select_related("session__symbol__forum", "timetable__release", "room")
        .order_by("timetable__number", "period")
    )
    return [
        one
        for one in rows
        if any(start < one.period.upper and one.period.lower < end for start, end in periods)
    ]


@dataclass(frozen=True)
class WaitingRequest:
    """A waiting request, and why it does not fit a place."""

    request: SessionRequest
    misfits: tuple[Misfit, ...]

    @property
    def fits(self) -> bool:
        return not self.misfits

    @property
    def against(self) -> list[str]:
        return [str(MISFIT_NAMES[misfit]) for misfit in self.misfits]


@dataclass(frozen=True)
class PlaceShown:
    """A free place with its waiting list."""

    place: FreePlace
    offer: PlaceOffer
    waiting: tuple[WaitingRequest, ...]

    @property
    def first(self) -> WaitingRequest | None:
        """The first fitting request."""
        return next((one for one in self.waiting if one.fits), None)

    @property
    def passed_over(self) -> tuple[WaitingRequest, ...]:
        """The requests before it that do not fit."""
        first = self.first
        before = self.waiting.index(first) if first else len(self.waiting)
        return self.waiting[:before]


def free_places(forum: Forum) -> QuerySet[FreePlace]:
    """Return the places neither given away nor left empty."""
    return FreePlace.objects.filter(
        session__forum=forum, filled_with=None, kept_empty_at=None
    ).select_related("session__symbol__forum", "session__forum")


def waiting_list(forum: Forum) -> list[SessionRequest]:
    """Return the waiting list: in the order of the last published selection, then of arrival.

    After an undone merge, both requests take the position of the joint one.
    """
    last = Selection.objects.filter(forum=forum, published_at__isnull=False).order_by("-number").first()
    order = {symbol: place for place, symbol in enumerate(last.result["waiting"])} if last else {}
    parted = MERGES_READ.filter(first__forum=forum, unmerged_at__isnull=False).order_by("unmerged_at", "pk")
    joint_before = {pk: one.joint for one in parted for pk in (one.first_id, one.second_id)}
    rows = SessionRequest.objects.filter(forum=forum, state=RequestState.WAITING)
    came = rows.select_related("symbol__forum", "author", "organisation").order_by(
        "decided_at", "symbol__number"
    )

    def place(one: SessionRequest) -> int:
        known = (order.get(_short(of)) for of in (one, joint_before.get(one.pk)))
        return next((found for found in known if found is not None), len(order))

    # Requests without a position stay in order of arrival.
    return sorted(came, key=place)


def _short(request: SessionRequest | None) -> str:
    return request.symbol.short if request is not None and request.symbol else ""


def shown_places(forum: Forum, places: list[FreePlace]) -> list[PlaceShown]:
    """Return free places with the waiting list and obstacles."""
    if not places:
        return []
    waiting = waiting_list(forum)
    claims = _claims(forum, waiting)
    caps = _caps(forum)
    shown = []
    for place in places:
        offer = offer_of(place)
        fits = tuple(WaitingRequest(one, misfits(claims[one.pk], offer, caps)) for one in waiting)
        shown.append(PlaceShown(place, offer, fits))
    return shown


def offer_of(place: FreePlace) -> PlaceOffer:
    """Return what a place offers: the last position of its session, in a release or a draft."""
    rows = Placement.objects.filter(session=place.session).select_related("room")
    newest = F("timetable__release__number").desc(nulls_last=True)
    stood = rows.order_by(newest, "-timetable__number").first()
    if stood is None:
        return PlaceOffer(place.session.minutes)
    minutes = round((stood.period.upper - stood.period.lower).total_seconds() / 60)
    return PlaceOffer(max(minutes, place.session.minutes), frozenset(stood.room.services), stood.room.seats)


def authors_of(request: SessionRequest) -> set[int]:
    """Return the authors of a request; both of a joint one."""
    return {one.author_id for one in originals_of([request]) if one.author_id is not None}


def _claims(forum: Forum, waiting: list[SessionRequest]) -> dict[int, Claim]:
    facts = {one.request_id: one for one in facts_of_all(forum, [RequestState.WAITING])}
    return {one.pk: _claim(one, facts[one.pk]) for one in waiting}


def _claim(request: SessionRequest, facts: RequestFacts) -> Claim:
    return Claim(
        minutes=request.minutes,
        needs=frozenset(request.needs),
        audience=request.audience,
        is_online_only=request.is_online_only,
        organisations=facts.organisations,
        speakers=[one.key for one in facts.speakers],
    )


def _caps(forum: Forum) -> Caps:
    """Return the binding caps, and the present counts of organizations and speakers."""
    held = {
        one.measure: one for one in terms_of_selection(forum).numbered if one.strength is RuleStrength.BLOCK
    }
    cancelled = set(
        SessionRequest.objects.filter(forum=forum, session__cancelled_at__isnull=False).values_list(
            "pk", flat=True
        )
    )
    standing = [one for one in facts_of_all(forum, ABSORBED) if one.request_id not in cancelled]
    organisation, person = held.get(NumberRule.ORGANISATION), held.get(NumberRule.PERSON)
    return Caps(
        per_organisation=organisation.number if organisation else None,
        per_person=person.number if person else None,
        of_organisations=Counter(key for one in standing for key in set(one.organisations)),
        of_people=Counter(key for one in standing for key in {speaker.key for speaker in one.speakers}),
    )
