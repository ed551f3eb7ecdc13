"""Sentences that an engine hands out and that are translated where they are shown."""


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators and return it as it is.

    The name is the one that message extractors look for.
    """
    return message
