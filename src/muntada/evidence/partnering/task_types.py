"""Tasks of partnering; the module `tasks` implements them."""

from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_introduction(*, letter_id: int) -> None:
    """Notify the author of an entry of an introduction."""


@task(retry=LETTER_RETRY)
def send_answer(*, letter_id: int) -> None:
    """Notify the sender of the answer."""
