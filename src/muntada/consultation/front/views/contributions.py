"""The page of a contribution, and taking statements from it."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls import queries as meetings
from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.calls.views.calls import typed
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.queries import contributions, drafts, merges
from muntada.consultation.replies.queries.replies import REPLIES
from muntada.consultation.statements.actions import statements
from muntada.consultation.statements.forms import StatementForm
from muntada.consultation.themes import queries as themes
from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage, StageState
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.record.queries import trace_panels


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def contribution(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a contribution with its replies and trace."""
    kept = contributions.contribution_at(forum_request, number)
    prefetch_related_objects([kept], REPLIES, "statements__symbol__forum")
    is_author = contributions.is_author(forum_request, kept)
    context = {
        "contribution": kept,
        "call": kept.call,
        "may_read": contributions.may_read_contribution(forum_request, kept),
        "spoken_of": meetings.cited_in(kept.symbol),
        "answers": drafts.answered(kept.text, kept.answers, kept.question_set),
        "is_author": is_author,
        "may_improve": is_author and _may_improve(forum_request, kept),
        "may_answer": forum_request.has(*ANSWERING_ROLES),
        "merges": merges.merges_of(forum_request, kept),
        "asked": {one.pk for one in merges.asked_of(forum_request)},
        "raised_here": list(themes.themes_of(forum_request.forum).filter(contributions=kept)),
        **trace_panels(kept.symbol),
    }
    return render(request, "consultation/front/contribution.html", context)


def _may_improve(forum_request: ForumRequest, kept: Contribution) -> bool:
    return (
        kept.withdrawn_at is None
        and kept.call.window.state(forum_request.now) is StageState.OPEN
        and is_open(forum_request.forum, Stage.CONSULTATION, forum_request.now)
    )


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def take_statement(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Create a statement from a sentence of a contribution."""
    kept = contributions.contribution_at(forum_request, number)
    form = StatementForm(typed(request), initial={"language": kept.language})
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            taken = statements.take_statement(
                contribution=kept,
                wording=form.wording(),
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The statement is put to the vote."))
            return redirect(taken)
    return _tool_page(request, "consultation/front/take_statement.html", form, kept)


def _tool_page(request: HttpRequest, template: str, form: StatementForm, kept: Contribution) -> HttpResponse:
    context = {
        "form": form,
        "contribution": kept,
        "call": kept.call,
        "page_language_code": page_language(),
        "taken": list(kept.statements.all()),
    }
    return answer_form(request, template, form, context)
