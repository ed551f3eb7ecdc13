"""The management page of a call, and its extension."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls import queries as prepared
from muntada.consultation.calls.actions import calls
from muntada.consultation.calls.forms.calls import ExtensionForm
from muntada.consultation.calls.queries import meetings_of
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.rules.dry_run import dry_run, stands_in_the_way
from muntada.consultation.calls.views.calls import typed
from muntada.consultation.calls.views.preparing import CALLS
from muntada.consultation.front.queries import people_to_notify
from muntada.consultation.replies.queries.replies import templates_of
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in


@forum_page(may=CALLS, stage=Stage.CONSULTATION)
def prepare(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show a call to its managers, with the dry run."""
    call = prepared.call_to_steer(forum_request.forum, slug)
    points = []
    if call.opened_at is None:
        has_templates = templates_of(forum_request.forum).exists()
        points = dry_run(prepared.plan_of(call, has_reply_templates=has_templates), forum_request.now)
    context = {
        "call": call,
        "points": points,
        "in_the_way": stands_in_the_way(points),
        "versions": prepared.question_versions(call),
        "extensions": list(call.extensions.all()),
        "meetings": meetings_of(call),
        "state": call.window.state(forum_request.now).value,
    }
    return render(request, "consultation/front/prepare.html", context)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def extend(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Extend a call and notify its authors."""
    call = prepared.call_to_steer(forum_request.forum, slug)
    form = ExtensionForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            calls.extend_call(
                call=call,
                closes_at=form.cleaned_data["closes_at"],
                reason=form.cleaned_data["reason"],
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The call is extended, and the letters are on their way."))
            return redirect("consultation:prepare", forum_request.forum.slug, call.slug)
    context = {"form": form, "call": call, "told": len(people_to_notify(call))}
    return answer_form(request, "consultation/front/extend_call.html", form, context)
