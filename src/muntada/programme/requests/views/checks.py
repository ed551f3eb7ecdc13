"""Pages to set and try the rules of session requests."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.pages import refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.requests.actions import checks as actions
from muntada.programme.requests.forms import OwedForm, RulesForm
from muntada.programme.requests.models.checks import ReportOwed
from muntada.programme.requests.queries.checks import dry_run, rules_of

# Beyond so many the list is no help; the numbers above it tell the rest.
MOST_SHOWN = 200


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("GET", "HEAD", "POST"))
def checks(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Try the rules on all valid requests, set them, and list missing reports."""
    rules = rules_of(forum_request.forum)
    is_owed = "owed" in request.POST
    form = RulesForm(request.POST if request.method == "POST" and not is_owed else None, rules=rules)
    owed = OwedForm(request.POST if is_owed else None, initial={"owed": _as_lines(forum_request)})
    sent = owed if is_owed else form
    if request.method == "POST" and sent.is_valid():
        actor = forum_request.actor(Role.SECRETARIAT)
        with refusals_shown_in(sent):
            if is_owed:
                actions.note_reports_owed(
                    forum=forum_request.forum, owed=owed.rows(), actor=actor, now=forum_request.now
                )
            elif "try" not in request.POST:
                actions.set_rules(
                    forum=forum_request.forum, rules=form.chosen(), actor=actor, now=forum_request.now
                )
            if "try" not in request.POST:
                messages.success(request, gettext("Kept. It holds for what is submitted from now on."))
                return redirect("programme:checks", forum_request.forum.slug)
            rules = form.chosen()
    run = dry_run(forum_request.forum, rules)
    context = {
        "form": form,
        "owed_form": owed,
        "rows": list(zip(form.rows(), run.tallies, strict=True)),
        "run": run,
        "broken": run.broken[:MOST_SHOWN],
        "is_tried": "try" in request.POST,
    }
    return render(request, "programme/requests/checks.html", context, status=422 if sent.errors else 200)


def _as_lines(forum_request: ForumRequest) -> str:
    rows = ReportOwed.objects.filter(forum=forum_request.forum)
    return "\n".join(f"{one.organisation}; {one.what}" if one.what else one.organisation for one in rows)
