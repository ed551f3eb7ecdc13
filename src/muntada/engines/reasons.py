"""Sentences that an engine hands out and that are translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators and return it as it is.

    The name is the one that message extractors look for.
    """
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a result is as it is: a marked sentence with named places, and what stands in them."""

    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.params
