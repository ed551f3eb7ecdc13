"""How much of a forum is invented: a demo says so on its pages, and of nothing that is real."""

from enum import StrEnum


class Invented(StrEnum):
    """How much of a forum is invented for a demo.

    A demo of a real forum has its true dates, lines and figures, and what people say in it is invented.
    """

    NOTHING = "nothing"
    CONTENT = "content"
    ALL = "all"
