"""The law of themes: what becomes of a suggestion, and how a reading of the texts stands."""

from enum import StrEnum


class SuggestionState(StrEnum):
    """Whether somebody took up what the engine suggested."""

    OPEN = "open"
    TAKEN = "taken"
    LEFT = "left"


class RunState(StrEnum):
    """How a reading of the texts stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
