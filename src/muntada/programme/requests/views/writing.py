"""Pages to write, check, submit and change session requests."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest, goals_of, is_open, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import READS_AND_WRITES, SIGNED_IN, put_refusal, refusals_shown_in
from muntada.people.models import Person
from muntada.people.queries import organisations_of
from muntada.programme.requests.actions import request_changes, request_drafts
from muntada.programme.requests.actions.request_drafts import SavedDraft
from muntada.programme.requests.actions.requests import submit_request, words_of
from muntada.programme.requests.forms import Offered, RequestForm
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.models.request_versions import RequestCopy
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.checks import findings_of
from muntada.programme.requests.queries.request_drafts import copy_at
from muntada.programme.requests.queries.request_forms import published_forms
from muntada.programme.requests.queries.requests import themes_to_answer
from muntada.programme.requests.queries.speakers import own_request
from muntada.programme.requests.rules.request_forms import FORM_CHANGED
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind

SUBMIT, PEOPLE = "submit", "people"


@dataclass(frozen=True)
class _RequestPage:
    """The subject of a writing page: a new request, a draft, or a submitted one."""

    request: HttpRequest
    forum_request: ForumRequest
    person: Person
    kept: SessionRequest | None
    forms: dict[str, FormVersion]
    kind: str

    @property
    def is_submitted(self) -> bool:
        return self.kept is not None and self.kept.state != RequestState.DRAFT

    @property
    def asked(self) -> FormVersion | None:
        """The form asked now, or that of a submitted request."""
        if self.kept is not None and self.is_submitted:
            return self.kept.form
        return self.forms.get(self.kind)

    @property
    def version(self) -> int:
        return self.asked.version if self.asked else 0

    @property
    def address(self) -> str:
        if self.kept is None:
            address = reverse("programme:new_request", args=[self.forum_request.forum.slug])
            return f"{address}?kind={self.kind}" if self.forms else address
        if self.is_submitted and self.kept.symbol is not None:
            return reverse(
                "programme:edit_request", args=[self.forum_request.forum.slug, self.kept.symbol.number]
            )
        return reverse("programme:draft", args=[self.forum_request.forum.slug, self.kept.pk])

    def form(self, data: Any, before: Mapping[str, Any], **initial: Any) -> RequestForm:
        offered = Offered(
            kinds=self.forms or [kind.value for kind in SessionKind],
            lines=lines_of(self.forum_request.forum),
            goals=goals_of(self.forum_request.forum),
            organisations=organisations_of(self.person),
        )
        return RequestForm(
            data,
            offered=offered,
            asked=self.asked,
            before=before,
            initial=initial,
            is_submitted=self.is_submitted,
        )


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def new_request(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Choose a kind if there are forms by kind, then write."""
    forms = published_forms(forum_request.forum)
    kind = request.GET.get("kind", "")
    if forms and kind not in forms:
        if len(forms) > 1:
            context = {"forms": list(forms.values()), "answers": request.GET.get("answers", "")}
            return render(request, "programme/requests/choose_kind.html", context)
        kind = next(iter(forms))
    return _writing(
        _RequestPage(
            request, forum_request, _person(forum_request), None, forms, kind or SessionKind.WORKSHOP.value
        )
    )


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def draft(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Continue a draft; `?kind=` changes the form and keeps the input."""
    kept = own_request(forum_request, number)
    if kept.symbol is not None:
        return redirect(kept.symbol)
    forms = published_forms(forum_request.forum)
    wanted = request.GET.get("kind", "")
    kind = wanted if wanted in forms else kept.kind
    return _writing(_RequestPage(request, forum_request, _person(forum_request), kept, forms, kind))


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def edit_request(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Change a submitted request while the stage is open."""
    kept = submitted_request(forum_request, number)
    return _writing(
        _RequestPage(
            request,
            forum_request,
            _person(forum_request),
            kept,
            published_forms(forum_request.forum),
            kept.kind,
        )
    )


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def drop_draft(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Delete a draft."""
    request_drafts.drop_draft(forum_request=forum_request, request=own_request(forum_request, number))
    messages.success(request, gettext("The draft was thrown away."))
    return redirect("programme:front", forum_request.forum.slug)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def copy(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Restore or delete the copy of another window."""
    found = copy_at(forum_request, pk)
    kept = found.request
    if "drop" in request.POST:
        request_drafts.drop_copy(forum_request=forum_request, copy=found)
        messages.success(request, gettext("The copy was thrown away. Your draft stays."))
    else:
        request_drafts.take_copy(forum_request=forum_request, copy=found)
        messages.success(
            request, gettext("The copy is your draft now. The draft before it is kept as a copy.")
        )
    if kept.symbol is not None:
        return redirect("programme:edit_request", forum_request.forum.slug, kept.symbol.number)
    return redirect("programme:draft", forum_request.forum.slug, kept.pk)


def _person(forum_request: ForumRequest) -> Person:
    if forum_request.person is None:
        raise NotThere(gettext("There is no session request of yours at this address."), "draft")
    return forum_request.person


def submitted_request(forum_request: ForumRequest, number: int) -> SessionRequest:
    row = (
        SessionRequest.objects.filter(forum=forum_request.forum, symbol__number=number)
        .values_list("pk")
        .first()
    )
    if row is None:
        raise NotThere(gettext("There is no session request with this number."), "request")
    return own_request(forum_request, row[0])


def _writing(page: _RequestPage) -> HttpResponse:
    if page.request.method == "POST":
        return _changed(page) if page.is_submitted else _typed_in(page)
    initial: dict[str, Any] = {"window": secrets.token_hex(8), "questions": page.version}
    before: dict[str, Any] = {}
    if page.kept is not None:
        before = words_of(page.kept)
        initial |= {"revision": page.kept.revision, "seen": _last_version(page), "kind": page.kind}
        last = page.kept.copies.first() if page.is_submitted else None
        if last is not None:
            return _form_page(page, page.form(None, dict(last.typed), **initial))
    else:
        initial |= {"kind": page.kind, "answers": page.request.GET.get("answers", "")}
    return _form_page(page, page.form(None, before, **initial))


def _last_version(page: _RequestPage) -> int:
    return page.kept.versions.count() if page.kept is not None and page.is_submitted else 0


def _typed_in(page: _RequestPage) -> HttpResponse:
    """Save the input first, whatever happens next."""
    request = page.request
    form = page.form(request.POST, words_of(page.kept) if page.kept else {})
    form.is_valid()
    said = form.cleaned_data
    try:
        saved = request_drafts.save_draft_request(
            forum_request=page.forum_request,
            new=form.new_request(),
            request=page.kept,
            revision=said.get("revision"),
            window=said.get("window", ""),
        )
    except Refused as refusal:
        put_refusal(form, refusal)
        return _saved_part(page, form, None) if _is_part(request) else _form_page(page, form)
    if saved.request.symbol is not None:  # the browser sent the same request twice
        return redirect(saved.request.symbol)
    with refusals_shown_in(form):
        if form.is_valid() and saved.copy is None and request.POST.get("step") == SUBMIT:
            return _submit(page, saved, form)
    return _draft_kept(page, form, saved)


def _draft_kept(page: _RequestPage, form: RequestForm, saved: SavedDraft) -> HttpResponse:
    """Show a saved draft with its faults."""
    request = page.request
    if _is_part(request):
        return _saved_part(page, form, saved)
    kept_page = _RequestPage(
        request, page.forum_request, page.person, saved.request, page.forms, saved.request.kind
    )
    if saved.copy is None and form.errors:
        return _form_page(kept_page, _renewed(kept_page, form))
    messages.success(request, _word_on_saving(saved))
    if request.POST.get("step") == PEOPLE and saved.copy is None:
        return redirect("programme:people", page.forum_request.forum.slug, saved.request.pk)
    return redirect(kept_page.address)


def _submit(page: _RequestPage, saved: SavedDraft, form: RequestForm) -> HttpResponse:
    receipt = submit_request(
        forum_request=page.forum_request, request=saved.request, form_seen=form.cleaned_data.get("questions")
    )
    messages.success(page.request, gettext("Your session request is submitted. Your receipt is below."))
    symbol = receipt.entry.symbol
    return redirect("programme:request", page.forum_request.forum.slug, symbol.number if symbol else 0)


def _changed(page: _RequestPage) -> HttpResponse:
    """Save the input for the next version, and submit it on request."""
    request, kept = page.request, page.kept
    if kept is None:
        raise NotThere(gettext("There is no session request of yours at this address."), "draft")
    form = page.form(request.POST, words_of(kept))
    form.is_valid()
    with refusals_shown_in(form):
        copy = request_drafts.save_changed_request(
            forum_request=page.forum_request,
            new=form.new_request(),
            request=kept,
            window=form.cleaned_data.get("window", ""),
        )
        if form.is_valid() and request.POST.get("step") == SUBMIT:
            return _resubmit(page, kept, form)
        if not _is_part(request) and not form.errors:
            messages.success(
                request, gettext("What you typed is kept. The request stays as it was submitted.")
            )
            return redirect(page.address)
        if _is_part(request):
            return _saved_part(page, form, None, change=copy)
    return _saved_part(page, form, None) if _is_part(request) else _form_page(page, _renewed(page, form))


def _resubmit(page: _RequestPage, kept: SessionRequest, form: RequestForm) -> HttpResponse:
    receipt = request_changes.resubmit_request(
        forum_request=page.forum_request,
        request=kept,
        new=form.new_request(),
        seen=form.cleaned_data.get("seen"),
    )
    if receipt is None:
        messages.info(page.request, gettext("Nothing has changed, so it stays as it was submitted."))
    else:
        messages.success(
            page.request, gettext("The new words stand. The words before are kept as a version.")
        )
    return redirect(
        "programme:request", page.forum_request.forum.slug, kept.symbol.number if kept.symbol else 0
    )


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _renewed(page: _RequestPage, form: RequestForm) -> RequestForm:
    """Return the input for the current form."""
    typed = page.request.POST.copy()
    if page.kept is not None:
        typed["revision"] = str(page.kept.revision)
        typed["seen"] = str(_last_version(page))
    typed["questions"] = str(page.version)
    renewed = page.form(typed, form.before)
    renewed.full_clean()
    for name, sentences in form.errors.items():
        if name not in renewed.errors:
            renewed.add_error(name if name in renewed.fields else None, list(sentences))
    return renewed


def _word_on_saving(saved: SavedDraft) -> str:
    if saved.copy is not None:
        return gettext(
            "You went on with this draft in another window. What you typed here is kept beside it, "
            "below; take over what you need."
        )
    if saved.is_same:
        return gettext("Your draft is saved. Nothing has changed since it was last saved.")
    return gettext("Your draft is saved. Only you can see it.")


def _saved_part(
    page: _RequestPage, form: RequestForm, saved: SavedDraft | None, change: RequestCopy | None = None
) -> HttpResponse:
    seen = form.cleaned_data.get("questions")
    context = {
        "form": form if form.errors else None,
        "draft": saved.request if saved else None,
        "copy": saved.copy if saved else None,
        "change": change,
        "is_open": is_open(page.forum_request.forum, Stage.PROGRAMME, page.forum_request.now),
        "changed": FORM_CHANGED if seen is not None and seen != page.version else "",
    }
    return render(
        page.request, "programme/requests/parts/saved.html", context, status=422 if form.errors else 200
    )


def _form_page(page: _RequestPage, form: RequestForm) -> HttpResponse:
    kept = page.kept
    context = {
        "form": form,
        "kept": kept,
        "is_submitted": page.is_submitted,
        "asked": page.asked,
        "other_kinds": [
            (kind, SESSION_KIND_NAMES[SessionKind(kind)]) for kind in page.forms if kind != page.kind
        ],
        "keep_url": page.address,
        "is_open": is_open(page.forum_request.forum, Stage.PROGRAMME, page.forum_request.now),
        "copies": _other_copies(page, form),
        "themes": themes_to_answer(page.forum_request.forum),
        "findings": findings_of(kept) if kept is not None and kept.title else (),
        "people": list(kept.speakers.all()) if kept else [],
        "co_organisers": list(kept.co_organisers.all()) if kept else [],
    }
    return render(page.request, "programme/requests/write.html", context, status=422 if form.errors else 200)


def _other_copies(page: _RequestPage, form: RequestForm) -> list[RequestCopy]:
    """Return the copies of other windows."""
    if page.kept is None:
        return []
    copies = list(page.kept.copies.all())
    return copies[1:] if page.is_submitted and not form.is_bound else copies
