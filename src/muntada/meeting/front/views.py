from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE, SIGNED_IN, refusals_shown_in
from muntada.meeting.questions import queries as questions
from muntada.meeting.questions.actions import ask_question
from muntada.meeting.questions.forms import SessionQuestionForm
from muntada.meeting.questions.rules import Mode
from muntada.meeting.questions.views import questions_shown
from muntada.meeting.reports import queries as reports
from muntada.meeting.reports.rules import REPORTING_ROLES
from muntada.meeting.sessions import queries as sessions
from muntada.people.rules import Role
from muntada.programme.public.queries import session_detail
from muntada.programme.sessions.queries import favourites_of
from muntada.record.queries import trace_panels

PER_PAGE = 20


@forum_page(may=ANYONE, stage=Stage.MEETING)
def front(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show session reports, and the parity of on-site and online participants."""
    context = {
        "reports": Paginator(reports.reports_of(forum_request.forum), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "parity": questions.parity_of(forum_request.forum),
    }
    return render(request, "meeting/front/front.html", context)


@forum_page(may=ANYONE, stage=Stage.MEETING)
def session(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    form = SessionQuestionForm(initial={"language": get_language(), "mode": Mode.ONLINE})
    return _session_page(request, forum_request, number, form)


@forum_page(may=SIGNED_IN, stage=Stage.MEETING, methods=("POST",))
def ask(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = sessions.session_at(forum_request.forum, number)
    form = SessionQuestionForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            ask_question(
                session=kept,
                author=forum_request.person,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                mode=Mode(form.cleaned_data["mode"]),
                actor=forum_request.actor(Role.PARTICIPANT),
                now=forum_request.now,
            )
            return redirect(f"{kept.symbol.get_absolute_url()}#questions")
    return _session_page(request, forum_request, number, form, status=422)


def _session_page(
    request: HttpRequest,
    forum_request: ForumRequest,
    number: int,
    form: SessionQuestionForm,
    status: int = 200,
) -> HttpResponse:
    kept = sessions.session_at(forum_request.forum, number)
    context = {
        "session": kept,
        "detail": session_detail(kept),
        "report": reports.report_of(kept),
        "parity": questions.parity_of(forum_request.forum, kept),
        "form": form,
        "may_ask": is_open(forum_request.forum, Stage.MEETING, forum_request.now),
        "may_report": forum_request.has(*REPORTING_ROLES),
        "may_change": forum_request.has(Role.SECRETARIAT),
        "live_topic": sessions.topic_of(kept),
        "marked": favourites_of(forum_request.person, forum_request.forum),
    }
    context |= questions_shown(forum_request, kept) | trace_panels(kept.symbol)
    return render(request, "meeting/front/session.html", context, status=status)
