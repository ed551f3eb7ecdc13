"""The steps of making a printed programme."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BookStep(StrEnum):
    """A step. Typesetting takes nearly all of the time."""

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
# The share of work done when a step begins.
STEP_SHARES: Mapping[BookStep, float] = {
    BookStep.READING: 0,
    BookStep.SETTING: 0.1,
    BookStep.KEEPING: 0.9,
}


def step_at(share: float) -> BookStep:
    """Return the step at a share of work."""
    return max((step for step, start in STEP_SHARES.items() if start <= share), key=STEP_SHARES.__getitem__)
