"""The adapter of django-allauth: no passwords, e-mails in the person's language, passkeys or codes."""

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
        """Return False: no second factor is required, since people without their passkey sign in by code.

        For a single type the true answer is returned, so that a passkey can be used for reauthentication.
        """
        return types is not None and len(types) == 1 and bool(super().is_mfa_enabled(user, types))
