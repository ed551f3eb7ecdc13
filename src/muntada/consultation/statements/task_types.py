"""Tasks of statements; a module `tasks` implements them."""

from datetime import timedelta

from muntada.foundations.tasks import LETTER_RETRY, THREE_TIMES, task

# The delay before a few remaining votes are included.
REDRAW_LATER = timedelta(minutes=5)


@task(retry=LETTER_RETRY)
def send_statement_refusal(*, statement_id: int) -> None:
    """Notify the author that their statement is not, or no longer, open."""


@task(retry=THREE_TIMES, longest_wait=REDRAW_LATER, is_single=True)
def redraw_map(*, call_id: int) -> None:
    """Recompute the opinion map of a call."""
