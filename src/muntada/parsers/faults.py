"""Why a file cannot be read, in a sentence that is translated where it is shown."""

from collections.abc import Mapping


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators and return it as it is."""
    return message


class Unreadable(Exception):
    """A file is refused: a stable word for machines, a marked sentence, and what fills its places."""

    def __init__(self, code: str, sentence: str, params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(code, sentence, params)
        self.code = code
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})

    def __str__(self) -> str:
        return self.sentence % self.params
