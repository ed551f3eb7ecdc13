"""What a voter may say of themselves, and why somebody is kept out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.forms.fields import words_field
from muntada.consultation.rules.replies import REASON_LENGTH
from muntada.foundations.clean_forms import CleanForm
from muntada.people.forms import CountryField
from muntada.people.rules import KIND_NAMES


class DeclareForm(CleanForm):
    """Who somebody is who votes without an account: asked once, and nobody has to say."""

    kind = forms.ChoiceField(
        required=False,
        label=_("You are part of"),
        choices=[("", _("I would rather not say")), *((one.value, name) for one, name in KIND_NAMES.items())],
    )
    country = CountryField(label=_("Country"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        country = self.fields["country"]
        if isinstance(country, CountryField):
            country.prepare()


class BanForm(CleanForm):
    """Why the votes of somebody do not count."""

    reason = words_field(_("Why their votes do not count; it is said to them"), REASON_LENGTH, rows=2)
