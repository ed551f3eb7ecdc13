"""What is filled in to raise a theme."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.actions.themes import Matter
from muntada.consultation.forms.fields import line_field
from muntada.consultation.rules.replies import REASON_LENGTH
from muntada.foundations.languages import CONTENT_LANGUAGES


class ThemeForm(forms.Form):
    """A matter that several contributions raise."""

    title = line_field(_("Title of the theme"))
    description = forms.CharField(
        label=_("What it is about"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of the theme"), choices=CONTENT_LANGUAGES)
    contributions = line_field(
        _("Contributions that raise it"),
        limit=REASON_LENGTH,
        help_text=_("Their symbols, like C/1, C/5."),
        direction="ltr",
    )

    def matter(self) -> Matter:
        words = self.cleaned_data
        return Matter({words["language"]: words["title"].strip()}, words["description"], words["language"])
