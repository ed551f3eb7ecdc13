"""What statements leave to the queue; a module `tasks` carries it out."""

from datetime import timedelta

from muntada.foundations.tasks import LETTER_RETRY, THREE_TIMES, task

# The last few votes are drawn when so much time has passed.
REDRAW_LATER = timedelta(minutes=5)


@task(retry=LETTER_RETRY)
def send_statement_refusal(*, statement_id: int) -> None:
    """Tell the author why their statement is not put to the vote, or no longer."""


@task(retry=THREE_TIMES, longest_wait=REDRAW_LATER, is_single=True)
def redraw_map(*, call_id: int) -> None:
    """Draw the opinion map of a call from the votes as they stand."""
