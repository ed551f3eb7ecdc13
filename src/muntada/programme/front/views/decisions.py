"""Decisions of the secretariat on a request."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import Refused
from muntada.foundations.pages import refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.decisions.forms import RequestDecisionForm
from muntada.programme.front.views.requests import request_page
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.requests import request_at


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def decide(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Accept, decline or refer a request, by button."""
    kept = request_at(forum_request, number)
    form = RequestDecisionForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            _decide(request, forum_request, kept, form)
            return redirect(kept.symbol)  # type: ignore[arg-type]
    return request_page(request, forum_request, kept, form, status=422)


def _decide(
    request: HttpRequest, forum_request: ForumRequest, kept: SessionRequest, form: RequestDecisionForm
) -> None:
    actor, why = forum_request.actor(Role.SECRETARIAT), form.why()
    if "accept" in request.POST:
        decisions.accept_request(request=kept, reason=why, actor=actor, now=forum_request.now)
        messages.success(request, gettext("Accepted. The session can be placed in a timetable now."))
    elif "refer" in request.POST:
        decisions.refer_request(request=kept, reason=why, actor=actor, now=forum_request.now)
        messages.success(request, gettext("Referred. The reason is public."))
    elif "decline" in request.POST:
        decisions.decline_request(request=kept, reason=why, actor=actor, now=forum_request.now)
        messages.success(request, gettext("Declined. The reason is public."))
    else:
        raise Refused(gettext("Please choose what to decide."), "decision")
