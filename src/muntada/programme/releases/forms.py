"""A release to be published."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Forum
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES, direction

NOTE = "note_"
ROWS = {"rows": 3}


class ReleaseForm(CleanForm):
    """A note in each language of the forum, and whether those affected get a letter."""

    is_told = forms.BooleanField(
        label=_("Send a letter to those affected"),
        help_text=_(
            "Each organizer and speaker of a session that is new, moved or cancelled gets one letter in their"
            " language."
        ),
        required=False,
    )

    def __init__(self, data: object = None, *, forum: Forum) -> None:
        super().__init__(data, initial={"is_told": True})  # type: ignore[arg-type]
        names = dict(CONTENT_LANGUAGES)
        self.languages = [one for one in forum.languages if one in names]
        for language in self.languages:
            attributes = ROWS | {"lang": language, "dir": direction(language)}
            self.fields[NOTE + language] = forms.CharField(
                label=gettext("A note on this release: %(language)s") % {"language": names[language]},
                widget=forms.Textarea(attrs=attributes),
                required=False,
                max_length=2000,
            )
        self.order_fields([*(NOTE + language for language in self.languages), "is_told"])

    def notes(self) -> dict[str, str]:
        return {language: self.cleaned_data[NOTE + language] for language in self.languages}
