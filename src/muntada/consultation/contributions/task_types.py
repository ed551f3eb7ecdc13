"""What contributions leave to the queue; a module `tasks` carries it out."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import LETTER_RETRY, LONG, THREE_TIMES, task

# A campaign comes in a burst; one comparison some minutes later serves all of it.
CAMPAIGN_PAUSE = timedelta(minutes=2)


@task(retry=THREE_TIMES)
def read_file(*, attachment_id: int) -> None:
    """Take the words out of a file."""


@task(retry=LETTER_RETRY)
def send_receipt(*, version_id: int) -> None:
    """Send the author the receipt for what they submitted."""


@task(queue=LONG, retry=THREE_TIMES, longest_wait=CAMPAIGN_PAUSE, is_single=True)
def group_campaigns(*, call_id: int) -> None:
    """Compare the texts of a call and bring the same ones together."""


@job_kind(title=_("Take in a table"), roles=CALLING_ROLES)
def take_in_table(*, call_id: int) -> None:
    """Take in a table of contributions that somebody looked at."""
