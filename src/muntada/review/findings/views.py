from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, answer_form, refusals_shown_in
from muntada.record.queries import trace_panels
from muntada.review.findings import actions, queries
from muntada.review.findings.forms import FindingForm
from muntada.review.findings.models import Finding
from muntada.review.findings.rules import FindingState
from muntada.review.sources import queries as sources
from muntada.review.sources.rules import FACILITATING_ROLES

PER_PAGE = 20


@forum_page(may=ANYONE, stage=Stage.REVIEW)
def finding(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.finding_at(forum_request.forum, number)
    context = {
        "finding": kept,
        "goals": list(kept.goals.all()),
        **trace_panels(kept.symbol),
        "may_settle": forum_request.has(*FACILITATING_ROLES) and kept.state == FindingState.PROPOSED,
    }
    return render(request, "review/findings/finding.html", context)


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Write a new finding."""
    initial = {"language": get_language(), "line": request.GET.get("line"), "kind": request.GET.get("kind")}
    form = FindingForm(request.POST or None, forum=forum_request.forum, initial=initial).suggests()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            kept = actions.propose_finding(
                forum=forum_request.forum,
                author=forum_request.person,
                finding=form.finding(),
                actor=forum_request.actor(*FACILITATING_ROLES),
                now=forum_request.now,
            )
            return redirect(kept)
    return _write_page(request, forum_request, form)


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def change(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Change a finding that is not settled yet."""
    kept = queries.finding_at(forum_request.forum, number)
    form = FindingForm(request.POST or None, forum=forum_request.forum, initial=_as_typed(kept))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.change_finding(
                finding=kept,
                new=form.finding(),
                actor=forum_request.actor(*FACILITATING_ROLES),
                now=forum_request.now,
            )
            return redirect(kept)
    return _write_page(request, forum_request, form, kept)


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("POST",))
def settle(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.finding_at(forum_request.forum, number)
    actions.settle_finding(
        finding=kept, actor=forum_request.actor(*FACILITATING_ROLES), now=forum_request.now
    )
    return redirect(kept)


def _write_page(
    request: HttpRequest, forum_request: ForumRequest, form: FindingForm, finding: Finding | None = None
) -> HttpResponse:
    words = request.GET.get("look", "").strip()
    context = {
        "form": form,
        "finding": finding,
        "look": words,
        "citable": sources.citable(forum_request.forum, words),
    }
    return answer_form(request, "review/findings/write.html", form, context)


def _as_typed(finding: Finding) -> dict[str, object]:
    return {
        "line": finding.line_id,
        "kind": finding.kind,
        "text": finding.text,
        "strength": finding.strength,
        "language": finding.language,
        "goals": [goal.pk for goal in finding.goals.all()],
    }
