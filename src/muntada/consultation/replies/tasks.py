"""Letters about replies and about what came of one's words."""

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
    """Send the author the receipt for what they submitted."""
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
    """Have one letter written to each who waits for replies; one that fails is tried again alone."""
    for letter in one_for_each_address(timezone.now() - TRIED_FOR):
        task_types.send_reply_letter.order(letter_id=letter)


@task_types.send_reply_letter.carried_out_by
def send_reply_letter(*, letter_id: int) -> None:
    """Tell whoever said it what became of their contributions and statements."""
    letters.send_reply_letter(letter_id=letter_id, now=timezone.now())


@on_calendar("17 * * * *")
def look_for_what_came(*, now: datetime) -> None:
    """Each hour: note what came of what was said, and have a letter written to each who was not told.

    A reply whose letter failed for good, as when the mail server was away for days, is told then, too.
    """
    notices.note_what_came(now=now)
    for email in addresses_untold():
        task_types.send_notices.order(email=email)
    write_reply_letters()


@task_types.send_notices.carried_out_by
def send_notices(*, email: str) -> None:
    """Tell one person everything that came of their words since the last letter."""
    notices.send_notices(email=email, now=timezone.now())
