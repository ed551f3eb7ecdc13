"""Tasks of contributions; a module `tasks` implements them."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import LETTER_RETRY, LONG, THREE_TIMES, task

# Campaigns arrive in bursts; one comparison minutes later covers all.
CAMPAIGN_PAUSE = timedelta(minutes=2)


@task(retry=THREE_TIMES)
def read_file(*, attachment_id: int) -> None:
    """Extract the text of a file."""


@task(retry=LETTER_RETRY)
def send_receipt(*, version_id: int) -> None:
    """Send a receipt to the author."""


@task(queue=LONG, retry=THREE_TIMES, longest_wait=CAMPAIGN_PAUSE, is_single=True)
def group_campaigns(*, call_id: int) -> None:
    """Compare the texts of a call and group equal ones."""


@job_kind(title=_("Take in a table"), roles=CALLING_ROLES)
def take_in_table(*, call_id: int) -> None:
    """Import a previewed table of contributions."""
