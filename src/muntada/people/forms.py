from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanField, CleanForm
from muntada.foundations.edit_forms import EditModelForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.models import Person
from muntada.people.rules import KIND_NAMES

CODE_LENGTH = 2


class WhoYouAre(CleanForm):
    """The data of a new person beside the e-mail address: the minimum a forum needs."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("As it should stand beside what you write.")
    )
    language = forms.ChoiceField(label=_("Language for letters to you"), choices=CONTENT_LANGUAGES)

    def signup(self, request: object, user: Person) -> None:  # noqa: ARG002
        """Called by django-allauth when the account is created."""
        user.name = self.cleaned_data["name"]
        user.language = self.cleaned_data["language"]
        user.save(update_fields=["name", "language"])


class CountryField(forms.CharField):
    """A two-letter country code; names come from CLDR in the language of the page."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(required=False, max_length=CODE_LENGTH, widget=forms.Select, **kwargs)  # type: ignore[arg-type]

    def prepare(self) -> None:
        self.widget.choices = [("", "—"), *country_names()]


def country_names() -> list[tuple[str, str]]:
    """Return the countries with their CLDR names in the language of the page, sorted."""
    locale = Locale.parse(get_language() or "en", sep="-")
    names = [
        (code, name)
        for code, name in locale.territories.items()
        if len(code) == CODE_LENGTH and code.isalpha()
    ]
    return sorted((pair for pair in names if pair[0] not in _NO_COUNTRIES), key=lambda pair: pair[1])


# CLDR also lists regions, pseudo-territories and reserved codes.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)


class ProfileForm(EditModelForm):
    """The data people may change about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    country = CountryField(label=_("Country"))

    class Meta:
        model = Person
        fields = ("name", "language", "country", "wants_notices")
        labels = {
            "language": _("Language for letters to you"),
            "wants_notices": _("Write to me when something comes of what I said"),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["country"].prepare()  # type: ignore[attr-defined]


class AffiliationForm(CleanForm):
    """An affiliation with an organization."""

    name = forms.CharField(label=_("Name of the organization"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of organization"), choices=list(KIND_NAMES.items()))
    country = CountryField(label=_("Country of its seat"))
    is_international_headquarters = forms.BooleanField(
        label=_("It is the headquarters of an international body"), required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["country"].prepare()  # type: ignore[attr-defined]


class CredentialField(forms.JSONField):
    """The response of a passkey; numbers too long for Python are invalid input, not a defect."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValueError as fault:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from fault


class LoginPasskeyForm(LoginWebAuthnForm):  # type: ignore[misc]
    bound_field_class = CleanField
    credential = CredentialField(widget=forms.HiddenInput)


class AgainPasskeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    bound_field_class = CleanField
    credential = CredentialField(widget=forms.HiddenInput)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Adds a passkey for sign-in, so the option is preselected."""

    bound_field_class = CleanField
    credential = CredentialField(widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
