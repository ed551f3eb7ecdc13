"""Writing a contribution: kept as a draft while one writes, submitted, improved, withdrawn."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.consultation.actions import contributions as actions
from muntada.consultation.actions import drafts
from muntada.consultation.forms.contributions import ContributionForm, as_typed
from muntada.consultation.models import Attachment, Call, Contribution, ContributionDraft
from muntada.consultation.queries import calls, contributions
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
    draft = contributions.draft_of(here, call, contribution)
    form = ContributionForm(
        typed(request), request.FILES or None, here=here, initial=as_typed(draft or contribution)
    )
    is_autosave = request.headers.get("HX-Request") == "true"
    if request.method == "POST" and form.is_valid():
        try:
            draft = _keep(here, call, contribution, form)
            if is_autosave:
                return render(request, "consultation/parts/saved.html", {"draft": draft})
            if request.POST.get("step") == SUBMIT:
                return _submit(request, here, call, contribution, form)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("Your draft is saved. Only you can see it."))
            return redirect(_writing_url(here, call, contribution))
    if is_autosave:
        return render(request, "consultation/parts/saved.html", {"form": form}, status=422)
    return _writing_page(request, here, form, call, contribution, draft)


def _keep(
    here: Here, call: Call, contribution: Contribution | None, form: ContributionForm
) -> ContributionDraft:
    """Save the draft first, whatever comes next: what was typed is never lost."""
    draft = drafts.save_draft(here=here, call=call, saying=form.saying(), contribution=contribution)
    if form.upload is not None:
        drafts.attach_file(here=here, draft=draft, checked=check_upload(form.upload))
    return draft


def _submit(
    request: HttpRequest, here: Here, call: Call, contribution: Contribution | None, form: ContributionForm
) -> HttpResponse:
    if contribution is None:
        contribution = actions.submit_contribution(here=here, call=call, saying=form.saying())
        sentence = gettext("Thank you. Your contribution has the number %(symbol)s; a receipt is on its way.")
    else:
        actions.resubmit_contribution(here=here, contribution=contribution, saying=form.saying())
        sentence = gettext("The new words of %(symbol)s stand; a receipt for them is on its way.")
    messages.success(request, sentence % {"symbol": contribution.symbol})
    return redirect(contribution)


def _writing_page(
    request: HttpRequest,
    here: Here,
    form: ContributionForm,
    call: Call,
    contribution: Contribution | None,
    draft: ContributionDraft | None,
) -> HttpResponse:
    context = call_context(here, calls.card_at(here.forum, call.slug, here.now), "write") | {
        "form": form,
        "contribution": contribution,
        "draft": draft,
        "files": list(draft.attachments.all()) if draft else [],
        "questions": calls.questions_of(call),
        "autosave_url": _writing_url(here, call, contribution),
    }
    return render(request, "consultation/write.html", context, status=422 if form.errors else 200)


def _writing_url(here: Here, call: Call, contribution: Contribution | None) -> str:
    if contribution is None:
        return reverse("consultation:write", args=[here.forum.slug, call.slug])
    return reverse("consultation:improve", args=[here.forum.slug, contribution.symbol.number])


def _own(here: Here, number: int) -> Contribution:
    contribution = contributions.contribution_at(here, number)
    if not contributions.is_author(here, contribution):
        raise NotAllowed(gettext("Only its author can change a contribution."), "author")
    return contribution
