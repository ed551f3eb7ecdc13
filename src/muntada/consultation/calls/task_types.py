"""Tasks of calls; a module `tasks` implements them."""

from muntada.foundations.tasks import LETTER_RETRY, THREE_TIMES, task


@task(retry=THREE_TIMES)
def announce_extension(*, extension_id: int) -> None:
    """Order e-mails about an extension to all authors of a call."""


@task(retry=LETTER_RETRY)
def send_extension(*, extension_id: int, email: str, language: str) -> None:
    """Notify a person of an extension and its reason."""
