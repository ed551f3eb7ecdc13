from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome.commitments.actions import Undertaking
from muntada.outcome.commitments.rules import COMMITMENT_STATE_NAMES
from muntada.outcome.texts.forms import TEXT_LENGTH, OutcomeTextForm


class CommitmentForm(CleanForm):
    """A commitment on a paragraph."""

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


class CommitmentReportForm(OutcomeTextForm):
    state = forms.ChoiceField(label=_("How does it stand?"), choices=list(COMMITMENT_STATE_NAMES.items()))
    field_order = ("state", "text", "language")
