"""The page of a meeting, with what was said there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.consultation.calls import queries as meetings
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.views.meetings import meeting_shown
from muntada.consultation.contributions.queries import contributions
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def meeting(request: HttpRequest, forum_request: ForumRequest, slug: str, number: int) -> HttpResponse:
    """Show a meeting, its record, and contributions made there."""
    kept = meeting_shown(forum_request, slug, number)
    context = {
        "call": kept.call,
        "meeting": kept,
        "said": contributions.said_at(kept),
        "records": meetings.records_of(kept),
        "is_over": kept.ends_at <= forum_request.now,
        "has_begun": kept.starts_at <= forum_request.now,
        "may_call": forum_request.has(*CALLING_ROLES),
    }
    return render(request, "consultation/front/meeting.html", context)
