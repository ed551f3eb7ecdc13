from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome.proposals.rules import PROPOSAL_KIND_NAMES
from muntada.outcome.texts.actions import TextInLanguage
from muntada.outcome.texts.forms import CITE_HINT, TEXT_LENGTH


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

    def words(self) -> TextInLanguage:
        return TextInLanguage(self.cleaned_data["text"], self.cleaned_data["language"])


class ProposalDecisionForm(CleanForm):
    """What becomes of a proposal."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Take it into the text")), ("decline", _("Decline it"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, for everyone to read"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
