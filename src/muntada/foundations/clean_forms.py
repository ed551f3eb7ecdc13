"""Forms that remove invisible characters from what people type.

Cleaning happens before anything is checked or compared, so a text reads the same wherever it is
shown. A single-line field stays a single line.
"""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import ChoiceWidget

from muntada.foundations.cleaning import clean_line, clean_text


class CleanField(forms.BoundField):
    """A field with cleaned input. Choices are compared unchanged."""

    @property
    def data(self) -> Any:
        sent = super().data
        return sent if isinstance(self.field.widget, ChoiceWidget) else self._cleaned(sent)

    def _cleaned(self, sent: Any) -> Any:
        if isinstance(sent, list):
            return [self._cleaned(one) for one in sent]
        if isinstance(sent, UploadedFile):
            sent.name = clean_line(sent.name or "")
        if not isinstance(sent, str):
            return sent
        widget = self.field.widget
        has_lines = isinstance(widget, forms.Textarea) or widget.is_hidden
        return clean_text(sent) if has_lines else clean_line(sent)


class CleanForm(forms.Form):
    """The base of all forms of the platform."""

    bound_field_class = CleanField
