from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.outcome.texts import actions, forms, queries
from muntada.outcome.texts.models import Draft
from muntada.outcome.texts.rules import EDITING_ROLES, ParagraphKind, ParagraphState


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def open_draft(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    form = forms.DraftForm(request.POST or None, initial={"language": get_language()}).suggests()

    def done() -> str:
        actions.open_draft(
            forum=forum_request.forum,
            title=form.words(),
            actor=forum_request.actor(*EDITING_ROLES),
            now=forum_request.now,
        )
        return f"/{forum_request.forum.slug}/outcome"

    return write_page(request, form, done, {"heading": gettext("Begin the text of the outcome")})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def write_paragraph(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    draft = _draft(forum_request)
    initial = {"language": draft.language, "kind": ParagraphKind.OPERATIVE}
    form = forms.ParagraphForm(request.POST or None, initial=initial).suggests()

    def done() -> str:
        kept = actions.write_paragraph(
            draft=draft,
            kind=ParagraphKind(form.cleaned_data["kind"]),
            words=form.words(),
            actor=forum_request.actor(*EDITING_ROLES),
            now=forum_request.now,
        )
        return kept.get_absolute_url()

    return write_page(request, form, done, {"heading": gettext("Add a paragraph")})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def change_paragraph(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.paragraph_at(forum_request.forum, number)
    form = forms.OutcomeTextForm(request.POST or None, initial={"text": kept.text, "language": kept.language})

    def done() -> str:
        actions.change_paragraph(
            paragraph=kept,
            words=form.words(),
            actor=forum_request.actor(*EDITING_ROLES),
            now=forum_request.now,
        )
        return kept.get_absolute_url()

    return write_page(request, form, done, {"heading": gettext("Change the paragraph"), "paragraph": kept})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=("POST",))
def mark_paragraph(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.paragraph_at(forum_request.forum, number)
    form = forms.MarkForm(request.POST, initial={"state": kept.state})
    if form.conflicts:
        sentence = gettext("Somebody else marked this paragraph meanwhile. Please look how it stands now.")
        messages.warning(request, sentence)
    elif form.is_valid():
        actions.mark_paragraph(
            paragraph=kept,
            state=ParagraphState(form.cleaned_data["state"]),
            actor=forum_request.actor(*EDITING_ROLES),
            now=forum_request.now,
        )
    return redirect(kept)


def write_page(
    request: HttpRequest, form: Form, done: Callable[[], str], context: dict[str, object]
) -> HttpResponse:
    """Show a form, or apply it; a refusal is shown in the form."""
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            return redirect(done())
    return answer_form(request, "outcome/texts/write.html", form, {"form": form} | context)


def _draft(forum_request: ForumRequest) -> Draft:
    draft = queries.current_draft(forum_request.forum)
    if draft is None:
        raise NotThere(gettext("The text is not begun yet. Please begin it first."), "draft")
    return draft
