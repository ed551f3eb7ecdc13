"""Places that became free, the waiting list for each, and giving a place back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import SIGNED_IN, answer_form, put_refusal
from muntada.people.rules import Role
from muntada.programme.actions import free_places as actions
from muntada.programme.forms.decisions import GiveBackForm
from muntada.programme.models import FreePlace
from muntada.programme.queries.free_places import free_places, shown_places, waiting_list
from muntada.programme.rules.sessions import services_in_words
from muntada.programme.views.decisions import SECRETARIAT
from muntada.programme.views.requests import WRITE, request_at

# No number of a request has more digits.
DIGITS = 9


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME)
def waiting(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the places that became free, whom each is offered to, and who waits."""
    shown = shown_places(here.forum, list(free_places(here.forum)))
    context = {
        "places": [(one, services_in_words(sorted(one.offer.services or ()))) for one in shown],
        "waiting": waiting_list(here.forum),
    }
    return render(request, "programme/waiting.html", context)


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def decide_place(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Give a place to the request the button names, or leave it empty."""
    place = FreePlace.objects.filter(session__forum=here.forum, pk=pk).select_related("session").first()
    if place is None:
        raise NotThere(gettext("There is no such place. Please look at the waiting list."), "place")
    actor = here.actor(Role.SECRETARIAT)
    try:
        if "fill" in request.POST:
            wanted = request.POST["fill"]
            number = int(wanted) if wanted.isdecimal() and len(wanted) <= DIGITS else 0
            kept = request_at(here, number)
            session = actions.fill_place(place=place, request=kept, actor=actor, now=here.now)
            messages.success(request, gettext("Accepted. The session can be placed in a timetable now."))
            return redirect(session)
        actions.keep_place_empty(place=place, actor=actor, now=here.now)
        messages.success(request, gettext("The place stays empty. Who waits goes on waiting."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("programme:waiting", here.forum.slug)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=WRITE)
def give_back(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Ask why, then give the place of an accepted request back."""
    kept = request_at(here, number)
    actions.require_own_place(here, kept)
    form = GiveBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_back(here=here, request=kept, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("The place was given back. The secretariat is told."))
            return redirect(kept.symbol)  # type: ignore[arg-type]
    return answer_form(request, "programme/give_back.html", form, {"kept": kept, "form": form})
