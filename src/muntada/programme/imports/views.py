"""Pages to preview and import files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.downloads import table_download
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.jobs.queries import ordered_jobs
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.foundations.sheets import MOST_BYTES
from muntada.people.rules import Role
from muntada.programme.imports.actions import imports as actions
from muntada.programme.imports.actions.imports import SchedulePreview
from muntada.programme.imports.actions.request_imports import template_rows
from muntada.programme.imports.forms import IncomingForm
from muntada.programme.selection.rules.scores import FAULTS_SHOWN

# Rows shown in the preview.
ROWS_SHOWN = 50
FILES_SHOWN = 10


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def files(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Preview a file: its effects, or its faults."""
    form = IncomingForm(request.POST or None, request.FILES or None)
    preview = SchedulePreview()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with refusals_shown_in(form):
            # One byte above the limit is read, so a longer file is refused without reading it all.
            preview = actions.preview_file(
                forum=forum_request.forum,
                content=upload.read(MOST_BYTES + 1),
                name=upload.name or "",
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
    context = {
        "form": form,
        "preview": preview,
        "faults": preview.faults,
        "faults_shown": preview.faults[:FAULTS_SHOWN],
        "sessions_shown": preview.coming.placed[:ROWS_SHOWN] if preview.coming else (),
        "unplaced_shown": preview.coming.unplaced[:ROWS_SHOWN] if preview.coming else (),
        "requests_shown": preview.requests[:ROWS_SHOWN],
        "jobs": ordered_jobs(actions.files_of(forum_request.forum))[:FILES_SHOWN],
    }
    if preview.faults:
        return render(request, "programme/imports/files.html", context, status=422)
    return answer_form(request, "programme/imports/files.html", form, context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
@chosen_by()
def template(_request: HttpRequest, forum_request: ForumRequest, form: str) -> HttpResponse:
    """Serve the template of session requests."""
    if form not in {"xlsx", "csv"}:
        raise NotThere(gettext("The template is there as XLSX and as CSV."), "template")
    rows = template_rows(forum_request.forum)
    return table_download(list(rows[0]), rows, f"{forum_request.forum.slug}-requests", form)
