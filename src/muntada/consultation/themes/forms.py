"""Forms of themes and suggestions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.forms.fields import line_field
from muntada.consultation.themes.rules import ThemeText
from muntada.forums.rules.reasons import REASON_LENGTH
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES, language_name


def _description() -> forms.CharField:
    return forms.CharField(
        label=_("What it is about"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )


class ThemeForm(EditForm):
    """A theme."""

    title = line_field(_("Title of the theme"))
    description = _description()
    language = forms.ChoiceField(label=_("Language of the theme"), choices=CONTENT_LANGUAGES)
    contributions = line_field(
        _("Contributions that raise it"),
        limit=REASON_LENGTH,
        help_text=_("Their symbols, like C/1, C/5."),
        direction="ltr",
    )

    def matter(self) -> ThemeText:
        words = self.cleaned_data
        return ThemeText({words["language"]: words["title"].strip()}, words["description"], words["language"])


class TitlesForm(EditForm):
    """The titles of a theme by language, and its description in one."""

    def __init__(
        self, *args: Any, languages: Sequence[str], titles: Mapping[str, str], **kwargs: Any
    ) -> None:
        self.languages, self.titles_before = languages, titles
        kept = {f"title_{language}": titles.get(language, "") for language in languages}
        kwargs["initial"] = kept | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for place, language in enumerate(languages):
            # The refusal of a missing title is shown at the first field.
            name = "title" if place == 0 else f"title_{language}"
            field = line_field(_("Title in: %(language)s") % {"language": language_name(language)})
            field.required = False
            field.widget.attrs["lang"] = language
            self.fields[name] = field
        self.initial["title"] = kept[f"title_{languages[0]}"]
        self.fields["description"] = _description()
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the description"), choices=CONTENT_LANGUAGES
        )

    def matter(self) -> ThemeText:
        words = self.cleaned_data
        first, *more = self.languages
        typed = {first: words["title"]} | {language: words[f"title_{language}"] for language in more}
        other = {language: title for language, title in self.titles_before.items() if language not in typed}
        return ThemeText(other | typed, words["description"], words["language"])
