from enum import StrEnum


def codes(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]
