import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from muntada.forums.queries import Here, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, answer_form, refusals_shown_in
from muntada.record.queries import trace_panels
from muntada.review import actions, queries
from muntada.review.forms import FindingForm, ReturnForm, return_as_typed
from muntada.review.models import Finding, Return
from muntada.review.rules import FACILITATING_ROLES, KIND_NAMES, FindingKind, FindingState, steps_of

PER_PAGE = 20


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
        "returns": queries.published_returns(here.forum),
        "may_propose": here.has(*FACILITATING_ROLES) and is_open(here.forum, Stage.REVIEW, here.now),
    }
    return render(request, "review/front.html", context)


@forum_page(may=ANYONE, stage=Stage.REVIEW)
def finding(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.finding_at(here.forum, number)
    context = {
        "finding": kept,
        "goals": list(kept.goals.all()),
        **trace_panels(kept.symbol),
        "may_settle": here.has(*FACILITATING_ROLES) and kept.state == FindingState.PROPOSED,
    }
    return render(request, "review/finding.html", context)


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, here: Here) -> HttpResponse:
    """Write a new finding."""
    initial = {"language": get_language(), "line": request.GET.get("line"), "kind": request.GET.get("kind")}
    form = FindingForm(request.POST or None, forum=here.forum, initial=initial).suggests()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            kept = actions.propose_finding(
                forum=here.forum,
                author=here.person,
                finding=form.finding(),
                actor=here.actor(*FACILITATING_ROLES),
                now=here.now,
            )
            return redirect(kept)
    return _write_page(request, here, form)


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def change(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Change a finding that is not settled yet."""
    kept = queries.finding_at(here.forum, number)
    form = FindingForm(request.POST or None, forum=here.forum, initial=_as_typed(kept))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.change_finding(
                finding=kept, new=form.finding(), actor=here.actor(*FACILITATING_ROLES), now=here.now
            )
            return redirect(kept)
    return _write_page(request, here, form, kept)


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("POST",))
def settle(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.finding_at(here.forum, number)
    actions.settle_finding(finding=kept, actor=here.actor(*FACILITATING_ROLES), now=here.now)
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


@forum_page(may=ANYONE, stage=Stage.REVIEW)
def return_page(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show what the facilitators of a line published: the newest version, or the one that is asked for."""
    kept = queries.return_at(here.forum, number)
    versions = queries.versions_of(kept)
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), versions[0])
    context = {
        "return": kept,
        "version": version,
        "versions": versions,
        "chapters": queries.chapters_of(version),
        "steps": steps_of(version.steps),
        "may_write": here.has(*FACILITATING_ROLES),
    }
    return render(request, "review/return.html", context | trace_panels(queries.symbol_of(kept)))


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def write_return(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Write the return of a line: kept at every pause, published in versions."""
    line = queries.line_at(here.forum, code)
    if request.method == "POST":
        return _typed_return(request, here, code)
    draft = queries.return_of(here.forum, line)
    initial = {"language": get_language(), "window": secrets.token_hex(8)} | return_as_typed(draft)
    return _return_page(request, here, ReturnForm(initial=initial), code)


def _typed_return(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    line = queries.line_at(here.forum, code)
    actor = here.actor(*FACILITATING_ROLES)
    form = ReturnForm(request.POST)
    is_alone = request.headers.get("HX-Request") == "true"
    if not form.is_valid():
        return _saved_part(request, form, None) if is_alone else _return_page(request, here, form, code)
    saved = actions.save_return(
        forum=here.forum,
        line=line,
        text=form.text(),
        actor=actor,
        now=here.now,
        revision=form.cleaned_data["revision"],
        window=form.cleaned_data["window"],
    )
    if is_alone:
        return _saved_part(request, form, saved.draft, is_kept=saved.is_kept)
    if not saved.is_kept:
        return _return_page(request, here, form, code, other=saved.draft)
    if request.POST.get("step") == "publish":
        with refusals_shown_in(form):
            version = actions.publish_return(draft=saved.draft, actor=actor, now=here.now)
            messages.success(request, gettext("Published. Earlier versions stay and can be read."))
            return redirect(version.of)
        return _return_page(request, here, form, code)
    messages.success(request, gettext("The draft is saved."))
    return redirect("review:write_return", here.forum.slug, code)


def _saved_part(
    request: HttpRequest, form: ReturnForm, draft: Return | None, *, is_kept: bool = False
) -> HttpResponse:
    """Answer a save in the background: what is kept, or why not."""
    context = {"form": form, "draft": draft, "is_kept": is_kept}
    return render(request, "review/parts/return_saved.html", context, status=200 if is_kept else 422)


def _return_page(
    request: HttpRequest, here: Here, form: ReturnForm, code: str, *, other: Return | None = None
) -> HttpResponse:
    """Show the form. What somebody else saved meanwhile stands beside it, seen before it is replaced."""
    line = queries.line_at(here.forum, code)
    words = request.GET.get("look", "").strip()
    if other is not None:
        typed = request.POST.copy()
        typed["revision"] = str(other.revision)
        form = ReturnForm(typed)
    context = {
        "form": form,
        "line": line,
        "draft": queries.return_of(here.forum, line),
        "other": other,
        "look": words,
        "citable": queries.citable(here.forum, words, findings=True),
        "is_open": is_open(here.forum, Stage.REVIEW, here.now),
    }
    status = 422 if form.errors or other else 200
    return render(request, "review/write_return.html", context, status=status)
