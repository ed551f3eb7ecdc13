"""The law of themes: what becomes of a suggestion."""

from enum import StrEnum


class SuggestionState(StrEnum):
    """Whether somebody took up what the engine suggested."""

    OPEN = "open"
    TAKEN = "taken"
    LEFT = "left"
