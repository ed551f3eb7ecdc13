"""Pages of the venue: rooms, hours, buildings, slots, and their faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import (
    READS_AND_WRITES,
    answer_form,
    put_refusal,
    refusals_as_messages,
    refusals_shown_in,
)
from muntada.foundations.whole_numbers import whole_number
from muntada.people.rules import Role
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Room, Slot
from muntada.programme.sessions.queries import buildings_of, rooms_of, slots_of, walks_of
from muntada.programme.sessions.rules import lines_of_grid, services_in_words
from muntada.programme.timetable.queries import standing_in
from muntada.programme.timetable.rules import in_words, moment_in_words
from muntada.programme.venue.actions import slots as slotting
from muntada.programme.venue.actions import venue
from muntada.programme.venue.adapter import shortcomings
from muntada.programme.venue.forms import (
    BuildingForm,
    ClosureForm,
    GridForm,
    OpeningForm,
    RoomChangeForm,
    RoomForm,
    SlotsForm,
    WalkForm,
    days_of_forum,
)
from muntada.programme.venue.queries import is_named

SHORTCOMINGS_SHOWN = 30


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def rooms(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Add rooms and slots, close a room for a time: three forms, told apart by their button."""
    what = next((name for name in ("room", "closure", "slots") if f"add_{name}" in request.POST), "")
    room_form = RoomForm(request.POST if what == "room" else None, forum=forum_request.forum, prefix="room")
    closure_form = ClosureForm(request.POST if what == "closure" else None, forum=forum_request.forum)
    slots_form = SlotsForm(request.POST if what == "slots" else None, forum=forum_request.forum)
    forms: dict[str, Form] = {"room": room_form, "closure": closure_form, "slots": slots_form}
    form = forms.get(what)
    if form is not None and form.is_valid():
        with refusals_shown_in(form):
            _add(forum_request, form)
            messages.success(request, gettext("Added."))
            return redirect("programme:rooms", forum_request.forum.slug)
    wrong = shortcomings(forum_request.forum)
    context = {
        "rooms": [(room, services_in_words(room.services)) for room in rooms_of(forum_request.forum)],
        "slot_days": _slot_days(forum_request),
        "room_form": room_form,
        "closure_form": closure_form,
        "slots_form": slots_form,
        "wrong": [
            in_words(one.sentence, one.params, forum_request.forum.timezone)
            for one in wrong[:SHORTCOMINGS_SHOWN]
        ],
        "more_wrong": max(0, len(wrong) - SHORTCOMINGS_SHOWN),
        "buildings": buildings_of(forum_request.forum),
        "walks": walks_of(forum_request.forum),
    }
    return render(request, "programme/venue/rooms.html", context, status=422 if form and form.errors else 200)


def _slot_days(forum_request: ForumRequest) -> list[tuple[date, list[str]]]:
    """Return when slots start on each day of the forum, and on other days that have some."""
    zone = forum_request.forum.timezone
    starts = [slot.starts_at.astimezone(zone) for slot in slots_of(forum_request.forum)]
    found = {
        day: [f"{start:%H:%M}" for start in day_starts]
        for day, day_starts in groupby(starts, key=lambda start: start.date())
    }
    return [(day, found.get(day, [])) for day in sorted({*days_of_forum(forum_request.forum), *found})]


def _add(forum_request: ForumRequest, form: Form) -> None:
    actor, now, values = forum_request.actor(Role.SECRETARIAT), forum_request.now, form.cleaned_data
    if isinstance(form, RoomForm):
        places.add_room(forum=forum_request.forum, actor=actor, now=now, **values)
    elif isinstance(form, SlotsForm):
        places.add_slots(
            forum=forum_request.forum, periods=form.periods(forum_request.forum), actor=actor, now=now
        )
    elif isinstance(form, ClosureForm):
        starts_at, ends_at = form.period()
        places.close_room(
            room=values["room"],
            starts_at=starts_at,
            ends_at=ends_at,
            reason=values["reason"],
            actor=actor,
            now=now,
        )


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def room(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Change a room, its hours and its closures; each form is told apart by its button."""
    kept = _room_at(forum_request, number)
    change_form = RoomChangeForm(
        request.POST if "change" in request.POST else None, forum=forum_request.forum, room=kept
    )
    opening_form = OpeningForm(request.POST if "open" in request.POST else None, forum=forum_request.forum)
    form: Form | None = (
        change_form if "change" in request.POST else opening_form if "open" in request.POST else None
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _change(forum_request, kept, form, request)
        except Refused as refusal:
            if form is None:
                raise
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("Changed."))
            return redirect("programme:room", forum_request.forum.slug, kept.pk)
    context = {
        "room": _room_at(forum_request, number),
        "change_form": change_form,
        "opening_form": opening_form,
        "standing": _standing(forum_request, kept),
    }
    return render(request, "programme/venue/room.html", context, status=422 if form and form.errors else 200)


def _change(forum_request: ForumRequest, kept: Room, form: Form | None, request: HttpRequest) -> None:
    actor, now = forum_request.actor(Role.SECRETARIAT), forum_request.now
    if isinstance(form, OpeningForm):
        starts_at, ends_at = form.period()
        venue.open_room(room=kept, starts_at=starts_at, ends_at=ends_at, actor=actor, now=now)
    elif form is not None:
        venue.change_room(room=kept, values=form.cleaned_data, actor=actor, now=now)
    elif "reopen" in request.POST:
        venue.reopen_room(room=kept, actor=actor, now=now)
    for opening in kept.openings.filter(pk__in=_numbers(request, "opening")):
        venue.remove_opening(opening=opening, actor=actor, now=now)
    for closure in kept.closures.filter(pk__in=_numbers(request, "closure")):
        venue.remove_closure(closure=closure, actor=actor, now=now)


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [one for one in map(whole_number, request.POST.getlist(name)) if one is not None]


@dataclass(frozen=True)
class StandingHere:
    """A session that stands in a room, in which timetable, and whether the room is closed for it."""

    placement: object
    when: str
    is_closed: bool


def _standing(forum_request: ForumRequest, kept: Room) -> list[StandingHere]:
    closed = [one.period for one in kept.closures.all()]
    hours = [one.period for one in kept.openings.all()]
    found = []
    for one in standing_in(kept):
        starts, ends = one.period.lower, one.period.upper
        is_closed = (
            kept.closed_at is not None
            or any(period.lower < ends and starts < period.upper for period in closed)
            or bool(hours and not any(period.lower <= starts and ends <= period.upper for period in hours))
        )
        found.append(StandingHere(one, moment_in_words(starts, forum_request.forum.timezone), is_closed))
    return found


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def remove(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Say what removing a room means, and do it when that is confirmed."""
    kept = _room_at(forum_request, number)
    if request.method == "POST":
        stays = venue.remove_room(
            room=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
        )
        words = (
            gettext("%(room)s is named by a timetable, so it stays in the record and is closed for good.")
            if stays
            else gettext("%(room)s is deleted.")
        )
        messages.success(request, words % {"room": kept.name})
        return redirect("programme:rooms", forum_request.forum.slug)
    context = {
        "room": kept,
        "is_named": is_named(kept),
        "standing": _standing(forum_request, kept),
        "locks": kept.locks.count(),
    }
    return render(request, "programme/venue/remove_room.html", context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def buildings(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Add and remove buildings, and say how long one walks between them."""
    building_form = BuildingForm(request.POST if "add_building" in request.POST else None)
    walk_form = WalkForm(request.POST if "set_walk" in request.POST else None, forum=forum_request.forum)
    form: Form | None = next((one for one in (building_form, walk_form) if one.is_bound), None)
    actor = forum_request.actor(Role.SECRETARIAT)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if form is building_form:
                venue.add_building(
                    forum=forum_request.forum,
                    actor=actor,
                    now=forum_request.now,
                    **building_form.cleaned_data,
                )
            elif form is walk_form:
                venue.set_walk(actor=actor, now=forum_request.now, **walk_form.cleaned_data)
            for building in buildings_of(forum_request.forum).filter(pk__in=_numbers(request, "remove")):
                venue.remove_building(building=building, actor=actor, now=forum_request.now)
            for walk in walks_of(forum_request.forum).filter(pk__in=_numbers(request, "remove_walk")):
                venue.remove_walk(walk=walk, actor=actor, now=forum_request.now)
        except Refused as refusal:
            if form is None:
                raise
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("Changed."))
            return redirect("programme:buildings", forum_request.forum.slug)
    context = {
        "buildings": buildings_of(forum_request.forum),
        "walks": walks_of(forum_request.forum),
        "building_form": building_form,
        "walk_form": walk_form,
    }
    return render(
        request, "programme/venue/buildings.html", context, status=422 if form and form.errors else 200
    )


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def slots(request: HttpRequest, forum_request: ForumRequest, day: str) -> HttpResponse:
    """Change the slots of one day as a whole, and give the same to other days."""
    try:
        of_day = date.fromisoformat(day)
    except ValueError as error:
        raise NotThere(gettext("This is no day. Please choose one from the list of slots."), "day") from error
    zone = forum_request.forum.timezone
    mine = [
        slot for slot in slots_of(forum_request.forum) if slot.starts_at.astimezone(zone).date() == of_day
    ]
    if request.method == "POST" and "remove" in request.POST:
        return _remove_slot(
            request, forum_request, [slot for slot in mine if str(slot.pk) == request.POST["remove"]], day
        )
    form = GridForm(
        request.POST or None,
        day=of_day,
        days=days_of_forum(forum_request.forum),
        grid=lines_of_grid([(slot.starts_at, slot.ends_at) for slot in mine], zone),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            slotting.set_grid(
                forum=forum_request.forum,
                days=[of_day, *form.also()],
                grid=form.cleaned_data["grid"],
                is_confirmed=form.cleaned_data["is_confirmed"],
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(request, gettext("Changed."))
            return redirect("programme:rooms", forum_request.forum.slug)
    return answer_form(
        request, "programme/venue/slots.html", form, {"form": form, "day": of_day, "slots": mine}
    )


def _remove_slot(
    request: HttpRequest, forum_request: ForumRequest, asked: Sequence[Slot], day: str
) -> HttpResponse:
    """Take one slot out; what stands in the way is said on the page of the day."""
    with refusals_as_messages(request):
        for slot in asked:
            slotting.remove_slot(
                slot=slot, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
            )
            messages.success(request, gettext("The slot is taken out."))
    return redirect("programme:slots", forum_request.forum.slug, day)


def _room_at(forum_request: ForumRequest, number: int) -> Room:
    found = rooms_of(forum_request.forum).select_related("forum").filter(pk=number).first()
    if found is None:
        raise NotThere(gettext("There is no such room in this forum."), "room")
    return found
