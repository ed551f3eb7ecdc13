"""A release to be published."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.programme.forms.fields import page_language


class ReleaseForm(forms.Form):
    note = forms.CharField(
        label=_("A note on this release"),
        help_text=_("Shown beside the programme; in the language of this page."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=2000,
    )

    def notes(self) -> dict[str, str]:
        return {page_language(): self.cleaned_data["note"]}
