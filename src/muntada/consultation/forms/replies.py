"""What is filled in to answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.actions.replies import Answer
from muntada.consultation.forms.fields import words_field
from muntada.consultation.rules.replies import DISPOSITION_WORDS, REASON_LENGTH, Disposition
from muntada.foundations.languages import CONTENT_LANGUAGES


class ReplyForm(forms.Form):
    """What became of a contribution, and why."""

    disposition = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=list(DISPOSITION_WORDS.items()),
        widget=forms.RadioSelect,
    )
    leads_to = forms.CharField(
        label=_("It leads to"),
        help_text=_("The symbol of the theme, contribution, session request or text, like M/3 or C/12."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    reason = words_field(
        _("Reason"),
        REASON_LENGTH,
        rows=6,
        help_text=_("Everybody reads it; the author gets it by letter."),
    )
    language = forms.ChoiceField(label=_("Language of the reason"), choices=CONTENT_LANGUAGES)

    def answer(self) -> Answer:
        words = self.cleaned_data
        return Answer(
            Disposition(words["disposition"]), words["reason"], words["language"], words["leads_to"]
        )
