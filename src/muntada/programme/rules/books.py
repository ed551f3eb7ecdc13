"""How far a printed programme is."""

from datetime import datetime, timedelta
from enum import StrEnum

# So long a book may take; one that was ordered before can be ordered anew.
LONGEST_MAKING = timedelta(minutes=10)


class BookState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"


def is_lost(state: str, ordered_at: datetime, now: datetime) -> bool:
    """Say whether a book has to be ordered (again): its making failed, or nothing was heard of it."""
    if state == BookState.WAITING:
        return now - ordered_at > LONGEST_MAKING
    return state == BookState.FAILED
