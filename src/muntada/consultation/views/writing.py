"""Writing a contribution: kept as a draft while one writes, submitted, improved, withdrawn."""

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.consultation.actions import contributions as actions
from muntada.consultation.actions import drafts
from muntada.consultation.actions.drafts import Saved
from muntada.consultation.forms.contributions import ContributionForm, as_typed
from muntada.consultation.models import Attachment, Call, Contribution, QuestionSet
from muntada.consultation.queries import calls, contributions
from muntada.consultation.queries import drafts as drafts_of
from muntada.consultation.rules.contributions import turns_around
from muntada.consultation.views.calls import call_context, typed
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.files import check_upload
from muntada.foundations.pages import ANYONE, SIGNED_IN, put_refusal

SUBMIT = "submit"
READS_AND_WRITES = ("GET", "HEAD", "POST")


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def write(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Write something new to a call."""
    return _writing(request, here, calls.card_at(here.forum, slug, here.now).call, None)


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def improve(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Say better what one submitted."""
    contribution = _own(here, number)
    return _writing(request, here, contribution.call, contribution)


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def withdraw(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Ask once more, then take a contribution back."""
    contribution = _own(here, number)
    if request.method != "POST":
        return render(request, "consultation/withdraw.html", {"contribution": contribution})
    actions.withdraw_contribution(here=here, contribution=contribution)
    messages.success(request, gettext("Your contribution was withdrawn. Its number stays."))
    return redirect(contribution)


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",))
def detach(_request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Take a file from a draft again."""
    attachment = contributions.attachment_at(here, pk)
    draft = attachment.draft
    drafts.detach_file(here=here, attachment=attachment)
    return redirect(_writing_url(here, draft.call, draft.contribution) if draft else "/")


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",))
def take_copy(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Put what was typed in another window in place of the draft; the draft becomes the copy."""
    copy = drafts_of.copy_at(here, pk)
    drafts.take_copy(here=here, copy=copy)
    messages.success(request, gettext("The copy is your draft now. The draft before it is kept as a copy."))
    return redirect(_writing_url(here, copy.draft.call, copy.draft.contribution))


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",))
def drop_copy(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Throw away what was typed in another window."""
    copy = drafts_of.copy_at(here, pk)
    drafts.drop_copy(here=here, copy=copy)
    messages.success(request, gettext("The copy was thrown away. Your draft stays."))
    return redirect(_writing_url(here, copy.draft.call, copy.draft.contribution))


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def file(_request: HttpRequest, here: Here, pk: int) -> HttpResponseBase:
    """Hand out a file to whoever may read the text it belongs to. It is never opened in the page."""
    attachment: Attachment = contributions.attachment_at(here, pk)
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _writing(request: HttpRequest, here: Here, call: Call, contribution: Contribution | None) -> HttpResponse:
    asked = contribution.question_set if contribution else calls.question_set_of(call)
    draft = drafts_of.draft_of(here, call, contribution)
    form = ContributionForm(
        typed(request),
        request.FILES or None,
        here=here,
        asked=asked,
        files=call.takes_attachments,
        initial=as_typed(draft or contribution, asked) | {"window": secrets.token_hex(8)},
    )
    page = _Page(request, here, call, contribution, asked)
    is_autosave = request.headers.get("HX-Request") == "true"
    if request.method == "POST" and form.is_valid():
        try:
            saved = _keep(page, form)
            if is_autosave:
                return _saved_part(page, saved)
            if saved.copy is None and request.POST.get("step") == SUBMIT:
                return _submit(page, form)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _word_on_saving(saved))
            return redirect(_writing_url(here, call, contribution))
    if is_autosave:
        return render(request, "consultation/parts/saved.html", {"form": form}, status=422)
    return _writing_page(page, form)


@dataclass(frozen=True)
class _Page:
    """What a writing page is about."""

    request: HttpRequest
    here: Here
    call: Call
    contribution: Contribution | None
    asked: QuestionSet | None


def _keep(page: _Page, form: ContributionForm) -> Saved:
    """Save the draft first, whatever comes next: what was typed is never lost."""
    saved = drafts.save_draft(
        here=page.here,
        call=page.call,
        saying=form.saying(),
        contribution=page.contribution,
        revision=form.cleaned_data.get("revision"),
        window=form.cleaned_data.get("window", ""),
    )
    if form.upload is not None:
        drafts.attach_file(here=page.here, draft=saved.draft, checked=check_upload(form.upload))
    return saved


def _saved_part(page: _Page, saved: Saved) -> HttpResponse:
    card = calls.card_at(page.here.forum, page.call.slug, page.here.now)
    may_write = call_context(page.here, card, "write")["may_write"]
    context = {"draft": saved.draft, "copy": saved.copy, "may_write": may_write}
    return render(page.request, "consultation/parts/saved.html", context)


def _word_on_saving(saved: Saved) -> str:
    if saved.copy is None:
        return gettext("Your draft is saved. Only you can see it.")
    return gettext(
        "You went on with this draft in another window. What you typed here is kept beside it, "
        "below; take over what you need."
    )


def _submit(page: _Page, form: ContributionForm) -> HttpResponse:
    saying, contribution = form.saying(), page.contribution
    if contribution is None:
        contribution = actions.submit_contribution(here=page.here, call=page.call, saying=saying)
        sentence = gettext("Thank you. Your contribution has the number %(symbol)s; a receipt is on its way.")
    else:
        actions.resubmit_contribution(here=page.here, contribution=contribution, saying=saying)
        sentence = gettext("The new words of %(symbol)s stand; a receipt for them is on its way.")
    messages.success(page.request, sentence % {"symbol": contribution.symbol})
    if any(turns_around(text) for text in (saying.title, saying.text, *saying.answers.values())):
        messages.info(
            page.request,
            gettext("Marks that turn the reading direction around were taken out of the text."),
        )
    return redirect(contribution)


def _writing_page(page: _Page, form: ContributionForm) -> HttpResponse:
    here, call, contribution = page.here, page.call, page.contribution
    # Asked anew: a request that was refused may have saved the draft all the same.
    draft = drafts_of.draft_of(here, call, contribution)
    if form.is_bound:
        renewed = page.request.POST.copy()
        renewed["revision"] = str(draft.revision) if draft else ""
        renewed["questions"] = str(page.asked.version) if page.asked else ""
        form.data = renewed
    context = call_context(here, calls.card_at(here.forum, call.slug, here.now), "write") | {
        "form": form,
        "contribution": contribution,
        "draft": draft,
        "files": list(draft.attachments.all()) if draft else [],
        "copies": list(draft.copies.all()) if draft else [],
        "left_over": drafts_of.no_longer_asked(draft, page.asked),
        "keep_url": _writing_url(here, call, contribution),
    }
    return render(page.request, "consultation/write.html", context, status=422 if form.errors else 200)


def _writing_url(here: Here, call: Call, contribution: Contribution | None) -> str:
    if contribution is None:
        return reverse("consultation:write", args=[here.forum.slug, call.slug])
    return reverse("consultation:improve", args=[here.forum.slug, contribution.symbol.number])


def _own(here: Here, number: int) -> Contribution:
    contribution = contributions.contribution_at(here, number)
    if not contributions.is_author(here, contribution):
        raise NotAllowed(gettext("Only its author can change a contribution."), "author")
    return contribution
