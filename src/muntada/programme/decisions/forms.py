"""Forms of decisions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.sessions.forms import page_language


class RequestDecisionForm(CleanForm):
    """A decision on a request."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Shown to everybody. Needed for declining and referring."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=4000,
    )
    reason_language = forms.ChoiceField(label=_("Language of the reason"), choices=CONTENT_LANGUAGES)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, initial={"reason_language": page_language()})  # type: ignore[arg-type]

    def why(self) -> DecisionReason:
        return DecisionReason(self.cleaned_data["reason"], self.cleaned_data["reason_language"])


class GiveBackForm(CleanForm):
    """The reason for giving a place back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody reads it beside the cancelled session."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=2000,
    )
