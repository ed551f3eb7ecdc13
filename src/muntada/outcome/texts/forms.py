from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome.texts.actions import TextInLanguage
from muntada.outcome.texts.rules import PARAGRAPH_KIND_NAMES, PARAGRAPH_STATE_NAMES, ParagraphState

TEXT_LENGTH = 6000
CITE_HINT = _("Cite what it rests on by its symbol in square brackets, for example [F/3] or [C/12].")


class OutcomeTextForm(EditForm):
    """A text with its language."""

    text = forms.CharField(
        label=_("Text"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 6}), help_text=CITE_HINT
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=CONTENT_LANGUAGES)

    def words(self) -> TextInLanguage:
        return TextInLanguage(self.cleaned_data["text"], self.cleaned_data["language"])


class DraftForm(OutcomeTextForm):
    text = forms.CharField(label=_("Title of the text"), max_length=300)


class ParagraphForm(OutcomeTextForm):
    kind = forms.ChoiceField(label=_("Kind of paragraph"), choices=list(PARAGRAPH_KIND_NAMES.items()))
    field_order = ("kind", "text", "language")


class MarkForm(EditForm):
    state = forms.ChoiceField(
        label=_("State of the negotiation"),
        choices=[
            (state, name) for state, name in PARAGRAPH_STATE_NAMES.items() if state != ParagraphState.DELETED
        ],
    )
