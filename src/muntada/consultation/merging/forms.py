"""Forms for merging contributions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.forms.fields import line_field, words_field
from muntada.consultation.contributions.rules.contributions import TEXT_LENGTH
from muntada.forums.merging.rules import REASON_LENGTH, Joint
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES

SYMBOL_LENGTH = 40


class JointForm(CleanForm):
    """The joint text."""

    other = forms.CharField(max_length=SYMBOL_LENGTH, widget=forms.HiddenInput)
    title = line_field(_("Title of the joint text"))
    text = words_field(
        _("Joint text"),
        TEXT_LENGTH,
        rows=14,
        help_text=_("What both say, in words both can stand behind. Both authors are asked about them."),
    )
    language = forms.ChoiceField(label=_("Language of the joint text"), choices=CONTENT_LANGUAGES)

    def joint(self) -> Joint:
        words = self.cleaned_data
        return Joint(words["title"], words["text"], words["language"])


class DeclineForm(CleanForm):
    """The reason for declining."""

    reason = words_field(
        _("Reason"),
        REASON_LENGTH,
        rows=3,
        help_text=_("Both authors, whoever proposed it and the moderators read it."),
    )


class UndoForm(CleanForm):
    """The reason for undoing."""

    reason = words_field(_("Reason"), REASON_LENGTH, rows=3, help_text=_("Everybody reads it."))
