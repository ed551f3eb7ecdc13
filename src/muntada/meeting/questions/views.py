from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, SIGNED_IN, refusals_shown_in
from muntada.meeting.questions import actions, queries
from muntada.meeting.questions.forms import QuestionAnswerForm
from muntada.meeting.questions.rules import ANSWERING_ROLES, QuestionState
from muntada.meeting.sessions import queries as sessions
from muntada.programme.sessions.models import Session
from muntada.record.queries import trace_panels


@forum_page(may=ANYONE, stage=Stage.MEETING)
def questions(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve the list of questions for live updates."""
    kept = sessions.session_at(forum_request.forum, number)
    return render(
        request,
        "meeting/questions/parts/questions.html",
        questions_shown(forum_request, kept) | {"session": kept},
    )


@forum_page(may=SIGNED_IN, stage=Stage.MEETING, methods=("POST",))
def support(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Support a question, or withdraw the support."""
    kept = queries.question_at(forum_request.forum, number)
    if forum_request.person and request.POST.get("drop"):
        actions.drop_support(question=kept, person=forum_request.person)
    elif forum_request.person:
        actions.support_question(question=kept, person=forum_request.person, now=forum_request.now)
    return redirect(f"{kept.session.symbol.get_absolute_url()}#questions")


@forum_page(may=ANYONE, stage=Stage.MEETING)
def question(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.question_at(forum_request.forum, number)
    may_answer = forum_request.has(*ANSWERING_ROLES) and kept.state == QuestionState.ASKED
    form = QuestionAnswerForm(initial={"language": get_language()}) if may_answer else None
    return render(
        request,
        "meeting/questions/question.html",
        {"question": kept, "form": form} | trace_panels(kept.symbol),
    )


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.MEETING, methods=("POST",))
def answer(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.question_at(forum_request.forum, number)
    form = QuestionAnswerForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.answer_question(
                question=kept,
                answer=form.cleaned_data["answer"],
                language=form.cleaned_data["language"],
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
            return redirect(kept)
    context = {"question": kept, "form": form} | trace_panels(kept.symbol)
    return render(request, "meeting/questions/question.html", context, status=422)


def questions_shown(forum_request: ForumRequest, session: Session) -> dict[str, object]:
    return {
        "questions": queries.questions_of(session, forum_request.person),
        "may_answer": forum_request.has(*ANSWERING_ROLES),
    }
