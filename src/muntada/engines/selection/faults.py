from collections.abc import Mapping


class SelectionFault(Exception):
    """An invalid problem: a sentence template with %(name)s placeholders, and its parameters."""

    def __init__(self, sentence: str, params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(sentence, params)
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})

    def __str__(self) -> str:
        return self.sentence % self.params
