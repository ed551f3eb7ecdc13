"""Whole numbers in addresses and forms, where anything may stand."""

# Fits into an integer column of the database.
MOST_DIGITS = 9


def whole_number(text: str, *, digits: int = MOST_DIGITS) -> int | None:
    """Return the number that a text is, or None for other texts and for more digits than any number has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
