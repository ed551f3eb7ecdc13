"""Forms that take what people type without what nobody sees: control characters, and marks that turn words.

It is taken out before anything is checked or compared, so that a text reads as it was written wherever it is
shown. A field of one line stays one line, whatever a program sends.
"""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import ChoiceWidget

from muntada.foundations.cleaning import clean_line, clean_text


class CleanField(forms.BoundField):
    """A field as it was typed, cleaned. What is chosen from a list is compared with the list as it is."""

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
    """The form all forms of the platform are made of."""

    bound_field_class = CleanField
