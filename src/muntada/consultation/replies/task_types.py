"""Tasks of replies; a module `tasks` implements them."""

from muntada.consultation.replies.rules import GATHERED_WITHIN
from muntada.foundations.tasks import LETTER_RETRY, THREE_TIMES, task


@task(retry=THREE_TIMES, longest_wait=GATHERED_WITHIN, is_single=True)
def write_reply_letters() -> None:
    """Order an e-mail to each author with waiting replies."""


@task(retry=LETTER_RETRY, is_single=True)
def send_reply_letter(*, letter_id: int) -> None:
    """Notify an author of replies."""


@task(retry=LETTER_RETRY, is_single=True)
def send_notices(*, email: str) -> None:
    """Notify a person of everything new based on their texts."""
