"""How far a printed programme is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# So long a book may take; one that was ordered before can be ordered anew.
LONGEST_MAKING = timedelta(minutes=10)


class BookState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"


class BookStep(StrEnum):
    """What is being done for it. Setting the pages takes nearly all of the time."""

    QUEUED = "queued"
    READING = "reading"
    SETTING = "setting"
    KEEPING = "keeping"


STEP_NAMES: Mapping[BookStep, Promise] = {
    BookStep.QUEUED: _("Waiting for its turn"),
    BookStep.READING: _("Reading the release"),
    BookStep.SETTING: _("Setting the pages"),
    BookStep.KEEPING: _("Keeping the file"),
}


def is_lost(state: str, ordered_at: datetime, now: datetime) -> bool:
    """Say whether a book has to be ordered (again): its making failed, or nothing was heard of it."""
    if state == BookState.WAITING:
        return now - ordered_at > LONGEST_MAKING
    return state == BookState.FAILED
