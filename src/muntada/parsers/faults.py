"""Why a file cannot be read, as a sentence for translation by the caller."""

from collections.abc import Mapping


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation and return it unchanged."""
    return message


class Unreadable(Exception):
    """A file is refused: a stable code, a sentence marked for translation, and its parameters."""

    def __init__(self, code: str, sentence: str, params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(code, sentence, params)
        self.code = code
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})

    def __str__(self) -> str:
        return self.sentence % self.params
