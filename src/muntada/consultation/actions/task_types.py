"""What the consultation leaves to the queue; the module `tasks` carries it out."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy

from muntada.consultation.rules.calls import ANSWERING_ROLES, CALLING_ROLES
from muntada.consultation.rules.replies import GATHERED_WITHIN
from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import LETTER_RETRY, LONG, THREE_TIMES, task

# The last few votes are drawn when so much time has passed.
REDRAW_LATER = timedelta(minutes=5)
# A campaign comes in a burst; one comparison some minutes later serves all of it.
CAMPAIGN_PAUSE = timedelta(minutes=2)
# A reading that could not begin, as when the database was away; one that broke off is ordered by people.
READING_RETRY = RetryStrategy(max_attempts=5, wait=30)


@task(retry=THREE_TIMES)
def read_file(*, attachment_id: int) -> None:
    """Take the words out of a file."""


@task(retry=LETTER_RETRY)
def send_receipt(*, version_id: int) -> None:
    """Send the author the receipt for what they submitted."""


@task(retry=THREE_TIMES, longest_wait=GATHERED_WITHIN, is_single=True)
def write_reply_letters() -> None:
    """Have one letter written to each who waits for replies."""


@task(retry=LETTER_RETRY, is_single=True)
def send_reply_letter(*, letter_id: int) -> None:
    """Tell an author what became of their contributions and statements."""


@task(retry=LETTER_RETRY, is_single=True)
def send_notices(*, email: str) -> None:
    """Tell one person everything that came of their words since the last letter."""


@task(retry=LETTER_RETRY)
def send_statement_refusal(*, statement_id: int) -> None:
    """Tell the author why their statement is not put to the vote, or no longer."""


@task(retry=THREE_TIMES, longest_wait=REDRAW_LATER, is_single=True)
def redraw_map(*, call_id: int) -> None:
    """Draw the opinion map of a call from the votes as they stand."""


@task(queue=LONG, retry=THREE_TIMES, longest_wait=CAMPAIGN_PAUSE, is_single=True)
def group_campaigns(*, call_id: int) -> None:
    """Compare the texts of a call and bring the same ones together."""


@task(retry=LETTER_RETRY)
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Ask an author whether two may be said as one, or tell what was decided."""


@task(retry=THREE_TIMES)
def announce_extension(*, extension_id: int) -> None:
    """Have a letter written to each who writes or has written in a call that is open longer."""


@task(retry=LETTER_RETRY)
def send_extension(*, extension_id: int, email: str, language: str) -> None:
    """Tell one person that a call is open longer, and why."""


@job_kind(title=_("Suggested themes"), roles=ANSWERING_ROLES, retry=READING_RETRY)
def suggest_themes() -> None:
    """Read all public texts of a forum for the themes in them."""


@job_kind(title=_("Take in a table"), roles=CALLING_ROLES)
def take_in_table(*, call_id: int) -> None:
    """Take in a table of contributions that somebody looked at."""
