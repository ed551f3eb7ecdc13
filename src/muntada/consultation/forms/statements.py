"""What is filled in to put a statement to the vote, or to take it out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.actions.statements import Wording
from muntada.consultation.forms.fields import words_field
from muntada.consultation.rules.replies import REASON_LENGTH
from muntada.consultation.rules.statements import STATEMENT_LENGTH
from muntada.foundations.languages import CONTENT_LANGUAGES


class StatementForm(forms.Form):
    """A sentence put to the vote."""

    text = words_field(
        _("Statement"),
        STATEMENT_LENGTH,
        rows=3,
        help_text=_("One thought that somebody can agree or disagree with, in the words of its author."),
    )
    language = forms.ChoiceField(label=_("Language of the statement"), choices=CONTENT_LANGUAGES)

    def wording(self) -> Wording:
        return Wording(self.cleaned_data["text"], self.cleaned_data["language"])


class HideForm(forms.Form):
    """Why a statement is taken out of the vote."""

    reason = words_field(_("Why it is taken out of the vote"), REASON_LENGTH, rows=2)
