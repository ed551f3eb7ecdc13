"""Shared form fields of the consultation."""

from typing import Any

from django import forms
from django.utils.translation import get_language

from muntada.consultation.calls.rules.calls import TITLE_LENGTH
from muntada.foundations.languages import LANGUAGE_CODES


def page_language() -> str:
    language = get_language() or "en"
    return language if language in LANGUAGE_CODES else "en"


class RequiredText(forms.CharField):
    """A text that is required in the end; its absence is refused by a rule.

    `most_words` is the word limit, counted while typing.
    """

    most_words: int | None = None

    def validate(self, value: Any) -> None:
        """Accept an empty text: drafts may contain it."""


def words_field(label: Any, limit: int | None, *, rows: int, help_text: Any = "") -> RequiredText:
    """Return a field for a text, shown in its own direction.

    Without `limit`, a text that is too long can be saved as a draft, but not submitted.
    """
    return RequiredText(
        label=label,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


def line_field(
    label: Any, *, limit: int | None = TITLE_LENGTH, help_text: Any = "", direction: str = "auto"
) -> RequiredText:
    """Return a field for one line."""
    widget = forms.TextInput(attrs={"dir": direction})
    return RequiredText(label=label, help_text=help_text, max_length=limit, widget=widget)
