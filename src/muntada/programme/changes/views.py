"""Pages to change or cancel accepted sessions."""

from collections.abc import Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.languages import listed
from muntada.foundations.pages import (
    READS_AND_WRITES,
    SIGNED_IN,
    answer_form,
    put_refusal,
    refusals_as_messages,
    refusals_shown_in,
)
from muntada.foundations.whole_numbers import whole_number
from muntada.people.rules import Role
from muntada.programme.changes import actions
from muntada.programme.changes.forms import CancelSessionForm, SessionForm, SessionPersonForm
from muntada.programme.changes.queries import (
    free_places,
    hours_that_hold,
    shown_places,
    standing_while_away,
    waiting_list,
)
from muntada.programme.decisions.actions import cancel_session
from muntada.programme.decisions.forms import GiveBackForm
from muntada.programme.decisions.models import FreePlace
from muntada.programme.requests.queries.requests import hours_told, request_at
from muntada.programme.requests.rules.speakers import ALWAYS
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.sessions.pages import ZONES
from muntada.programme.sessions.rules import ON_STAGE, SessionRole, services_in_words
from muntada.programme.speakers.forms import (
    ADD_ROW,
    TheirAvailabilityForm,
    availability_as_typed,
    spans_as_typed,
)
from muntada.programme.timetable.rules import moment_in_words
from muntada.programme.venue.views import StandingHere

PAGE = "programme:edit_session"


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def edit_session(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Change or cancel a session."""
    session = _session_at(forum_request, number)
    wanted = next((name for name in ("cancel", "add", "remove") if name in request.POST), "change")
    sent = request.POST if request.method == "POST" else None
    change = SessionForm(sent if wanted == "change" else None, session=session)
    person = SessionPersonForm(sent if wanted == "add" else None)
    cancel = CancelSessionForm(sent if wanted == "cancel" else None)
    form: Form = {"cancel": cancel, "add": person}.get(wanted, change)
    if sent is not None and (wanted == "remove" or form.is_valid()):
        try:
            return _step(request, forum_request, session, form, wanted)
        except Refused as refusal:
            if wanted == "remove":
                messages.error(request, str(refusal.sentence))
                return redirect(PAGE, forum_request.forum.slug, number)
            put_refusal(form, refusal)
    context = {
        "session": session,
        "people": [(one, _hours_address(forum_request, number, one)) for one in session.people.all()],
        "form": change,
        "person_form": person,
        "cancel_form": cancel,
    }
    return answer_form(request, "programme/changes/edit_session.html", form, context)


def _hours_address(forum_request: ForumRequest, number: int, one: SessionPerson) -> str:
    """Return where the hours of a person are told; nothing for whoever is not on stage."""
    if one.part not in ON_STAGE:
        return ""
    return reverse("programme:person_hours", args=[forum_request.forum.slug, number, one.pk])


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def person_hours(request: HttpRequest, forum_request: ForumRequest, number: int, person: int) -> HttpResponse:
    """Record the hours of a person, as told by telephone or letter."""
    session = _session_at(forum_request, number)
    one = session.people.filter(pk=person, part__in=ON_STAGE).first()
    if one is None:
        raise NotThere(gettext("This person has no part on stage in this session any more."), "person")
    at = redirect("programme:person_hours", forum_request.forum.slug, number, one.pk)
    actor = forum_request.actor(Role.SECRETARIAT)
    if "take_back" in request.POST:
        actions.take_back_hours(person=one, actor=actor, now=forum_request.now)
        messages.success(request, gettext("What was said before holds again."))
        return at
    holds = hours_that_hold(one)
    said = holds.availability if holds else ALWAYS
    form = TheirAvailabilityForm(
        request.POST or None,
        initial=availability_as_typed(said),
        rows=spans_as_typed(said),
        first=forum_request.forum.starts_date,
        last=forum_request.forum.ends_date,
    )
    if ADD_ROW in request.POST:
        form = form.with_another_row()
    if request.method == "POST" and form.is_bound and form.is_valid():
        with refusals_shown_in(form):
            actions.tell_hours(person=one, said=form.availability(), actor=actor, now=forum_request.now)
            messages.success(request, gettext("Kept. Every timetable is judged by it at once."))
            return at
    context = {
        "name": one.name,
        "back": {
            "address": reverse(PAGE, args=[forum_request.forum.slug, number]),
            "name": gettext("Change a session"),
        },
        "told": hours_told(forum_request.forum, one.key),
        "standing": _standing(forum_request, one),
        "form": form,
        "zones": ZONES,
    }
    return answer_form(request, "programme/changes/person_hours.html", form, context)


def _standing(forum_request: ForumRequest, one: SessionPerson) -> list[StandingHere]:
    return [
        StandingHere(
            place, moment_in_words(place.period.lower, forum_request.forum.timezone), is_closed=False
        )
        for place in standing_while_away(forum_request.forum, one.key)
    ]


def _step(
    request: HttpRequest, forum_request: ForumRequest, session: Session, form: Form, wanted: str
) -> HttpResponse:
    """Run an action and return to its page."""
    actor, now = forum_request.actor(Role.SECRETARIAT), forum_request.now
    if wanted == "cancel":
        cancel_session(session=session, reason=form.cleaned_data["reason"], actor=actor, now=now)
        messages.success(request, _changed())
        return redirect("programme:waiting", forum_request.forum.slug)
    if wanted == "remove":
        removed = session.people.filter(pk=_number(request.POST["remove"])).first()
        if removed is not None:
            actions.remove_person(person=removed, actor=actor, now=now)
        lost: Sequence[int] = ()
    elif isinstance(form, SessionForm):
        lost = actions.change_session(session=session, facts=form.facts(), actor=actor, now=now)
    else:
        said = form.cleaned_data
        lost = actions.add_person(
            session=session, name=said["name"], part=SessionRole(said["part"]), actor=actor, now=now
        )
    messages.success(request, _changed())
    if lost:
        messages.warning(request, _lost(lost))
    return redirect(PAGE, forum_request.forum.slug, session.symbol.number)


def _changed() -> str:
    return gettext("Changed. The public programme shows it with the next release.")


def _lost(drafts: Sequence[int]) -> str:
    sentence = ngettext(
        "In draft %(drafts)s it no longer fits where it stood. It waits there for another place.",
        "In drafts %(drafts)s it no longer fits where it stood. It waits there for another place.",
        len(drafts),
    )
    return sentence % {"drafts": listed([str(number) for number in drafts])}


def _session_at(forum_request: ForumRequest, number: int) -> Session:
    sessions = Session.objects.filter(forum=forum_request.forum, symbol__number=number)
    session = sessions.select_related("symbol__forum").first()
    if session is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    return session


def _number(sent: str) -> int:
    return whole_number(sent) or 0


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def waiting(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show free places with candidates and the waiting list."""
    shown = shown_places(forum_request.forum, list(free_places(forum_request.forum)))
    context = {
        "places": [(one, services_in_words(sorted(one.offer.services or ()))) for one in shown],
        "waiting": waiting_list(forum_request.forum),
    }
    return render(request, "programme/changes/waiting.html", context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def decide_place(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Give a place to the chosen request, or leave it empty."""
    place = (
        FreePlace.objects.filter(session__forum=forum_request.forum, pk=pk).select_related("session").first()
    )
    if place is None:
        raise NotThere(gettext("There is no such place. Please look at the waiting list."), "place")
    actor = forum_request.actor(Role.SECRETARIAT)
    with refusals_as_messages(request):
        if "fill" in request.POST:
            wanted = request.POST["fill"]
            kept = request_at(forum_request, whole_number(wanted) or 0)
            session = actions.fill_place(place=place, request=kept, actor=actor, now=forum_request.now)
            messages.success(request, gettext("Accepted. The session can be placed in a timetable now."))
            return redirect(session)
        actions.keep_place_empty(place=place, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The place stays empty. Who waits goes on waiting."))
    return redirect("programme:waiting", forum_request.forum.slug)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def give_back(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Give the place of an accepted request back, with a reason."""
    kept = request_at(forum_request, number)
    actions.require_own_place(forum_request, kept)
    form = GiveBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.give_back(forum_request=forum_request, request=kept, reason=form.cleaned_data["reason"])
            messages.success(request, gettext("The place was given back. The secretariat is told."))
            return redirect(kept.symbol)  # type: ignore[arg-type]
    return answer_form(request, "programme/changes/give_back.html", form, {"kept": kept, "form": form})
