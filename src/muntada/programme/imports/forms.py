"""The form for a file with a programme or session requests."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm


class IncomingForm(CleanForm):
    """A file; its kind follows from its content."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Schedule XML or JSON, or a table of session requests as CSV or XLSX; at most 10 MB."),
        error_messages={"required": _("Please choose a file."), "empty": _("This file is empty.")},
    )
