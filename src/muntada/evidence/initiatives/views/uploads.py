"""Import and export tables of initiatives."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.evidence.initiatives.actions import uploads as actions
from muntada.evidence.initiatives.forms import InitiativeTableForm, rows_in
from muntada.evidence.initiatives.models import InitiativeTable
from muntada.evidence.initiatives.queries import lists
from muntada.evidence.initiatives.queries.lists import CHOICES, InitiativeFilter, as_rows
from muntada.evidence.initiatives.rules import COLUMNS, REFUSED_SHOWN, ROWS_SHOWN, RowOutcome
from muntada.forums.queries import ForumRequest, goals_of, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.downloads import csv_download, streamed_download
from muntada.foundations.downloads import download as download_of
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    answer_form,
    refusals_as_messages,
    refusals_shown_in,
)
from muntada.foundations.sheets import CSV, MOST_BYTES, XLSX, as_xlsx, csv_parts
from muntada.people.rules import Role
from muntada.record.adapter import condition_of, wanted

EARLIER_SHOWN = 10


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def tables(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Preview a table: the effect of each row, or its faults."""
    form = InitiativeTableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with refusals_shown_in(form):
            # One byte above the limit is read, so a longer file is refused without reading it all.
            rows, refused = rows_in(
                upload.read(MOST_BYTES + 1), lines_of(forum_request.forum), goals_of(forum_request.forum)
            )
            table = actions.look_at_table(
                forum=forum_request.forum,
                name=upload.name or "",
                rows=rows,
                refused=refused,
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            return redirect(table)
    sent = (
        InitiativeTable.objects.filter(forum=forum_request.forum).select_related("job").defer("job__content")
    )
    context = {"form": form, "earlier": sent[:EARLIER_SHOWN], "columns": COLUMNS}
    return answer_form(request, "evidence/initiatives/tables.html", form, context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def table(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show a table's preview or result, and start its import."""
    sent = InitiativeTable.objects.select_related("forum", "job__forum")
    kept = sent.filter(forum=forum_request.forum, pk=pk).first()
    if kept is None:
        raise NotThere(gettext("This table is not here any more. Please send it again."), "table")
    if request.method == "POST":
        with refusals_as_messages(request):
            actions.order_table(
                table=kept,
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
                publishes="publishes" in request.POST,
            )
        return redirect(kept)
    rows = kept.rows
    outcomes = [row["outcome"] for row in rows]
    context = {
        "table": kept,
        "job": kept.job,
        "new": outcomes.count(RowOutcome.NEW),
        "changed": outcomes.count(RowOutcome.CHANGED),
        "rows_shown": rows[:ROWS_SHOWN],
        "refused_shown": kept.first_refused(REFUSED_SHOWN),
    }
    return render(request, "evidence/initiatives/table.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by(*CHOICES)
def download(
    request: HttpRequest, forum_request: ForumRequest, form: str
) -> HttpResponse | StreamingHttpResponse:
    """Serve the filtered initiatives as a table that can be imported again."""
    sought = InitiativeFilter.of(request.GET.dict())
    chosen = lists.chosen_of(forum_request.forum, sought, condition_of(wanted(sought.words)))
    rows = as_rows(chosen.prefetch_related("figures"))
    name = f"{forum_request.forum.slug}-initiatives.{form}"
    if form == "xlsx":
        return download_of(as_xlsx(rows, sheet="initiatives"), name, XLSX)
    return streamed_download(csv_parts(COLUMNS, rows), name, CSV)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def empty_table(_request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Serve an empty table with column names."""
    return csv_download(f"{forum_request.forum.slug}-initiatives-empty", COLUMNS, ())
