"""The programme workspace of the secretariat."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.changes.queries import free_places
from muntada.programme.requests.queries.requests import counts_by_state
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.sessions.queries import rooms_of, sessions_to_place, slots_of
from muntada.programme.timetable.actions import timetables
from muntada.programme.timetable.forms import TimetableForm
from muntada.programme.timetable.queries import discarded_of, last_release, timetables_of


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def workspace(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the state of the programme, and order a timetable."""
    form = TimetableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            made = timetables.order_timetable(
                forum=forum_request.forum,
                seed=form.cleaned_data["seed"],
                effort=form.seconds(),
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            return redirect("programme:timetable", forum_request.forum.slug, made.number)
    counts = counts_by_state(forum_request.forum)
    context = {
        "form": form,
        "waiting": counts[RequestState.SUBMITTED.value],
        "free": free_places(forum_request.forum).count(),
        "sessions": sessions_to_place(forum_request.forum).count(),
        "rooms": rooms_of(forum_request.forum).count(),
        "slots": slots_of(forum_request.forum).count(),
        "timetables": timetables_of(forum_request.forum),
        "discarded": discarded_of(forum_request.forum),
        "release": last_release(forum_request.forum),
    }
    return answer_form(request, "programme/front/workspace.html", form, context)
