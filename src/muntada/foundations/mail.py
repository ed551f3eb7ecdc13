"""E-mails of the platform: plain text, in the reader's language."""

import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from muntada.foundations.storage import refused_when_full
from muntada.foundations.whole_files import write_whole


def send_letter(*, to: str, language: str, template: str, context: dict[str, object], stop: str = "") -> None:
    """Send an e-mail. The first line of the template is its subject, the rest its text.

    `stop` is the path at which the reader unsubscribes; mail programs offer it as one click.
    """
    about = {"site": settings.SITE_ADDRESS, "stop": stop}
    with translation.override(language):
        text = render_to_string(template, context | about)
    subject, _, body = text.strip().partition("\n")
    headers = {
        "List-Unsubscribe": f"<{settings.SITE_ADDRESS}{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    EmailMessage(
        subject=subject.strip(), body=body.strip() + "\n", to=[to], headers=headers if stop else {}
    ).send()


class ConsoleAndFolder(BaseEmailBackend):
    """The backend without a mail server: writes e-mails to the console and to files in a folder."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
            with refused_when_full():
                write_whole(
                    settings.MAIL_FOLDER / f"{stamp}.eml", [message.message().as_bytes()], replaces=True
                )
            sys.stdout.write(
                f"\n--- letter to {', '.join(message.to)}: {message.subject}\n{message.body}\n---\n"
            )
        sys.stdout.flush()
        return len(email_messages)
