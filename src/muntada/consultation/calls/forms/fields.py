"""The fields that forms of the consultation share."""

from typing import Any

from django import forms
from django.utils.translation import get_language

from muntada.consultation.calls.rules.calls import TITLE_LENGTH
from muntada.foundations.languages import LANGUAGE_CODES


def page_language() -> str:
    language = get_language() or "en"
    return language if language in LANGUAGE_CODES else "en"


class RequiredText(forms.CharField):
    """What has to be there in the end. A rule refuses its absence, with a sentence that says what to do.

    `most_words` is the most words an answer may have, counted while one writes.
    """

    most_words: int | None = None

    def validate(self, value: Any) -> None:
        """Let an empty one through: a draft may hold it."""


def words_field(label: Any, limit: int | None, *, rows: int, help_text: Any = "") -> RequiredText:
    """Make a field for a text somebody writes, shown in its own direction.

    Without a limit a text that is too long is saved in the draft all the same; a rule refuses to submit it.
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
    """Make a field for one line of words."""
    widget = forms.TextInput(attrs={"dir": direction})
    return RequiredText(label=label, help_text=help_text, max_length=limit, widget=widget)
