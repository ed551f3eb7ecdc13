from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.outcome.texts import actions, forms, queries
from muntada.outcome.texts.models import Draft
from muntada.outcome.texts.rules import EDITING_ROLES, ParagraphKind, ParagraphState


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def open_draft(request: HttpRequest, here: Here) -> HttpResponse:
    form = forms.DraftForm(request.POST or None, initial={"language": get_language()}).suggests()

    def done() -> str:
        actions.open_draft(
            forum=here.forum, title=form.words(), actor=here.actor(*EDITING_ROLES), now=here.now
        )
        return f"/{here.forum.slug}/outcome"

    return write_page(request, form, done, {"heading": gettext("Begin the text of the outcome")})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def write_paragraph(request: HttpRequest, here: Here) -> HttpResponse:
    draft = _draft(here)
    initial = {"language": draft.language, "kind": ParagraphKind.OPERATIVE}
    form = forms.ParagraphForm(request.POST or None, initial=initial).suggests()

    def done() -> str:
        kept = actions.write_paragraph(
            draft=draft,
            kind=ParagraphKind(form.cleaned_data["kind"]),
            words=form.words(),
            actor=here.actor(*EDITING_ROLES),
            now=here.now,
        )
        return kept.get_absolute_url()

    return write_page(request, form, done, {"heading": gettext("Add a paragraph")})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def change_paragraph(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.paragraph_at(here.forum, number)
    form = forms.WordsForm(request.POST or None, initial={"text": kept.text, "language": kept.language})

    def done() -> str:
        actions.change_paragraph(
            paragraph=kept, words=form.words(), actor=here.actor(*EDITING_ROLES), now=here.now
        )
        return kept.get_absolute_url()

    return write_page(request, form, done, {"heading": gettext("Change the paragraph"), "paragraph": kept})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=("POST",))
def mark_paragraph(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.paragraph_at(here.forum, number)
    form = forms.MarkForm(request.POST, initial={"state": kept.state})
    if form.conflicts:
        sentence = gettext("Somebody else marked this paragraph meanwhile. Please look how it stands now.")
        messages.warning(request, sentence)
    elif form.is_valid():
        actions.mark_paragraph(
            paragraph=kept,
            state=ParagraphState(form.cleaned_data["state"]),
            actor=here.actor(*EDITING_ROLES),
            now=here.now,
        )
    return redirect(kept)


def write_page(
    request: HttpRequest, form: Form, done: Callable[[], str], context: dict[str, object]
) -> HttpResponse:
    """Show a form, or do what it asks; a refusal stands in the form with everything typed."""
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            return redirect(done())
    return answer_form(request, "outcome/texts/write.html", form, {"form": form} | context)


def _draft(here: Here) -> Draft:
    draft = queries.current_draft(here.forum)
    if draft is None:
        raise NotThere(gettext("The text is not begun yet. Please begin it first."), "draft")
    return draft
