"""Questions about selections: what is chosen from, how much there is room for, what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from muntada.consultation.themes.models import Theme
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.foundations.jobs.rules import JobState
from muntada.programme.models import Pin, Room, Selection, SelectionRules, Session, SessionRequest, Slot
from muntada.programme.queries.request_facts import facts_of_all
from muntada.programme.queries.reviews import means_of
from muntada.programme.queries.venue import open_rooms_of, slots_of
from muntada.programme.rules.request_facts import RequestFacts
from muntada.programme.rules.requests import UNDECIDED
from muntada.programme.rules.selections import Terms

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
class Material:
    """All a selection is made from. `scores` has a number for each; `marked` is how many were given one."""

    requests: tuple[RequestFacts, ...]
    scores: Mapping[str, float]
    marked: int
    supply: Supply
    pins: tuple[Pin, ...]
    demand: Mapping[str, int]
    stamps: Mapping[str, str] = field(default_factory=dict)


def terms_of_selection(forum: Forum) -> Terms:
    kept = SelectionRules.objects.filter(forum=forum).first()
    return kept.terms if kept else Terms()


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
    """Count places: each slot of each open room in which it is not closed is one."""
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
    """Return how many contributions raise each theme, by its symbol: what everybody can count."""
    rows = Theme.objects.filter(forum=forum).select_related("symbol").annotate(size=Count("contributions"))
    return {theme.symbol.short: theme.size for theme in rows.order_by("symbol__number")}


def material_of(forum: Forum, terms: Terms) -> Material:
    """Read what a selection is made from now, in a fixed number of questions."""
    # Read first: what changes while the rest is read then counts as changed since.
    saved = dict(undecided_in(forum).values_list("pk", "saved_at"))
    requests = tuple(facts_of_all(forum, UNDECIDED))
    means = means_of(forum)
    scores = {one.symbol: means.get(one.request_id, terms.scores.get(one.symbol)) for one in requests}
    return Material(
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
