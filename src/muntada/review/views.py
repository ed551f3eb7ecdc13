from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.forums.queries import Here, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import ANYONE, answer_form, put_refusal
from muntada.people.rules import Role
from muntada.record.queries import trace_panels
from muntada.review import actions, queries
from muntada.review.forms import FindingForm
from muntada.review.models import Finding
from muntada.review.rules import KIND_NAMES, FindingKind, FindingState

PER_PAGE = 20
FACILITATES = (Role.FACILITATOR, Role.SECRETARIAT)


@forum_page(may=ANYONE, stage=Stage.REVIEW)
def front(request: HttpRequest, here: Here) -> HttpResponse:
    """Show where the review stands: the coverage matrix, and the findings behind it."""
    findings = queries.findings_of(here.forum)
    line, kind = request.GET.get("line", ""), request.GET.get("kind", "")
    if line:
        findings = findings.filter(line__code=line)
    if kind in set(FindingKind):
        findings = findings.filter(kind=kind)
    coverage = queries.coverage(here.forum)
    context = {
        "coverage": coverage,
        "findings": Paginator(findings, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "lines": [row.line for row in coverage.rows],
        "chosen_line": line,
        "chosen_kind": kind,
        "may_propose": here.has(*FACILITATES) and is_open(here.forum, Stage.REVIEW, here.now),
    }
    return render(request, "review/front.html", context)


@forum_page(may=ANYONE, stage=Stage.REVIEW)
def finding(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.finding_at(here.forum, number)
    context = {
        "finding": kept,
        "goals": list(kept.goals.all()),
        **trace_panels(kept.symbol),
        "may_settle": here.has(*FACILITATES) and kept.state == FindingState.PROPOSED,
    }
    return render(request, "review/finding.html", context)


@forum_page(may=role(*FACILITATES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, here: Here) -> HttpResponse:
    """Write a new finding."""
    initial = {"language": get_language(), "line": request.GET.get("line"), "kind": request.GET.get("kind")}
    form = FindingForm(request.POST or None, forum=here.forum, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.propose_finding(
                forum=here.forum,
                author=here.person,
                finding=form.finding(),
                actor=here.actor(*FACILITATES),
                now=here.now,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(kept)
    return _write_page(request, here, form)


@forum_page(may=role(*FACILITATES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def change(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Change a finding that is not settled yet."""
    kept = queries.finding_at(here.forum, number)
    form = FindingForm(request.POST or None, forum=here.forum, initial=_as_typed(kept))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_finding(
                finding=kept, new=form.finding(), actor=here.actor(*FACILITATES), now=here.now
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(kept)
    return _write_page(request, here, form, kept)


@forum_page(may=role(*FACILITATES), stage=Stage.REVIEW, methods=("POST",))
def settle(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.finding_at(here.forum, number)
    actions.settle_finding(finding=kept, actor=here.actor(*FACILITATES), now=here.now)
    return redirect(kept)


def _write_page(
    request: HttpRequest, here: Here, form: FindingForm, finding: Finding | None = None
) -> HttpResponse:
    words = request.GET.get("look", "").strip()
    context = {"form": form, "finding": finding, "look": words, "citable": queries.citable(here.forum, words)}
    return answer_form(request, "review/write.html", form, context)


def _as_typed(finding: Finding) -> dict[str, object]:
    return {
        "line": finding.line_id,
        "kind": finding.kind,
        "text": finding.text,
        "strength": finding.strength,
        "language": finding.language,
        "goals": [goal.pk for goal in finding.goals.all()],
    }
