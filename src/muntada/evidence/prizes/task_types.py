"""What prizes leave to the queue; the module `tasks` carries it out."""

from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_expert_named(*, expert_id: int) -> None:
    """Tell somebody that they are asked to judge the entries of a showcase."""


@task(retry=LETTER_RETRY)
def send_award(*, entry_id: int, award: str) -> None:
    """Tell whoever entered an initiative that it is nominated, a champion or a winner."""
