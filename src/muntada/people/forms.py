from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.models import Person


class WhoYouAre(forms.Form):
    """What a new person tells beside the e-mail address: the least that a forum needs."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("As it should stand beside what you write.")
    )
    language = forms.ChoiceField(label=_("Language for letters to you"), choices=CONTENT_LANGUAGES)

    def signup(self, request: object, user: Person) -> None:
        """Called by django-allauth when the account is made."""
        user.name = self.cleaned_data["name"]
        user.language = self.cleaned_data["language"]
        user.save(update_fields=["name", "language"])
