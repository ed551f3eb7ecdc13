"""Pages to enter a contribution, or to preview and import a table."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls import queries as meetings
from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.queries import card_at, question_set_of
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.views.calls import typed
from muntada.consultation.contributions.actions import entries as actions
from muntada.consultation.contributions.actions import upload_runs
from muntada.consultation.contributions.actions.upload_runs import TablePreview
from muntada.consultation.contributions.forms import ContributionTableForm, EntryForm
from muntada.consultation.contributions.queries import imports as read
from muntada.consultation.contributions.rules.contributions import CameBy, ShownAs
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.downloads import table_download
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.jobs.queries import ordered_jobs
from muntada.foundations.jobs.rules import FAULTS_SHOWN
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.foundations.sheets import MOST_BYTES

CALLS = role(*CALLING_ROLES)
# Rows shown in the preview.
ROWS_SHOWN = 50
TABLES_SHOWN = 10


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def enter(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Enter a contribution with its provenance."""
    call = card_at(forum_request.forum, slug, forum_request.now).call
    initial: dict[str, Any] = {
        "language": page_language(),
        "shown_as": ShownAs.NAME,
        "came_by": CameBy.LETTER,
    }
    number = request.GET.get("meeting", "")
    meeting = meetings.meeting_named(call, number) if number else None
    if meeting is not None:
        initial |= {"came_by": CameBy.MEETING, "provenance": meetings.provenance_of(meeting)}
    form = EntryForm(
        typed(request),
        forum_request=forum_request,
        asked=question_set_of(call),
        languages=call.languages,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            contribution = actions.enter_contribution(
                call=call,
                taken=form.taken(),
                came_by=CameBy(form.cleaned_data["came_by"]),
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
                meeting=meeting if form.cleaned_data["came_by"] == CameBy.MEETING else None,
            )
            sentence = gettext("It has the number %(symbol)s now.")
            messages.success(request, sentence % {"symbol": contribution.symbol})
            return redirect(contribution)
    context = {"form": form, "call": call}
    return answer_form(request, "consultation/contributions/enter.html", form, context)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def import_table(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Preview a table: each row is checked, nothing is imported."""
    call = card_at(forum_request.forum, slug, forum_request.now).call
    form = ContributionTableForm(typed(request), request.FILES or None)
    preview = TablePreview()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["table"]
        with refusals_shown_in(form):
            # One byte above the limit is read, so a longer file is refused without reading it all.
            preview = upload_runs.preview_table(
                call=call,
                content=upload.read(MOST_BYTES + 1),
                name=upload.name or "",
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
    context = {
        "form": form,
        "call": call,
        "preview": preview,
        "jobs": ordered_jobs(upload_runs.tables_of(call))[:TABLES_SHOWN],
        "faults": preview.faults,
        "faults_shown": preview.faults[:FAULTS_SHOWN],
        "rows_shown": preview.taken[:ROWS_SHOWN],
    }
    status = 422 if form.errors or preview.faults else 200
    return render(request, "consultation/contributions/import_table.html", context, status=status)


@forum_page(may=CALLS, stage=Stage.CONSULTATION)
@chosen_by()
def template(_request: HttpRequest, forum_request: ForumRequest, slug: str, form: str) -> HttpResponse:
    """Serve the template table."""
    call = card_at(forum_request.forum, slug, forum_request.now).call
    rows = read.template_rows(call)
    if form not in {"xlsx", "csv"}:
        raise NotThere(gettext("The template is there as XLSX and as CSV."), "template")
    return table_download(list(rows[0]), rows, f"{call.slug}-contributions", form)
