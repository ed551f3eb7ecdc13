"""A page as a test reads it: the white space between and around its tags says nothing."""

import re


def in_one_line(page: str) -> str:
    """Return the page with each stretch of white space as one space; spaces that hold words together stay."""
    return re.sub(r"[ \t\r\n]+", " ", page)


def tight(page: str) -> str:
    """Return the page in one line, without white space beside its tags."""
    return re.sub(r" ?(<[^>]*?) ?(/?>) ?", r"\1\2", in_one_line(page))
