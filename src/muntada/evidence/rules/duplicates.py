"""Entries that look the same: what can be decided of a pair, and when."""

from enum import StrEnum

from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.people.rules import Role

DECIDING_ROLES = (Role.SECRETARIAT,)
MOST_PAIRS = 500


class Verdict(StrEnum):
    """What is known of two entries that look the same."""

    OPEN = "open"
    DIFFERENT = "different"
    SAME = "same"


def require_open(verdict: Verdict) -> None:
    if verdict is not Verdict.OPEN:
        sentence = gettext("This was decided before. Please undo that decision first.")
        raise Refused(sentence, "decided-before")


def require_decided(verdict: Verdict) -> None:
    if verdict is Verdict.OPEN:
        raise Refused(gettext("Nothing was decided here yet, so nothing can be undone."), "not-decided")
