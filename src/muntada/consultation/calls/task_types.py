"""What calls leave to the queue; a module `tasks` carries it out."""

from muntada.foundations.tasks import LETTER_RETRY, THREE_TIMES, task


@task(retry=THREE_TIMES)
def announce_extension(*, extension_id: int) -> None:
    """Have a letter written to each who writes or has written in a call that is open longer."""


@task(retry=LETTER_RETRY)
def send_extension(*, extension_id: int, email: str, language: str) -> None:
    """Tell one person that a call is open longer, and why."""
