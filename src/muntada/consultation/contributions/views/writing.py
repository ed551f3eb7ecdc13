"""Pages to write, submit, improve and withdraw a contribution."""

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.models import Call, QuestionSet
from muntada.consultation.calls.views.calls import call_context
from muntada.consultation.contributions.actions import contributions as actions
from muntada.consultation.contributions.actions import drafts
from muntada.consultation.contributions.actions.drafts import Saved
from muntada.consultation.contributions.forms import ContributionForm, answers_as_typed, as_typed
from muntada.consultation.contributions.models import Attachment, Contribution, ContributionDraft
from muntada.consultation.contributions.queries import contributions
from muntada.consultation.contributions.queries import drafts as drafts_of
from muntada.consultation.contributions.rules.drafts import QUESTIONS_CHANGED, said_meanwhile
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.cleaning import turns_around
from muntada.foundations.errors import NotAllowed
from muntada.foundations.files import check_upload
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    answer_form,
    refusals_shown_in,
)

SUBMIT = "submit"
# More than any call has versions of questions.
VERSION_DIGITS = 4


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def write(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Write a new contribution."""
    return _writing(
        request, forum_request, calls.card_at(forum_request.forum, slug, forum_request.now).call, None
    )


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def improve(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Improve a submitted contribution."""
    contribution = _own(forum_request, number)
    return _writing(request, forum_request, contribution.call, contribution)


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def withdraw(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Withdraw a contribution after a confirmation."""
    contribution = _own(forum_request, number)
    if request.method != "POST":
        return render(request, "consultation/contributions/withdraw.html", {"contribution": contribution})
    actions.withdraw_contribution(forum_request=forum_request, contribution=contribution)
    messages.success(request, gettext("Your contribution was withdrawn. Its number stays."))
    return redirect(contribution)


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",))
def detach(_request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Detach a file from a draft."""
    attachment = contributions.attachment_at(forum_request, pk)
    draft = attachment.draft
    drafts.detach_file(forum_request=forum_request, attachment=attachment)
    return redirect(_writing_url(forum_request, draft.call, draft.contribution) if draft else "/")


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",))
def take_copy(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Exchange the draft with the copy of another window."""
    copy = drafts_of.copy_at(forum_request, pk)
    drafts.take_copy(forum_request=forum_request, copy=copy)
    messages.success(request, gettext("The copy is your draft now. The draft before it is kept as a copy."))
    return redirect(_writing_url(forum_request, copy.draft.call, copy.draft.contribution))


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",))
def drop_copy(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Delete the copy of another window."""
    copy = drafts_of.copy_at(forum_request, pk)
    drafts.drop_copy(forum_request=forum_request, copy=copy)
    messages.success(request, gettext("The copy was thrown away. Your draft stays."))
    return redirect(_writing_url(forum_request, copy.draft.call, copy.draft.contribution))


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def file(_request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponseBase:
    """Serve a file to people who may read its text, always as a download."""
    attachment: Attachment = contributions.attachment_at(forum_request, pk)
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True)
class _ContributionPage:
    """The subject of a writing page."""

    request: HttpRequest
    forum_request: ForumRequest
    call: Call
    contribution: Contribution | None
    asked: QuestionSet | None

    def form(self, typed: QueryDict | None, shown: QuestionSet | None, **initial: object) -> ContributionForm:
        return ContributionForm(
            typed,
            self.request.FILES or None,
            forum_request=self.forum_request,
            asked=shown,
            files=self.call.takes_attachments,
            submitted=self.contribution.files if self.contribution else (),
            languages=self.languages,
            initial=initial,
        )

    @property
    def languages(self) -> list[str]:
        """The languages the call accepts; a submitted text keeps its own."""
        stays = [self.contribution.language] if self.contribution else []
        return [*self.call.languages, *stays] if self.call.languages else []

    @property
    def address(self) -> str:
        return _writing_url(self.forum_request, self.call, self.contribution)


def _writing(
    request: HttpRequest, forum_request: ForumRequest, call: Call, contribution: Contribution | None
) -> HttpResponse:
    asked = contribution.question_set if contribution else calls.question_set_of(call)
    page = _ContributionPage(request, forum_request, call, contribution, asked)
    if request.method == "POST":
        return _typed_in(page)
    draft = drafts_of.draft_of(forum_request, call, contribution)
    initial = as_typed(draft or contribution, asked)
    form = page.form(None, asked, window=secrets.token_hex(8), seen=_last_number(page), **initial)
    return _writing_page(page, form)


def _typed_in(page: _ContributionPage) -> HttpResponse:
    """Save the input first, whatever happens next."""
    request = page.request
    form = page.form(request.POST, _shown(page))
    form.is_valid()
    saved = drafts.save_draft(
        forum_request=page.forum_request,
        call=page.call,
        saying=form.saying(),
        contribution=page.contribution,
        revision=form.cleaned_data.get("revision"),
        window=form.cleaned_data.get("window", ""),
    )
    with refusals_shown_in(form):
        if form.upload is not None:
            drafts.attach_file(
                forum_request=page.forum_request, draft=saved.draft, checked=check_upload(form.upload)
            )
        if form.is_valid() and saved.copy is None and request.POST.get("step") == SUBMIT:
            return _submit(page, form)
    if request.headers.get("HX-Request") == "true":
        return _saved_part(page, form, saved)
    # With a copy, the input is beside the draft; in the form it would overwrite it.
    if saved.copy is None and form.errors:
        return _writing_page(page, form)
    for sentence in form.errors.get("attachment", []):
        messages.error(request, str(sentence))
    messages.success(request, _word_on_saving(saved, has_upload=form.upload is not None))
    return redirect(page.address)


def _shown(page: _ContributionPage) -> QuestionSet | None:
    """Return the questions of the submitted form, which may be outdated."""
    version = page.request.POST.get("questions", "")
    if page.contribution is not None or not version.isdecimal() or not version.isascii():
        return page.asked
    return calls.questions_shown(page.call, int(version[:VERSION_DIGITS]))


def _last_number(page: _ContributionPage) -> int:
    """Return the number of the author's last submission or version."""
    last = drafts_of.submitted_last(page.forum_request, page.call, page.contribution)
    if last is None:
        return 0
    return len(last.versions.all()) if page.contribution else last.symbol.number


def _saved_part(page: _ContributionPage, form: ContributionForm, saved: Saved) -> HttpResponse:
    card = calls.card_at(page.forum_request.forum, page.call.slug, page.forum_request.now)
    context = {
        "form": form if form.errors else None,
        "draft": saved.draft,
        "copy": saved.copy,
        "may_write": call_context(page.forum_request, card, "write")["may_write"],
        "changed": QUESTIONS_CHANGED if form.asked_in != page.asked else "",
        "meanwhile": _meanwhile(page, form),
    }
    status = 422 if form.errors else 200
    return render(page.request, "consultation/contributions/parts/saved.html", context, status=status)


def _meanwhile(page: _ContributionPage, form: ContributionForm) -> str:
    """Describe submissions from other windows since this one was opened."""
    last = drafts_of.submitted_last(page.forum_request, page.call, page.contribution)
    return said_meanwhile(
        last=_last_number(page),
        seen=form.cleaned_data.get("seen"),
        symbol=last.symbol.short if last else "",
        is_improved=page.contribution is not None,
    )


def _word_on_saving(saved: Saved, *, has_upload: bool) -> str:
    if saved.is_same and not has_upload:
        # The page may have saved automatically a moment ago.
        return gettext("Your draft is saved. Nothing has changed since it was last saved.")
    if saved.copy is None:
        return gettext("Your draft is saved. Only you can see it.")
    return gettext(
        "You went on with this draft in another window. What you typed here is kept beside it, "
        "below; take over what you need."
    )


def _submit(page: _ContributionPage, form: ContributionForm) -> HttpResponse:
    saying, contribution = form.saying(), page.contribution
    if contribution is None:
        contribution = actions.submit_contribution(
            forum_request=page.forum_request, call=page.call, saying=saying
        )
        sentence = gettext("Thank you. Your contribution has the number %(symbol)s; a receipt is on its way.")
    else:
        before = len(contribution.versions.all())
        kept = actions.resubmit_contribution(
            forum_request=page.forum_request, contribution=contribution, saying=saying
        )
        sentence = _word_on_improving(is_new=kept.versions.count() > before)
    messages.success(page.request, sentence % {"symbol": contribution.symbol})
    if any(turns_around(str(sent)) for sent in page.request.POST.values()):
        messages.info(
            page.request,
            gettext("Marks that turn the reading direction around were taken out of the text."),
        )
    return redirect(contribution)


def _word_on_improving(*, is_new: bool) -> str:
    if is_new:
        return gettext("The new words of %(symbol)s stand; a receipt for them is on its way.")
    return gettext("%(symbol)s is saved. Its words are the same, so the receipt you have still proves them.")


def _writing_page(page: _ContributionPage, form: ContributionForm) -> HttpResponse:
    forum_request, call, contribution = page.forum_request, page.call, page.contribution
    # Reloaded: a refused request may have saved the draft.
    draft = drafts_of.draft_of(forum_request, call, contribution)
    if form.is_bound:
        form = _renewed(page, form, draft)
    context = call_context(
        forum_request, calls.card_at(forum_request.forum, call.slug, forum_request.now), "write"
    ) | {
        "form": form,
        "contribution": contribution,
        "draft": draft,
        "files": list(draft.attachments.all()) if draft else [],
        "copies": list(draft.copies.all()) if draft else [],
        "left_over": drafts_of.no_longer_asked(draft, page.asked),
        "changed": QUESTIONS_CHANGED if _answers_others(page, form, draft) else "",
        "keep_url": page.address,
    }
    return answer_form(page.request, "consultation/contributions/write.html", form, context)


def _answers_others(page: _ContributionPage, form: ContributionForm, draft: ContributionDraft | None) -> bool:
    """Return whether a draft answers outdated questions without a refusal saying so."""
    return draft is not None and draft.question_set != page.asked and not form.errors


def _renewed(
    page: _ContributionPage, form: ContributionForm, draft: ContributionDraft | None
) -> ContributionForm:
    """Return the input for the current questions."""
    typed = page.request.POST.copy()
    typed["revision"] = str(draft.revision) if draft else ""
    typed["questions"] = str(page.asked.version) if page.asked else ""
    typed["seen"] = str(_last_number(page))
    if form.asked_in == page.asked:
        form.data = typed
        return form
    for name, answer in answers_as_typed(form.saying(), form.asked_in, page.asked).items():
        typed[name] = answer
    renewed = page.form(typed, page.asked)
    renewed.full_clean()
    for name, sentences in form.errors.items():
        if name not in renewed.errors:
            renewed.add_error(name if name in renewed.fields else None, list(sentences))
    return renewed


def _writing_url(forum_request: ForumRequest, call: Call, contribution: Contribution | None) -> str:
    if contribution is None:
        return reverse("consultation:write", args=[forum_request.forum.slug, call.slug])
    return reverse("consultation:improve", args=[forum_request.forum.slug, contribution.symbol.number])


def _own(forum_request: ForumRequest, number: int) -> Contribution:
    contribution = contributions.contribution_at(forum_request, number)
    if not contributions.is_author(forum_request, contribution):
        raise NotAllowed(gettext("Only its author can change a contribution."), "author")
    return contribution
