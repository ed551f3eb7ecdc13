"""A session after it was accepted: changed, given other people, taken out of the programme."""

from collections.abc import Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.languages import listed
from muntada.foundations.pages import answer_form, put_refusal
from muntada.people.rules import Role
from muntada.programme.actions import hours
from muntada.programme.actions import session_changes as actions
from muntada.programme.actions.decisions import cancel_session
from muntada.programme.drawings.zones import ZONES
from muntada.programme.forms.availability import (
    ADD_ROW,
    TheirAvailabilityForm,
    availability_as_typed,
    spans_as_typed,
)
from muntada.programme.forms.sessions import CancelForm, PersonForm, SessionForm
from muntada.programme.models import Session, SessionPerson
from muntada.programme.queries.hours import hours_that_hold, hours_told, standing_while_away
from muntada.programme.rules.sessions import ON_STAGE, Part
from muntada.programme.rules.speakers import ALWAYS
from muntada.programme.rules.timetables import moment_in_words
from muntada.programme.views.decisions import SECRETARIAT
from muntada.programme.views.requests import WRITE
from muntada.programme.views.venue import StandingHere

PAGE = "programme:edit_session"


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=WRITE)
def edit_session(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Change what a session is, who has a part in it; or take it out of the programme."""
    session = _session_at(here, number)
    wanted = next((name for name in ("cancel", "add", "remove") if name in request.POST), "change")
    sent = request.POST if request.method == "POST" else None
    change = SessionForm(sent if wanted == "change" else None, session=session)
    person = PersonForm(sent if wanted == "add" else None)
    cancel = CancelForm(sent if wanted == "cancel" else None)
    form: Form = {"cancel": cancel, "add": person}.get(wanted, change)
    if sent is not None and (wanted == "remove" or form.is_valid()):
        try:
            return _step(request, here, session, form, wanted)
        except Refused as refusal:
            if wanted == "remove":
                messages.error(request, str(refusal.sentence))
                return redirect(PAGE, here.forum.slug, number)
            put_refusal(form, refusal)
    context = {
        "session": session,
        "people": session.people.all(),
        "on_stage": ON_STAGE,
        "form": change,
        "person_form": person,
        "cancel_form": cancel,
    }
    return answer_form(request, "programme/edit_session.html", form, context)


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=WRITE)
def person_hours(request: HttpRequest, here: Here, number: int, person: int) -> HttpResponse:
    """Say when somebody can whom a session has already, as one was told by telephone or letter."""
    session = _session_at(here, number)
    one = session.people.filter(pk=person, part__in=ON_STAGE).first()
    if one is None:
        raise NotThere(gettext("This person has no part on stage in this session any more."), "person")
    at = redirect("programme:person_hours", here.forum.slug, number, one.pk)
    actor = here.actor(Role.SECRETARIAT)
    if "take_back" in request.POST:
        hours.take_back_hours(person=one, actor=actor, now=here.now)
        messages.success(request, gettext("What was said before holds again."))
        return at
    holds = hours_that_hold(one)
    said = holds.availability if holds else ALWAYS
    form = TheirAvailabilityForm(
        request.POST or None,
        initial=availability_as_typed(said),
        rows=spans_as_typed(said),
        first=here.forum.starts_date,
        last=here.forum.ends_date,
    )
    if ADD_ROW in request.POST:
        form = form.with_another_row()
    if request.method == "POST" and form.is_bound and form.is_valid():
        try:
            hours.tell_hours(person=one, said=form.availability(), actor=actor, now=here.now)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("Kept. Every timetable is judged by it at once."))
            return at
    context = {
        "name": one.name,
        "back": {
            "address": reverse(PAGE, args=[here.forum.slug, number]),
            "name": gettext("Change a session"),
        },
        "told": hours_told(here.forum, one.key),
        "standing": _standing(here, one),
        "form": form,
        "zones": ZONES,
    }
    return answer_form(request, "programme/person_hours.html", form, context)


def _standing(here: Here, one: SessionPerson) -> list[StandingHere]:
    return [
        StandingHere(place, moment_in_words(place.period.lower, here.forum.timezone), is_closed=False)
        for place in standing_while_away(here.forum, one.key)
    ]


def _step(request: HttpRequest, here: Here, session: Session, form: Form, wanted: str) -> HttpResponse:
    """Do what was asked for and go on where it shows."""
    actor, now = here.actor(Role.SECRETARIAT), here.now
    if wanted == "cancel":
        cancel_session(session=session, reason=form.cleaned_data["reason"], actor=actor, now=now)
        messages.success(request, _changed())
        return redirect("programme:waiting", here.forum.slug)
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
            session=session, name=said["name"], part=Part(said["part"]), actor=actor, now=now
        )
    messages.success(request, _changed())
    if lost:
        messages.warning(request, _lost(lost))
    return redirect(PAGE, here.forum.slug, session.symbol.number)


def _changed() -> str:
    return gettext("Changed. The public programme shows it with the next release.")


def _lost(drafts: Sequence[int]) -> str:
    sentence = ngettext(
        "In draft %(drafts)s it no longer fits where it stood. It waits there for another place.",
        "In drafts %(drafts)s it no longer fits where it stood. It waits there for another place.",
        len(drafts),
    )
    return sentence % {"drafts": listed([str(number) for number in drafts])}


def _session_at(here: Here, number: int) -> Session:
    sessions = Session.objects.filter(forum=here.forum, symbol__number=number)
    session = sessions.select_related("symbol__forum").first()
    if session is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    return session


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0  # noqa: PLR2004
