"""Pages of composite indexes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from muntada.evidence.indexes import actions, queries
from muntada.evidence.indexes.exports import columns_of, lines_of
from muntada.evidence.indexes.forms import IndexForm, as_typed
from muntada.evidence.indexes.models import CompositeIndex
from muntada.evidence.indexes.pages import as_data, ranking_page
from muntada.evidence.indexes.rules import AGGREGATE_NAMES, COMPARED, INDEX_ROLES, NORMALISE_NAMES
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.downloads import csv_download
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def indexes(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """List the indexes of the forum."""
    context = {
        "indexes": queries.indexes_of(forum_request.forum),
        "may_make": forum_request.has(*INDEX_ROLES),
    }
    return render(request, "evidence/indexes/indexes.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def index(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show ranking, intervals, pillar scores and choices."""
    kept = queries.index_at(forum_request.forum, number)
    context = {
        "index": kept,
        "ranking": ranking_page(kept),
        "compares": COMPARED[kept.compares],
        "normalise": NORMALISE_NAMES[kept.normalise],  # type: ignore[index]
        "aggregate": AGGREGATE_NAMES[kept.aggregate],  # type: ignore[index]
        "newer": queries.newer_numbers(kept),
        "may_make": forum_request.has(*INDEX_ROLES),
    }
    return render(request, "evidence/indexes/index.html", context)


@forum_page(may=role(*INDEX_ROLES), stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def make(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Create an index."""
    indicators = queries.indicators_to_choose(forum_request.forum)
    initial = {"language": get_language(), "year": forum_request.now.year}
    form = IndexForm(request.POST or None, indicators=indicators, initial=initial).suggests()
    return _answer(request, forum_request, form, None)


@forum_page(may=role(*INDEX_ROLES), stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def change(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Change the choices of an index."""
    kept = queries.index_at(forum_request.forum, number)
    indicators = queries.indicators_to_choose(forum_request.forum)
    form = IndexForm(request.POST or None, indicators=indicators, initial=as_typed(kept))
    return _answer(request, forum_request, form, kept)


def _answer(
    request: HttpRequest, forum_request: ForumRequest, form: IndexForm, kept: CompositeIndex | None
) -> HttpResponse:
    actor = forum_request.actor(*INDEX_ROLES)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            new = form.new_index()
            if kept is None:
                made = actions.make_index(
                    forum=forum_request.forum, new=new, actor=actor, now=forum_request.now
                )
            else:
                made = actions.change_index(index=kept, new=new, actor=actor, now=forum_request.now)
            messages.success(request, gettext("The index is computed."))
            return redirect(made)
    return answer_form(request, "evidence/indexes/index_form.html", form, {"form": form, "index": kept})


@forum_page(may=role(*INDEX_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def compute(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.index_at(forum_request.forum, number)
    actions.compute_index(index=kept, actor=forum_request.actor(*INDEX_ROLES), now=forum_request.now)
    messages.success(request, gettext("The index is computed from the numbers that stand now."))
    return redirect(kept)


@forum_page(may=role(*INDEX_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def remove(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.index_at(forum_request.forum, number)
    actions.remove_index(index=kept, actor=forum_request.actor(*INDEX_ROLES), now=forum_request.now)
    messages.success(request, gettext("The index was removed. The log keeps that it was there."))
    return redirect("evidence:indexes", forum_request.forum.slug)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def index_csv(_request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve a row per area: rank, interval, scores, missing indicators."""
    kept = queries.index_at(forum_request.forum, number)
    ranking = ranking_page(kept)
    columns, lines = columns_of(ranking), lines_of(ranking, kept.digest)
    return csv_download(f"{forum_request.forum.prefix}-index-{kept.number}", columns, lines)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def index_json(_request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve the complete index: structure, choices, result and digest."""
    return JsonResponse(
        as_data(queries.index_at(forum_request.forum, number)), json_dumps_params={"ensure_ascii": False}
    )
