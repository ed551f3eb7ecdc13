"""Session requests: everybody reads them with what became of them; their authors write them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.forums.queries import Here, goals_of, is_open, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import ANYONE, SIGNED_IN, put_refusal
from muntada.people.models import Person
from muntada.people.queries import organisations_of
from muntada.people.rules import Role
from muntada.programme.actions.requests import save_request, submit_request
from muntada.programme.forms.decisions import DecisionForm
from muntada.programme.forms.requests import RequestForm, SpeakerForm, speaker_rows
from muntada.programme.models import SessionRequest
from muntada.programme.queries.requests import counts_by_state, receipt_of, requests_in, themes_to_answer
from muntada.programme.queries.reviews import comments_for_author
from muntada.programme.rules.requests import REQUEST_STATE_NAMES, RequestState
from muntada.programme.rules.sessions import services_in_words
from muntada.record.queries import trace_panels

WRITE = ("GET", "HEAD", "POST")
PER_PAGE = 40
ROWS_MORE = 4


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def requests(request: HttpRequest, here: Here) -> HttpResponse:
    """List the session requests, by what became of them."""
    state = request.GET.get("state", "")
    known = {one.value for one in RequestState} - {RequestState.DRAFT.value}
    rows = requests_in(here.forum)
    if state in known:
        rows = rows.filter(state=state)
    counts = counts_by_state(here.forum)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "state": state if state in known else "",
        "states": [
            (one.value, REQUEST_STATE_NAMES[one], counts[one.value])
            for one in RequestState
            if one is not RequestState.DRAFT
        ],
        "total": sum(counts[one] for one in known),
        "is_open": is_open(here.forum, Stage.PROGRAMME, here.now),
        "may_decide": here.has(Role.SECRETARIAT),
    }
    return render(request, "programme/requests.html", context)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def session_request(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show one session request, the decision on it and its reason."""
    return request_page(request, here, request_at(here, number), DecisionForm())


def request_at(here: Here, number: int) -> SessionRequest:
    found = requests_in(here.forum).filter(symbol__number=number).first()
    if found is None:
        raise NotThere(gettext("There is no session request with this number."), "request")
    return found


def request_page(
    request: HttpRequest, here: Here, kept: SessionRequest, form: DecisionForm, status: int = 200
) -> HttpResponse:
    """Show a request; to the secretariat with the form to decide on it, to its author with the receipt."""
    is_author = here.person is not None and kept.author_id == here.person.pk
    context: dict[str, object] = {
        "kept": kept,
        "needs": services_in_words(kept.needs),
        "goals": kept.goals.all(),
        "receipt": receipt_of(kept) if is_author else None,
        "comments": comments_for_author(kept) if is_author or here.has(Role.SECRETARIAT) else [],
        "may_decide": here.has(Role.SECRETARIAT) and kept.state == RequestState.SUBMITTED,
        "form": form,
    }
    panels = trace_panels(kept.symbol) if kept.symbol else {}
    return render(request, "programme/request.html", context | panels, status=status)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=WRITE)
def new_request(request: HttpRequest, here: Here) -> HttpResponse:
    """Write a new session request."""
    return _write(request, here, None)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=WRITE)
def draft(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Go on with a draft of one's own."""
    person_id = here.person.pk if here.person else None
    kept = SessionRequest.objects.filter(forum=here.forum, pk=number, author_id=person_id).first()
    if kept is None:
        raise NotThere(gettext("There is no draft of yours at this address."), "draft")
    if kept.symbol is not None:
        return redirect(kept.symbol)
    return _write(request, here, kept)


def _write(request: HttpRequest, here: Here, kept: SessionRequest | None) -> HttpResponse:
    person = here.person
    if person is None:
        raise NotThere(gettext("There is no draft of yours at this address."), "draft")
    more = ROWS_MORE if request.GET.get("more") else 0
    data = request.POST or None
    form = RequestForm(
        data,
        lines=lines_of(here.forum),
        goals=goals_of(here.forum),
        organisations=organisations_of(person),
        draft=kept,
        answers=request.GET.get("answers", ""),
    )
    rows = speaker_rows(data, kept, more)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        return _save(request, here, person, kept, form, rows)
    return _form_page(request, here, kept, form, rows)


def _save(
    request: HttpRequest,
    here: Here,
    person: Person,
    kept: SessionRequest | None,
    form: RequestForm,
    rows: "BaseFormSet[SpeakerForm]",
) -> HttpResponse:
    speakers = [speaker for speaker in (row.speaker() for row in rows) if speaker]
    try:
        kept = save_request(here=here, new=form.new_request(speakers, person), request=kept)
        if kept.symbol is not None:  # the browser sent the same request twice
            return redirect(kept.symbol)
        if "submit" in request.POST:
            kept_at = submit_request(here=here, request=kept).entry.symbol
            messages.success(request, gettext("Your session request is submitted. Your receipt is below."))
            return redirect("programme:request", here.forum.slug, kept_at.number if kept_at else 0)
    except Refused as refusal:
        put_refusal(form, refusal)
        return _form_page(request, here, kept, form, rows)
    messages.success(request, gettext("Your draft is saved. Only you can see it."))
    address = reverse("programme:draft", args=[here.forum.slug, kept.pk])
    return redirect(f"{address}?more=1#speakers" if "more" in request.POST else address)


def _form_page(
    request: HttpRequest,
    here: Here,
    kept: SessionRequest | None,
    form: RequestForm,
    rows: "BaseFormSet[SpeakerForm]",
) -> HttpResponse:
    address = (
        reverse("programme:draft", args=[here.forum.slug, kept.pk])
        if kept
        else reverse("programme:new_request", args=[here.forum.slug])
    )
    context = {
        "form": form,
        "rows": rows,
        "draft": kept,
        "address": address,
        "is_open": is_open(here.forum, Stage.PROGRAMME, here.now),
        "themes": themes_to_answer(here.forum),
    }
    status = 422 if form.errors or rows.total_error_count() else 200
    form.mark_needed()
    return render(request, "programme/write.html", context, status=status)
