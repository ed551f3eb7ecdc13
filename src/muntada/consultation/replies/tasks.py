"""E-mails about replies and results."""

from datetime import datetime

from django.utils import timezone

from muntada.consultation.contributions import task_types as contributions
from muntada.consultation.contributions.models import ContributionVersion
from muntada.consultation.replies import task_types
from muntada.consultation.replies.actions import letters, notices
from muntada.consultation.replies.queries.letters import one_for_each_address
from muntada.consultation.replies.queries.notices import addressee_of, addresses_untold
from muntada.consultation.replies.rules import TRIED_FOR
from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import on_calendar


@contributions.send_receipt.carried_out_by
def send_receipt(*, version_id: int) -> None:
    """Send a receipt to the author."""
    version = ContributionVersion.objects.select_related(
        "receipt", "contribution__author", "contribution__call__forum", "contribution__symbol__forum"
    ).get(pk=version_id)
    addressee = addressee_of(version.contribution)
    if addressee is None:
        return
    send_letter(
        to=addressee.email,
        language=addressee.language,
        template="consultation/replies/letters/receipt.txt",
        context={
            "version": version,
            "contribution": version.contribution,
            "call": version.contribution.call,
            "forum": version.contribution.call.forum,
            "code": version.receipt.code,
        },
    )


@task_types.write_reply_letters.carried_out_by
def write_reply_letters() -> None:
    """Order an e-mail to each author with waiting replies, each retried by itself."""
    for letter in one_for_each_address(timezone.now() - TRIED_FOR):
        task_types.send_reply_letter.order(letter_id=letter)


@task_types.send_reply_letter.carried_out_by
def send_reply_letter(*, letter_id: int) -> None:
    """Notify an author of replies."""
    letters.send_reply_letter(letter_id=letter_id, now=timezone.now())


@on_calendar("17 * * * *")
def look_for_what_came(*, now: datetime) -> None:
    """Each hour: record new notices, and order an e-mail to each address due.

    Replies whose e-mail failed permanently, for instance in an outage of days, are included.
    """
    notices.note_what_came(now=now)
    for email in addresses_untold():
        task_types.send_notices.order(email=email)
    write_reply_letters()


@task_types.send_notices.carried_out_by
def send_notices(*, email: str) -> None:
    """Notify a person of everything new based on their texts."""
    notices.send_notices(email=email, now=timezone.now())
