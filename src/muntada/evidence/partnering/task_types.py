"""What partnering leaves to the queue; the module `tasks` carries it out."""

from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_introduction(*, letter_id: int) -> None:
    """Tell whoever seeks or offers something that somebody wrote to them."""


@task(retry=LETTER_RETRY)
def send_answer(*, letter_id: int) -> None:
    """Tell whoever wrote what was answered."""
