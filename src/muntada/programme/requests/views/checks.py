"""The rules for session requests: set by the secretariat, tried on all requests before they hold."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.requests.actions import checks as actions
from muntada.programme.requests.forms import OwedForm, RulesForm
from muntada.programme.requests.models.checks import ReportOwed
from muntada.programme.requests.queries.checks import dry_run, rules_of

SECRETARIAT = role(Role.SECRETARIAT)
# Beyond so many the list is no help; the numbers above it tell the rest.
MOST_SHOWN = 200


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=("GET", "HEAD", "POST"))
def checks(request: HttpRequest, here: Here) -> HttpResponse:
    """Try the rules on all requests that stand, then set them; name who owes a report."""
    rules = rules_of(here.forum)
    is_owed = "owed" in request.POST
    form = RulesForm(request.POST if request.method == "POST" and not is_owed else None, rules=rules)
    owed = OwedForm(request.POST if is_owed else None, initial={"owed": _as_lines(here)})
    sent = owed if is_owed else form
    if request.method == "POST" and sent.is_valid():
        actor = here.actor(Role.SECRETARIAT)
        with refusals_shown_in(sent):
            if is_owed:
                actions.note_reports_owed(forum=here.forum, owed=owed.rows(), actor=actor, now=here.now)
            elif "try" not in request.POST:
                actions.set_rules(forum=here.forum, rules=form.chosen(), actor=actor, now=here.now)
            if "try" not in request.POST:
                messages.success(request, gettext("Kept. It holds for what is submitted from now on."))
                return redirect("programme:checks", here.forum.slug)
            rules = form.chosen()
    run = dry_run(here.forum, rules)
    context = {
        "form": form,
        "owed_form": owed,
        "rows": list(zip(form.rows(), run.tallies, strict=True)),
        "run": run,
        "broken": run.broken[:MOST_SHOWN],
        "is_tried": "try" in request.POST,
    }
    return render(request, "programme/requests/checks.html", context, status=422 if sent.errors else 200)


def _as_lines(here: Here) -> str:
    rows = ReportOwed.objects.filter(forum=here.forum)
    return "\n".join(f"{one.organisation}; {one.what}" if one.what else one.organisation for one in rows)
