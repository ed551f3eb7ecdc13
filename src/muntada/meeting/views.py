from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.forums.queries import Here, is_open, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    answer_form,
    refusals_shown_in,
)
from muntada.meeting import actions, queries
from muntada.meeting.forms import AnswerForm, QuestionForm, ReportForm, points_as_text
from muntada.meeting.rules import ANSWERING_ROLES, REPORTING_ROLES, Mode, QuestionState
from muntada.people.rules import Role
from muntada.programme.public.queries import session_detail
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.queries import favourites_of
from muntada.record.queries import trace_panels

PER_PAGE = 20


@forum_page(may=ANYONE, stage=Stage.MEETING)
def front(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what came out of the sessions, and how room and screen fared."""
    context = {
        "reports": Paginator(queries.reports_of(here.forum), PER_PAGE).get_page(request.GET.get("page")),
        "parity": queries.parity_of(here.forum),
    }
    return render(request, "meeting/front.html", context)


@forum_page(may=ANYONE, stage=Stage.MEETING)
def session(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    form = QuestionForm(initial={"language": get_language(), "mode": Mode.ONLINE})
    return _session_page(request, here, number, form)


@forum_page(may=ANYONE, stage=Stage.MEETING)
def questions(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Give the list of questions alone, for the page that listens."""
    kept = queries.session_at(here.forum, number)
    return render(request, "meeting/parts/questions.html", _questions(here, kept) | {"session": kept})


@forum_page(may=SIGNED_IN, stage=Stage.MEETING, methods=("POST",))
def ask(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.session_at(here.forum, number)
    form = QuestionForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.ask_question(
                session=kept,
                author=here.person,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                mode=Mode(form.cleaned_data["mode"]),
                actor=here.actor(Role.PARTICIPANT),
                now=here.now,
            )
            return redirect(f"{kept.symbol.get_absolute_url()}#questions")
    return _session_page(request, here, number, form, status=422)


@forum_page(may=SIGNED_IN, stage=Stage.MEETING, methods=("POST",))
def support(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Support a question, or take the support back."""
    kept = queries.question_at(here.forum, number)
    if here.person and request.POST.get("drop"):
        actions.drop_support(question=kept, person=here.person)
    elif here.person:
        actions.support_question(question=kept, person=here.person, now=here.now)
    return redirect(f"{kept.session.symbol.get_absolute_url()}#questions")


@forum_page(may=ANYONE, stage=Stage.MEETING)
def question(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.question_at(here.forum, number)
    may_answer = here.has(*ANSWERING_ROLES) and kept.state == QuestionState.ASKED
    form = AnswerForm(initial={"language": get_language()}) if may_answer else None
    return render(
        request, "meeting/question.html", {"question": kept, "form": form} | trace_panels(kept.symbol)
    )


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.MEETING, methods=("POST",))
def answer(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.question_at(here.forum, number)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.answer_question(
                question=kept,
                answer=form.cleaned_data["answer"],
                language=form.cleaned_data["language"],
                actor=here.actor(*ANSWERING_ROLES),
                now=here.now,
            )
            return redirect(kept)
    context = {"question": kept, "form": form} | trace_panels(kept.symbol)
    return render(request, "meeting/question.html", context, status=422)


@forum_page(may=ANYONE, stage=Stage.MEETING)
def report(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.report_at(here.forum, number)
    context = {
        "report": kept,
        "groups": queries.point_groups(kept),
        "may_report": here.has(*REPORTING_ROLES),
    }
    return render(request, "meeting/report.html", context | trace_panels(kept.symbol))


@forum_page(may=role(*REPORTING_ROLES), stage=Stage.MEETING, methods=READS_AND_WRITES)
def file_report(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """File the report of a session, or change it."""
    kept = queries.session_at(here.forum, number)
    known = queries.report_of(kept)
    initial: dict[str, object] = {"language": get_language()}
    if known:
        initial = {"summary": known.summary, "language": known.language}
        initial |= points_as_text(list(known.points.select_related("line")))
    form = ReportForm(request.POST or None, lines=lines_of(here.forum), initial=initial)
    if known is None:
        form.suggests("language")
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            filed = actions.file_report(
                session=kept,
                rapporteur=here.person,
                summary=form.cleaned_data["summary"],
                points=form.points(),
                language=form.cleaned_data["language"],
                actor=here.actor(*REPORTING_ROLES),
                now=here.now,
            )
            return redirect(filed)
    context = {"session": kept, "form": form, "report": known}
    return answer_form(request, "meeting/write_report.html", form, context)


def _session_page(
    request: HttpRequest, here: Here, number: int, form: QuestionForm, status: int = 200
) -> HttpResponse:
    kept = queries.session_at(here.forum, number)
    context = {
        "session": kept,
        "detail": session_detail(kept),
        "report": queries.report_of(kept),
        "parity": queries.parity_of(here.forum, kept),
        "form": form,
        "may_ask": is_open(here.forum, Stage.MEETING, here.now),
        "may_report": here.has(*REPORTING_ROLES),
        "may_change": here.has(Role.SECRETARIAT),
        "live_topic": actions.topic_of(kept),
        "marked": favourites_of(here.person, here.forum),
    }
    context |= _questions(here, kept) | trace_panels(kept.symbol)
    return render(request, "meeting/session.html", context, status=status)


def _questions(here: Here, session: Session) -> dict[str, object]:
    return {"questions": queries.questions_of(session, here.person), "may_answer": here.has(*ANSWERING_ROLES)}
