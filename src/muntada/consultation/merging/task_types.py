"""What merging leaves to the queue; a module `tasks` carries it out."""

from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Ask an author whether two may be said as one, or tell what was decided."""
