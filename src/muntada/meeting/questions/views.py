from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, SIGNED_IN, refusals_shown_in
from muntada.meeting.questions import actions, queries
from muntada.meeting.questions.forms import AnswerForm
from muntada.meeting.questions.rules import ANSWERING_ROLES, QuestionState
from muntada.meeting.sessions import queries as sessions
from muntada.programme.sessions.models import Session
from muntada.record.queries import trace_panels


@forum_page(may=ANYONE, stage=Stage.MEETING)
def questions(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Give the list of questions alone, for the page that listens."""
    kept = sessions.session_at(here.forum, number)
    return render(
        request, "meeting/questions/parts/questions.html", questions_shown(here, kept) | {"session": kept}
    )


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
        request,
        "meeting/questions/question.html",
        {"question": kept, "form": form} | trace_panels(kept.symbol),
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
    return render(request, "meeting/questions/question.html", context, status=422)


def questions_shown(here: Here, session: Session) -> dict[str, object]:
    return {"questions": queries.questions_of(session, here.person), "may_answer": here.has(*ANSWERING_ROLES)}
