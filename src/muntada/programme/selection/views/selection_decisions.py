"""What a selection would decide, request by request; changing one decision; publishing all of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.languages import listed
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.requests.rules.requests import REQUEST_STATE_NAMES
from muntada.programme.selection.actions import selection_decisions as actions
from muntada.programme.selection.forms import PlanForm
from muntada.programme.selection.models import Selection
from muntada.programme.selection.queries import SelectionDecision, decisions_of, publication_of, selection_at
from muntada.programme.selection.rules.selection_decisions import PLANNABLE

PER_PAGE = 50


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def selection_decisions(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show what would be decided and why, and have it published when that is confirmed."""
    kept = selection_at(forum_request.forum, number)
    actions.require_published_soon(kept)
    job = publication_of(kept)
    refused = job.sentence if job is not None and job.state == JobState.REFUSED else ""
    status = 200
    if request.method == "POST":
        if "sure" not in request.POST:
            refused = gettext("Please say that you have looked at the decisions.")
        else:
            try:
                return _publish(request, forum_request, kept)
            except Refused as refusal:
                refused = str(refusal)
        status = 422
    found = decisions_of(kept)
    wanted = request.GET.get("decision", "")
    context = {
        "selection": kept,
        "found": found,
        "gone": listed(found.gone),
        "counts": [(one.value, REQUEST_STATE_NAMES[one], found.count(one)) for one in PLANNABLE],
        "wanted": wanted,
        "page": Paginator(found.only(wanted), PER_PAGE).get_page(request.GET.get("page")),
        "refused": refused,
        "job": job if job is not None and (job.is_active or job.state == JobState.FAILED) else None,
    }
    return render(request, "programme/selection/selection_decisions.html", context, status=status)


def _publish(request: HttpRequest, forum_request: ForumRequest, kept: Selection) -> HttpResponse:
    actor = forum_request.actor(Role.SECRETARIAT)
    if not actions.order_publication(selection=kept, actor=actor, now=forum_request.now):
        messages.info(request, gettext("These decisions were published already; nothing was done twice."))
    return redirect("programme:selection_decisions", forum_request.forum.slug, kept.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def planned(request: HttpRequest, forum_request: ForumRequest, number: int, symbol: int) -> HttpResponse:
    """Change what is decided on one request, or the words of its reason."""
    kept = selection_at(forum_request.forum, number)
    actions.require_published_soon(kept)
    one = _decision_on(kept, symbol)
    form = PlanForm(
        request.POST or None,
        decision=one.decision.value,
        reason=one.reason,
        reason_language=one.language,
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            _plan(forum_request, kept, one, form)
            messages.success(request, gettext("Kept. It is public when the decisions are published."))
            return redirect("programme:selection_decisions", forum_request.forum.slug, kept.number)
    context = {"selection": kept, "one": one, "form": form}
    return answer_form(request, "programme/selection/planned.html", form, context)


def _decision_on(kept: Selection, symbol: int) -> SelectionDecision:
    found = decisions_of(kept).each
    one = next((row for row in found if row.request.symbol and row.request.symbol.number == symbol), None)
    if one is None:
        raise NotThere(gettext("This selection decides nothing on a request of this number."), "request")
    return one


def _plan(forum_request: ForumRequest, kept: Selection, one: SelectionDecision, form: PlanForm) -> None:
    actor = forum_request.actor(Role.SECRETARIAT)
    if "drop" in form.data:
        actions.drop_plan(selection=kept, request=one.request, actor=actor, now=forum_request.now)
        return
    actions.plan_decision(
        selection=kept,
        request=one.request,
        decision=form.cleaned_data["decision"],
        why=form.why(),
        actor=actor,
        now=forum_request.now,
    )
