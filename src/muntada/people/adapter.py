"""Where django-allauth asks us: no passwords, letters in the person's language, a passkey or a code."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils import translation

from muntada.people.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        person = Person.objects.filter(email__iexact=email).first()
        with translation.override(person.language if person else translation.get_language()):
            super().send_mail(template_prefix, email, context)


class PasskeyAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def is_mfa_enabled(self, user: Person, types: list[Authenticator.Type] | None = None) -> bool:
        """Say no second step is needed: who has lost the passkey's device still signs in by a code.

        Asked for one type alone it answers truly, so that a passkey can confirm what needs confirming.
        """
        return types is not None and len(types) == 1 and bool(super().is_mfa_enabled(user, types))
