"""The law of merging contributions, beyond that of making one of two."""

from django.utils.translation import gettext

from muntada.foundations.errors import Refused


def require_not_joined(joint: str) -> None:
    """What is part of a joint text is taken out of it first, so that the other author is told."""
    if joint:
        sentence = gettext(
            "It is part of %(symbol)s, which two authors say as one. Please undo that on its page first."
        )
        raise Refused(sentence % {"symbol": joint}, "merge-stands")
