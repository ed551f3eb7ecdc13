"""Where django-allauth asks us: accounts have no passwords, letters go out in the person's language."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import translation

from muntada.people.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        person = Person.objects.filter(email__iexact=email).first()
        with translation.override(person.language if person else translation.get_language()):
            super().send_mail(template_prefix, email, context)
