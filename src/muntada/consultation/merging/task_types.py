"""Tasks of merging; a module `tasks` implements them."""

from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Ask an author for consent, or notify them of a decision."""
