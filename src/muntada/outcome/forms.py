from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome.actions import Undertaking, Words
from muntada.outcome.rules import (
    COMMITMENT_STATE_NAMES,
    PARAGRAPH_KIND_NAMES,
    PARAGRAPH_STATE_NAMES,
    PROPOSAL_KIND_NAMES,
    ParagraphState,
)

TEXT_LENGTH = 6000
CITE_HINT = _("Cite what it rests on by its symbol in square brackets, for example [F/3] or [C/12].")


class WordsForm(EditForm):
    """A text with its language."""

    text = forms.CharField(
        label=_("Text"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 6}), help_text=CITE_HINT
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=CONTENT_LANGUAGES)

    def words(self) -> Words:
        return Words(self.cleaned_data["text"], self.cleaned_data["language"])


class DraftForm(WordsForm):
    text = forms.CharField(label=_("Title of the text"), max_length=300)


class ParagraphForm(WordsForm):
    kind = forms.ChoiceField(label=_("Kind of paragraph"), choices=list(PARAGRAPH_KIND_NAMES.items()))
    field_order = ("kind", "text", "language")


class MarkForm(EditForm):
    state = forms.ChoiceField(
        label=_("State of the negotiation"),
        choices=[
            (state, name) for state, name in PARAGRAPH_STATE_NAMES.items() if state != ParagraphState.DELETED
        ],
    )


class ProposalForm(CleanForm):
    """Words for a paragraph, in the name of a party."""

    kind = forms.ChoiceField(label=_("What do you propose?"), choices=list(PROPOSAL_KIND_NAMES.items()))
    party = forms.CharField(
        label=_("Party"), max_length=200, help_text=_("The delegation or organization that proposes.")
    )
    text = forms.CharField(
        label=_("Proposed words"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=CITE_HINT,
    )
    rationale = forms.CharField(
        label=_("Why?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=CONTENT_LANGUAGES)

    def words(self) -> Words:
        return Words(self.cleaned_data["text"], self.cleaned_data["language"])


class DecisionForm(CleanForm):
    """What becomes of a proposal."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Take it into the text")), ("decline", _("Decline it"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, for everyone to read"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommitmentForm(CleanForm):
    """What is undertaken on a paragraph."""

    verb = forms.CharField(
        label=_("Verb of the text"), max_length=60, help_text=_("For example: invites, calls upon.")
    )
    action = forms.CharField(
        label=_("What will be done?"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )
    addressees = forms.CharField(label=_("Who will do it?"), max_length=300)
    due_date = forms.DateField(
        label=_("Until when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=CONTENT_LANGUAGES)

    def undertaking(self) -> Undertaking:
        data = self.cleaned_data
        return Undertaking(
            data["verb"], data["action"], data["addressees"], data["language"], data["due_date"]
        )


class ReportForm(WordsForm):
    state = forms.ChoiceField(label=_("How does it stand?"), choices=list(COMMITMENT_STATE_NAMES.items()))
    field_order = ("state", "text", "language")
