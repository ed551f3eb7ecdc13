"""Pages of constraints and timetable rules."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.constraints import actions
from muntada.programme.constraints.forms import (
    ApartForm,
    SeriesForm,
    SessionTiesForm,
    TimetableRulesForm,
    apart_as_typed,
    series_as_typed,
)
from muntada.programme.constraints.queries import (
    apart_sets_of,
    orders_of,
    series_of,
    timetable_rules_of,
    tracks_of,
)
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.queries import sessions_to_place

RULES = "programme:timetable_rules"


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def timetable_rules(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Set the rules of timetables, and show all constraints."""
    form = TimetableRulesForm(request.POST or None, rules=timetable_rules_of(forum_request.forum))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.set_timetable_rules(
                forum=forum_request.forum,
                settings=form.settings(),
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            said = gettext("Kept. Every timetable is judged by these rules from now on.")
            messages.success(request, said)
            return redirect(RULES, forum_request.forum.slug)
    context = {
        "form": form,
        "series": series_of(forum_request.forum),
        "sets": apart_sets_of(forum_request.forum),
        "orders": orders_of(forum_request.forum),
    }
    return answer_form(request, "programme/constraints/timetable_rules.html", form, context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def session_ties(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Set the constraints of a session."""
    session = (
        Session.objects.filter(forum=forum_request.forum, symbol__number=number)
        .select_related("symbol__forum", "series_part")
        .first()
    )
    if session is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    form = SessionTiesForm(
        request.POST or None,
        session=session,
        series=list(series_of(forum_request.forum)),
        sets=list(apart_sets_of(forum_request.forum)),
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.tie_session(
                session=session,
                ties=form.ties(),
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            said = gettext("Kept. Timetables made from now on follow it; drafts are judged by it at once.")
            messages.success(request, said)
            return redirect("programme:session_ties", forum_request.forum.slug, number)
    context = {
        "session": session,
        "form": form,
        "tracks": tracks_of(forum_request.forum),
        "others": [one for one in sessions_to_place(forum_request.forum) if one.pk != session.pk],
        "followers": [one.later for one in orders_of(forum_request.forum) if one.earlier_id == session.pk],
    }
    return answer_form(request, "programme/constraints/session_ties.html", form, context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def series(request: HttpRequest, forum_request: ForumRequest, pk: int | None = None) -> HttpResponse:
    """Create, change or delete a series."""
    kept = series_of(forum_request.forum).filter(pk=pk).first() if pk is not None else None
    if pk is not None and kept is None:
        raise NotThere(gettext("This series is not there any more."), "series")
    actor = forum_request.actor(Role.SECRETARIAT)
    if request.method == "POST" and "drop" in request.POST and kept is not None:
        actions.drop_series(series=kept, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The series is forgotten; its sessions stay."))
        return redirect(RULES, forum_request.forum.slug)
    form = SeriesForm(request.POST or None, initial=series_as_typed(kept))
    keep = partial(actions.keep_series, series=kept, actor=actor)
    return _tie_page(request, forum_request, form, keep, {"kept": kept, "is_series": True})


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def apart(request: HttpRequest, forum_request: ForumRequest, pk: int | None = None) -> HttpResponse:
    """Create, change or delete a set kept apart."""
    kept = apart_sets_of(forum_request.forum).filter(pk=pk).first() if pk is not None else None
    if pk is not None and kept is None:
        raise NotThere(gettext("This set is not there any more."), "apart")
    actor = forum_request.actor(Role.SECRETARIAT)
    if request.method == "POST" and "drop" in request.POST and kept is not None:
        actions.drop_apart(apart=kept, actor=actor, now=forum_request.now)
        messages.success(request, gettext("They may be at the same time again."))
        return redirect(RULES, forum_request.forum.slug)
    form = ApartForm(request.POST or None, initial=apart_as_typed(kept))
    keep = partial(actions.set_apart, apart=kept, actor=actor)
    return _tie_page(request, forum_request, form, keep, {"kept": kept, "is_series": False})


def _tie_page(
    request: HttpRequest,
    forum_request: ForumRequest,
    form: ApartForm,
    keep: Callable[..., object],
    context: dict[str, object],
) -> HttpResponse:
    """Save the input, or show its faults."""
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            keep(forum=forum_request.forum, now=forum_request.now, **form.keeping())
            messages.success(request, gettext("Kept."))
            return redirect(RULES, forum_request.forum.slug)
    shown = context | {"form": form, "others": sessions_to_place(forum_request.forum)}
    return answer_form(request, "programme/constraints/tie.html", form, shown)
