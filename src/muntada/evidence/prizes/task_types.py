"""Tasks of prizes; the module `tasks` implements them."""

from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_expert_named(*, expert_id: int) -> None:
    """Notify an expert of their appointment."""


@task(retry=LETTER_RETRY)
def send_award(*, entry_id: int, award: str) -> None:
    """Notify the owner of an entry of an award."""
