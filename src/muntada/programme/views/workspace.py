"""Where the secretariat works on the programme: rooms, slots and timetables."""

from datetime import date
from itertools import groupby

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import Refused
from muntada.foundations.pages import answer_form, put_refusal
from muntada.people.rules import Role
from muntada.programme import tasks
from muntada.programme.actions import places
from muntada.programme.forms.timetables import TimetableForm
from muntada.programme.forms.venue import ClosureForm, RoomForm, SlotsForm
from muntada.programme.queries.releases import last_release
from muntada.programme.queries.requests import counts_by_state
from muntada.programme.queries.timetables import sessions_to_place, timetables_of
from muntada.programme.queries.venue import rooms_of, slots_of
from muntada.programme.rules.requests import RequestState
from muntada.programme.rules.sessions import services_in_words
from muntada.programme.views.decisions import SECRETARIAT
from muntada.programme.views.requests import WRITE


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=WRITE)
def workspace(request: HttpRequest, here: Here) -> HttpResponse:
    """Show how far the programme is, and order a timetable."""
    form = TimetableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = tasks.order_timetable(
                forum=here.forum,
                seed=form.cleaned_data["seed"],
                effort=form.seconds(),
                actor=here.actor(Role.SECRETARIAT),
                now=here.now,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect("programme:timetable", here.forum.slug, made.number)
    counts = counts_by_state(here.forum)
    context = {
        "form": form,
        "waiting": counts[RequestState.SUBMITTED.value],
        "sessions": sessions_to_place(here.forum).count(),
        "rooms": rooms_of(here.forum).count(),
        "slots": slots_of(here.forum).count(),
        "timetables": timetables_of(here.forum),
        "release": last_release(here.forum),
    }
    return answer_form(request, "programme/workspace.html", form, context)


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=WRITE)
def rooms(request: HttpRequest, here: Here) -> HttpResponse:
    """Add rooms and slots, close a room for a time: three forms, told apart by their button."""
    what = next((name for name in ("room", "closure", "slots") if f"add_{name}" in request.POST), "")
    room_form = RoomForm(request.POST if what == "room" else None, prefix="room")
    closure_form = ClosureForm(request.POST if what == "closure" else None, forum=here.forum)
    slots_form = SlotsForm(request.POST if what == "slots" else None, forum=here.forum)
    forms: dict[str, Form] = {"room": room_form, "closure": closure_form, "slots": slots_form}
    form = forms.get(what)
    if form is not None and form.is_valid():
        try:
            _add(here, form)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("Added."))
            return redirect("programme:rooms", here.forum.slug)
    context = {
        "rooms": [(room, services_in_words(room.services)) for room in rooms_of(here.forum)],
        "slot_days": _slot_days(here),
        "room_form": room_form,
        "closure_form": closure_form,
        "slots_form": slots_form,
    }
    return render(request, "programme/rooms.html", context, status=422 if form and form.errors else 200)


def _slot_days(here: Here) -> list[tuple[date, list[str]]]:
    """Return when slots start, day by day, by the clock of the forum."""
    starts = [slot.starts_at.astimezone(here.forum.timezone) for slot in slots_of(here.forum)]
    return [
        (day, [f"{start:%H:%M}" for start in day_starts])
        for day, day_starts in groupby(starts, key=lambda start: start.date())
    ]


def _add(here: Here, form: Form) -> None:
    actor, now, values = here.actor(Role.SECRETARIAT), here.now, form.cleaned_data
    if isinstance(form, RoomForm):
        places.add_room(forum=here.forum, actor=actor, now=now, **values)
    elif isinstance(form, SlotsForm):
        places.add_slots(forum=here.forum, periods=form.periods(here.forum), actor=actor, now=now)
    elif isinstance(form, ClosureForm):
        zone = here.forum.timezone
        places.close_room(
            room=values["room"],
            starts_at=form.moment("starts", zone),
            ends_at=form.moment("ends", zone),
            reason=values["reason"],
            actor=actor,
            now=now,
        )
