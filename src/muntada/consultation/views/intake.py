"""What came in otherwise: one text typed in, or a table looked at first and then taken in whole."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from muntada.consultation.actions import intake as actions
from muntada.consultation.actions import tables
from muntada.consultation.forms.fields import page_language
from muntada.consultation.forms.intake import EntryForm, TableForm
from muntada.consultation.models import Call
from muntada.consultation.queries import intake as read
from muntada.consultation.queries import meetings
from muntada.consultation.queries.calls import card_at, question_set_of
from muntada.consultation.rules.calls import CALLING_ROLES
from muntada.consultation.rules.contributions import CameBy, ShownAs
from muntada.consultation.views.calls import typed
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.files import clean_name
from muntada.foundations.pages import put_refusal
from muntada.foundations.sheets import CSV, MOST_BYTES, XLSX, as_csv, as_xlsx

CALLS = role(*CALLING_ROLES)
READS_AND_WRITES = ("GET", "HEAD", "POST")
# A table that was looked at is kept so long until somebody takes it in.
KEPT_SECONDS = 24 * 60 * 60
SALT = "consultation-intake"


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
    form = EntryForm(typed(request), here=here, asked=question_set_of(call), initial=initial)
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
    return render(request, "consultation/enter.html", context, status=422 if form.errors else 200)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def intake(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Look at a table first: each row checked, nothing kept. Then take it in, if nothing is wrong."""
    call = card_at(here.forum, slug, here.now).call
    kept = request.POST.get("kept", "")
    if request.method == "POST" and kept:
        return _take_in(request, here, call, kept)
    form = TableForm(typed(request), request.FILES or None)
    context: dict[str, Any] = {"form": form, "call": call}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["table"]
        try:
            # One byte more than is read of a table: what is longer is refused without being read whole.
            context |= _look_at(call, upload.read(MOST_BYTES + 1), upload.name or "")
        except Refused as refusal:
            put_refusal(form, refusal)
    status = 422 if form.errors or context.get("faults") else 200
    return render(request, "consultation/intake.html", context, status=status)


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


def _look_at(call: Call, content: bytes, name: str) -> dict[str, Any]:
    """Read a table and keep the file, so that exactly what was looked at can be taken in."""
    reading = read.read_table(call, content)
    known = read.known_ids(call, (one.external_id for one in reading.taken))
    found = {
        "taken": [one for one in reading.taken if one.external_id not in known],
        "known": [one for one in reading.taken if one.external_id in known],
        "faults": reading.faults,
    }
    if reading.faults or not found["taken"]:
        return found
    digest = hashlib.sha256(content).hexdigest()
    place = f"consultation/intake/{digest}"
    if not default_storage.exists(place):
        place = default_storage.save(place, ContentFile(content))
    extension = "xlsx" if content.startswith(b"PK") else "csv"
    ticket = signing.dumps([call.pk, place, clean_name(name, extension)], salt=SALT)
    return found | {"ticket": ticket}


def _take_in(request: HttpRequest, here: Here, call: Call, ticket: str) -> HttpResponse:
    """Take in the table that was looked at; should something have become wrong, say so and keep none."""
    opened = _opened(call, ticket)
    if opened is None:
        messages.error(request, gettext("This table is no longer kept. Please upload it again."))
        return redirect("consultation:intake", here.forum.slug, call.slug)
    place, name, content = opened
    try:
        reading = read.read_table(call, content)
        if not reading.faults:
            taken = tables.take_in(
                call=call,
                rows=reading.taken,
                file_name=name,
                actor=here.actor(*CALLING_ROLES),
                now=here.now,
            )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("consultation:intake", here.forum.slug, call.slug)
    if reading.faults:
        context = {"form": TableForm(), "call": call, "faults": reading.faults}
        return render(request, "consultation/intake.html", context, status=422)
    default_storage.delete(place)
    sentence = ngettext(
        "%(count)s contribution was taken in.", "%(count)s contributions were taken in.", len(taken)
    )
    messages.success(request, sentence % {"count": len(taken)})
    return redirect("consultation:contributions", here.forum.slug, call.slug)


def _opened(call: Call, ticket: str) -> tuple[str, str, bytes] | None:
    """Return where a table that was looked at is kept, its name and its content; none if it is gone."""
    try:
        pk, place, name = signing.loads(ticket, salt=SALT, max_age=KEPT_SECONDS)
        with default_storage.open(place) as stored:
            return (place, name, stored.read()) if pk == call.pk else None
    except (signing.BadSignature, OSError):
        return None
