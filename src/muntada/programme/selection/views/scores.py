"""Scores from a table: its template, a look at what would come of it, and taking it in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.downloads import table_download
from muntada.foundations.errors import Refused
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import READS_AND_WRITES, put_refusal
from muntada.foundations.sheets import MOST_BYTES
from muntada.people.rules import Role
from muntada.programme.selection.actions import scores as actions
from muntada.programme.selection.actions.scores import ScoresLook
from muntada.programme.selection.forms import ScoresForm
from muntada.programme.selection.queries import terms_of_selection, undecided_in
from muntada.programme.selection.rules.scores import (
    FAULTS_SHOWN,
    REQUEST_COLUMN,
    SCORE_COLUMN,
    SCORES_COLUMNS,
    TITLE_COLUMN,
    as_lines,
    read_scores,
)

ROWS_SHOWN = 50


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def scores(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Look at a table of scores first; keep them when that is confirmed."""
    is_sure = "lines" in request.POST
    form = ScoresForm(None if is_sure else request.POST or None, request.FILES or None)
    look, refused = ScoresLook(), ""
    try:
        if is_sure:
            return _take_in(request, forum_request)
        if request.method == "POST" and form.is_valid():
            # One byte more than is read: what is longer is refused without being read whole.
            content = form.cleaned_data["file"].read(MOST_BYTES + 1)
            look = actions.look_at_scores(forum=forum_request.forum, content=content)
    except Refused as refusal:
        if form.is_bound:
            put_refusal(form, refusal)
        else:
            refused = str(refusal)
    context = {
        "form": form,
        "look": look,
        "refused": refused,
        "lines": as_lines(look.scores),
        "rows_shown": look.rows[:ROWS_SHOWN],
        "faults_shown": look.faults[:FAULTS_SHOWN],
    }
    status = 422 if form.errors or look.faults or refused else 200
    return render(request, "programme/selection/scores.html", context, status=status)


def _take_in(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    said = read_scores(request.POST["lines"])
    actions.take_in_scores(
        forum=forum_request.forum,
        scores=said,
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
    )
    words = ngettext(
        "%(count)s score is kept. It counts in the next selection.",
        "%(count)s scores are kept. They count in the next selection.",
        len(said),
    )
    messages.success(request, words % {"count": len(said)})
    return redirect("programme:selections", forum_request.forum.slug)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
@chosen_by()
def scores_template(request: HttpRequest, forum_request: ForumRequest, form: str) -> HttpResponse:  # noqa: ARG001
    """A table of all requests that wait, with the scores they were given by hand so far."""
    given = terms_of_selection(forum_request.forum).scores
    rows = [
        {
            REQUEST_COLUMN: one.symbol.short,
            TITLE_COLUMN: one.title,
            SCORE_COLUMN: given.get(one.symbol.short, ""),
        }
        for one in undecided_in(forum_request.forum)
        if one.symbol
    ]
    return table_download(SCORES_COLUMNS, rows, f"{forum_request.forum.slug}-scores", form)
