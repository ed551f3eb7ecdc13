"""Taking in a programme or session requests from a file: looked at first, made when that is asked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import answer_form, put_refusal
from muntada.foundations.sheets import MOST_BYTES
from muntada.people.rules import Role
from muntada.programme.actions import incoming as actions
from muntada.programme.actions.incoming import Look
from muntada.programme.forms.incoming import IncomingForm
from muntada.programme.models import IncomingFile
from muntada.programme.rules.incoming import FAULTS_SHOWN
from muntada.programme.views.decisions import SECRETARIAT

READS_AND_WRITES = ("GET", "HEAD", "POST")
# Of thousands of rows so many are shown before they are taken in.
ROWS_SHOWN = 50


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def files(request: HttpRequest, here: Here) -> HttpResponse:
    """Look at a file first: what would come of it, or what is wrong with it."""
    form = IncomingForm(request.POST or None, request.FILES or None)
    look = Look()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            # One byte more than is read: what is longer is refused without being read whole.
            look = actions.look_at_file(
                forum=here.forum,
                content=upload.read(MOST_BYTES + 1),
                name=upload.name or "",
                actor=here.actor(Role.SECRETARIAT),
                now=here.now,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
    context = {
        "form": form,
        "look": look,
        "faults_shown": look.faults[:FAULTS_SHOWN],
        "sessions_shown": look.coming.placed[:ROWS_SHOWN] if look.coming else (),
        "unplaced_shown": look.coming.unplaced[:ROWS_SHOWN] if look.coming else (),
        "requests_shown": look.requests[:ROWS_SHOWN],
        "earlier": IncomingFile.objects.filter(forum=here.forum, ended_at__isnull=False).defer("content")[
            :10
        ],
    }
    if look.faults:
        return render(request, "programme/files.html", context, status=422)
    return answer_form(request, "programme/files.html", form, context)


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def file(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Have a file taken in, and show what came of it."""
    kept = (
        IncomingFile.objects.filter(forum=here.forum, pk=pk)
        .select_related("forum", "timetable")
        .defer("content")
        .first()
    )
    if kept is None:
        sentence = gettext("This file is not here any more. Please send it again.")
        raise NotThere(sentence, "file")
    if request.method == "POST":
        try:
            actions.order_file(file=kept, actor=here.actor(Role.SECRETARIAT))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(kept)
    context = {"file": kept, "live_topic": actions.topic_of(kept)}
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"programme/{'parts/file_run' if is_part else 'file'}.html", context)
