from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import READS_AND_WRITES
from muntada.outcome.adoption import actions
from muntada.outcome.texts import queries as texts
from muntada.outcome.texts.rules import EDITING_ROLES


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def adopt(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Adopt the text after a confirmation."""
    draft = texts.current_draft(forum_request.forum)
    if draft is None:
        raise NotThere("", "draft")
    refusal = None
    if request.method == "POST":
        try:
            actions.adopt(draft=draft, actor=forum_request.actor(*EDITING_ROLES), now=forum_request.now)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("The text is adopted."))
            return redirect("outcome:front", forum=forum_request.forum.slug)
    context = {"draft": draft, "refusal": refusal}
    return render(request, "outcome/adoption/adopt.html", context, status=422 if refusal else 200)
