"""What the front leaves to the queue; a module `tasks` carries it out."""

from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_extension(*, extension_id: int, email: str, language: str) -> None:
    """Tell one person that a call is open longer, and why."""
