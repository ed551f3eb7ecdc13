"""Additional rules of merging contributions."""

from django.utils.translation import gettext

from muntada.foundations.errors import Refused


def require_not_joined(joint: str) -> None:
    """A joint contribution must be undone first, so that the other author is notified."""
    if joint:
        sentence = gettext(
            "It is part of %(symbol)s, which two authors say as one. Please undo that on its page first."
        )
        raise Refused(sentence % {"symbol": joint}, "merge-stands")
