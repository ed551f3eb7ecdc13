from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE
from muntada.outcome.commitments import queries as commitments
from muntada.outcome.front import queries
from muntada.outcome.texts import forms as texts_forms
from muntada.outcome.texts import queries as texts
from muntada.outcome.texts.rules import EDITING_ROLES, NEGOTIATING_ROLES, ParagraphState
from muntada.record.queries import trace_panels


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def front(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the current text with its open points."""
    context = {
        "text": queries.text_of(forum_request.forum),
        "commitments": commitments.commitments_of(forum_request.forum)[:6],
        "may_edit": forum_request.has(*EDITING_ROLES)
        and is_open(forum_request.forum, Stage.OUTCOME, forum_request.now),
        "live_topic": f"{forum_request.forum.slug}-outcome",
    }
    return render(request, "outcome/front/front.html", context)


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def paragraph(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = texts.paragraph_at(forum_request.forum, number)
    is_stage_open = is_open(forum_request.forum, Stage.OUTCOME, forum_request.now)
    can_change = not kept.draft.is_adopted and is_stage_open and kept.state != ParagraphState.DELETED
    context = {
        "paragraph": kept,
        "proposals": kept.proposals.select_related("symbol__forum"),
        "versions": kept.versions.select_related("replaced_by__forum"),
        "commitments": kept.commitments.select_related("symbol__forum"),
        "may_propose": forum_request.has(*NEGOTIATING_ROLES) and can_change,
        "may_edit": forum_request.has(*EDITING_ROLES) and can_change,
        "may_commit": forum_request.has(*NEGOTIATING_ROLES),
        "mark_form": texts_forms.MarkForm(initial={"state": kept.state}),
    }
    return render(request, "outcome/front/paragraph.html", context | trace_panels(kept.symbol))
