"""What came in otherwise: one text typed in, or a table looked at first and then taken in whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.actions import intake as actions
from muntada.consultation.actions import table_runs
from muntada.consultation.actions.table_runs import Look
from muntada.consultation.forms.fields import page_language
from muntada.consultation.forms.intake import EntryForm, TableForm
from muntada.consultation.queries import intake as read
from muntada.consultation.queries import meetings
from muntada.consultation.queries.calls import card_at, question_set_of
from muntada.consultation.rules.calls import CALLING_ROLES
from muntada.consultation.rules.contributions import CameBy, ShownAs
from muntada.consultation.rules.intake import FAULTS_SHOWN, is_under_way
from muntada.consultation.views.calls import typed
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import answer_form, put_refusal
from muntada.foundations.sheets import CSV, MOST_BYTES, XLSX, as_csv, as_xlsx

CALLS = role(*CALLING_ROLES)
READS_AND_WRITES = ("GET", "HEAD", "POST")
# Of thousands of rows so many are shown before they are taken in.
ROWS_SHOWN = 50


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def enter(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Type in one contribution with where it is from."""
    call = card_at(here.forum, slug, here.now).call
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
        typed(request), here=here, asked=question_set_of(call), languages=call.languages, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            contribution = actions.enter_contribution(
                call=call,
                taken=form.taken(),
                came_by=CameBy(form.cleaned_data["came_by"]),
                actor=here.actor(*CALLING_ROLES),
                now=here.now,
                meeting=meeting if form.cleaned_data["came_by"] == CameBy.MEETING else None,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            sentence = gettext("It has the number %(symbol)s now.")
            messages.success(request, sentence % {"symbol": contribution.symbol})
            return redirect(contribution)
    context = {"form": form, "call": call}
    return answer_form(request, "consultation/enter.html", form, context)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def intake(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Look at a table first: each row checked, nothing taken in."""
    call = card_at(here.forum, slug, here.now).call
    form = TableForm(typed(request), request.FILES or None)
    look = Look()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["table"]
        try:
            # One byte more than is read of a table: what is longer is refused without being read whole.
            look = table_runs.look_at_table(
                call=call,
                content=upload.read(MOST_BYTES + 1),
                name=upload.name or "",
                actor=here.actor(*CALLING_ROLES),
                now=here.now,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
    context = {
        "form": form,
        "call": call,
        "look": look,
        "tables": read.last_tables(call),
        "faults_shown": look.faults[:FAULTS_SHOWN],
        "rows_shown": look.taken[:ROWS_SHOWN],
    }
    status = 422 if form.errors or look.faults else 200
    return render(request, "consultation/intake.html", context, status=status)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def table(request: HttpRequest, here: Here, slug: str, pk: int) -> HttpResponse:
    """Have a table taken in, and show how far it is."""
    kept = read.table_at(card_at(here.forum, slug, here.now).call, pk)
    if request.method == "POST":
        try:
            table_runs.order_table(table=kept, actor=here.actor(*CALLING_ROLES), now=here.now)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(kept)
    context = {
        "table": kept,
        "call": kept.call,
        "under_way": is_under_way(kept.state, kept.told_at, here.now),
        "live_topic": table_runs.table_topic(kept),
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"consultation/{'parts/table_run' if is_part else 'table'}.html", context)


@forum_page(may=CALLS, stage=Stage.CONSULTATION)
def template(_request: HttpRequest, here: Here, slug: str, form: str) -> HttpResponse:
    """Hand out the table to fill in."""
    call = card_at(here.forum, slug, here.now).call
    rows = read.template_rows(call)
    if form not in {"xlsx", "csv"}:
        raise NotThere(gettext("The template is there as XLSX and as CSV."), "template")
    content, kind = (as_xlsx(rows), XLSX) if form == "xlsx" else (as_csv(rows), CSV)
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{call.slug}-contributions.{form}"'
    return response
