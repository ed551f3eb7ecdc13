"""What calls leave to the queue; a module `tasks` carries it out."""

from muntada.foundations.tasks import THREE_TIMES, task


@task(retry=THREE_TIMES)
def announce_extension(*, extension_id: int) -> None:
    """Have a letter written to each who writes or has written in a call that is open longer."""
