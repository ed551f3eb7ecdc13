import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, refusals_shown_in
from muntada.record.queries import trace_panels
from muntada.review.returns import actions, queries
from muntada.review.returns.forms import ReturnForm, return_as_typed
from muntada.review.returns.models import Return
from muntada.review.sources import queries as sources
from muntada.review.sources.rules import FACILITATING_ROLES


@forum_page(may=ANYONE, stage=Stage.REVIEW)
def return_page(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a published version of a return."""
    kept = queries.return_at(forum_request.forum, number)
    versions = queries.versions_of(kept)
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), versions[0])
    context = {
        "return": kept,
        "version": version,
        "versions": versions,
        "chapters": queries.chapters_of(version),
        "steps": version.road_map,
        "may_write": forum_request.has(*FACILITATING_ROLES),
    }
    return render(request, "review/returns/return.html", context | trace_panels(queries.symbol_of(kept)))


@forum_page(may=role(*FACILITATING_ROLES), stage=Stage.REVIEW, methods=("GET", "HEAD", "POST"))
def write_return(request: HttpRequest, forum_request: ForumRequest, code: str) -> HttpResponse:
    """Edit the return of a line, saved automatically."""
    line = sources.line_at(forum_request.forum, code)
    if request.method == "POST":
        return _typed_return(request, forum_request, code)
    draft = queries.return_of(forum_request.forum, line)
    initial = {"language": get_language(), "window": secrets.token_hex(8)} | return_as_typed(draft)
    return _return_page(request, forum_request, ReturnForm(initial=initial), code)


def _typed_return(request: HttpRequest, forum_request: ForumRequest, code: str) -> HttpResponse:
    line = sources.line_at(forum_request.forum, code)
    actor = forum_request.actor(*FACILITATING_ROLES)
    form = ReturnForm(request.POST)
    is_alone = request.headers.get("HX-Request") == "true"
    if not form.is_valid():
        return (
            _saved_part(request, form, None) if is_alone else _return_page(request, forum_request, form, code)
        )
    saved = actions.save_return(
        forum=forum_request.forum,
        line=line,
        text=form.text(),
        actor=actor,
        now=forum_request.now,
        revision=form.cleaned_data["revision"],
        window=form.cleaned_data["window"],
    )
    if is_alone:
        return _saved_part(request, form, saved.draft, is_kept=saved.is_kept)
    if not saved.is_kept:
        return _return_page(request, forum_request, form, code, other=saved.draft)
    if request.POST.get("step") == "publish":
        with refusals_shown_in(form):
            version = actions.publish_return(draft=saved.draft, actor=actor, now=forum_request.now)
            messages.success(request, gettext("Published. Earlier versions stay and can be read."))
            return redirect(version.of)
        return _return_page(request, forum_request, form, code)
    messages.success(request, gettext("The draft is saved."))
    return redirect("review:write_return", forum_request.forum.slug, code)


def _saved_part(
    request: HttpRequest, form: ReturnForm, draft: Return | None, *, is_kept: bool = False
) -> HttpResponse:
    """Respond to a background save."""
    context = {"form": form, "draft": draft, "is_kept": is_kept}
    return render(request, "review/returns/parts/return_saved.html", context, status=200 if is_kept else 422)


def _return_page(
    request: HttpRequest,
    forum_request: ForumRequest,
    form: ReturnForm,
    code: str,
    *,
    other: Return | None = None,
) -> HttpResponse:
    """Show the form, with concurrent changes beside it."""
    line = sources.line_at(forum_request.forum, code)
    words = request.GET.get("look", "").strip()
    if other is not None:
        typed = request.POST.copy()
        typed["revision"] = str(other.revision)
        form = ReturnForm(typed)
    context = {
        "form": form,
        "line": line,
        "draft": queries.return_of(forum_request.forum, line),
        "other": other,
        "look": words,
        "citable": sources.citable(forum_request.forum, words, findings=True),
        "is_open": is_open(forum_request.forum, Stage.REVIEW, forum_request.now),
    }
    status = 422 if form.errors or other else 200
    return render(request, "review/returns/write_return.html", context, status=status)
