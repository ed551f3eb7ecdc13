"""What replies leave to the queue; a module `tasks` carries it out."""

from muntada.consultation.replies.rules import GATHERED_WITHIN
from muntada.foundations.tasks import LETTER_RETRY, THREE_TIMES, task


@task(retry=THREE_TIMES, longest_wait=GATHERED_WITHIN, is_single=True)
def write_reply_letters() -> None:
    """Have one letter written to each who waits for replies."""


@task(retry=LETTER_RETRY, is_single=True)
def send_reply_letter(*, letter_id: int) -> None:
    """Tell an author what became of their contributions and statements."""


@task(retry=LETTER_RETRY, is_single=True)
def send_notices(*, email: str) -> None:
    """Tell one person everything that came of their words since the last letter."""
